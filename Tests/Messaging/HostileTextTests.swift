import HTTPServer
import Mail
import Records
import Routing
import Telemetry
import Testing
import Transfer

/// Names and subjects that are written to be taken for something else, through every outlet that is made of lines or
/// cells, and read back as those read who get them.
@Suite struct `A hostile text` {
    static let pieces: [String] = [
        "\r\n", "\r", "\n", "\n\n", "\r\n ", "\0", "\t", "\u{B}", "\u{C}", "\u{1B}[2J", "\u{7F}", "\u{85}",
        "\u{9B}",
        "\u{2028}", "\u{2029}", "\u{202A}", "\u{202D}", "\u{202E}", "\u{2066}", "\u{2069}", "J\u{200F}J",
        String(Unicode.Scalar(UInt32(0xFDD0)) ?? "x"), "\u{FFFE}", "\u{FFFF}", "\u{1FFFE}", "\u{10FFFF}",
        "\"", "\"\"", "'", "\\", "\\n", ";", ",", ":",
        "^n",
        "%0D%0A", "%22", "=?utf-8?Q?=0D=0A?=", "<b@evil.example>", "/../", "=1+1", "@SUM(A1)", "+1", "-1",
        "＝1", "é", "e\u{301}", "😀", "日本",
    ]

    /// The piece at the beginning, in the middle, at the end, and beside each of its like.
    static func texts(_ piece: String) -> [String] {
        ["\(piece)Bcc: evil@example.com", "Jane\(piece)Bcc: evil@example.com", "Jane Example\(piece)"]
            + pieces.map { "Jane\(piece)\($0)END:VEVENT" }
    }

    private static func isOneLine(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy(TextRule.mayStandInLine)
    }

