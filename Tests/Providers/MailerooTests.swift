import HTTPClient
import Integrations
import JSON
import Mail
import Messages
import Nouns
import Providers
import StandIns
import Telemetry
import Testing

@Suite struct MailerooTests {
    private let standIn: MailerooStandIn
    private let maileroo: Maileroo
    private let access: IntegrationAccess

    init() throws {
        let standIn = try MailerooStandIn()
        self.standIn = standIn
        maileroo = Maileroo(makeClient(), now: { MailRig.now })
        access = makeAccess(
            standIn.service.url, ["inbound_url": .string(standIn.service.url)],
            ["sending_key": standIn.sendingKey, "webhook_secret": standIn.secret])
    }

    // MARK: Sending

    @Test func `a mail is sent as JSON, to the byte`() async throws {
        let id = await maileroo.send(fullMail, messageID: mailID, access, .trial).acceptedAs
        #expect(id == "3e299f109c00d1c96b83db67")
        let request = standIn.service.requests[0]
        #expect(request.method == "POST" && request.target == "/emails")
        #expect(request.header("Authorization") == "Bearer maileroo-key")
        #expect(request.header("Content-Type") == "application/json")
        #expect(
            request.text
                == #"{"from":{"address":"hi@mg.acme.test","display_name":"Acme, \"Zoë\" & Co."},"#
                + #""to":[{"address":"ann@example.com","display_name":"Ann"}],"#
                + #""reply_to":{"address":"reply+T@in.acme.test"},"subject":"Grüße, \"Ann\"","#
                + #""html":"<p>Hi</p>","plain":"Hi\nThere","tracking":false,"tags":{"bureau_id":"\#(mailID)"},"#
                + #""headers":{"Message-ID":"<m42@mg.acme.test>","In-Reply-To":"<p@x>","References":"<a@x> <p@x>","#
                + #""List-Unsubscribe":"<https://u.bureau.test/u/T>, <mailto:u+T@in.acme.test>","#
                + #""List-Unsubscribe-Post":"List-Unsubscribe=One-Click","Auto-Submitted":"auto-generated","#
                + #""Content-Language":"de"},"attachments":[{"file_name":"offer \"1\".pdf","#
                + #""content_type":"application/pdf","content":"JVBERi0=","inline":false}],"#
                + #""reference_id":"\#(id ?? "")"}"#)
        _ = await maileroo.send(fullMail, messageID: mailID, access, .trial)
        _ = await maileroo.send(fullMail, messageID: MessageID(UniqueID(high: 0, low: 43)), access, .trial)
        let references = try standIn.service.requests.map {
            try JSONParser.parse($0.body)["reference_id"]?.text
        }
        #expect(references[1] == id && references[2] != id)
    }

    @Test func `what is longer than the service takes is shortened`() async throws {
        var mail = plainMail
        mail.subject = HeaderText(cleaning: String(repeating: "é", count: 300))
        mail.unsubscribe = .init(
            url: "https://u.bureau.test/" + String(repeating: "u", count: 700),
            address: "u+\(String(repeating: "T", count: 60))@in.acme.test")
        mail.references = (1...30).map {
            InternetMessageID("\($0).\(String(repeating: "r", count: 60))@example.com")!
        }
        _ = await maileroo.send(mail, messageID: mailID, access, .trial)
        let body = try JSONParser.parse(standIn.service.requests[0].body)
        #expect(body["subject"]?.text == String(repeating: "é", count: 255))
        let headers = try #require(body["headers"]?.object?.members.compactMap { $0.value.text })
        #expect(headers.allSatisfy { $0.utf8.count <= 768 })
        #expect(body["headers"]?["List-Unsubscribe"]?.text?.contains("mailto") == false)
    }

    @Test func `success is what the answer says, not its status`() async throws {
        standIn.service.next(
            .answer(200, MailerooStandIn.fault("The domain is not verified.")), .answer(200, "<html>"),
            .answer(400, MailerooStandIn.fault("Invalid.")), .answer(404, MailerooStandIn.fault("No.")))
        let refusal = try #require(await maileroo.send(plainMail, messageID: mailID, access, .trial).refusal)
        #expect(refusal.cause == .message && refusal.detail == "The domain is not verified.")
        #expect(await maileroo.send(plainMail, messageID: mailID, access, .trial).isUnknown)
        #expect(await maileroo.send(plainMail, messageID: mailID, access, .trial).refusal?.cause == .message)
        #expect(await maileroo.send(plainMail, messageID: mailID, access, .trial).refusal?.cause == .account)
    }

    // MARK: The door

