import Cryptography
import JSON
import Mail
import Records
import StandIns
import Telemetry
import Testing

/// Outgoing mails, read by somebody else's library.
@Suite struct `Writing a mail` {
    private func read(_ mail: OutgoingMail) throws -> JSON { try Python.run("read_mail.py", mail.mime()) }

    private func header(_ name: String, of read: JSON) -> String? {
        read["headers"]?.array?.first { $0.array?.first?.text == name }?.array?.last?.text
    }

    @Test func `plain text makes one part, with every header of a mail`() throws {
        let mail = try sampleMail()
        let bytes = mail.mime()
        #expect(
            bytes.text
                == """
                From: Olive Owner <olive@agency.example>
                To: Jane Example <jane@example.com>
                Subject: Your offer
                Date: Tue, 14 Nov 2023 22:13:20 +0000
                Message-ID: <m42@agency.example>
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Good morning Jane,

                here it is.

                Olive

                """.replacing("\n", with: "\r\n"))
        #expect(!mail.needsSMTPUTF8)
    }

    @Test func `HTML, attachments and an invitation nest as little as they can`() throws {
        let attachment = OutgoingMail.Attachment(
            name: HeaderText(cleaning: "Angebot für Zoë – mit allem, was dazu gehört, und noch mehr.pdf"),
            mediaType: "application/pdf", bytes: Array("%PDF-1.7 ü".utf8))
        let html = "<p>Grüße</p>"
        func shape(_ part: JSON) -> String {
            let parts = part["parts"]?.array?.map(shape)
            return (part["type"]?.text ?? "?") + (parts.map { "{\($0.joined(separator: " "))}" } ?? "")
        }
        func shape(_ change: (inout OutgoingMail) -> Void) throws -> String {
            shape(try read(sampleMail(change))["body"] ?? .null)
        }
        #expect(try shape { $0.html = html } == "multipart/alternative{text/plain text/html}")
        #expect(try shape { $0.attachments = [attachment] } == "multipart/mixed{text/plain application/pdf}")
        let meeting = try invitation()
        let all = try sampleMail {
            ($0.html, $0.attachments, $0.invitation) = (html, [attachment], meeting)
        }
        let body = try #require(try read(all)["body"])
        #expect(
            shape(body)
                == "multipart/mixed{multipart/alternative{text/plain text/html text/calendar} "
                + "application/pdf application/ics}")
        let parts = try #require(body["parts"]?.array)
        #expect(parts[1]["name"]?.text == attachment.name.description)
        #expect(parts[1]["disposition"]?.text == "attachment")
        #expect(parts[1]["text"]?.text == "%PDF-1.7 ü")
        let alternatives = try #require(parts[0]["parts"]?.array)
        #expect(alternatives[1]["text"]?.text?.replacing("\r\n", with: "\n") == html + "\n")
        #expect(alternatives[2]["method"]?.text == "REQUEST")
        #expect(parts[2]["name"]?.text == "invite.ics")
        #expect(alternatives[2]["text"]?.text == parts[2]["text"]?.text)
        #expect(all.mime().text.contains("filename*0*=UTF-8''Angebot%20f%C3%BCr"))
    }

    @Test(arguments: [
        "Zoë", "Your offer", "two  blanks, three   blanks", "=?utf-8?Q?is_no_word?=", " leading", "trailing ",
        "日本語の件名はとても長くて折り返しが必要になりますのでテストします日本語の件名はとても長くて",
        "Überschriften, die gefaltet werden müssen, weil sie länger sind als eine Zeile 😀😀😀😀😀😀😀😀😀😀",
        String(repeating: "unbroken", count: 120), String(repeating: "many short words ", count: 40) + "end",
        "",
        "“quotes” — dashes = equals ? question _ underscore", String(repeating: "😀", count: 249),
    ])
    func `a subject comes out as it went in, in lines of 76 columns`(subject: String) throws {
        let mail = try sampleMail { $0.subject = HeaderText(subject)! }
        let bytes = mail.mime()
        #expect(header("Subject", of: try read(mail)) == subject)
        #expect(ReceivedMail(mime: bytes).subject == String(subject.drop { $0 == " " }).trimmedEnd)
        for line in bytes.text.components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 76 && line.utf8.allSatisfy { $0 < 0x80 }, "\(line)")
        }
    }

    @Test(arguments: [
        "Jane Example", "Example, Jane", "Jane \"JJ\" Example", "Zoë Müller, Inc.", "back\\slash",
        "<b@c.example>",
        "=?utf-8?Q?evil?=", "株式会社サンプルマーケティングコンサルティンググループホールディングス",
        String(repeating: "Very long name ", count: 20) + "end",
    ])
    func `a name comes out as it went in, before its address`(name: String) throws {
        let mail = try sampleMail { $0.to.name = HeaderText(name)! }
        let bytes = mail.mime()
        let received = ReceivedMail(mime: bytes)
        #expect(received.recipients == ["jane@example.com"])
        var swapped = mail
        (swapped.from, swapped.to) = (mail.to, mail.from)
        #expect(ReceivedMail(mime: swapped.mime()).from == mail.to)
        let python = try #require(header("To", of: try read(mail)))
        #expect(python.hasSuffix("<jane@example.com>"))
        for line in bytes.text.components(separatedBy: "\r\n") { #expect(line.utf8.count <= 998) }
    }

    @Test(arguments: [
        "plain\n", "Grüße aus Köln, 20 % = viel\r\nzweite Zeile\rdritte\n", "日本語の本文です。\n長い文章\n",
        ".\n..\nFrom the start\n and\ttabs\n-- \nOlive\n", String(repeating: "x", count: 5000) + "\n",
        "\n\n\n",
        String(repeating: "Ein langer Satz ohne Ende, über den niemand nachdenkt. ", count: 40) + "\n",
    ])
    func `a text comes out as it went in, in short lines`(text: String) throws {
        let mail = try sampleMail { ($0.text, $0.html) = (text, "<p>\(text)</p>") }
        let bytes = mail.mime()
        let wanted = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        let parts = try #require(try read(mail)["body"]?["parts"]?.array)
        #expect(parts[0]["text"]?.text?.replacing("\r\n", with: "\n") == wanted)
        #expect(ReceivedMail(mime: bytes).text == wanted.trimmedEnd)
        var previous: UInt8 = 0
        for byte in bytes {
            #expect((byte == 0x0A) == (previous == 0x0D), "a line end that is no CRLF")
            previous = byte == 0x0D ? 0x0D : 0
            #expect(byte < 0x80)
        }
        for line in bytes.text.components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 76 && !line.hasPrefix(".") && !line.hasPrefix("From t"), "\(line)")
        }
    }

    @Test func `the same mail has the same bytes, and another one other boundaries`() throws {
        let meeting = try invitation()
        func mail(_ id: String) throws -> [UInt8] {
            try sampleMail {
                ($0.messageID, $0.html, $0.invitation) = (InternetMessageID(id)!, "<p>Hi</p>", meeting)
            }.mime()
        }
        #expect(try mail("a@b.example") == mail("a@b.example"))
        let boundary = { (bytes: [UInt8]) in bytes.header("Content-Type") }
        #expect(try boundary(mail("a@b.example")) != boundary(mail("c@b.example")))
    }

    @Test func `a long thread keeps its beginning and its end`() throws {
        let ids = (1...50).map { InternetMessageID("m\($0)@example.com")! }
        let mail = try sampleMail { ($0.inReplyTo, $0.references) = (ids.last, ids) }
        let bytes = mail.mime()
        let kept = Array(ids.prefix(10) + ids.suffix(10))
        #expect(bytes.header("References") == kept.map(\.bracketed).joined(separator: " "))
        let received = ReceivedMail(mime: bytes)
        #expect(received.references == kept && received.inReplyTo == ids.last)
    }

    @Test func `headers of an automatic mail say how to leave and that it is automatic`() throws {
        let mail = try sampleMail {
            $0.unsubscribe = .init(
                url: "https://u.agency.example/u/\(String(repeating: "T", count: 120))",
                address: "u+T0@in.agency.example")
            $0.autoSubmitted = .generated
            $0.language = "de-AT"
            $0.replyTo = $0.to
        }
        let bytes = mail.mime()
        #expect(
            bytes.header("List-Unsubscribe")
                == "<https://u.agency.example/u/\(String(repeating: "T", count: 120))>, <mailto:u+T0@in.agency.example>"
        )
        #expect(bytes.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click")
        #expect(bytes.header("Auto-Submitted") == "auto-generated")
        #expect(bytes.header("Content-Language") == "de-AT")
        #expect(bytes.header("Reply-To") == "Jane Example <jane@example.com>")
    }

    @Test func `nothing smuggles a header in`() throws {
        let evil = "x\r\nBcc: evil@example.com\r\n\r\nbody"
        let mail = try sampleMail {
            $0.unsubscribe = .init(url: "https://u.example/\(evil)", address: evil)
            $0.language = "de\r\nBcc: evil@example.com"
            $0.attachments = [
                .init(
                    name: HeaderText(cleaning: evil), mediaType: "text/plain\r\nBcc: evil@example.com",
                    bytes: [1])
            ]
        }
        let read = try read(mail)
        #expect(header("Bcc", of: read) == nil)
        #expect(header("Content-Language", of: read) == nil)
        #expect(read["defects"]?.array?.isEmpty == true)
        #expect(read["body"]?["parts"]?.array?[1]["type"]?.text == "application/octet-stream")
        #expect(!mail.mime().text.contains("\r\nBcc"))
    }

    @Test func `a host of other letters is written in ASCII, and only a local part needs SMTPUTF8`() throws {
        #expect(try mailbox("jane@bücher.example").wireAddress == "jane@xn--bcher-kva.example")
        // RFC 3492 §7.1 (B), (L) and a label without any ASCII.
        #expect(
            try mailbox("a@他们为什么不说中文.example").wireAddress == "a@xn--ihqwcrb4cv8a8dqg056pqjye.example")
        #expect(try mailbox("a@3年b組金八先生.example").wireAddress == "a@xn--3b-ww4c5e180e575a65lsy2b.example")
        #expect(try mailbox("a@рф.испытание").wireAddress == "a@xn--p1ai.xn--80akhbyknj4f")
        #expect(try mailbox("jane@bu\u{308}cher.example").wireAddress == "jane@xn--bcher-kva.example")
        let plain = try sampleMail { $0.to = try! mailbox("jane@bücher.example") }
        #expect(!plain.needsSMTPUTF8 && plain.mime().header("To") == "jane@xn--bcher-kva.example")
        let international = try sampleMail { $0.to = try! mailbox("jäne@bücher.example") }
        #expect(international.needsSMTPUTF8)
        #expect(international.mime().header("To") == "jäne@xn--bcher-kva.example")
    }
}

