import Cryptography
import Integrations
import JSON
import Messages
import Nouns
import Providers
import StandIns
import Telemetry
import Testing
import Wire

@Suite struct TwilioTests {
    private let standIn: TwilioStandIn
    private let twilio: Twilio
    private let access: IntegrationAccess
    private static let door = "https://hooks.bureau.test/v1/hooks/twilio/t1"

    init() throws {
        standIn = try TwilioStandIn()
        twilio = Twilio(makeClient(), now: { MailRig.now })
        access = IntegrationAccess(
            integrationID: integrationID, baseURL: standIn.service.url, settings: standIn.settings,
            credentials: ["account_sid": standIn.account, "auth_token": standIn.token],
            hook: HookAddress(base: "https://hooks.bureau.test", path: "/v1/hooks/twilio/t1"))
    }

    private func open(
        _ hook: StandInHook, at url: String, _ settings: JSONObject? = nil
    ) throws -> [HookItem] {
        let access = settings.map {
            IntegrationAccess(
                integrationID: integrationID, baseURL: "", settings: $0, credentials: self.access.credentials)
        }
        let query = url.split(separator: "?").dropFirst().first.map(String.init) ?? ""
        let pairs = query.split(separator: "&").map { $0.split(separator: "=").map(String.init) }
        let target = "/" + url.split(separator: "/", maxSplits: 2).dropFirst(2).joined()
        return try twilio.open(
            HookRequest(
                url: url, target: target, headers: hook.headers,
                query: pairs.map { .init(name: $0[0], value: $0.last ?? "") }, body: hook.body,
                now: MailRig.now, access: access ?? self.access))
    }

    private func events(_ hook: StandInHook, at url: String = Self.door) throws -> [ChatHookEvent] {
        try open(hook, at: url).flatMap { item in
            try twilio.read(
                HookReceipt(
                    item, id: .unset, integrationID: integrationID, provider: "twilio", at: MailRig.now),
                access)
        }
    }

    private func hook(_ body: String, _ signature: String) -> StandInHook {
        StandInHook(
            [("Content-Type", "application/x-www-form-urlencoded"), ("X-Twilio-Signature", signature)],
            Array(body.utf8))
    }

    // MARK: Signatures

    /// The examples of the signature's description, with what is signed.
    private static let examples = [
        (
            "https://hooks.bureau.test/in/twilio?tenant=t1",
            "AccountSid=AC00000000000000000000000000000001&Body=Hello+%26+thanks&From=%2B15550000002&MessageSid=SM00000000000000000000000000000001&NumMedia=0&SmsStatus=received&To=%2B15550000001",
            "hoTgEC6q330hpFfqTD4x2lQgC6A="
        ),
        (
            "https://hooks.bureau.test/in/twilio/status?tenant=t1&message=msg_1",
            "AccountSid=AC00000000000000000000000000000001&From=%2B15550000001&MessageSid=SM00000000000000000000000000000009&MessageStatus=delivered&RawDlrDoneDate=2601010000&To=%2B15550000002",
            "3z6kMMezhH1TJgoisuUnVj9N7qs="
        ),
        (
            "https://hooks.bureau.test/in/twilio?tenant=t1",
            "AccountSid=AC00000000000000000000000000000001&Body=STOP&From=%2B15550000002&MessageSid=SM00000000000000000000000000000002&NumMedia=0&OptOutType=STOP&SmsStatus=received&To=%2B15550000001",
            "7NvHYJq1LbJVoLhZQWgFFilZsvo="
        ),
    ]