    private func mailbox(_ address: String, _ name: String? = nil) throws -> Mailbox {
        Mailbox(try #require(EmailAddress(address)), name: name.map { HeaderText(cleaning: $0) })
    }

    private func mail(_ name: String, _ subject: String, file: String? = nil) throws -> OutgoingMail {
        var mail = OutgoingMail(
            messageID: try #require(InternetMessageID("m1@agency.example")),
            date: Instant(seconds: 1_700_000_000),
            from: try mailbox("olive@agency.example", name), to: try mailbox("jane@example.com", name),
            subject: HeaderText(cleaning: subject), text: "Good morning\n")
        if let file {
            mail.attachments = [
                .init(name: HeaderText(cleaning: file), mediaType: "text/plain", bytes: [0x41])
            ]
        }
        return mail
    }

    /// The lines that bytes are made of, each ended by CR LF and nothing else.
    private func lines(_ bytes: [UInt8]) -> [String] {
        var lines: [[UInt8]] = [[]], previous: UInt8 = 0, areWhole = true
        for byte in bytes {
            areWhole = areWhole && (byte == 0x0A) == (previous == 0x0D)
            if byte == 0x0A {
                lines[lines.count - 1].removeLast()
                lines.append([])
            } else {
                lines[lines.count - 1].append(byte)
            }
            previous = byte
        }
        #expect(areWhole, "a line end that is no CR LF")
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names of a head's fields, in their order.
    private func fields(_ mail: OutgoingMail) -> [String] {
        lines(mail.mime()).prefix { !$0.isEmpty }.filter { $0.first != " " && $0.first != "\t" }
            .map { String($0.prefix { $0 != ":" }) }
    }

    @Test(arguments: pieces) func `stays in its header of a mail, and is read as it was`(
        _ piece: String
    ) throws {
        let plain = try fields(mail("Jane", "Hello"))
        for text in Self.texts(piece) {
            let mail = try mail(text, text)
            #expect(fields(mail) == plain, "\(text.debugDescription)")
            let received = ReceivedMail(mime: mail.mime())
            #expect(received.subject == mail.subject.description, "\(text.debugDescription)")
            #expect(received.from == mail.from, "\(text.debugDescription)")
            #expect(received.recipients == ["jane@example.com"], "\(text.debugDescription)")
            #expect(Self.isOneLine(mail.subject.description))
        }
    }

    @Test(arguments: pieces) func `names an attachment, and adds no header to it`(_ piece: String) throws {
        for text in Self.texts(piece) {
            let bytes = try mail("Jane", "Hello", file: text).mime()
            #expect(!lines(bytes).contains { $0.lowercased().hasPrefix("bcc") || $0.hasPrefix("END:") })
            #expect(ReceivedMail(mime: bytes).attachments.count == 1, "\(text.debugDescription)")
        }
    }

    private func invitation(_ text: String) throws -> [String] {
        var invitation = CalendarInvitation(
            uid: "meeting-1@agency.example", start: Instant(seconds: 1_700_100_000),
            end: Instant(seconds: 1_700_103_600), summary: text,
            organizer: try mailbox("olive@agency.example", text),
            attendees: [try mailbox("jane@example.com", text)])
        (invitation.about, invitation.location) = (text, text)
        var unfolded: [String] = []
        for line in lines(invitation.written(at: Instant(seconds: 1_700_000_000))) {
            #expect(line.utf8.count <= 75, "\(line)")
            // Bytes: what a fold stands before may belong to the letter that it has cut.
            if line.utf8.first == 0x20, !unfolded.isEmpty {
                unfolded[unfolded.count - 1] += String(decoding: line.utf8.dropFirst(), as: UTF8.self)
            } else {
                unfolded.append(line)
            }
        }
        return unfolded
    }

    /// A value of RFC 5545's type TEXT.
    private func unescaped(_ value: some StringProtocol) -> String {
        var text = String.UnicodeScalarView(), isEscaped = false
        for scalar in value.unicodeScalars {
            if isEscaped {
                text.append(scalar == "n" || scalar == "N" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }

    @Test(arguments: pieces) func `stays in its line of a calendar, and is read as it was`(
        _ piece: String
    ) throws {
        func names(_ lines: [String]) -> [String] {
            lines.map { line in String(line.prefix { $0 != ":" && $0 != ";" }) }
        }
        let plain = names(try invitation("Jane"))
        for text in Self.texts(piece) {
            let lines = try invitation(text)
            #expect(names(lines) == plain, "\(text.debugDescription)")
            let summary = try #require(lines.first { $0.hasPrefix("SUMMARY:") })
            #expect(
                unescaped(summary.dropFirst(8)) == HeaderText(cleaning: text).description,
                "\(text.debugDescription)")
            let about = try #require(lines.first { $0.hasPrefix("DESCRIPTION:") })
            #expect(
                unescaped(about.dropFirst(12)).unicodeScalars.allSatisfy {
                    $0 == "\n" || ($0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value))
                }, "\(text.debugDescription)")
        }
    }

    @Test(arguments: pieces) func `names a download without a line, a folder or another order of letters`(
        _ piece: String
    ) throws {
        for text in Self.texts(piece) {
            let (field, value) = Response.disposition("attachment", fileName: text)
            #expect(field == "Content-Disposition")
            let match = try #require(
                value.wholeMatch(
                    of: /attachment; filename="([ -~]*)"; filename\*=UTF-8''([A-Za-z0-9%._~-]+)/),
                "\(value.debugDescription)")
            #expect(!match.output.1.contains { "\"/\\".contains($0) })
            let name = try #require(percentDecoded(match.output.2))
            #expect(Self.isOneLine(name) && !name.contains { "/\\".contains($0) }, "\(name.debugDescription)")
            #expect(name.unicodeScalars.allSatisfy { !$0.properties.isBidiControl })
        }
    }

    private func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = [], rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The cells of a file, as RFC 4180 has them.
    private func cells(_ bytes: [UInt8]) -> [[String]] {
        var rows: [[String]] = [], row: [String] = [], cell: [UInt8] = []
        var (isQuoted, index) = (false, 0)
        func finish() {
            row.append(String(decoding: cell, as: UTF8.self))
            cell = []
        }
        while index < bytes.count {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch bytes[index] {
            case UInt8(ascii: "\"") where isQuoted && next == UInt8(ascii: "\""):
                cell.append(next)
                index += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted: finish()
            case 0x0D where !isQuoted && next == 0x0A:
                finish()
                rows.append(row)
                row = []
                index += 1
            default: cell.append(bytes[index])
            }
            index += 1
        }
        return rows
    }

    @Test(arguments: pieces) func `stays in its cell, is no formula, and comes back as it was`(
        _ piece: String
    ) {
        for text in Self.texts(piece) + [piece] {
            var writer = CSVWriter()
            for value in ["before", text, "after"] { writer.text(value) }
            writer.endRow()
            let rows = cells(writer.bytes)
            guard rows.count == 1, rows[0].count == 3 else {
                Issue.record("\(text.debugDescription) makes \(rows)")
                continue
            }
            #expect(rows[0][0] == "before" && rows[0][2] == "after")
            #expect(FormulaGuard.unprotected(rows[0][1]) == text, "\(text.debugDescription)")
            if let first = rows[0][1].unicodeScalars.first {
                #expect(!"=+-@\t\r\n＝".unicodeScalars.contains(first), "\(rows[0][1].debugDescription)")
            }
        }
    }
}
