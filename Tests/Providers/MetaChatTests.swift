import Integrations
import JSON
import Messages
import Nouns
import Providers
import StandIns
import Telemetry
import Testing

@Suite struct MetaChatTests {
    private struct Rig {
        let standIn: MetaStandIn, chat: MetaChat, access: IntegrationAccess

        init(_ kind: MetaStandIn.Kind) throws {
            standIn = try MetaStandIn(kind)
            let make = kind == .messenger ? MetaChat.messenger : MetaChat.instagram
            chat = make(makeClient(), { MailRig.now }, .seconds(30))
            access = makeAccess(
                standIn.service.url, standIn.settings,
                [
                    "access_token": standIn.token, "app_secret": standIn.secret,
                    "verify_token": standIn.verifyToken,
                ])
        }

        func open(
            _ body: String, _ signature: String, _ access: IntegrationAccess? = nil
        ) throws -> [HookItem] {
            try chat.open(
                HookRequest(
                    headers: [("X-Hub-Signature-256", signature)], body: Array(body.utf8), now: MailRig.now,
                    access: access ?? self.access))
        }

        func events(_ items: [HookItem]) throws -> [ChatHookEvent] {
            try items.flatMap { item in
                try chat.read(
                    HookReceipt(
                        item, id: .unset, integrationID: integrationID, provider: chat.name, at: MailRig.now
                    ),
                    access)
            }
        }

        func events(_ hook: StandInHook) throws -> [ChatHookEvent] {
            try events(open(String(decoding: hook.body, as: UTF8.self), hook.headers[1].value))
        }

        func send(_ text: String = "Hi", isLate: Bool = false) async -> SendOutcome {
            await chat.send(
                OutgoingChat(messageID: mailID, address: "5001/PSID1", text: text, isLate: isLate), access,
                .trial)
        }
    }

    private func words(_ events: [ChatHookEvent]) -> [String] {
        events.map { event in
            switch event {
            case .received(let chat): "\(chat.address): \(chat.text)"
            case .echo(let chat): "echo to \(chat.address): \(chat.text)"
            case .delivery(let event): "\(event.kind.rawValue) \(event.providerID ?? "")"
            case .seen(let chat, let kind, let until): "\(kind.rawValue) of \(chat.address) until \(until)"
            case .opened(let chat): "opened by \(chat.address)"
            case .blocked, .unblocked, .phone, .pressed, .gone: "?"
            }
        }
    }

    // MARK: Signatures

