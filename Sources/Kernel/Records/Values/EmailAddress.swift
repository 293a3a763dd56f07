internal import Lexicons

/// An address that mail can be sent to: `local@domain` in the practical part of RFC 5321, that is, a
/// dot-atom before the `@` and a host name with at least one dot after it. No quoted local parts,
/// comments or address literals: in a lead list they are mistakes. Letters beyond ASCII are accepted
/// on both sides (RFC 6531).
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// The local part as written: it belongs to the receiving host, which may tell `A` from `a`.
    package let local: String
    /// The domain in lower case.
    package let domain: String

    package static let lengthMax = 254

    /// `local@domain`
    package var description: String { "\(local)@\(domain)" }
    /// The key that two spellings of one address share: all in lower case.
    package var key: String { description.lowercased() }

    /// Reads an address as people hand it over: with blanks around it, as `mailto:`, as
    /// `Name <a@b.example>`, in full-width letters. Nothing is guessed: see `init(deobfuscating:)`.
    package init?(_ text: String) {
        // A line end is no blank here: it is how headers are smuggled in.
        guard !text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else { return nil }
        self.init(bare: Self.unwrapped(text))
    }

    /// Reads what a cell may hold where the address is certain although it is not written as one: hidden
    /// from harvesters (`jane (at) example dot com`), spaced (`jane @ example.com`), or with list
    /// punctuation around it (`jane@example.com,`).
    package init?(deobfuscating text: String) {
        if let address = EmailAddress(TextCleaning.trimmed(text)) {
            self = address
            return
        }
        let bare = Self.unwrapped(TextCleaning.trimmed(text))
        guard bare.utf8.count <= 2 * Self.lengthMax, !bare.utf8.contains(where: { $0 < 0x20 }) else {
            return nil
        }
        let candidate = Self.trimmingPunctuation(Self.deobfuscated(bare))
        self.init(bare: candidate)
    }

    private init?(bare: String) {
        guard bare.utf8.count <= Self.lengthMax, let at = bare.utf8.lastIndex(of: UInt8(ascii: "@")) else {
            return nil
        }
        let local = bare[..<at]
        let domain = bare[bare.utf8.index(after: at)...].lowercased()
        guard Self.isLocal(local), HostName.isValid(domain), domain.utf8.contains(UInt8(ascii: ".")) else {
            return nil
        }
        self.local = String(local)
        self.domain = domain
    }

    private static func isLocal(_ local: Substring) -> Bool {
        guard (1...64).contains(local.utf8.count) else { return false }
        var previous = UInt8(ascii: ".")
        for byte in local.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: break
            case UInt8(ascii: "."): if previous == byte { return false }
            default: if !localSigns.contains(byte) { return false }
            }
            previous = byte
        }
        guard previous != UInt8(ascii: ".") else { return false }
        return local.utf8.allSatisfy { $0 < 0x80 }
            || local.unicodeScalars.allSatisfy {
                $0.isASCII || $0.properties.isAlphabetic || $0.properties.isIDContinue
            }
    }

    private static let localSigns = Set("!#$%&'*+-/=?^_`{|}~".utf8)

    private static func unwrapped(_ text: String) -> String {
        var text = TextCleaning.trimmed(text)
        if !text.utf8.allSatisfy({ $0 < 0x80 }) { text = halfWidth(text) }
        if text.utf8.last == UInt8(ascii: ">"), let open = text.utf8.lastIndex(of: UInt8(ascii: "<")) {
            text = TextCleaning.trimmed(String(text[text.utf8.index(after: open)...].dropLast()))
        }
        if text.utf8.count > 7,
            text.utf8.prefix(7).elementsEqual("mailto:".utf8, by: { $0 | 0x20 == $1 | 0x20 })
        {
            let address = text.utf8.dropFirst(7).prefix { $0 != UInt8(ascii: "?") }
            text = TextCleaning.trimmed(String(Substring(address)))
        }
        return text
    }

    private static func halfWidth(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E: result.append(Unicode.Scalar(scalar.value - 0xFEE0)!)
            case 0x3002, 0xFF61: result.append(".")
            case 0x200B...0x200D, 0x2060, 0xFEFF, 0xAD: break
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    private static let lexicon = Lexicon("addresses", in: ResourceTable.texts)
    private static let ats = lexicon.words("at"), dots = lexicon.words("dot")
    /// The words that stand for a sign in brackets, each with the sign.
    private static let signs: [(String, String)] =
        ats.union(lexicon.words("bracketed_at")).union(["@"]).sorted().map { ($0, "@") }
        + dots.union(lexicon.words("bracketed_dot")).union(["."]).sorted().map { ($0, ".") }

    /// `at` and `dot` count only in brackets, or as words of their own where no `@` was written.
    private static func deobfuscated(_ text: String) -> String {
        guard text.utf8.contains(where: { "([{< \t".utf8.contains($0) }) else { return text }
        var text = text
        for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("<", ">")] {
            for (word, sign) in signs {
                text = text.replacing("\(open)\(word)\(close)", with: sign)
                text = text.replacing("\(open) \(word) \(close)", with: sign)
                text = text.replacing("\(open)\(word.uppercased())\(close)", with: sign)
            }
        }
        var words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        if !text.utf8.contains(UInt8(ascii: "@")) {
            guard words.count(where: { ats.contains($0.lowercased()) }) == 1 else { return text }
            words = words.map { ats.contains($0.lowercased()) ? "@" : $0 }
        }
        words = words.map { dots.contains($0.lowercased()) ? "." : $0 }
        // Two words that no sign joins are two words: "call jane@example.com" is no address.
        var joined = ""
        for word in words {
            let joins = joined.isEmpty || "@.".contains(joined.last!) || "@.".contains(word.first!)
            guard joins else { return text }
            joined += word
        }
        return joined
    }

    private static func trimmingPunctuation(_ text: String) -> String {
        let signs = Set(",;:.\"'()[]<>".utf8)
        let bytes = text.utf8
        guard let start = bytes.firstIndex(where: { !signs.contains($0) }) else { return "" }
        return String(text[start...bytes.lastIndex { !signs.contains($0) }!])
    }
}