    @Test func `the known signatures open, with the port and without; a changed byte does not`() throws {
        for (url, body, signature) in Self.examples {
            #expect(try open(hook(body, signature), at: url).count == 1)
            let withPort = url.replacing("bureau.test/", with: "bureau.test:443/")
            #expect(try open(hook(body, signature), at: withPort).count == 1)
            let wrong: [(String, String, String)] = [
                (url + "x", body, signature), (url, body + "&More=1", signature),
                (url, body.replacing("15550000002", with: "15550000003"), signature),
                (url, body, "x" + signature.dropFirst()), (url, body, ""),
                (url.replacing("https", with: "http"), body, signature),
            ]
            for (url, body, signature) in wrong {
                #expect(throws: HookRefusal.self, "\(url) \(body)") {
                    try open(hook(body, signature), at: url)
                }
            }
        }
    }

    @Test func `where a proxy stands before us, its address is what is signed`() throws {
        let outside = "https://text.agency.example/v1/hooks/twilio/t1"
        let hook = standIn.message("SM1", "Hi", to: outside),
            inside = "http://127.0.0.1:8080/v1/hooks/twilio/t1"
        #expect(throws: HookRefusal.self) { try open(hook, at: inside) }
        let settings: JSONObject = ["from": "+15550000001", "public_url": "https://text.agency.example/"]
        #expect(try open(hook, at: inside, settings).count == 1)
    }

    @Test func `another account's forms, and no token at all, open nothing`() throws {
        let other = standIn.hook(
            [("AccountSid", "AC2"), ("Body", "Hi"), ("From", "+15550000002"), ("MessageSid", "SM1")],
            to: Self.door)
        #expect(throws: HookRefusal.self) { try open(other, at: Self.door) }
        let unsigned = IntegrationAccess(
            integrationID: integrationID, baseURL: "", settings: [:], credentials: [:])
        let empty = standIn.hook([("Body", "Hi")], to: Self.door, token: "")
        #expect(throws: HookRefusal.self) {
            try twilio.open(
                HookRequest(
                    url: Self.door, headers: empty.headers, body: empty.body, now: MailRig.now,
                    access: unsigned))
        }
    }

    @Test func `Twilio's own library takes what we take, and refuses what we refuse`() throws {
        let fields = [
            ("AccountSid", standIn.account), ("Body", "Zoë’s 😀 & co = 100%\r\n+"), ("Empty", ""),
            ("From", "+15550000002"), ("MessageSid", "SM1"), ("To", "+15550000001"), ("aLower", "1"),
        ]
        let urls = [
            Self.door, Self.door + "?a=b%20c&d='", "http://127.0.0.1:8080/v1/hooks/twilio/t1",
            "https://[::1]:8443/x?y=1",
        ]
        var cases: [JSON] = [], ours: [Bool] = []
        for url in urls {
            let signed = standIn.hook(fields, to: url)
            for (shown, token) in [(url, standIn.token), (url + "&", standIn.token), (url, "another")] {
                cases.append([
                    "service": "twilio", "token": .string(token), "url": .string(shown),
                    "fields": .array(fields.map { .array([.string($0.0), .string($0.1)]) }),
                    "signature": .string(signed.headers[1].value),
                ])
                let access = IntegrationAccess(
                    integrationID: integrationID, baseURL: "", settings: [:],
                    credentials: ["account_sid": standIn.account, "auth_token": token])
                let request = HookRequest(
                    url: shown, headers: signed.headers, body: signed.body, now: MailRig.now, access: access)
                ours.append((try? twilio.open(request)) != nil)
            }
        }
        #expect(try SignatureJudge.ask(cases) == ours)
        #expect(ours == urls.flatMap { _ in [true, false, false] })
    }

    // MARK: What comes

    @Test func `what is said, sent along and wished is told`() throws {
        let events = try events(
            standIn.message(
                "SM7", "", to: Self.door,
                [
                    ("NumMedia", "2"), ("MediaUrl0", "https://api.twilio.com/m/1"),
                    ("MediaContentType0", "image/jpeg"), ("MediaUrl1", "https://api.twilio.com/m/2"),
                ]))
        guard case .received(let chat)? = events.first else {
            Issue.record("nothing was received")
            return
        }
        #expect(chat.address == "+15550000002" && chat.phone == "+15550000002" && chat.text == "[image]")
        #expect(chat.providerID == "SM7" && chat.media.count == 2)
        let stop = try self.events(
            standIn.message("SM8", "Genug jetzt", to: Self.door, [("OptOutType", "STOP")]))
        guard case .received(let last)? = stop.first, case .out? = last.wish else {
            Issue.record("the wish was not heard")
            return
        }
        let other = standIn.message("SM9", "Hi", from: "whatsapp:+15550000002", to: Self.door)
        #expect(try self.events(other).isEmpty)
    }

    @Test(arguments: [
        ("queued", nil, []), ("sent", nil, ["sent"]), ("delivered", nil, ["delivered"]),
        ("read", nil, ["delivered", "opened"]), ("undelivered", 30_003, ["failed"]),
        ("undelivered", 30_005, ["bounced"]), ("failed", 30_006, ["bounced"]),
        ("failed", 21_610, ["failed", "unsubscribed"]), ("canceled", nil, ["failed"]),
    ])
    func `a status has its meaning, and names the message by its address`(
        status: String, code: Int?, kinds: [String]
    ) throws {
        let address = "\(Self.door)?message=\(mailID)"
        let told = try events(
            standIn.status(status, of: "SM1", to: address, code: code), at: address)
        let deliveries = told.compactMap { event -> DeliveryEvent? in
            if case .delivery(let event) = event { event } else { nil }
        }
        #expect(deliveries.map(\.kind.rawValue) == kinds)
        #expect(deliveries.allSatisfy { $0.messageID == mailID && $0.providerID == "SM1" })
    }

    // MARK: What leaves

    private func send(_ text: String = "Hi", to: String = "+15550000002") async -> SendOutcome {
        await twilio.send(OutgoingChat(messageID: mailID, address: to, text: text), access, .trial)
    }

    @Test func `a message leaves as a form that names where its state is told`() async throws {
        #expect(await send("Zoë & co").end == "accepted")
        let request = try #require(standIn.service.requests.last), form = FormPairs(request.body)
        #expect(request.target == "/Accounts/\(standIn.account)/Messages.json")
        #expect(form["To"] == "+15550000002" && form["From"] == standIn.number && form["Body"] == "Zoë & co")
        #expect(form["StatusCallback"] == "\(Self.door)?message=\(mailID)")
    }

    @Test(arguments: [
        (400, 21_211, "recipient"), (400, 21_614, "recipient"), (400, 21_610, "unwanted"),
        (400, 21_617, "message"), (400, 21_612, "message"), (400, 21_606, "account"),
        (401, 20_003, "account"),
        (400, 21_611, "later"), (429, 20_429, "later"), (500, 20_500, "unknown"), (503, 20_503, "later"),
    ])
    func `a refusal has its meaning`(status: Int, code: Int, end: String) async {
        standIn.service.next(TwilioStandIn.refusal(status, code))
        #expect(await send().end == end)
        standIn.service.next(.answer(201, "{}"))
        #expect(await send().end == "unknown")
    }

    @Test func `what was taken is found by its words and its time; what is another's is not`() async {
        #expect(await send("Once").end == "accepted")
        func look(_ text: String, others: Set<String> = [], after seconds: Int = 0) async -> String {
            let sent = SentChat(
                messageID: mailID, recipient: "+15550000002", text: text,
                at: .wallClock() + .seconds(seconds), others: others)
            return switch await twilio.find(sent, access) {
            case .accepted(let id): id ?? ""
            case .absent: "absent"
            case .unclear: "unclear"
            }
        }
        let sid = "SM" + String(repeating: "0", count: 31) + "1"
        #expect(await look("Once") == sid)
        #expect(await look("Twice") == "absent")
        #expect(await look("Once", others: [sid]) == "absent")
        #expect(await look("Once", after: 3600) == "absent")
        standIn.service.next(.answer(503, "{}"))
        #expect(await look("Once") == "unclear")
    }

    @Test func `a test names what is missing`() async {
        func code(_ settings: JSONObject) async -> String {
            let access = IntegrationAccess(
                integrationID: integrationID, baseURL: standIn.service.url, settings: settings,
                credentials: self.access.credentials, hook: self.access.hook)
            return switch await twilio.check(access) {
            case .good: "good"
            case .doubtful(let code, _), .bad(let code, _), .unclear(let code, _): code
            }
        }
        #expect(await code(standIn.settings) == "good")
        #expect(await code([:]) == "twilio_sender_missing")
        #expect(await code(["from": "+15559999999"]) == "twilio_from_missing")
        standIn.tell(at: "https://elsewhere.example/in")
        #expect(await code(standIn.settings) == "twilio_hook_missing")
        standIn.tell(at: Self.door)
        #expect(await code(standIn.settings) == "good")
    }

    @Test func `a file is fetched where it is stored, without our credentials`() async {
        standIn.files["F1"] = [1, 2, 3]
        func fetched(_ url: String) async -> [UInt8]? {
            if case .content(let bytes) = await twilio.fetch(ChatMedia(id: url), access) {
                bytes
            } else {
                nil
            }
        }
        #expect(await fetched("\(standIn.service.url)/media/F1") == [1, 2, 3])
        let before = standIn.service.requests.count
        #expect(await fetched("https://evil.example/media/F1") == nil)
        #expect(standIn.service.requests.count == before)
    }
}
