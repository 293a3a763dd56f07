import Mail
import Records
import Telemetry
import TestRandomness
import Testing

/// Fixed seeds: every run tries the same mails.
@Suite struct MailFuzzTests {
    @Test(arguments: 0..<8) func `mutated mails are read, whatever they are`(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let corpus = try Self.corpus()
        var limits = ReceivedMail.Limits()
        limits.partsMax = 40
        var found = 0
        for _ in 0..<250 {
            var bytes = corpus[random.below(corpus.count)]
            for _ in 0...random.below(8) { random.mutate(&bytes, corpus) }
            let mail = ReceivedMail(mime: bytes, limits: limits)
            let written = mail.written
            #expect(mail.attachments.count <= limits.partsMax && mail.headers.count <= limits.headersMax)
            #expect(!mail.subject.contains("\n") && !mail.subject.contains("\r"))
            // Nothing that can be said gets lost by the cut.
            #expect(written.newText.isEmpty == mail.text.allSatisfy(\.isWhitespace) || mail.html != nil)
            if !mail.isAutomatic, !written.newText.isEmpty { found += 1 }
            _ = (mail.isAutomaticReply, mail.report?.isPolicy)
        }
        #expect(found > 20)
    }

    @Test(arguments: 0..<4) func `pages of any tags are read`(seed: UInt64) {
        var random = SeededGenerator(seed &+ 500)
        let pieces = [
            "<", ">", "</", "<!--", "-->", "<div", "<p>", "</div>", "<br>", "&amp;", "&", "&#", ";", "\"",
            "'", "=",
            "<blockquote type=cite>", "<script>", "</script>", "<pre>", "text", " ", "\n", "é", "<td>",
            "class=\"gmail_quote\"",
            "style='display:none'", "&nbsp;", "\u{AD}", "<a href=", "<style", "<ul><li>", "\u{0}",
        ]
        for _ in 0..<400 {
            let page = (0..<random.below(60)).map { _ in pieces[random.below(pieces.count)] }.joined()
            let mail = ReceivedMail(mime: Array("Content-Type: text/html; charset=utf-8\r\n\r\n\(page)".utf8))
            #expect(mail.text.utf8.count <= page.utf8.count * 3)
            _ = mail.written
        }
    }

    @Test(arguments: 0..<4) func `any mail is written in lines, and read again`(seed: UInt64) throws {
        var random = SeededGenerator(seed &+ 900)
        for _ in 0..<60 {
            let (subject, name) = (random.text(40), random.text(20))
            let mail = try sampleMail {
                $0.subject = HeaderText(cleaning: subject)
                $0.from.name = HeaderText(cleaning: name)
                $0.text = random.text(200)
                $0.html = random.below(2) == 0 ? nil : random.text(200)
                $0.attachments = (0..<random.below(3)).map { _ in
                    .init(
                        name: HeaderText(cleaning: random.text(10)), mediaType: random.text(4),
                        bytes: Array(random.text(30).utf8))
                }
            }
            let bytes = mail.mime()
            for line in bytes.text.components(separatedBy: "\r\n") {
                #expect(line.utf8.count <= 998 && !line.contains("\n") && !line.contains("\r"))
            }
            let read = ReceivedMail(mime: bytes)
            #expect(read.messageID == mail.messageID && read.from?.address == mail.from.address)
            #expect(
                read.attachments.filter { $0.name != nil || !$0.bytes.isEmpty }.count
                    == read.attachments.count)
            #expect(
                read.attachments.map(\.bytes)
                    == mail.attachments.filter { !$0.bytes.isEmpty || !$0.name.description.isEmpty }.map(
                        \.bytes))
        }
    }

    private static func corpus() throws -> [[UInt8]] {
        let meeting = try invitation()
        let whole = try sampleMail {
            ($0.html, $0.invitation) = ("<p>Grüße <b>x</b></p><blockquote type=cite>q</blockquote>", meeting)
            $0.attachments = [
                .init(name: HeaderText(cleaning: "Zoë.pdf"), mediaType: "application/pdf", bytes: [1, 2, 3])
            ]
        }.mime()
        let bounce = """
            Return-Path: <>\r
            From: MAILER-DAEMON@mx.example.net\r
            Subject: failure notice\r
            Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
            \r
            --b\r
            \r
            <ann@example.com>: 550 5.1.1 unknown\r
            --b\r
            Content-Type: message/delivery-status\r
            \r
            Reporting-MTA: dns; x\r
            \r
            Final-Recipient: rfc822; ann@example.com\r
            Action: failed\r
            Status: 5.1.1\r
            --b\r
            Content-Type: message/rfc822\r
            \r
            Message-ID: <m42@agency.example>\r
            \r
            Hi\r
            --b--\r
            """
        let reply = """
            From: =?utf-8?B?Wm/Dqw==?= <zoe@example.com>\r
            Subject: =?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?B?SGVsbG8=?=\r
            References: <a@b.example> <c@d.example>\r
            Date: Tue, 14 Nov 2023 22:13:20 +0000\r
            Content-Type: text/plain; charset=iso-2022-jp; format=flowed\r
            \r
            Yes. \r
            Please.\r
            \r
            Best regards,\r
            Jane\r
            \r
            On Tue, Nov 14, 2023 at 10:13 PM Olive <o@a.example> wrote:\r
            > Offer\r
            """
        return [
            whole, Array(bounce.utf8), Array(reply.utf8),
            Array(ReadingSample.nested.replacing("\n", with: "\r\n").utf8),
        ]
    }
}

private typealias ReadingSample = `Reading a mail`

extension SeededGenerator {
    fileprivate mutating func text(_ count: Int) -> String {
        let pieces = [
            "a", "word ", "\"", "\\", "/", "\n", "\r\n", "\r", "\u{0}", "\u{7F}", "é", "€", "😀", "=", "?=",
            "=?", "<", ">", ",",
            ";", "  ", "\t", "\u{2028}", ".", "From ", "unbrokenunbrokenunbroken",
        ]
        return (0..<below(count)).map { _ in pieces[below(pieces.count)] }.joined()
    }

    fileprivate mutating func mutate(_ bytes: inout [UInt8], _ corpus: [[UInt8]]) {
        let place = below(max(bytes.count, 1))
        let signs = Array("=?<>@:;,\"\\-()\r\n \t.>\u{0}é".utf8) + [0x80, 0xFF, 0xED, 0x1B]
        switch below(7) {
        case 0 where !bytes.isEmpty: bytes.remove(at: place)
        case 1: bytes.insert(signs[below(signs.count)], at: min(place, bytes.count))
        case 2 where !bytes.isEmpty: bytes[place] = signs[below(signs.count)]
        case 3 where !bytes.isEmpty: bytes.removeLast(below(bytes.count))
        case 4 where !bytes.isEmpty:
            // A piece of it comes twice.
            let end = min(bytes.count, place + below(200))
            bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
        case 5 where !bytes.isEmpty:
            let end = min(bytes.count, place + below(100))
            bytes.removeSubrange(place..<end)
        default:
            let other = corpus[below(corpus.count)]
            let start = below(other.count)
            bytes.insert(
                contentsOf: other[start..<min(other.count, start + below(300))], at: min(place, bytes.count))
        }
    }
}
