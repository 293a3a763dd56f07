import Integrations
import JSON
import Mail
import Messages
import Providers
import Records
import StandIns
import Telemetry
import Testing

/// Mail as Mailgun, SendGrid and Postmark post it: taken apart, or whole.
@Suite struct InboundMailTests {
    private static let now = MailRig.now.seconds
    private static let mime =
        "From: =?utf-8?Q?Zo=C3=AB?= <zoe@example.com>\r\nTo: reply+T@in.acme.test\r\nSubject: Re: Hello\r\n"
        + "Message-ID: <a1@example.com>\r\nIn-Reply-To: <m42@mg.acme.test>\r\n"
        + "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + "Gr=FC=DFe\r\n"

    private func expectReply(_ mail: ReceivedMail, from name: String = "Zoë", text: String = "Grüße") {
        #expect(mail.from?.address.description == "zoe@example.com" && mail.from?.name?.description == name)
        #expect(mail.recipients.first == "reply+T@in.acme.test")
        #expect(mail.recipients.count { $0.lowercased() == "reply+t@in.acme.test" } == 1)
        #expect(mail.subject == "Re: Hello" && mail.messageID?.description == "a1@example.com")
        #expect(mail.inReplyTo?.description == "m42@mg.acme.test")
        #expect(mail.text.trimmed == text && mail.omittedParts == 0 && mail.report == nil)
    }

    // MARK: Mailgun

    private static let headers =
        #"[["Received","from mx by us; Thu, 1 Jan 2026 00:00:00 +0000"],["From","=?utf-8?Q?Zo=C3=AB?= <zoe@example.com>"],"#
        + #"["To","reply+T@in.acme.test"],["Subject","Re: Hello"],["Message-Id","<a1@example.com>"],"#
        + #"["In-Reply-To","<m42@mg.acme.test>"],["References","<m1@mg.acme.test> <m42@mg.acme.test>"],"#
        + #"["Date","Thu, 1 Jan 2026 00:00:00 +0000"],["Content-Type","multipart/mixed; boundary=\"gone\""],"#
        + #"["X-Odd","a\r\nBcc: smuggled@example.com"]]"#
    private static let mailgunFields = [
        ("recipient", "reply+T@in.acme.test"), ("sender", "zoe@example.com"),
        ("from", "Zoë <zoe@example.com>"),
        ("subject", "Re: Hello"), ("body-plain", "Grüße\n> Hi"), ("stripped-text", "Grüße"),
        ("stripped-signature", ""), ("body-html", "<p>Grüße</p>"), ("message-headers", headers),
    ]

    private func mailgun() throws -> (MailgunStandIn, Mailgun, IntegrationAccess) {
        let standIn = try MailgunStandIn()
        let access = makeAccess(
            standIn.service.url, ["domain": .string(standIn.domain)],
            ["api_key": standIn.apiKey, "webhook_signing_key": standIn.signingKey])
        return (standIn, Mailgun(makeClient(), now: { MailRig.now }), access)
    }

