/// The words with which mail programs introduce what they quote, in the languages that they speak.
enum QuoteWords {
    enum Label: String, CaseIterable { case from, sent, to, subject, copy }

    // MARK: Attributions

    private static let verbs = MailLexicon.phrases("verb")
    private static let openings = MailLexicon.beginnings("opening")

    /// A colon of any script, with nothing behind it.
    static func endsWithColon(_ line: Substring) -> Bool {
        let bare = line.utf8.reversed().drop {
            $0 <= 0x20 || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "_")
        }
        return bare.first == UInt8(ascii: ":") || bare.starts(with: "：".utf8.reversed())
    }

    static func beginsAttribution(_ text: String) -> Bool {
        let lowered = text.prefix(20).lowercased()
        let bare = lowered.drop { $0 == " " || $0 == "-" || $0 == "*" }
        return openings.contains(where: bare.hasPrefix) || bare.first?.isNumber == true
    }

    /// Returns whether a line that ends with a colon says who wrote what follows. `She wrote:` alone does
    /// not, unless quoted lines follow.
    static func isAttribution(_ text: String, isBeforeQuote: Bool) -> Bool {
        let lowered = text.lowercased()
        // Some languages have no verb: "14 Nov 2023 22:13 Jane <jane@example.com>:"
        let isBare = lowered.contains("@") && (lowered.contains(">:") || lowered.contains(">："))
        let hasVerb = verbs.contains { contains(lowered, word: $0) }
        guard hasVerb || isBare else { return false }
        if isBeforeQuote { return true }
        return hasYear(lowered) || hasTime(lowered) || (isBare && hasVerb)
            || (hasVerb && lowered.contains("@"))
    }

    /// Not in the middle of another word, where the script has words.
    private static func contains(_ text: String, word: String) -> Bool {
        var rest = text[...]
        while let range = rest.firstRange(of: word) {
            let before = text[..<range.lowerBound].unicodeScalars.last,
                after = text[range.upperBound...].unicodeScalars.first
            let isSpelled = word.utf8.first.map { $0 < 0x80 } ?? false
            if !isSpelled
                || !(before?.properties.isAlphabetic ?? false) && !(after?.properties.isAlphabetic ?? false)
            {
                return true
            }
            rest = rest[range.upperBound...]
        }
        return false
    }

    private static func hasYear(_ text: String) -> Bool {
        text.utf8.split { !(0x30...0x39).contains($0) }.contains { digits in
            digits.count == 4 && (digits.starts(with: "19".utf8) || digits.starts(with: "20".utf8))
        }
    }

    /// `22:13`, `22.13`
    private static func hasTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isDigit(_ index: Int) -> Bool {
            bytes.indices.contains(index) && (0x30...0x39).contains(bytes[index])
        }
        return bytes.indices.contains { index in
            (bytes[index] == UInt8(ascii: ":") || bytes[index] == UInt8(ascii: "."))
                && isDigit(index - 1) && isDigit(index + 1) && isDigit(index + 2) && !isDigit(index + 3)
        }
    }

    // MARK: Separators

    private static let originals = MailLexicon.phrases("original")
    private static let forwards = MailLexicon.phrases("forward")

    /// `-----Original Message-----`
    static func isSeparator(_ line: Substring) -> Bool {
        let bare = line.drop { $0 == " " || $0 == "*" }
        guard line.utf8.count <= 160, let first = bare.first else { return false }
        if first == "-" || first == "_" || first == "=" || first == "#" {
            guard bare.utf8.dropFirst().first == bare.utf8.first else { return false }
            let lowered = bare.lowercased()
            return originals.contains(where: lowered.contains)
        }
        guard endsWithColon(line) else { return false }
        let lowered = bare.lowercased()
        return forwards.contains(where: lowered.hasPrefix)
    }

    // MARK: Labels of headers

    private static let labels: [String: Label] = {
        var labels: [String: Label] = [:]
        for label in Label.allCases {
            for word in MailLexicon.words(label.rawValue) { labels[word] = label }
        }
        return labels
    }()

    /// Returns which header a line is; bold marks and blanks around the label do not count.
    static func label(of line: Substring) -> Label? {
        var name = "", length = 0
        for scalar in line.unicodeScalars {
            if scalar == ":" || scalar == "：" { return labels[name.lowercased()] }
            length += 1
            if length > 40 { return nil }
            if scalar == "*" || scalar == "_" || scalar == " " || scalar == "\u{3000}" { continue }
            name.unicodeScalars.append(scalar)
        }
        return nil
    }
}
