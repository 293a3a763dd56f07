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

@Suite struct MailgunTests {
    private let standIn: MailgunStandIn
    private let mailgun: Mailgun
    private let access: IntegrationAccess

    init() throws {
        let standIn = try MailgunStandIn()
        self.standIn = standIn
        mailgun = Mailgun(makeClient(), now: { MailRig.now })
        access = makeAccess(
            standIn.service.url, ["domain": .string(standIn.domain)],
            ["api_key": standIn.apiKey, "webhook_signing_key": standIn.signingKey])
    }

    // MARK: Sending

    @Test func `a mail is sent as a form, to the byte`() async throws {
        let outcome = await mailgun.send(fullMail, messageID: mailID, access, .trial)
        #expect(outcome.acceptedAs == "m42@mg.acme.test", "as events call it: without brackets")
        let request = standIn.service.requests[0]
        #expect(request.method == "POST" && request.target == "/v3/mg.acme.test/messages")
        #expect(request.header("Authorization") == "Basic YXBpOmtleS1tYWlsZ3VuLXRlc3Q=")
        let type = try #require(request.header("Content-Type"))
        let boundary = type.replacing("multipart/form-data; boundary=", with: "")
        #expect(boundary.hasPrefix("bureau-") && boundary.count == 39)
        let fields = [
            ("from", #""Acme, \"Zoë\" & Co." <hi@mg.acme.test>"#), ("to", "Ann <ann@example.com>"),
            ("subject", #"Grüße, "Ann""#), ("text", "Hi\nThere"), ("html", "<p>Hi</p>"),
            ("h:Reply-To", "reply+T@in.acme.test"), ("h:Message-Id", "<m42@mg.acme.test>"),
            ("h:In-Reply-To", "<p@x>"), ("h:References", "<a@x> <p@x>"),
            ("h:List-Unsubscribe", "<https://u.bureau.test/u/T>, <mailto:u+T@in.acme.test>"),
            ("h:List-Unsubscribe-Post", "List-Unsubscribe=One-Click"), ("h:Auto-Submitted", "auto-generated"),
            ("h:Content-Language", "de"), ("v:bureau_id", mailID.text), ("o:tracking", "no"),
        ]
        var expected = fields.map {
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\($0.0)\"\r\n\r\n\($0.1)\r\n"
        }.joined()
        let name = "name=\"attachment\"; filename=\"offer %221%22.pdf\""
        expected += "--\(boundary)\r\nContent-Disposition: form-data; \(name)\r\n"
        expected += "Content-Type: application/pdf\r\n\r\n%PDF-\r\n--\(boundary)--\r\n"
        #expect(request.text == expected)
    }

    @Test func `an invitation is a file`() async throws {
        var mail = plainMail
        mail.invitation = invitation
        #expect(await mailgun.send(mail, messageID: mailID, access, .trial).acceptedAs != nil)
        let text = standIn.service.requests[0].text
        #expect(
            text.contains(
                "filename=\"invite.ics\"\r\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\r\n"))
        #expect(text.contains("\r\n\r\nBEGIN:VCALENDAR\r\n") && text.contains("\r\nMETHOD:REQUEST\r\n"))
    }

    @Test(arguments: [
        (
            400, #"{"message":"to parameter is not a valid address. please check documentation"}"#,
            SendRefusal.Cause.recipient
        ),
        (400, #"{"message":"Need at least one of 'text' or 'html' parameters specified"}"#, .message),
        (400, #"{"message":"Domain mg.acme.test is not allowed to send: disabled"}"#, .account),
        (401, "Forbidden", .account), (402, "{}", .account), (403, "Forbidden", .account),
        (413, "", .message),
    ])
    func `a refusal is of the recipient, the mail or the account`(
        _ status: Int, _ body: String, _ cause: SendRefusal.Cause
    ) async throws {
        standIn.service.next(.answer(status, body))
        #expect(await mailgun.send(plainMail, messageID: mailID, access, .trial).refusal?.cause == cause)
    }

    @Test func `a domain that is not known yet is tried again`() async throws {
        standIn.service.next(.answer(404, #"{"message":"Domain not found: mg.acme.test"}"#))
        #expect(await mailgun.send(plainMail, messageID: mailID, access, .trial).pause?.code == "mailgun_404")
    }

    @Test func `a mail whose answer was lost is found among the events`() async throws {
        func find() async -> SendLookup {
            await mailgun.find(
                SentMail(
                    messageID: mailID, internetID: plainMail.messageID, recipient: "ann@example.com",
                    at: MailRig.now), access)
        }
        guard case .absent = await find() else { Issue.record("it was never sent"); return }
        #expect(
            standIn.service.requests[0].target
                == "/v3/mg.acme.test/events?message-id=m42%40mg.acme.test&limit=25")
        _ = await mailgun.send(plainMail, messageID: mailID, access, .trial)
        guard case .accepted("m42@mg.acme.test"?) = await find() else { Issue.record("it was sent"); return }
        standIn.service.next(
            .answer(500), .answer(200, "{"),
            .answer(200, #"{"items":[{"message":{"headers":{"message-id":"other@x"}}}]}"#), .cutAfter)
        for _ in 0..<3 {
            guard case .unclear = await find() else { Issue.record("nobody knows"); return }
        }
    }

    @Test(arguments: [
        ("unverified", "bad mailgun_unverified"), ("disabled", "bad mailgun_disabled"), ("active", "good"),
    ])
    func `a domain that cannot send is told`(_ state: String, _ verdict: String) async {
        standIn.service.next(.answer(200, #"{"domain":{"state":"\#(state)"}}"#))
        #expect(await mailgun.check(access).verdict == verdict)
        #expect(standIn.service.requests[0].target == "/v3/domains/mg.acme.test")
    }

    // MARK: The door

    private static let token = "0000000000aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"
    private static let failed: JSON = [
        "event": "failed", "id": "E1", "timestamp": 1_767_225_600.12, "severity": "permanent",
        "reason": "bounce",
        "recipient": "ann@example.com",
        "delivery-status": [
            "code": 550, "bounce-code": "5.1.1", "message": "5.1.1 User unknown", "description": "",
        ],
        "message": ["headers": ["message-id": "m42@mg.acme.test"]],
        "user-variables": ["bureau_id": .string(mailID.text)],
    ]

    private func vector(
        token: String = token, event: JSON = failed,
        signature: String = "c39b3c3ddd3298275f07cd0d4f329d8793aded28ae5ddcfd9bce73f490261a46"
    ) -> StandInHook {
        let body: JSON = [
            "signature": [
                "timestamp": "1767225600", "token": .string(token), "signature": .string(signature),
            ],
            "event-data": event,
        ]
        return StandInHook([("Content-Type", "application/json")], body.bytes)
    }

    @Test func `the signature of the documents opens the door, for five minutes`() throws {
        let items = try mailgun.take(vector(), access, late: 299)
        #expect(items.map(\.key) == ["E1"] && items.map(\.type) == ["failed"])
        #expect(items[0].payload["event-data"]?["severity"]?.text == "permanent")
        #expect(mailgun.refuses(vector(), access, late: 301) && mailgun.refuses(vector(), access, late: -301))
        #expect(mailgun.refusedStatus == 406)
    }

    @Test func `what is altered, or has no key to be held against, is refused`() {
        #expect(mailgun.refuses(vector(token: "1" + Self.token.dropFirst()), access))
        #expect(mailgun.refuses(vector(signature: ""), access))
        #expect(mailgun.refuses(vector(signature: String(repeating: "0", count: 64)), access))
        #expect(mailgun.refuses(vector(), makeAccess("", [:], [:])))
        #expect(mailgun.refuses(vector(), makeAccess("", [:], ["webhook_signing_key": "other"])))
        #expect(mailgun.refuses(StandInHook([], Array("{}".utf8)), access))
        #expect(throws: HookRefusal.self) { try mailgun.take(StandInHook([], Array("?".utf8)), access) }
    }

    @Test func `a token that comes again with the same event is a repetition, with another one stolen`()
        throws
    {
        #expect(try mailgun.take(vector(), access).map(\.key) == ["E1"])
        #expect(try mailgun.take(vector(), access).map(\.key) == ["E1"])
        let other = Self.failed.merging(["id": "E2"])
        #expect(mailgun.refuses(vector(event: other), access))
        #expect(
            mailgun.refuses(
                standIn.inbound([("from", "a@b.test")], at: 1_767_225_600, token: Self.token), access))
        #expect(try mailgun.take(standIn.event(other, at: 1_767_225_600), access).map(\.key) == ["E2"])
    }

    @Test func `an event that nobody knows is let in, and says nothing`() async throws {
        let items = try mailgun.take(
            standIn.event(["event": "list_uploaded", "id": "E9"], at: 1_767_225_600), access)
        #expect(items.map(\.type) == ["list_uploaded"])
        #expect(try await mailgun.read(items[0]).isEmpty)
    }

    // MARK: Events

    private static let kinds: [(JSON, DeliveryEvent.Kind)] = [
        (["event": "delivered"], .delivered), (["event": "failed"], .bounced),
        (["event": "failed", "severity": "temporary"], .deferred),
        (["event": "failed", "reason": "suppress-bounce"], .rejected),
        (["event": "failed", "reason": "suppress-unsubscribe"], .rejected),
        (["event": "failed", "reason": "old"], .softBounced),
        (
            [
                "event": "failed",
                "delivery-status": ["code": 550, "bounce-code": nil, "message": "No such user"],
            ], .bounced
        ),
        (
            [
                "event": "failed",
                "delivery-status": ["code": 552, "bounce-code": "5.2.2", "message": "full"],
            ], .softBounced
        ),
        (
            [
                "event": "failed",
                "delivery-status": ["code": 554, "bounce-code": "5.7.1", "message": "policy"],
            ], .softBounced
        ),
        (
            ["event": "failed", "delivery-status": ["code": 421, "bounce-code": nil, "message": "busy"]],
            .softBounced
        ),
        (["event": "opened"], .opened), (["event": "clicked", "url": "https://acme.test/"], .clicked),
        (["event": "unsubscribed"], .unsubscribed), (["event": "complained"], .complained),
        (["event": "rejected"], .rejected),
    ]

    @Test(arguments: kinds)
    func `events become what they mean`(_ change: JSON, _ kind: DeliveryEvent.Kind) async throws {
        let item = try mailgun.take(standIn.event(Self.failed.merging(change), at: 1_767_225_600), access)[0]
        let event = try #require(try await mailgun.delivery(item))
        #expect(event.kind == kind && event.messageID == mailID && event.recipient == "ann@example.com")
        #expect(event.providerID == "m42@mg.acme.test" && event.internetID?.description == "m42@mg.acme.test")
        #expect(event.at == Instant(microseconds: 1_767_225_600_120_000))
        if kind == .clicked { #expect(event.detail == "https://acme.test/") }
        if change["event"]?.text == "failed", change["delivery-status"] == nil {
            #expect(event.detail == "5.1.1 User unknown")
        }
    }

    @Test func `variables are an empty list where there are none`() async throws {
        let event = try await mailgun.delivery(
            HookItem(["event-data": ["event": "delivered", "user-variables": []]]))
        #expect(event?.kind == .delivered && event?.messageID == nil)
    }
}
