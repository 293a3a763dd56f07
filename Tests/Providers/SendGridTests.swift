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

@Suite struct SendGridTests {
    private let standIn: SendGridStandIn
    private let sendGrid: SendGrid
    private let access: IntegrationAccess

    init() throws {
        let standIn = try SendGridStandIn()
        self.standIn = standIn
        sendGrid = SendGrid(makeClient(), now: { MailRig.now })
        access = makeAccess(
            standIn.service.url, [:], ["api_key": standIn.apiKey, "webhook_public_key": standIn.publicKey])
    }

    // MARK: Sending

    @Test func `a mail is sent as JSON, to the byte`() async throws {
        #expect(await sendGrid.send(fullMail, messageID: mailID, access, .trial).acceptedAs == "sg1")
        let request = standIn.service.requests[0]
        #expect(request.method == "POST" && request.target == "/v3/mail/send")
        #expect(request.header("Authorization") == "Bearer SG.test")
        #expect(request.header("Content-Type") == "application/json" && request.header("Accept") != nil)
        #expect(
            request.text
                == #"{"personalizations":[{"to":[{"email":"ann@example.com","name":"Ann"}],"#
                + #""custom_args":{"bureau_id":"\#(mailID)"},"#
                + #""headers":{"In-Reply-To":"<p@x>","References":"<a@x> <p@x>"}}],"#
                + #""from":{"email":"hi@mg.acme.test","name":"Acme, \"Zoë\" & Co."},"#
                + #""reply_to":{"email":"reply+T@in.acme.test"},"subject":"Grüße, \"Ann\"","#
                + #""content":[{"type":"text/plain","value":"Hi\nThere"},{"type":"text/html","value":"<p>Hi</p>"}],"#
                + #""headers":{"Message-ID":"<m42@mg.acme.test>","#
                + #""List-Unsubscribe":"<https://u.bureau.test/u/T>, <mailto:u+T@in.acme.test>","#
                + #""List-Unsubscribe-Post":"List-Unsubscribe=One-Click","Auto-Submitted":"auto-generated","#
                + #""Content-Language":"de"},"#
                + #""attachments":[{"content":"JVBERi0=","type":"application/pdf","filename":"offer \"1\".pdf","#
                + #""disposition":"attachment"}],"#
                + #""tracking_settings":{"click_tracking":{"enable":false,"enable_text":false},"#
                + #""open_tracking":{"enable":false},"subscription_tracking":{"enable":false}}}"#)
    }

    @Test func `a mail for a subuser, with an invitation, says so`() async throws {
        var mail = plainMail
        (mail.text, mail.invitation) = ("", invitation)
        let access = makeAccess(standIn.service.url, ["subuser": "acme"], ["api_key": standIn.apiKey])
        #expect(await sendGrid.send(mail, messageID: mailID, access, .trial).acceptedAs == "sg1")
        let request = standIn.service.requests[0]
        #expect(request.header("on-behalf-of") == "acme")
        let file = try JSONParser.parse(request.body)["attachments"]?.array?.first
        #expect(file?["type"]?.text == "text/calendar" && file?["filename"]?.text == "invite.ics")
        #expect(request.text.contains(#""value":" ""#), "an empty text is refused")
    }

    @Test(
        arguments: [
            (400, "personalizations.0.to.0.email", SendRefusal.Cause.recipient), (400, "subject", .message),
            (400, "from.email", .account), (403, "from", .account), (413, nil, .message),
            (451, nil, .account),
        ] as [(Int, String?, SendRefusal.Cause)])
    func `a refusal is of the recipient, the mail or the account`(
        _ status: Int, _ field: String?, _ cause: SendRefusal.Cause
    ) async throws {
        standIn.service.next(.answer(status, SendGridStandIn.fault("It is not good.", field: field)))
        let refusal = try #require(await sendGrid.send(plainMail, messageID: mailID, access, .trial).refusal)
        #expect(refusal.cause == cause && refusal.detail == "It is not good.")
    }

    @Test func `a mail that the key may not send says so, unlike one of an unverified sender`() async {
        func code(_ status: Int, _ field: String? = nil) async -> String? {
            standIn.service.next(.answer(status, SendGridStandIn.fault("access forbidden", field: field)))
            return await sendGrid.send(plainMail, messageID: mailID, access, .trial).refusal?.code
        }
        #expect(await code(403) == "permission_missing")
        #expect(await code(401) == "sendgrid_401")
        #expect(await code(403, "from") == "sendgrid_403")
    }

    @Test func `a mail whose answer was lost cannot be looked up`() async {
        let mail = SentMail(
            messageID: mailID, internetID: plainMail.messageID, recipient: "ann@example.com", at: MailRig.now)
        guard case .unclear = await sendGrid.find(mail, access) else {
            Issue.record("it cannot know"); return
        }
        #expect(standIn.service.requests.isEmpty)
    }