    @Test(arguments: [
        (
            MetaStandIn.Kind.messenger,
            #"{"object":"page","entry":[{"id":"5001","time":1767225600123,"messaging":[{"sender":{"id":"PSID1"},"recipient":{"id":"5001"},"timestamp":1767225600000,"message":{"mid":"m_1","text":"price?"}}]}]}"#,
            "sha256=b4361060b143f62090040031fc6d91da72a4c8a293abb527b1ae62429e45e7c0",
            ["5001/PSID1: price?"]
        ),
        (
            .instagram,
            #"{"object":"instagram","entry":[{"id":"5002","time":1767225600123,"messaging":[{"sender":{"id":"IGSID1"},"recipient":{"id":"5002"},"timestamp":1767225600000,"message":{"mid":"ig_1","text":"pr\u00e9cio? \ud83d\ude00"}}]}]}"#,
            "sha256=4830e283fd3320776fd9538a8eb888d7cff3b29e0871adadb7f7ffffff593393",
            ["5002/IGSID1: précio? 😀"]
        ),
        (
            .instagram,
            #"{"object":"instagram","entry":[{"id":"5002","time":1767225600123,"messaging":[{"sender":{"id":"IGSID1"},"recipient":{"id":"5002"},"timestamp":1767225600000,"message":{"mid":"ig_2","attachments":[{"type":"story_mention","payload":{"url":"https://cdn.example/s.jpg"}}]}}]}]}"#,
            "sha256=884d47007cbc11bd51dcb94b1307808b4dc87b6ba967ea29ebc322e3e281240d",
            ["5002/IGSID1: [story mention]"]
        ),
        (
            .messenger,
            #"{"object":"page","entry":[{"id":"5001","time":1767225600123,"messaging":[{"sender":{"id":"5001"},"recipient":{"id":"PSID1"},"timestamp":1767225600000,"message":{"mid":"m_2","is_echo":true,"app_id":1,"text":"Hello"}}]}]}"#,
            "sha256=052e959a5cddf93cf98bd1d1abb87f834b8ce5ce20b95040caf2e3e60a991f18",
            ["echo to 5001/PSID1: Hello"]
        ),
        (
            .messenger,
            #"{"object":"page","entry":[{"id":"5001","time":1767225600123,"standby":[{"sender":{"id":"PSID1"},"recipient":{"id":"5001"},"timestamp":1767225600000,"message":{"mid":"m_7","text":"for another app"}}]}]}"#,
            "sha256=c0fc565499d6782a5eb04c09ad0d95592ea70af71aabb615a784604b5e20f136", []
        ),
    ])
    func `the known signatures open, over the bytes as they came`(
        kind: MetaStandIn.Kind, body: String, signature: String, said: [String]
    ) throws {
        let rig = try Rig(kind)
        let own = kind == .messenger ? "page_id" : "ig_id"
        let account = kind == .messenger ? "5001" : "5002"
        let access = makeAccess("", [own: .string(account)], ["app_secret": rig.standIn.secret])
        let items = try rig.open(body, signature, access)
        #expect(items.count == 1)
        #expect(words(try rig.events(items)) == said)
        for wrong in ["", "sha256=", "sha256=00", "sha1=" + signature.dropFirst(7), signature + "0"] {
            #expect(throws: HookRefusal.self) { try rig.open(body, wrong, access) }
        }
        #expect(throws: HookRefusal.self) { try rig.open(body + " ", signature, access) }
        #expect(throws: HookRefusal.self) { try rig.open(body, signature, makeAccess("", [:], [:])) }
        // Another page of the same app has a door of its own.
        let other = makeAccess("", [own: "9999"], ["app_secret": rig.standIn.secret])
        #expect(try rig.open(body, signature, other).isEmpty)
    }

    // MARK: What comes

