import Mail
import Records
import Telemetry
import Testing

/// A mail with these headers and this body; line ends as SMTP has them.
func received(_ text: String, limits: ReceivedMail.Limits = .standard) -> ReceivedMail {
    ReceivedMail(mime: Array(text.replacing("\n", with: "\r\n").utf8), limits: limits)
}

/// Reads bytes that are no UTF-8.
func received(_ head: String, body: [UInt8]) -> ReceivedMail {
    ReceivedMail(mime: Array(head.replacing("\n", with: "\r\n").utf8) + [13, 10, 13, 10] + body)
}

@Suite struct `Reading a mail` {
    @Test func `finds who wrote what to whom, and what it answers`() {
        let mail = received(
            """
            Return-Path: <bounce+1@example.com>
            Delivered-To: olive+t1@in.agency.example
            From: =?utf-8?Q?Zo=C3=AB_M=C3=BCller=2C_Inc=2E?= <zoe@example.com>
            To: "Owner, Olive" <olive@agency.example>, Sales: a@agency.example, b@agency.example;
            Cc: OLIVE@agency.example
            Subject: Re: =?iso-8859-1?Q?Gr=FC=DFe?=
             aus =?utf-8?B?SGVsbG8=?= =?utf-8?B?IHdvcmxk?=
            Date: Tue, 14 Nov 2023 23:13:20 +0100 (CET)
            Message-ID: <r1@example.com>
            In-Reply-To: Your message of Monday <m42@agency.example>
            References: <m1@agency.example>
             <m42@agency
             .example>

            Yes, please.
            """)
        #expect(mail.from?.address.description == "zoe@example.com")
        #expect(mail.from?.name?.description == "Zoë Müller, Inc.")
        #expect(mail.subject == "Re: Grüße aus Hello world")
        #expect(mail.date == Instant(seconds: 1_700_000_000))
        #expect(mail.messageID?.description == "r1@example.com")
        #expect(mail.inReplyTo?.description == "m42@agency.example")
        #expect(mail.references.map(\.description) == ["m1@agency.example", "m42@agency.example"])
        #expect(mail.recipients == ["olive@agency.example", "olive+t1@in.agency.example"])
        #expect(mail.returnPath == "bounce+1@example.com")
        #expect(mail.header("subject") == mail.subject)
        #expect(mail.text == "Yes, please." && mail.html == nil && mail.attachments.isEmpty)
        #expect(!mail.isAutomatic && mail.report == nil)
    }

    @Test(arguments: [
        ("Content-Type: text/plain; charset=utf-8", Array("Grüße €".utf8)),
        ("Content-Type: text/plain; charset=iso-8859-1", Array("Grüße €".utf8)),
        ("Content-Type: text/plain; charset=us-ascii", Array("Grüße €".utf8)),
        ("Content-Type: text/plain; charset=no-such-set", Array("Grüße €".utf8)),
        ("X-No-Type: at all", Array("Grüße €".utf8)),
        ("Content-Type: text/plain", [0x47, 0x72, 0xFC, 0xDF, 0x65, 0x20, 0x80]),
        ("Content-Type: text/plain; charset=utf-8", [0x47, 0x72, 0xFC, 0xDF, 0x65, 0x20, 0x80]),
        ("Content-Type: text/plain; charset=iso-8859-1", [0x47, 0x72, 0xFC, 0xDF, 0x65, 0x20, 0x80]),
        ("Content-Type: text/plain; charset=windows-1252", [0x47, 0x72, 0xFC, 0xDF, 0x65, 0x20, 0x80]),
        ("Content-Type: text/plain; charset=\"ISO-8859-15\"", [0x47, 0x72, 0xFC, 0xDF, 0x65, 0x20, 0xA4]),
        (
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64",
            Array("R3LDvMOfZSDigqw=".utf8)
        ),
        (
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
            Array("Gr=C3=BC=C3=\r\n=9Fe =E2=82=AC".utf8)
        ),
        (
            "Content-Type: text/plain; charset=utf-16le",
            [0x47, 0, 0x72, 0, 0xFC, 0, 0xDF, 0, 0x65, 0, 0x20, 0, 0xAC, 0x20]
        ),
    ])
    func `understands letters whatever the header calls them`(head: String, body: [UInt8]) {
        #expect(received("Subject: x\n" + head, body: body).text == "Grüße €")
    }