    @Test func `a key that may not send is told`() async {
        standIn.service.next(.answer(200, #"{"scopes":["stats.read"]}"#))
        #expect(await sendGrid.check(access).verdict == "bad permission_missing")
        #expect(standIn.service.requests[0].target == "/v3/scopes")
    }

    // MARK: The door

    private static let vectorKey =
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEDjZeWJxsNgI2m8QQ8jB33DXcUzPhPaS3ryyTqR6bQ+fTaO1G5QYS5aqP3MkvTyxnDp/8J49fsyVb2qXpbI4vbg=="

    private func vector(
        cut: Int = 0, timestamp: String = "1767225600", signature: String? = nil
    ) -> StandInHook {
        let body =
            #"[{"email":"ann@example.com","timestamp":1767225600,"smtp-id":"<1@bureau.test>","event":"bounce","#
            + #""type":"bounce","status":"5.1.1","reason":"550 no such user","sg_event_id":"ev1","#
            + "\"sg_message_id\":\"m1.filter\",\"tenant\":\"t1\"}]\r\n"
        let known =
            "MEUCIQDlwVCQ4cEzVNQiFKghk7iZ5hWZaiij8KNxirGBVT/6LgIgGZJKqHbAWnEDqfv9UYb0CxYfpevQ+Lu8thQK8h7/uxU="
        return StandInHook(
            [
                ("X-Twilio-Email-Event-Webhook-Signature", signature ?? known),
                ("X-Twilio-Email-Event-Webhook-Timestamp", timestamp), ("Content-Type", "application/json"),
            ], Array(body.utf8.dropLast(cut)))
    }

    @Test func `the signature of the documents opens the door, for five minutes`() async throws {
        let access = makeAccess("", [:], ["webhook_public_key": Self.vectorKey])
        let items = try sendGrid.take(vector(), access, late: 299)
        #expect(items.map(\.key) == ["ev1"] && items.map(\.type) == ["bounce"])
        let event = try #require(try await sendGrid.delivery(items[0]))
        #expect(event.kind == .bounced && event.providerID == "m1" && event.recipient == "ann@example.com")
        #expect(event.internetID?.description == "1@bureau.test" && event.detail == "550 no such user")
        #expect(event.at == MailRig.now && event.messageID == nil)
        #expect(
            sendGrid.refuses(vector(), access, late: 301) && sendGrid.refuses(vector(), access, late: -301))
        let armoured = "-----BEGIN PUBLIC KEY-----\n\(Self.vectorKey)\n-----END PUBLIC KEY-----\n"
        #expect(try sendGrid.take(vector(), makeAccess("", [:], ["webhook_public_key": armoured])).count == 1)
    }

    @Test func `what is altered, or has no key to be held against, is refused`() {
        let access = makeAccess("", [:], ["webhook_public_key": Self.vectorKey])
        #expect(sendGrid.refusedStatus == 401)
        #expect(sendGrid.refuses(vector(cut: 2), access), "the line end is signed, too")
        #expect(sendGrid.refuses(vector(timestamp: "1767225601"), access))
        #expect(
            sendGrid.refuses(vector(signature: ""), access)
                && sendGrid.refuses(vector(signature: "AAAA"), access))
        #expect(sendGrid.refuses(StandInHook([], vector().body), access))
        #expect(sendGrid.refuses(vector(), makeAccess()))
        #expect(sendGrid.refuses(vector(), makeAccess("", [:], ["webhook_public_key": "AAAA"])))
        #expect(sendGrid.refuses(vector(), self.access), "another's key")
    }

    @Test func `a batch is as many things as it has events, whatever they are`() async throws {
        let events: [JSON] = [
            [
                "event": "delivered", "sg_event_id": "e1", "bureau_id": .string(mailID.text),
                "sg_message_id": "sg1.recv.0",
            ],
            ["event": "processed", "sg_event_id": "e2"], ["event": "new_thing", "sg_event_id": "e3"], "none",
        ]
        let items = try sendGrid.take(try standIn.events(events, at: 1_767_225_600), access)
        #expect(items.map(\.key) == ["e1", "e2", "e3"])
        let event = try #require(try await sendGrid.delivery(items[0]))
        #expect(event.kind == .delivered && event.messageID == mailID && event.providerID == "sg1")
        for item in items.dropFirst() { #expect(try await sendGrid.read(item).isEmpty) }
        let again = try sendGrid.take(try standIn.events(events.reversed(), at: 1_767_225_660), access)
        #expect(again.map(\.key) == ["e3", "e2", "e1"], "in another order they are known by the same keys")
        #expect(throws: HookRefusal.self) { try sendGrid.take(try standIn.events(events, at: 1), access) }
    }

    private static let kinds: [(JSON, DeliveryEvent.Kind)] = [
        (["event": "deferred", "response": "421 later"], .deferred),
        (["event": "bounce", "type": "blocked", "status": "5.1.1"], .softBounced),
        (["event": "bounce", "type": "bounce", "status": "5.2.2"], .softBounced),
        (["event": "bounce", "type": "bounce", "status": "5.0.0", "reason": "550 no such user"], .bounced),
        (["event": "bounce", "type": "bounce"], .bounced),
        (["event": "dropped", "reason": "Bounced Address"], .rejected),
        (["event": "open"], .opened), (["event": "click", "url": "https://acme.test/"], .clicked),
        (["event": "spamreport"], .complained), (["event": "unsubscribe"], .unsubscribed),
        (["event": "group_unsubscribe"], .unsubscribed),
    ]

    @Test(arguments: kinds)
    func `events become what they mean`(_ data: JSON, _ kind: DeliveryEvent.Kind) async throws {
        let event = try #require(try await sendGrid.delivery(HookItem(data)))
        #expect(event.kind == kind)
        #expect(event.detail == (data["url"] ?? data["reason"] ?? data["response"])?.text)
    }
}