    @Test func `Mailgun's form is read with its headers, texts and envelope`() async throws {
        let (standIn, mailgun, access) = try mailgun()
        let item = try mailgun.take(standIn.inbound(Self.mailgunFields, at: Self.now, token: "tok"), access)[
            0]
        #expect(item.key == "tok" && item.type == "inbound")
        #expect(item.payload["fields"]?["body-plain"]?.text == "Grüße\n> Hi")
        #expect(item.payload["files"]?.array == [] && item.payload["encoded"] == nil)
        let mail = try await mailgun.mail(item)
        expectReply(mail, text: "Grüße\n> Hi")
        #expect(
            mail.strippedText == "Grüße" && mail.html == "<p>Grüße</p>"
                && mail.returnPath == "zoe@example.com")
        #expect(mail.references.map(\.description) == ["m1@mg.acme.test", "m42@mg.acme.test"])
        #expect(mail.date == MailRig.now && mail.header("Bcc") == nil)
        #expect(mail.header("Received") == "from mx by us; Thu, 1 Jan 2026 00:00:00 +0000")
    }

    @Test func `Mailgun's form of several parts brings files, and says which are shown in the text`()
        async throws
    {
        let (standIn, mailgun, access) = try mailgun()
        let files = [
            StandInFile("Zoë.pdf", "application/pdf", "%PDF-\r\n--x"),
            StandInFile("logo.png", "image/png; name=\"x\"", "PNG", contentID: "logo@x"),
        ]
        let fields = Self.mailgunFields.map { $0.0 == "stripped-text" ? ($0.0, " ") : $0 }
        let item = try mailgun.take(standIn.inbound(fields, files: files, at: Self.now), access)[0]
        let kept = item.payload["files"]?.array?.first
        #expect(kept?["name"]?.text == "attachment-1" && kept?["file_name"]?.text == "Zoë.pdf")
        #expect(kept?["media_type"]?.text == "application/pdf" && kept?["base64"]?.text == "JVBERi0NCi0teA==")
        let mail = try await mailgun.mail(item)
        expectReply(mail, text: "Grüße\n> Hi")
        #expect(mail.strippedText == nil, "there was nothing but a blank")
        #expect(mail.attachments.map(\.name) == ["Zoë.pdf", "logo.png"])
        #expect(mail.attachments.map(\.mediaType) == ["application/pdf", "image/png"])
        #expect(mail.attachments.map(\.contentID) == [nil, "logo@x"])
        #expect(mail.attachments[0].bytes == Array("%PDF-\r\n--x".utf8))
    }

    @Test func `Mailgun's whole mail is read as it is`() async throws {
        let (standIn, mailgun, access) = try mailgun()
        let fields = [("recipient", "reply+T@in.acme.test"), ("sender", ""), ("body-mime", Self.mime)]
        let mail = try await mailgun.mail(try mailgun.take(standIn.inbound(fields, at: Self.now), access)[0])
        expectReply(mail)
        #expect(mail.returnPath == "")
    }

    @Test func `a mail that Mailgun keeps is fetched from Mailgun, and from nobody else`() async throws {
        let (standIn, mailgun, access) = try mailgun()
        func item(_ url: String) throws -> HookItem {
            let fields = [("recipient", "reply+T@in.acme.test"), ("message-url", url)]
            return try mailgun.take(standIn.inbound(fields, at: Self.now), access)[0]
        }
        let stored: JSON = ["body-mime": .string(Self.mime)]
        standIn.service.next(.answer(200, stored.serialized), .answer(503), .answer(404))
        let url = "\(standIn.service.url)/v3/domains/mg.acme.test/messages/k1"
        expectReply(try await mailgun.mail(try item(url), access))
        let request = standIn.service.requests[0]
        #expect(request.header("Accept") == "message/rfc2822" && request.header("Authorization") != nil)
        await #expect(throws: MailHookFailure.self) { try await mailgun.mail(try item(url), access) }
        await #expect(throws: MailHookFailure.self) { try await mailgun.mail(try item(url), access) }
        let stranger = try ServiceStandIn { _ in StandInAnswer(200, stored.serialized) }
        for address in [stranger.url, "http://api.mailgun.net.evil.test/", "file:///etc/passwd", ""] {
            await #expect(throws: MailHookFailure.self) { try await mailgun.mail(try item(address), access) }
        }
        #expect(stranger.connections == 0)
    }

    @Test func `a bounce that was taken apart is a report as if it came whole`() async throws {
        let (standIn, mailgun, access) = try mailgun()
        let status = """
            Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; ann@example.com\r\nAction: failed\r
            Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n
            """
        let original = "Message-ID: <m42@mg.acme.test>\r\nSubject: Hello\r\n\r\nHi\r\n"
        let headers =
            #"[["From","mailer-daemon@example.com"],["Subject","Undelivered"],"#
            + #"["Content-Type","multipart/report; report-type=delivery-status; boundary=b"]]"#
        let hook = standIn.inbound(
            [
                ("recipient", "b+42@in.acme.test"), ("sender", ""), ("body-plain", "It failed."),
                ("message-headers", headers),
            ],
            files: [
                StandInFile("status.txt", "message/delivery-status", status),
                StandInFile("original.eml", "message/rfc822", original),
            ], at: Self.now)
        let mail = try await mailgun.mail(try mailgun.take(hook, access)[0])
        #expect(mail.report?.kind == .hardBounce && mail.report?.recipient == "ann@example.com")
        #expect(mail.report?.originalMessageID?.description == "m42@mg.acme.test" && mail.isAutomatic)
    }

    // MARK: SendGrid

    private func sendGrid() throws -> (SendGridStandIn, SendGrid, IntegrationAccess) {
        let standIn = try SendGridStandIn()
        let access = makeAccess("", [:], ["webhook_public_key": standIn.publicKey])
        return (standIn, SendGrid(makeClient(), now: { MailRig.now }), access)
    }

    private static let envelope = (
        "envelope", Array(#"{"to":["reply+T@in.acme.test"],"from":"zoe@example.com"}"#.utf8)
    )
    private static let sendGridFields: [(String, [UInt8])] = [
        (
            "headers",
            Array(
                ("Received: by mx\n with SMTP\nFrom: =?utf-8?Q?Zo=C3=AB?= <zoe@example.com>\nTo: reply+T@in.acme.test\n"
                    + "Subject: Re: Hello\nMessage-ID: <a1@example.com>\nIn-Reply-To: <m42@mg.acme.test>\n"
                    + "Content-Type: text/plain; charset=iso-8859-1\n").utf8)
        ),
        ("from", Array("Zoë <zoe@example.com>".utf8)), ("to", Array("reply+T@in.acme.test".utf8)),
        ("subject", Array("Re: Hello".utf8)), ("text", [0x47, 0x72, 0xFC, 0xDF, 0x65]),
        ("html", [0x3C, 0x70, 0x3E, 0x93, 0xE4, 0x80, 0x94]), envelope, ("SPF", Array("pass".utf8)),
        (
            "charsets",
            Array(#"{"to":"UTF-8","text":"iso-8859-1","html":"windows-1252","subject":"UTF-8"}"#.utf8)
        ),
    ]

    @Test func `SendGrid's texts are read in the character sets that it names`() async throws {
        let (standIn, sendGrid, access) = try sendGrid()
        let hook = try standIn.inbound(
            Self.sendGridFields, files: [StandInFile("a.ics", "text/calendar", "BEGIN", contentID: "c1")],
            at: Self.now)
        let items = try sendGrid.take(hook, access)
        #expect(items.map(\.type) == ["inbound"] && items[0].payload["encoded"]?["text"]?.text == "R3L832U=")
        let mail = try await sendGrid.mail(items[0])
        expectReply(mail)
        #expect(mail.html == "<p>“ä€”" && mail.returnPath == "zoe@example.com")
        #expect(mail.header("Received") == "by mx with SMTP")
        #expect(mail.attachments.map(\.name) == ["a.ics"] && mail.attachments[0].contentID == "c1")
        let again = try standIn.inbound(Self.sendGridFields, at: Self.now + 60)
        #expect(try sendGrid.take(again, access)[0].key == items[0].key, "the same mail to the same address")
        let other = Self.sendGridFields.map {
            $0.0 == "envelope" ? ($0.0, Array(#"{"to":["other@in.acme.test"]}"#.utf8)) : $0
        }
        #expect(try sendGrid.take(try standIn.inbound(other, at: Self.now), access)[0].key != items[0].key)
    }

    @Test func `SendGrid's Japanese text is read, though its bytes are ASCII`() async throws {
        let (standIn, sendGrid, access) = try sendGrid()
        let fields: [(String, [UInt8])] = [
            ("text", [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42]), Self.envelope,
            ("from", Array("Zoë <zoe@example.com>".utf8)),
            ("charsets", Array(#"{"text":"iso-2022-jp"}"#.utf8)),
        ]
        let mail = try await sendGrid.mail(
            try sendGrid.take(try standIn.inbound(fields, at: Self.now), access)[0])
        #expect(mail.text.trimmed == "あ" && mail.from?.name?.description == "Zoë")
    }

    @Test func `SendGrid's whole mail is read as it is`() async throws {
        let (standIn, sendGrid, access) = try sendGrid()
        let raw = Self.mime.replacing("quoted-printable", with: "8bit").replacing("Gr=FC=DFe", with: "Gr??e")
        let bytes = Array(raw.utf8).map { $0 == UInt8(ascii: "?") ? 0xFC : $0 }
        let mail = try await sendGrid.mail(
            try sendGrid.take(try standIn.inbound([("email", bytes), Self.envelope], at: Self.now), access)[0]
        )
        #expect(mail.text.trimmed == "Grüüe" && mail.recipients == ["reply+T@in.acme.test"])
    }

    @Test func `SendGrid's mail without a signature, or with another's, is refused`() throws {
        let (standIn, sendGrid, access) = try sendGrid()
        var hook = try standIn.inbound(Self.sendGridFields, at: Self.now)
        #expect(sendGrid.refuses(hook, makeAccess()))
        hook.body[hook.body.count / 2] ^= 1
        #expect(sendGrid.refuses(hook, access))
        hook.headers.removeLast()
        #expect(sendGrid.refuses(hook, access))
    }

    // MARK: Postmark

    private static let postmarkMail: JSON = [
        "FromName": "Zoë", "From": "zoe@example.com",
        "FromFull": ["Email": "zoe@example.com", "Name": "Zoë", "MailboxHash": ""],
        "To": "reply+T@in.acme.test",
        "ToFull": [["Email": "reply+T@in.acme.test", "Name": "", "MailboxHash": "T"]],
        "CcFull": [["Email": "cc@example.com", "Name": "Cé, \"C\"", "MailboxHash": ""]],
        "OriginalRecipient": "reply+T@in.acme.test", "Subject": "Re: Hello", "MessageID": "guid",
        "MailboxHash": "T", "Date": "Thu, 1 Jan 2026 00:00:00 +0000", "TextBody": "Grüße", "HtmlBody": "",
        "StrippedTextReply": "Grüße", "MessageStream": "inbound",
        "Headers": [
            ["Name": "Message-ID", "Value": "<a1@example.com>"],
            ["Name": "In-Reply-To", "Value": "<m42@mg.acme.test>"],
            ["Name": "Auto-Submitted", "Value": "auto-replied"],
        ],
        "Attachments": [
            [
                "Name": "a.pdf", "Content": "JVBERi0=", "ContentType": "application/pdf", "ContentLength": 6,
                "ContentID": "",
            ]
        ],
    ]

    private func postmark(_ change: JSON = [:]) async throws -> ReceivedMail {
        let standIn = try PostmarkStandIn()
        let access = makeAccess(
            "", [:], ["webhook_username": standIn.username, "webhook_password": standIn.password])
        let postmark = Postmark(makeClient(), now: { MailRig.now })
        let items = try postmark.take(standIn.hook(Self.postmarkMail.merging(change)), access)
        #expect(items.map(\.key) == ["inbound:guid"] && items.map(\.type) == ["inbound"])
        return try await postmark.mail(items[0])
    }

    @Test func `Postmark's mail is read with the headers that it keeps apart`() async throws {
        let mail = try await postmark()
        expectReply(mail)
        #expect(mail.recipients == ["reply+T@in.acme.test", "cc@example.com"])
        #expect(mail.strippedText == "Grüße" && mail.html == nil && mail.date == MailRig.now)
        #expect(mail.attachments.map(\.name) == ["a.pdf"] && mail.attachments[0].bytes == Array("%PDF-".utf8))
        #expect(mail.isAutomatic)
    }

    @Test func `Postmark's mail of HTML alone has its text, and a whole one is read as it is`() async throws {
        let mail = try await postmark(["TextBody": "", "HtmlBody": "<p>Grüße</p>", "StrippedTextReply": ""])
        expectReply(mail)
        #expect(mail.html == "<p>Grüße</p>" && mail.strippedText == nil)
        expectReply(try await postmark(["RawEmail": .string(Self.mime)]))
        let bare = try await postmark([
            "FromFull": nil, "ToFull": nil, "CcFull": nil, "Headers": nil, "Attachments": nil,
            "Date": "nonsense",
        ])
        #expect(
            bare.from?.name?.description == "Zoë" && bare.text.trimmed == "Grüße" && bare.messageID == nil)
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text).replacing("\r\n", with: "\n")
    }
}