extension EmailAddress {
    /// Whether a function reads it rather than a person: `info@`, `sales@`, `no-reply@`.
    package var isRole: Bool {
        let name = local.utf8.prefix { $0 != UInt8(ascii: "+") }.filter { !"-_.".utf8.contains($0) }
        let plain = TextFolding.fold(String(decoding: name, as: UTF8.self))
        if EmailLists.roles.contains(plain) { return true }
        // "sales2", "info24"
        guard let last = plain.utf8.last, (0x30...0x39).contains(last) else { return false }
        let end = plain.utf8.lastIndex { !(0x30...0x39).contains($0) }
        return end.map { EmailLists.roles.contains(String(plain[...$0])) } ?? false
    }

    /// Whether it is made to be thrown away; sub-domains count.
    package var isDisposable: Bool {
        let name = Array(domain.utf8)
        return Self.isUnderDisposable(domain)
            || EmailLists.disposableMarks.contains { Self.holds(name, $0) }
    }

    /// Whether everybody can have an address there, so that the domain says nothing about the firm.
    package var isFreeMail: Bool { Self.isFreeMail(domain) }

    package static func isFreeMail(_ domain: String) -> Bool {
        EmailLists.freeMail.contains(domain)
            || EmailLists.freeMailFamilies.contains { family in
                // yahoo.co.uk, hotmail.fr, live.nl: the family's name and nothing but a suffix after it.
                domain.hasPrefix(family)
                    && domain.dropFirst(family.count).split(separator: ".").allSatisfy { $0.count <= 3 }
            }
    }

    /// The address as it was probably meant, when its domain is one slip away from a well-known one:
    /// `gmial.com` → `gmail.com`. For a person to confirm; never applied unasked.
    package var suggestion: EmailAddress? {
        Self.meantDomain(domain).flatMap { EmailAddress("\(local)@\($0)") }
    }

    private static func meantDomain(_ domain: String) -> String? {
        if let meant = EmailLists.wrongEnds[domain] { return meant }
        let labels = domain.split(separator: ".")
        if let last = labels.last, let end = EmailLists.wrongTopLevels[String(last)], labels.count == 2 {
            let repaired = "\(labels[0]).\(end)"
            return EmailLists.wellKnown.contains(repaired) ? repaired : nearest(to: repaired) ?? repaired
        }
        return isFreeMail(domain) ? nil : nearest(to: domain)
    }

    private static func nearest(to domain: String) -> String? {
        let name = Array(domain.utf8)
        guard name.count >= 7 else { return nil }
        return EmailLists.wellKnownBytes.first { $0 != name && isOneSlipAway(name, $0) }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// One letter more, less, other, or two neighbours swapped.
    static func isOneSlipAway(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard abs(a.count - b.count) <= 1,
            let start = zip(a, b).enumerated().first(where: { $1.0 != $1.1 })?.offset
        else { return abs(a.count - b.count) == 1 }
        if a.count == b.count {
            if a[(start + 1)...] == b[(start + 1)...] { return true }
            return start + 1 < a.count && a[start] == b[start + 1] && a[start + 1] == b[start]
                && a[(start + 2)...] == b[(start + 2)...]
        }
        return a.count > b.count ? a[(start + 1)...] == b[start...] : a[start...] == b[(start + 1)...]
    }

    private static func holds(_ name: [UInt8], _ mark: [UInt8]) -> Bool {
        name.indices.dropLast(mark.count - 1).contains {
            name[$0] == mark[0] && name[$0...].starts(with: mark)
        }
    }

    /// Returns whether a domain, or one that it lies under, is in the list; no top-level domain is.
    private static func isUnderDisposable(_ domain: String) -> Bool {
        var rest = Substring(domain)
        while true {
            if DisposableDomains.contains(String(rest)) { return true }
            guard let dot = rest.utf8.firstIndex(of: UInt8(ascii: ".")) else { return false }
            rest = rest[rest.utf8.index(after: dot)...]
            guard rest.utf8.contains(UInt8(ascii: ".")) else { return false }
        }
    }
}