    @Test func `understands other scripts, and headers that declare nothing`() {
        let japanese: [UInt8] = [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B, 0x5C, 0x1B, 0x28, 0x42]
        #expect(received("Content-Type: text/plain; charset=iso-2022-jp", body: japanese).text == "日本")
        #expect(
            received("Content-Type: text/plain; charset=gb2312", body: [0xD6, 0xD0, 0xCE, 0xC4]).text == "中文")
        #expect(received("Content-Type: text/plain; charset=koi8-r", body: [0xF0, 0xD2, 0xC9]).text == "При")
        #expect(
            received("Content-Type: text/plain; charset=shift_jis", body: [0x93, 0xFA, 0x96]).text
                == "日\u{FFFD}")
        #expect(received("Subject: Grüße", body: []).subject == "Grüße")
        #expect(
            ReceivedMail(mime: Array("Subject: Gr".utf8) + [0xFC, 0xDF, 0x65, 10, 10]).subject == "Grüße")
        // Characters that are cut in two between words, a wrong set, words without padding, twice encoded.
        #expect(
            received("Subject: =?utf-8?B?R3LDvA==?= =?utf-8?B?w58=?= =?utf-8?Q?e?=", body: []).subject
                == "Grüße")
        #expect(received("Subject: =?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ?=", body: []).subject == "Grüße")
        #expect(received("Subject: =?iso-8859-1?Q?Gr=C3=BC=C3=9Fe?=", body: []).subject == "Grüße")
        #expect(received("Subject: =?us-ascii?Q?a?= b =?x?y?z", body: []).subject == "a b =?x?y?z")
        #expect(received("Subject: =?utf-8?Q?a=0D=0ABcc:_x?=", body: []).subject == "a  Bcc: x")
    }

    @Test func `takes the plain part to read and keeps the page`() throws {
        let mail = received(Self.nested)
        #expect(mail.text == "Plain — text")
        #expect(mail.html == "<p>Page</p>\r\n" || mail.html == "<p>Page</p>")
        try #require(mail.attachments.count == 4)
        #expect(
            mail.attachments.map(\.name) == [
                "logo.png", "Zoë größer.pdf", "Angebot für alle Übersichten.xlsx", "Inner.eml",
            ])
        #expect(mail.attachments[0].contentID == "logo@x" && mail.attachments[0].mediaType == "image/png")
        #expect(mail.attachments[1].bytes == Array("%PDF".utf8))
        #expect(mail.attachments[3].mediaType == "message/rfc822")
        #expect(mail.attachments[3].bytes.text.contains("Inner text"))
        #expect(mail.omittedParts == 0)
    }

    static let nested = """
        Subject: x
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=a

        preamble
        --a
        Content-Type: multipart/related; boundary=b

        --b
        Content-Type: multipart/alternative; boundary="c"

        --c
        Content-Type: text/plain; charset=utf-8

        Plain — text
        --c
        Content-Type: text/html; charset=utf-8

        <p>Page</p>
        --c--
        --b
        Content-Type: image/png; name=logo.png
        Content-ID: <logo@x>
        Content-Disposition: inline
        Content-Transfer-Encoding: base64

        iVBORw==
        --b--
        --a
        Content-Type: application/pdf
        Content-Disposition: attachment; filename*0*=utf-8''Zo%C3%AB%20;
         filename*1*=gr%C3%B6%C3%9Fer.pdf
        Content-Transfer-Encoding: base64

        JVBERg==
        --a
        Content-Type: application/octet-stream;
         name="=?utf-8?B?QW5nZWJvdCBmw7xyIA==?= =?utf-8?B?YWxsZSDDnGJlcnNpY2h0ZW4ueGxzeA==?="
        Content-Disposition: attachment;
         filename="=?utf-8?B?QW5nZWJvdCBmw7xyIA==?=
         =?utf-8?B?YWxsZSDDnGJlcnNpY2h0ZW4ueGxzeA==?="

        x
        --a
        Content-Type: message/rfc822

        Subject: Inner
        Content-Type: text/plain

        Inner text
        --a--
        """

    @Test func `reads a boundary that never closes, one that never comes, and none`() {
        let unclosed = received(
            "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nFirst\n--a\nContent-Type: text/plain\n\nSecond, cut o"
        )
        #expect(unclosed.text == "First\nSecond, cut o")
        let absent = received("Content-Type: multipart/mixed; boundary=zzz\n\n--a\n\nThe text\n--a--\n")
        #expect(absent.text.contains("The text"))
        #expect(received("Content-Type: multipart/alternative\n\nThe text").text == "The text")
        #expect(ReceivedMail(mime: []).text.isEmpty)
    }

    @Test func `stops where parts are too deep, too many or too large, and counts what it left out`() {
        var deep = "Subject: deep\n"
        for level in 0..<3000 { deep += "Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n" }
        let nested = received(deep + "Content-Type: text/plain\n\nBottom")
        #expect(nested.subject == "deep" && nested.omittedParts > 0)

        let head = "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nText\n"
        let part = "--a\nContent-Type: image/png; name=x.png\n\nAAAA\n"
        let many = received(head + String(repeating: part, count: 500) + "--a--\n")
        #expect(many.text == "Text")
        #expect(many.attachments.count == 198 && many.omittedParts == 302)

        var limits = ReceivedMail.Limits()
        limits.partSizeMax = 1000
        let large = "--a\nContent-Type: image/png; name=l.png\n\n\(String(repeating: "A", count: 1200))\n"
        let mixed = received(head + large + part + "--a--\n", limits: limits)
        #expect(mixed.attachments.map(\.name) == ["x.png"] && mixed.omittedParts == 1)

        limits = ReceivedMail.Limits()
        limits.sizeMax = 120
        let cut = received(head + part + part + "--a--\n", limits: limits)
        #expect(cut.text == "Text" && cut.attachments.count < 2 && cut.omittedParts == 1)

        limits.sizeMax = 10 << 20
        limits.textSizeMax = 9
        #expect(
            received("Content-Type: text/plain; charset=utf-8\n\nüüüüüüüü", limits: limits).text == "üüüü")
    }

    @Test func `of millions of parts or headers costs little`() {
        let parts = ReceivedMail(
            mime: Array("Content-Type: multipart/mixed; boundary=a\n\n".utf8)
                + Array(String(repeating: "--a\n\n", count: 150_000).utf8))
        #expect(parts.omittedParts > 0)
        let headers = ReceivedMail(
            mime: Array("Subject: x\n".utf8) + Array(String(repeating: "a:\n", count: 150_000).utf8))
        #expect(headers.headers.count == 500 && headers.subject == "x")
    }

    @Test func `joins the lines of flowed text`() {
        let flowed = received(
            "Content-Type: text/plain; charset=utf-8; format=flowed\n\nA long \nline.\n> quoted \n> on\n-- \nOlive \nOwner"
        )
        #expect(flowed.text == "A long line.\n> quoted on\n-- \nOlive Owner")
        let spaced = received("Content-Type: text/plain; format=flowed; delsp=yes\n\n日本 \n語")
        #expect(spaced.text == "日本語")
    }

    @Test func `makes readable text of a page`() {
        let page = """
            <html><head><title>No</title><style>p { color: red }</style></head><body>
            <div style="display:none;max-height:0">Preview &zwnj;&nbsp;&#847; text</div>
            <!-- [if mso]> <p>no</p> <![endif] -->
            <h1>Offer</h1><p>Dear&nbsp;Zo&euml;,<br>it costs &lt;b&gt; 5 &amp;lt; 6 &euro; &#8211; a < b.</p>
            <ul><li>One</li><li>Two <b>bold</b></li></ul>
            <table><tr><td>A</td><td>B</td></tr><tr><td>C</td><td>D</td></tr></table>
            <div>x</div><div><br></div><div>y</div><script>alert("<p>")</script><pre>a
              b</pre></body></html>
            """
        let mail = received("Content-Type: text/html; charset=utf-8\n\n" + page)
        #expect(
            mail.text == """
                Offer

                Dear Zoë,
                it costs <b> 5 &lt; 6 € – a < b.

                - One
                - Two bold
                A B
                C D
                x

                y

                a
                  b
                """)
        #expect(mail.html?.contains("<h1>") == true)
        #expect(received("Content-Type: text/html\n\n<p>no end <b").text == "no end")
        #expect(received("Content-Type: text/html\n\n<p title=\"a>b\">c</p><!-- open").text == "c")
    }

    @Test func `hears what a calendar answers`() {
        func answer(_ lines: String) -> CalendarAnswer? {
            let calendar = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n\(lines)\nEND:VEVENT\nEND:VCALENDAR\n"
            return received("Content-Type: text/calendar; method=REPLY; charset=utf-8\n\n" + calendar)
                .calendarAnswer
        }
        let event = "BEGIN:VEVENT\nUID:meeting-1@agency.example\nSEQUENCE:3\nDTSTAMP:20231114T221320Z\n"
        let declined = answer(
            "METHOD:REPLY\n\(event)COMMENT:Sorry\\, away\nATTENDEE;CN=Jane;PARTSTAT=DECLINED:MAILTO:jane@example.com"
        )
        #expect(declined?.answer == .declined && declined?.uid == "meeting-1@agency.example")
        #expect(declined?.sequence == 3 && declined?.attendee == "jane@example.com")
        #expect(declined?.comment == "Sorry, away")
        #expect(
            answer("METHOD:REPLY\n\(event)ATTENDEE;PARTSTAT=accepted:mailto:jane@example.com")?.answer
                == .accepted)
        #expect(answer("METHOD:COUNTER\n\(event)ATTENDEE:mailto:jane@example.com")?.answer == .countered)
        #expect(answer("METHOD:REQUEST\n\(event)ATTENDEE;PARTSTAT=ACCEPTED:mailto:jane@example.com") == nil)
        #expect(answer("METHOD:REPLY\n\(event)ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:jane@example.com") == nil)
    }

    @Test(arguments: [
        ("Auto-Submitted: auto-replied", AutomaticReason.autoSubmitted("auto-replied")),
        ("Auto-Submitted: Auto-Generated (rejected)", .autoSubmitted("auto-generated")),
        ("Precedence: Bulk", .precedence("bulk")), ("Precedence: auto_reply", .precedence("auto_reply")),
        ("X-Auto-Response-Suppress: OOF, AutoReply", .header("X-Auto-Response-Suppress")),
        ("X-Autoreply: yes", .header("X-Autoreply")), ("X-Autorespond: 1", .header("X-Autorespond")),
        ("List-Id: <l.example.com>", .list), ("Return-Path: <>", .nullReturnPath),
        ("From: Mailer <mailer-daemon@example.com>", .sender), ("From: MAILER-DAEMON <>", .sender),
        ("From: no-reply@example.com", .sender), ("From: noreply+x@example.com", .sender),
        ("From: do_not_reply@example.com", .sender), ("From: bitte-nicht-antworten@example.com", .sender),
        ("From: no-responder@example.com", .sender), ("From: nao.responda@example.com", .sender),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", .report),
        ("Subject: Automatic reply: Your offer", .subject),
        ("Subject: Abwesenheitsnotiz: Ihr Angebot", .subject),
    ])
    func `knows a machine's mail, and why`(header: String, reason: AutomaticReason) {
        #expect(received("\(header)\n\nHello").automaticReason == reason)
    }

    @Test(arguments: [
        "Auto-Submitted: no", "Precedence: normal", "From: Noreen Ply <noreen@example.com>",
        "Subject: Out of stock", "X-Autoreply: no", "Return-Path: <jane@example.com>",
    ])
    func `does not take a person's mail for a machine's`(header: String) {
        #expect(received("\(header)\n\nHello").automaticReason == nil)
    }

    @Test func `tells an answering machine from other machines`() {
        #expect(received("Auto-Submitted: auto-replied\nSubject: Re: x\n\nAway").isAutomaticReply)
        #expect(received("Return-Path: <>\nSubject: Out of Office: x\n\nAway").isAutomaticReply)
        #expect(received("Precedence: auto_reply\n\nAway").isAutomaticReply)
        #expect(!received("Auto-Submitted: auto-generated\nSubject: Invoice\n\nx").isAutomaticReply)
        #expect(!received("List-Id: <l.example.com>\n\nx").isAutomaticReply)
        #expect(!received("Subject: Hello\n\nx").isAutomaticReply)
    }
}
