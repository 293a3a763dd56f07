internal import Records

/// The way in which a network counts the characters of a text.
package enum TextCounting: String, Sendable, CaseIterable {
    /// As X does: a link is 23, an emoji 2 however it is composed, and what is not of Latin kin 2.
    case weighted
    case utf16, bytes, graphemes

    package func length(of text: String) -> Int {
        switch self {
        case .weighted: WeightedText(text).length
        case .utf16: text.utf16.count
        case .bytes: text.utf8.count
        case .graphemes: text.count
        }
    }
}

/// Finds links in a text as networks do: addresses with their scheme, and names of hosts that there can be.
package enum TextLinks {
    package static func first(in text: Substring) -> Range<Substring.Index>? {
        var place = text.startIndex
        while place < text.endIndex {
            let isStart = place == text.startIndex || !isPart(text[text.index(before: place)])
            if isStart, isPart(text[place]), let end = end(of: text[place...]) { return place..<end }
            place = text.index(after: place)
        }
        return nil
    }

    /// Returns the hosts of addresses that only machines of a private network could reach, each once.
    static func innerHosts(in text: String) -> [String] {
        let small = text.lowercased()
        guard small.contains("://") else { return [] }
        var found: [String] = []
        for mark in small.ranges(of: "://") {
            let before = small[..<mark.lowerBound]
            guard before.hasSuffix("http") || before.hasSuffix("https") else { continue }
            let authority = small[mark.upperBound...].prefix {
                !$0.isWhitespace && !"/?#\\<>\"'(),;".contains($0)
            }
            let whole = authority.split(separator: "@").last ?? ""
            var host = whole.hasPrefix("[") ? whole : whole.prefix { $0 != ":" }
            while host.hasSuffix(".") { host.removeLast() }
            if !host.isEmpty, WebAddress.isInner(host: host), !found.contains(String(host)) {
                found.append(String(host))
            }
        }
        return found
    }

    private static func isPart(_ character: Character) -> Bool {
        guard let byte = character.asciiValue else { return false }
        return (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || "-_.@#".utf8.contains(byte)
    }

    private static func end(of text: Substring) -> Substring.Index? {
        let head = text.prefix(8).lowercased()
        let scheme = head.hasPrefix("https://") ? 8 : head.hasPrefix("http://") ? 7 : 0
        let rest = text.dropFirst(scheme)
        let host = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") }
        let name = host.hasSuffix(".") ? host.dropLast() : host
        guard name.contains("."), let domain = WebAddress.registrableDomain(of: name.lowercased()),
            domain.contains("."), scheme > 0 || isKnown(name.lowercased())
        else { return nil }
        guard scheme > 0 || name.endIndex == text.endIndex || text[name.endIndex] != "@" else { return nil }
        var tail = rest[name.endIndex...]
        guard let mark = tail.first, mark == "/" || mark == "?" || mark == "#" || mark == ":" else {
            return name.endIndex
        }
        tail = tail.prefix { $0.isASCII && !$0.isWhitespace && !"<>\"{}|^`".contains($0) }
        while let last = tail.last, ".,:;!?'".contains(last) || last == ")" && !tail.contains("(") {
            tail.removeLast()
        }
        return tail.isEmpty ? name.endIndex : tail.endIndex
    }

    /// Returns whether a name without a scheme ends as addresses do that people write: files and
    /// abbreviations do not.
    private static func isKnown(_ name: String) -> Bool {
        guard let end = name.split(separator: ".").last, end.count >= 2, end.allSatisfy(\.isLetter) else {
            return false
        }
        return WebAddress.hasListedEnd(name)
    }
}

/// Finds the hashtags of a text: a number sign that begins a word, before letters.
package enum Hashtags {
    package static func count(in text: String) -> Int { all(in: text).count }

    /// The hashtags, each with its sign.
    package static func all(in text: String) -> [String] { marked(by: "#＃", in: text) }

    /// Words with a sign before them, which begins them.
    fileprivate static func marked(by signs: String, in text: String) -> [String] {
        var (found, previous, place) = ([String](), Character(" "), text.startIndex)
        while place < text.endIndex {
            let sign = text[place], begins = !isPart(previous) && previous != "&"
            let rest = text[text.index(after: place)...]
            if signs.contains(sign), begins, let next = rest.first, isPart(next) {
                let name = rest.prefix(while: isPart)
                found.append(String(sign) + name)
                (previous, place) = (name.last ?? sign, name.endIndex)
            } else {
                (previous, place) = (sign, rest.startIndex)
            }
        }
        return found
    }

    private static func isPart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}

/// Counts the mentions of a text: an at sign that begins a word, before letters; in an address of mail it does not.
enum Mentions {
    static func count(in text: String) -> Int { Hashtags.marked(by: "@＠", in: text).count }
}
