internal import Cryptography
internal import JSON
internal import Mail
internal import Records
internal import Telemetry

/// Mails a second on one thread: read (a reply of 20 KB with a page and an attachment; a mix with short replies,
/// bounces and what is only a page), with and without taking out what was written anew; written; written and signed.
enum MailBenchmark {
    static func run() throws -> JSON {
        let seconds = number("SECS", 3)
        let reply = try Samples.reply(), mix = try Samples.mix()
        // Right first: what is read wrongly is not timed.
        let read = ReceivedMail(mime: reply)
        guard read.newText.hasPrefix("Yes, this"), read.attachments.count == 1, mix.count == 4,
            ReceivedMail(mime: mix[1]).report?.kind == .hardBounce
        else { throw Wrong() }
        let outgoing = try Samples.outgoing()
        let rsa = try DKIMSigner(domain: "agency.example", selector: "s", key: SigningKey(generating: .rsa))
        let ed25519 = try DKIMSigner(
            domain: "agency.example", selector: "s", key: SigningKey(generating: .ed25519))
        var kept = 0
        let figures: [(String, Double)] = [
            ("read", rate(seconds) { _ in kept &+= ReceivedMail(mime: reply).text.utf8.count }),
            ("read_mix", rate(seconds) { kept &+= ReceivedMail(mime: mix[$0 % mix.count]).text.utf8.count }),
            (
                "read_mix_new_text",
                rate(seconds) { kept &+= ReceivedMail(mime: mix[$0 % mix.count]).newText.utf8.count }
            ),
            ("written", rate(seconds) { _ in kept &+= outgoing.mime().count }),
            (
                "written_rsa",
                rate(seconds) { _ in kept &+= rsa.signed(outgoing.mime(), at: outgoing.date).count }
            ),
            (
                "written_ed25519",
                rate(seconds) { _ in kept &+= ed25519.signed(outgoing.mime(), at: outgoing.date).count }
            ),
        ]
        var result = JSONObject(figures.map { ($0.0, .integer(Int64($0.1.rounded()))) })
        result["bytes"] = .integer(Int64(reply.count))
        result["kept"] = .bool(kept != 0)
        return .object(result)
    }

    struct Wrong: Error {}

    private static func rate(_ seconds: Int, _ body: (Int) -> Void) -> Double {
        for turn in 0..<20 { body(turn) }
        let began = Instant.steadyClock()
        var turns = 0
        while Instant.steadyClock() - began < .seconds(seconds) {
            for _ in 0..<20 {
                body(turns)
                turns += 1
            }
        }
        return Double(turns) * 1e6 / Double((Instant.steadyClock() - began).microseconds)
    }
}

private enum Samples {
    static let sentence =
        "We read your offer with interest – and köstlich it is; what about the second part of it?"

    static func outgoing(_ change: (inout OutgoingMail) -> Void = { _ in }) throws -> OutgoingMail {
        guard let id = InternetMessageID("m42@agency.example"),
            let from = EmailAddress("olive@agency.example"),
            let to = EmailAddress("jane@example.com")
        else { throw MailBenchmark.Wrong() }
        let text = (0..<12).map { "\($0): \(sentence)\n" }.joined()
        var mail = OutgoingMail(
            messageID: id, date: Instant(seconds: 1_700_000_000),
            from: Mailbox(from, name: HeaderText(cleaning: "Olive Owner")), to: Mailbox(to),
            subject: HeaderText(cleaning: "Ihr Angebot: Grüße aus Köln"), text: text)
        mail.html =
            "<html><body>" + (0..<12).map { "<p style=\"margin:0\">\($0): \(sentence)</p>\n" }.joined()
            + "</body></html>"
        mail.unsubscribe = .init(
            url: "https://u.agency.example/u/0123456789abcdef", address: "u@in.agency.example")
        change(&mail)
        return mail
    }

    /// A reply above the whole mail that it answers, as text and as a page, with an attachment: 20 KB.
    static func reply() throws -> [UInt8] {
        let quoted = (0..<25).map { "> \($0): \(sentence)\n" }.joined()
        let page = (0..<45).map {
            "<tr><td style=\"padding:4px\"><p class=\"x\">\($0): \(sentence)</p></td></tr>\n"
        }.joined()
        return try outgoing {
            $0.text =
                "Yes, this would suit us.\n\nBest regards,\nJane Example\nCEO\n\n"
                + "On Tue, Nov 14, 2023 at 10:13 PM Olive Owner <olive@agency.example> wrote:\n\(quoted)"
            $0.html =
                "<div>Yes, this would suit us.</div><div class=\"gmail_quote\"><table>\(page)</table></div>"
            $0.attachments = [
                .init(
                    name: HeaderText(cleaning: "plan.pdf"), mediaType: "application/pdf",
                    bytes: [UInt8](repeating: 7, count: 6000))
            ]
            $0.inReplyTo = $0.messageID
        }.mime()
    }

    static func mix() throws -> [[UInt8]] {
        let head =
            "From: Jane <jane@example.com>\r\nTo: olive@agency.example\r\nSubject: Re: offer\r\nMessage-ID: <r@example.com>\r\n"
        let bounce = """
            Return-Path: <>
            From: MAILER-DAEMON@mx.example.net
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b

            I'm sorry to have to inform you that your message could not be delivered.
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.net

            Final-Recipient: rfc822; ann@example.com
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 User unknown
            --b
            Content-Type: text/rfc822-headers

            Message-ID: <m42@agency.example>
            --b--

            """
        let page = (0..<60).map { "<p>\($0): \(sentence)</p>\r\n" }.joined()
        return [
            try reply(), Array(bounce.replacing("\n", with: "\r\n").utf8),
            Array(
                "\(head)Content-Type: text/plain; charset=utf-8\r\n\r\nNo thanks.\r\n\r\nSent from my iPhone\r\n"
                    .utf8),
            Array(
                "\(head)Content-Type: text/html; charset=utf-8\r\n\r\n<html><body>\(page)</body></html>\r\n"
                    .utf8),
        ]
    }
}
