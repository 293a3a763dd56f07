internal import JSON
internal import Markup
internal import Records

/// Finds mail addresses in a page, also those that are hidden from machines.
enum MailScan {
    struct Found {
        let mail: EmailAddress
        let quote: String
        /// Where in the block it begins.
        let start: Int
    }

    /// In running text.
    static func mails(in block: ReadBlock) -> [Found] {
        var found: [Found] = []
        for at in block.bytes.indices where block.bytes[at] == UInt8(ascii: "@") {
            // Marks of a page around the sign leave blanks there.
            let isApart =
                at > 1 && at + 2 < block.bytes.count && block.bytes[at - 1] == 0x20
                && block.bytes[at + 1] == 0x20
            var start = isApart ? at - 1 : at, end = isApart ? at + 2 : at + 1
            while start > 0, isPart(block.bytes[start - 1]) || block.bytes[start - 1] == UInt8(ascii: "+") {
                start -= 1
            }
            while end < block.bytes.count, isPart(block.bytes[end]) { end += 1 }
            while end > at + 1, !isLetterOrDigit(block.bytes[end - 1]) { end -= 1 }
            while start < at, !isLetterOrDigit(block.bytes[start]) { start += 1 }
            let written = block.string(start..<end)
            guard start < at, end > at + 1,
                let mail = EmailAddress(isApart ? written.filter { $0 != " " } : written)
            else { continue }
            found.append(Found(mail: mail, quote: quote(block, start..<end), start: start))
        }
        return found
    }

    /// `info (at) example (dot) com`; no more than `most` are looked at, and `tried` counts them.
    static func hidden(in block: ReadBlock, most: Int, tried: inout Int) -> [Found] {
        let tokens = block.tokens, end = tried + most
        return tokens.indices.compactMap { index -> Found? in
            guard index > 0, index + 1 < tokens.count, tried < end else { return nil }
            let isLetter = isBracketedLetter(index, block)
            guard isLetter || CompanyLexicon.ats.contains(tokens[index].hash) else { return nil }
            let isBracketed = isBracketed(index, block)
            var last = index + 1, hasDot = false
            // Each further label stands behind a point, a word for it, or a hyphen.
            while last + 1 < tokens.count {
                let between = block.string(Int(tokens[last].end)..<Int(tokens[last + 1].start))
                let bare = between.filter { $0 != " " }
                if CompanyLexicon.dots.contains(tokens[last + 1].hash), last + 2 < tokens.count,
                    isBracketed || !bare.isEmpty || hasSpaces(last + 1, block)
                {
                    hasDot = true
                    last += 2
                } else if between == "." || between == "-" {
                    hasDot = hasDot || between == "."
                    last += 1
                } else {
                    break
                }
            }
            guard hasDot, isBracketed || hasSpaces(index, block) else { return nil }
            tried += 1
            var start = Int(tokens[index - 1].start)
            while start > 0, isPart(block.bytes[start - 1]) { start -= 1 }
            let range = start..<Int(tokens[last].end)
            let domain = block.string(Int(tokens[index + 1].start)..<Int(tokens[last].end))
            let written =
                isLetter
                ? block.string(start..<Int(tokens[index - 1].end)) + "@" + domain : block.string(range)
            guard let mail = EmailAddress(deobfuscating: written) else { return nil }
            // Words of a sentence: "look at example dot com".
            guard isBracketed || tokens[index - 1].hash != tokens[index].hash else { return nil }
            return Found(mail: mail, quote: block.string(range), start: range.lowerBound)
        }
    }

    static func mayHideByLetter(_ block: ReadBlock) -> Bool {
        block.bytes.contains(UInt8(ascii: "(")) && block.bytes.firstRange(of: "(a)".utf8) != nil
    }

    /// `info(a)example.com`: the letter that looks like the sign.
    private static func isBracketedLetter(_ index: Int, _ block: ReadBlock) -> Bool {
        let token = block.tokens[index]
        return token.range.count == 1 && block.bytes[token.range.lowerBound] | 0x20 == UInt8(ascii: "a")
            && isBracketed(index, block)
    }

    private static func isBracketed(_ index: Int, _ block: ReadBlock) -> Bool {
        let before = block.bytes[..<Int(block.tokens[index].start)].last { $0 != 0x20 }
        let after = block.bytes[Int(block.tokens[index].end)...].first { $0 != 0x20 }
        return before.map { "([{<".utf8.contains($0) } ?? false
            && after.map { ")]}>".utf8.contains($0) } ?? false
    }

    private static func hasSpaces(_ index: Int, _ block: ReadBlock) -> Bool {
        let start = Int(block.tokens[index].start), end = Int(block.tokens[index].end)
        return start > 0 && block.bytes[start - 1] == 0x20 && end < block.bytes.count
            && block.bytes[end] == 0x20
    }

    private static func quote(_ block: ReadBlock, _ range: Range<Int>) -> String {
        let text = block.string(range)
        return block.isReversed ? String(text.reversed()) : text
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte >= 0x80
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }

    /// Addresses of examples, of which many a template has one left.
    static func isPlaceholder(_ mail: EmailAddress) -> Bool {
        let name = mail.domain.prefix { $0 != "." }
        return placeholderDomains.contains(mail.domain)
            || CompanyLexicon.placeholders.contains(mail.local.lowercased())
            || CompanyLexicon.placeholders.contains(String(name))
            || ["png", "jpg", "jpeg", "gif", "webp", "svg", "js", "css"].contains(
                mail.domain.split(separator: ".").last.map(String.init) ?? "")
    }

    private static let placeholderDomains: Set = [
        "example.com", "example.org", "example.net", "domain.com", "email.com", "mail.com", "sentry.io",
        "sentry.wixpress.com", "sentry-next.wixpress.com", "yourdomain.com", "company.com", "mysite.com",
        "website.com",
        "domain.tld",
    ]

    /// The address that a content network has hidden (`data-cfemail`): bytes with one key.
    static func unmasked(_ text: String) -> String? {
        let digits = Array(text.utf8)
        guard digits.count >= 6, digits.count % 2 == 0, digits.count < 400 else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
        guard let key = bytes[0], bytes.allSatisfy({ $0 != nil }) else { return nil }
        return String(decoding: bytes.dropFirst().map { $0! ^ key }, as: UTF8.self)
    }
}