    @Test func `what is said, pressed, sent along, read and followed is told, with its own time`() throws {
        let rig = try Rig(.messenger), standIn = rig.standIn, now = MailRig.now.seconds
        func told(_ what: JSONObject) throws -> [String] {
            words(try rig.events(standIn.event(what, at: now)))
        }
        #expect(
            try told(["message": ["mid": "1", "text": "Yes", "quick_reply": ["payload": "YES"]]])
                == ["5001/PSID1: Yes"])
        #expect(
            try told(["postback": ["mid": "2", "title": "Start", "payload": "START"]]) == [
                "5001/PSID1: Start"
            ])
        #expect(try told(["message": ["mid": "3", "is_deleted": true]]).isEmpty)
        #expect(try told(["reaction": ["mid": "3", "emoji": "❤"]]).isEmpty)
        #expect(
            try told(["read": ["watermark": .integer(now * 1000)]])
                == ["opened of 5001/PSID1 until \(MailRig.now)"])
        #expect(try told(["delivery": ["mids": ["m_1", "m_2"]]]) == ["delivered m_1", "delivered m_2"])
        #expect(try told(["referral": ["source": "ADS", "type": "OPEN_THREAD"]]) == ["opened by 5001/PSID1"])
        #expect(try told(["referral": ["source": "SHORTLINK", "ref": "x"]]).isEmpty)
        let sent = try rig.events(standIn.file("4", "image", at: "https://x.fbcdn.net/a.png", sent: now))
        guard case .received(let chat)? = sent.first else {
            Issue.record("nothing was received")
            return
        }
        #expect(chat.text == "[image]" && chat.media.map(\.id) == ["https://x.fbcdn.net/a.png"])
        #expect(chat.at == MailRig.now && chat.freeFor == nil)
        let followed = standIn.event(
            ["postback": ["title": "Start", "payload": "S", "referral": ["source": "ADS"]]], at: now)
        guard case .received(let opening)? = try rig.events(followed).first else {
            Issue.record("nothing was received")
            return
        }
        #expect(opening.freeFor == .seconds(7 * 86_400))
    }

    @Test func `Instagram tells the very message that was read`() throws {
        let rig = try Rig(.instagram)
        let read = rig.standIn.event(["read": ["mid": "m_out_1"]], at: MailRig.now.seconds)
        #expect(words(try rig.events(read)) == ["opened m_out_1"])
        let page = try Rig(.messenger).standIn.message("m", "Hi", at: MailRig.now.seconds)
        #expect(try rig.events(page).isEmpty)
    }

    // MARK: What leaves

    @Test func `only what a person says late carries the tag`() async throws {
        let rig = try Rig(.messenger)
        #expect(await rig.send("Now").end == "accepted")
        #expect(await rig.send("Later", isLate: true).end == "accepted")
        let (now, later) = (rig.standIn.taken[0], rig.standIn.taken[1])
        #expect(now["messaging_type"] == "RESPONSE" && now["tag"] == nil)
        #expect(later["messaging_type"] == "MESSAGE_TAG" && later["tag"] == "HUMAN_AGENT")
        #expect(now["recipient"] == ["id": "PSID1"] && now["message"]?["metadata"] == .string("\(mailID)"))
    }

    @Test(arguments: [
        (400, 10, 2_018_278, "message"), (400, 10, 2_534_022, "message"), (400, 10, 1_893_063, "account"),
        (400, 10, nil, "account"), (400, 100, 2_018_001, "recipient"), (400, 100, nil, "message"),
        (400, 551, 1_545_041, "message"), (401, 190, nil, "account"), (403, 200, nil, "account"),
        (400, 230, nil, "account"), (400, 368, nil, "account"), (400, 613, nil, "later"),
        (400, 4, nil, "later"), (400, 1200, nil, "later"), (500, 2, nil, "later"),
    ])
    func `a refusal has its meaning`(status: Int, code: Int, subcode: Int?, end: String) async throws {
        let rig = try Rig(.messenger)
        rig.standIn.service.next(MetaStandIn.fault(status, code, subcode))
        #expect(await rig.send().end == end)
        rig.standIn.service.next(.answer(200, #"{"recipient_id":"PSID1"}"#))
        #expect(await rig.send().end == "unknown")
    }

    @Test func `an app without the review for late answers lacks that alone`() async throws {
        let rig = try Rig(.messenger)
        for code in [10, 200] {
            rig.standIn.service.next(MetaStandIn.fault(400, code))
            #expect(await rig.send(isLate: true).end == "permission")
        }
    }

    @Test func `texts are measured as each service does`() async throws {
        let page = try Rig(.messenger), account = try Rig(.instagram)
        #expect(page.chat.length(of: "😀").count == 2 && account.chat.length(of: "😀").count == 4)
        #expect(await account.send(String(repeating: "😀", count: 250)).end == "accepted")
        #expect(await account.send(String(repeating: "😀", count: 251)).end == "message")
        #expect(account.standIn.taken.count == 1)
        #expect(page.chat.reaches("5001/P", through: ["page_id": "5001"]))
        #expect(!page.chat.reaches("5002/P", through: ["page_id": "5001"]))
    }

    @Test func `names are asked for, and files fetched from nowhere but the service`() async throws {
        let rig = try Rig(.messenger)
        rig.standIn.call("PSID1", "Ann Lee")
        #expect(await rig.chat.name(of: "5001/PSID1", rig.access) == "Ann Lee")
        #expect(await rig.chat.name(of: "5001/PSID2", rig.access) == nil)
        rig.standIn.files["F1"] = [1, 2, 3]
        let before = rig.standIn.service.requests.count
        guard
            case .content(let bytes) = await rig.chat.fetch(
                ChatMedia(id: "\(rig.standIn.service.url)/media/F1"), rig.access)
        else {
            Issue.record("no file")
            return
        }
        #expect(bytes == [1, 2, 3])
        guard case .gone = await rig.chat.fetch(ChatMedia(id: "https://cdn.example/s.jpg"), rig.access) else {
            Issue.record("fetched from elsewhere")
            return
        }
        #expect(rig.standIn.service.requests.count == before + 1)
    }

    @Test func `a test names what is missing`() async throws {
        let rig = try Rig(.messenger)
        func code() async -> String {
            switch await rig.chat.check(rig.access) {
            case .good: "good"
            case .doubtful(let code, _), .bad(let code, _), .unclear(let code, _): code
            }
        }
        #expect(await code() == "good")
        rig.standIn.subscribe(["feed"])
        #expect(await code() == "messenger_subscription_missing")
        rig.standIn.service.next(MetaStandIn.fault(401, 190))
        #expect(await code() == "messenger_401")
    }
}
