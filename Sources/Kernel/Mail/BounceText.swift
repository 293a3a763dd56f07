internal import Records

/// The text that servers write for people when a mail could not be delivered.
struct BounceText {
    /// The text above the copy of the mail.
    let notice: String

    static let subjects = MailLexicon.phrases("bounce")
    static let openings = MailLexicon.phrases("notice")
    static let late = MailLexicon.phrases("late")
    static let lateNotices = MailLexicon.phrases("late_notice")
    private static let copies = MailLexicon.phrases("copy_mark") + ["received: from ", "return-path: <"]
    private static let sizeMax = 16 << 10

    init(_ text: String) {
        var notice = "", size = 0
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let line = Substring(line)
            let lowered = line.prefix(80).lowercased()
            size += line.utf8.count + 1
            if size > Self.sizeMax || Self.copies.contains(where: lowered.contains) { break }
            notice += line + "\n"
        }
        self.notice = notice
    }

    /// The line that tells the fault.
    var diagnostic: String? {
        faultLine.map { String($0.drop { $0 == " " }.prefix(500)) }
    }

    var status: BounceStatus? { BounceStatus(faultLine ?? "") ?? BounceStatus(notice) }

    private var faultLine: Substring? {
        let lines = notice.split(separator: "\n")
        return lines.first { BounceStatus($0) != nil } ?? lines.first { Self.holdsReply($0) }
    }

    /// A reply of SMTP: `550 no such user`.
    private static func holdsReply(_ line: Substring) -> Bool {
        line.utf8.split { !(0x30...0x39).contains($0) }.contains { digits in
            digits.count == 3 && [0x34, 0x35].contains(digits.first)
                && digits.dropFirst().first.map { $0 <= 0x35 } == true
        }
    }

    /// The first address of the notice that is not one of the postmasters that sign it.
    var recipient: String? {
        for line in notice.split(separator: "\n") {
            let label = line.drop { $0 == " " || $0 == ">" }.prefix(12).lowercased()
            if label.hasPrefix("message-id") || label.hasPrefix("from:") { continue }
            var rest = line
            while let found = Self.found(in: rest) {
                let name = found.address.prefix { $0 != "@" }.lowercased()
                if name != "postmaster", name != "mailer-daemon" { return found.address }
                rest = line[found.end...]
            }
        }
        return nil
    }

    static func address(in text: Substring) -> String? { found(in: text)?.address }

    private static func found(in text: Substring) -> (address: String, end: Substring.Index)? {
        guard let at = text.utf8.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        func isPart(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
            default: "!#$%&'*+-/=?^_`{|}~.".utf8.contains(byte)
            }
        }
        var start = at
        while start > text.startIndex, isPart(text.utf8[text.utf8.index(before: start)]) {
            start = text.utf8.index(before: start)
        }
        var end = text.utf8[text.utf8.index(after: at)...].firstIndex { !isPart($0) } ?? text.endIndex
        let after = end
        while end > at, text.utf8[text.utf8.index(before: end)] == UInt8(ascii: ".") {
            end = text.utf8.index(before: end)
        }
        let candidate = String(text[start..<end])
        if let address = EmailAddress(candidate) { return (address.description, after) }
        let next = text.utf8.index(after: at)
        return next < text.endIndex ? found(in: text[next...]) : nil
    }
}