    private static let event =
        #"{"domain_id":1,"event_data":{"to":"ann@example.com","reason":"550 5.1.1 no such user"},"event_id":"e1","#
        + #""event_time":1767225600,"event_type":"failed","inserted_at":"2026-01-01T00:00:00.000Z","#
        + #""message_id":"<1@bureau.test>","message_reference_id":"0123456789abcdef01234567","#
        + #""tags":{"tenant":"t1"},"user_id":1}"#
    private static let signature = "eb01d14406dad692559d8b4f1085443783ade15c2b4ebaa65858eb3f39b8c2a7"

    private func vector(_ body: String = event, _ signature: String? = signature) -> StandInHook {
        StandInHook(signature.map { [("X-Maileroo-Signature", $0)] } ?? [], Array(body.utf8))
    }

    @Test func `the signature of the documents opens the door, for two days`() async throws {
        for signature in [Self.signature, "sha256=\(Self.signature)", Self.signature.uppercased()] {
            let items = try maileroo.take(vector(Self.event, signature), access, late: 172_800)
            #expect(items.map(\.key) == ["e1"] && items.map(\.type) == ["failed"])
            let event = try #require(try await maileroo.delivery(items[0]))
            #expect(event.kind == .bounced && event.recipient == "ann@example.com")
            #expect(event.providerID == "0123456789abcdef01234567" && event.at == MailRig.now)
            #expect(
                event.internetID?.description == "1@bureau.test" && event.detail == "550 5.1.1 no such user")
        }
        #expect(
            maileroo.refuses(vector(), access, late: 172_801)
                && maileroo.refuses(vector(), access, late: -301))
    }

    @Test func `what is altered, or has no secret to be held against, is refused`() {
        #expect(maileroo.refusedStatus == 401)
        #expect(maileroo.refuses(vector(Self.event + " "), access))
        #expect(maileroo.refuses(vector(Self.event, nil), access))
        #expect(maileroo.refuses(vector(Self.event, ""), access))
        #expect(maileroo.refuses(vector(Self.event, "sha256="), access))
        #expect(maileroo.refuses(vector(), makeAccess()))
        #expect(maileroo.refuses(vector(), makeAccess("", [:], ["webhook_secret": "other"])))
        #expect(maileroo.refuses(standIn.inbound("i1", [:]), makeAccess("", access.settings, [:])))
    }

    @Test func `events come alone or as a list`() async throws {
        let event: JSON = [
            "event_id": "e1", "event_time": 1_767_225_600, "event_type": "delivered", "tags": nil,
        ]
        let list: JSON = [event, event.merging(["event_id": "e2", "event_type": "accepted"])]
        let items = try maileroo.take(standIn.event(list), access)
        #expect(items.map(\.key) == ["e1", "e2"])
        #expect(try await maileroo.delivery(items[0])?.kind == .delivered)
        #expect(try await maileroo.read(items[1]).isEmpty)
        let old: JSON = [event, event.merging(["event_id": "e3", "event_time": 1_767_000_000])]
        #expect(maileroo.refuses(standIn.event(old), access))
    }

    private static let kinds: [(String, JSON, DeliveryEvent.Kind, String?)] = [
        ("deferred", ["to": "ann@example.com", "reason": "421 busy"], .deferred, "421 busy"),
        ("failed", ["to": "ann@example.com", "reason": "552 5.2.2 full"], .softBounced, "552 5.2.2 full"),
        ("failed", ["to": "ann@example.com", "reason": nil], .bounced, nil),
        (
            "rejected", ["to": ["ann@example.com"], "from": ["hi@acme.test"], "reject_reason": "suppressed"],
            .rejected, "suppressed"
        ),
        ("opened", ["ip": "192.0.2.1", "user_agent": "x"], .opened, nil),
        (
            "clicked", ["ip": "192.0.2.1", "original_url": "https://acme.test/"], .clicked,
            "https://acme.test/"
        ),
        ("complained", [:], .complained, nil), ("unsubscribed", [:], .unsubscribed, nil),
    ]

    @Test(arguments: kinds)
    func `events become what they mean`(
        _ type: String, _ about: JSON, _ kind: DeliveryEvent.Kind, _ detail: String?
    ) async throws {
        let event = try #require(
            try await maileroo.delivery(
                HookItem([
                    "event_id": "e", "event_type": .string(type), "event_data": about,
                    "tags": ["bureau_id": .string(mailID.text)],
                ])))
        #expect(event.kind == kind && event.detail == detail && event.messageID == mailID)
        #expect(event.recipient == (about["to"] == nil ? nil : "ann@example.com"))
    }
}