@Suite struct `An invitation` {
    private func lines(_ invitation: CalendarInvitation) -> [String] {
        let text = invitation.written(at: Instant(seconds: 1_700_000_000)).text
        for line in text.components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 75 && !line.contains("\n"))
        }
        return text.replacing("\r\n ", with: "").components(separatedBy: "\r\n")
    }

    @Test func `has what a calendar needs, in UTC`() throws {
        let meeting = try invitation {
            $0.about =
                "Bring:\r\n- slides; all of them, please\n- Füße " + String(repeating: "日本語", count: 30)
            ($0.location, $0.sequence) = ("Room 1\\2", 3)
        }
        let lines = lines(meeting)
        for wanted in [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Bureau//Bureau//EN", "METHOD:REQUEST",
            "BEGIN:VEVENT",
            "UID:meeting-1@agency.example", "DTSTAMP:20231114T221320Z", "DTSTART:20231116T020000Z",
            "DTEND:20231116T030000Z", "SEQUENCE:3", "SUMMARY:Kick-off\\, with the team\\; part 1",
            "STATUS:CONFIRMED", "LOCATION:Room 1\\\\2",
            "DESCRIPTION:Bring:\\n- slides\\; all of them\\, please\\n- Füße "
                + String(repeating: "日本語", count: 30),
            "ORGANIZER;CN=Olive 'O' Owner:mailto:olive@agency.example", "END:VEVENT", "END:VCALENDAR",
        ] {
            #expect(lines.contains(wanted), "\(wanted)")
        }
        let guests = lines.filter { $0.hasPrefix("ATTENDEE") }
        try #require(guests.count == 2)
        #expect(guests[0].hasSuffix(";CN=\"Jäne, Example\":mailto:jane@xn--bcher-kva.example"))
        for guest in guests {
            for wanted in [
                ";RSVP=TRUE", ";PARTSTAT=NEEDS-ACTION", ";ROLE=REQ-PARTICIPANT", ";CUTYPE=INDIVIDUAL",
            ] {
                #expect(guest.contains(wanted), "\(guest)")
            }
        }
    }

    @Test func `that is cancelled says so`() throws {
        let lines = lines(try invitation { ($0.method, $0.sequence) = (.cancel, 4) })
        #expect(
            lines.contains("METHOD:CANCEL") && lines.contains("STATUS:CANCELLED")
                && lines.contains("SEQUENCE:4"))
    }

    @Test func `takes no lines from its texts`() throws {
        let evil = "x\r\nATTENDEE:mailto:evil@example.com\nEND:VEVENT"
        let lines = lines(
            try invitation { ($0.uid, $0.summary, $0.about, $0.location) = (evil, evil, evil, evil) })
        #expect(lines.count { $0.hasPrefix("ATTENDEE") } == 2)
        #expect(lines.count { $0 == "END:VEVENT" } == 1)
    }
}

extension String {
    var trimmedEnd: String { String(reversed().drop(while: \.isWhitespace).reversed()) }
}
