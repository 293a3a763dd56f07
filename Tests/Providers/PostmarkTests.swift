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

@Suite struct PostmarkTests {
    private let standIn: PostmarkStandIn
    private let postmark: Postmark
    private let access: IntegrationAccess

    init() throws {
        let standIn = try PostmarkStandIn()
        self.standIn = standIn
        postmark = Postmark(makeClient(), now: { MailRig.now })
        access = makeAccess(
            standIn.service.url, ["message_stream": "broadcast"],
            [
                "server_token": standIn.serverToken, "webhook_username": standIn.username,
                "webhook_password": standIn.password,
            ])
    }

    // MARK: Sending

    @Test func `a mail is sent as JSON, to the byte`() async throws {
        let id = await postmark.send(fullMail, messageID: mailID, access, .trial).acceptedAs
        #expect(id == "883953f4-6105-42a2-a16a-100000000000")
        let request = standIn.service.requests[0]
        #expect(request.method == "POST" && request.target == "/email")
        #expect(request.header("X-Postmark-Server-Token") == "postmark-token")
        #expect(request.header("Content-Type") == "application/json")
        #expect(request.header("Accept") == "application/json")
        #expect(
            request.text
                == #"{"From":"\"Acme, \\\"Zoë\\\" & Co.\" <hi@mg.acme.test>","To":"Ann <ann@example.com>","#
                + #""ReplyTo":"reply+T@in.acme.test","Subject":"Grüße, \"Ann\"","TextBody":"Hi\nThere","#
                + #""HtmlBody":"<p>Hi</p>","MessageStream":"broadcast","Metadata":{"bureau_id":"\#(mailID)"},"#
                + #""TrackOpens":false,"TrackLinks":"None","Headers":["#
                + #"{"Name":"Message-ID","Value":"<m42@mg.acme.test>"},{"Name":"In-Reply-To","Value":"<p@x>"},"#
                + #"{"Name":"References","Value":"<a@x> <p@x>"},{"Name":"List-Unsubscribe","#
                + #""Value":"<https://u.bureau.test/u/T>, <mailto:u+T@in.acme.test>"},"#
                + #"{"Name":"List-Unsubscribe-Post","Value":"List-Unsubscribe=One-Click"},"#
                + #"{"Name":"Auto-Submitted","Value":"auto-generated"},"#
                + #"{"Name":"Content-Language","Value":"de"},{"Name":"X-PM-KeepID","Value":"true"}],"#
                + #""Attachments":[{"Name":"offer \"1\".pdf","Content":"JVBERi0=","#
                + #""ContentType":"application/pdf"}]}"#)
    }

    @Test func `the stream is the one for single mails unless another is set`() async throws {
        let access = makeAccess(standIn.service.url, [:], ["server_token": standIn.serverToken])
        _ = await postmark.send(plainMail, messageID: mailID, access, .trial)
        #expect(try JSONParser.parse(standIn.service.requests[0].body)["MessageStream"]?.text == "outbound")
    }

    @Test(arguments: [
        (406, SendRefusal.Cause.recipient), (10, .account), (400, .account), (401, .account), (405, .account),
        (412, .account), (413, .account), (402, .message), (403, .message), (411, .message), (300, .message),
        (9999, .message),
    ])
    func `a refusal is of the recipient, the mail or the account`(
        _ code: Int, _ cause: SendRefusal.Cause
    ) async throws {
        standIn.service.next(.answer(422, PostmarkStandIn.fault(code, "It is not good.")))
        let refusal = try #require(await postmark.send(plainMail, messageID: mailID, access, .trial).refusal)
        #expect(
            refusal.cause == cause && refusal.code == "postmark_\(code)"
                && refusal.detail == "It is not good.")
    }

    @Test func `a code of 200's answer counts, too, and so does maintenance`() async throws {
        standIn.service.next(
            .answer(200, PostmarkStandIn.fault(406, "inactive")),
            .answer(422, PostmarkStandIn.fault(100, "soon")),
            .answer(422, PostmarkStandIn.fault(300, "Invalid 'To' address: 'ann'.")))
        #expect(
            await postmark.send(plainMail, messageID: mailID, access, .trial).refusal?.cause == .recipient)
        #expect(
            await postmark.send(plainMail, messageID: mailID, access, .trial).pause?.code == "postmark_100")
        #expect(
            await postmark.send(plainMail, messageID: mailID, access, .trial).refusal?.cause == .recipient)
    }

    @Test func `a mail whose answer was lost is found by its metadata`() async throws {
        func find() async -> SendLookup {
            await postmark.find(
                SentMail(
                    messageID: mailID, internetID: plainMail.messageID, recipient: "ann@example.com",
                    at: MailRig.now), access)
        }
        guard case .absent = await find() else { Issue.record("it was never sent"); return }
        #expect(
            standIn.service.requests[0].target
                == "/messages/outbound?metadata_bureau_id=\(mailID)&count=1&offset=0")
        let id = await postmark.send(plainMail, messageID: mailID, access, .trial).acceptedAs
        guard case .accepted(let found) = await find(), found == id else {
            Issue.record("it was sent"); return
        }
        standIn.service.next(
            .answer(500), .answer(200, "[]"),
            .answer(
                200,
                #"{"TotalCount":1,"Messages":[{"InternetMessageID":"x","Metadata":{"bureau_id":"other"}}]}"#)
        )
        for _ in 0..<3 {
            guard case .unclear = await find() else { Issue.record("nobody knows"); return }
        }
    }

    // MARK: The door

    private static let bounce: JSON = [
        "RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "TypeCode": 1, "MessageID": "883953f4",
        "Metadata": ["bureau_id": .string(mailID.text)], "Details": "smtp;550 5.1.1", "Email": "ann@example.com",
        "BouncedAt": "2026-01-01T00:00:00Z", "Inactive": true,
    ]

    @Test func `a bounce with the right name and password is let in, and known again`() async throws {
        let hook = standIn.hook(Self.bounce)
        #expect(hook.headers.contains { $0.value == "Basic YnVyZWF1OnMzY3JldA==" })
        let items = try postmark.take(hook, access)
        #expect(items.map(\.key) == ["Bounce:42"] && items.map(\.type) == ["Bounce"])
        #expect(items[0].payload == Self.bounce)
        #expect(try postmark.take(hook, access).map(\.key) == ["Bounce:42"])
        let event = try #require(try await postmark.delivery(items[0]))
        #expect(event.kind == .bounced && event.messageID == mailID && event.providerID == "883953f4")
        #expect(event.recipient == "ann@example.com" && event.detail == "smtp;550 5.1.1")
        #expect(event.at == MailRig.now)
    }

    @Test func `without the right name and password nothing is let in`() {
        #expect(postmark.refusedStatus == 401)
        #expect(postmark.refuses(standIn.hook(Self.bounce, password: "other"), access))
        #expect(postmark.refuses(standIn.hook(Self.bounce, password: ""), access))
        #expect(postmark.refuses(StandInHook([], Self.bounce.bytes), access))
        #expect(
            postmark.refuses(
                StandInHook([("Authorization", "YnVyZWF1OnMzY3JldA==")], Self.bounce.bytes), access))
        for credentials in [
            [:], ["webhook_username": "bureau"], ["webhook_password": "s3cret"],
            ["webhook_username": "", "webhook_password": ""],
        ] {
            #expect(postmark.refuses(standIn.hook(Self.bounce), makeAccess("", [:], credentials)))
        }
        #expect(
            postmark.refuses(StandInHook([("Authorization", "Basic Og==")], Self.bounce.bytes), makeAccess()))
        for body in ["[]", "{", #"{"RecordType":"Delivery"}"#, "{}"] {
            let hook = StandInHook(standIn.hook([:]).headers, Array(body.utf8))
            #expect(throws: HookRefusal.self) { try postmark.take(hook, access) }
            #expect(!postmark.refuses(hook, access), "it is Postmark's, but nobody can read it")
        }
    }

    @Test(
        arguments: [
            (["RecordType": "Delivery", "MessageID": "g", "Recipient": "a@b.test"], "Delivery:g:a@b.test"),
            (["RecordType": "SpamComplaint", "ID": 43, "Email": "a@b.test"], "SpamComplaint:43"),
            (
                ["RecordType": "Open", "MessageID": "g", "Recipient": "a@b.test", "ReceivedAt": "T1"],
                "Open:g:a@b.test:T1"
            ),
            (["MessageID": "g", "FromFull": [:], "Headers": []], "inbound:g"),
            (["RecordType": "Inbound", "MessageID": "g"], "inbound:g"),
        ] as [(JSON, String)])
    func `a record is known by its number, or by its mail and reader`(_ body: JSON, _ key: String) throws {
        #expect(try postmark.take(standIn.hook(body), access).map(\.key) == [key])
    }

    private static let kinds: [(JSON, DeliveryEvent.Kind?)] = [
        (["RecordType": "Delivery"], .delivered),
        (["RecordType": "Bounce", "Inactive": false], .softBounced),
        (["RecordType": "Bounce", "Type": "SoftBounce", "TypeCode": 4096, "Inactive": true], .bounced),
        (["RecordType": "Bounce", "Type": "AutoResponder", "Inactive": false], nil),
        (["RecordType": "Bounce", "Type": "SpamNotification", "Inactive": false], .complained),
        (["RecordType": "SpamComplaint", "Inactive": true], .complained),
        (
            [
                "RecordType": "SubscriptionChange", "SuppressSending": true,
                "SuppressionReason": "ManualSuppression",
            ], .unsubscribed
        ),
        (
            ["RecordType": "SubscriptionChange", "SuppressSending": true, "SuppressionReason": "HardBounce"],
            .bounced
        ),
        (["RecordType": "SubscriptionChange", "SuppressSending": false, "SuppressionReason": nil], nil),
        (["RecordType": "Open"], .opened),
        (["RecordType": "Click", "OriginalLink": "https://acme.test/"], .clicked),
        (["RecordType": "SomethingNew"], nil),
    ]

    @Test(arguments: kinds)
    func `records become what they mean`(_ data: JSON, _ kind: DeliveryEvent.Kind?) async throws {
        let event = try await postmark.delivery(
            HookItem(data.merging(["Recipient": "ann@example.com", "MessageID": "g"])))
        #expect(event?.kind == kind)
        if kind == .clicked { #expect(event?.detail == "https://acme.test/") }
        if kind != nil { #expect(event?.recipient == "ann@example.com" && event?.providerID == "g") }
    }
}
