internal import Lexicons

/// Finds what is left in a text of the template that it was made from, and what would be shown broken.
enum OutgoingMarks {
    static func findings(in text: String) -> [OutgoingCheck.Finding] {
        var findings: [OutgoingCheck.Finding] = []
        for (open, close) in [("{{", "}}"), ("{%", "%}"), ("${", "}"), ("<<", ">>")] {
            for quote in quotes(in: text, from: open, to: close) {
                findings.append(.init(.placeholder, quote, "A placeholder has not been filled in."))
            }
        }
        for quote in quotes(in: text, from: "[", to: "]") where isMark(quote, in: text) {
            findings.append(.init(.placeholder, quote, "A placeholder has not been filled in."))
        }
        for quote in quotes(in: text, from: "<", to: ">") {
            let inner = quote.dropFirst().dropLast()
            if isName(inner) {
                findings.append(.init(.placeholder, quote, "A placeholder has not been filled in."))
            } else if isTag(inner) {
                findings.append(
                    .init(.formatting, quote, "The text contains markup that its reader would see."))
            }
        }
        for word in text.split(whereSeparator: { $0.isWhitespace || ",.;:!?()".contains($0) })
        where leftovers.contains(word.lowercased()) {
            findings.append(.init(.placeholder, word, "A placeholder has not been filled in."))
        }
        if text.lowercased().contains("lorem ipsum") {
            findings.append(.init(.placeholder, "lorem ipsum", "The text contains filler."))
        }
        for mark in ["**", "```"] where count(of: mark, in: text) % 2 == 1 {
            findings.append(.init(.formatting, mark, "A placeholder is opened and never closed."))
        }
        return findings
    }

    private static let leftovers: Set<String> = [
        "xxx", "xxxx", "undefined", "null", "nan", "%s", "%name%", "tbd",
    ]
    /// Words of marks in square brackets.
    private static let names = Lexicon("outgoing").words("placeholder")
    private static let tags: Set<String> = [
        "p", "br", "div", "span", "b", "i", "a", "ul", "ol", "li", "h1", "h2", "h3", "table", "tr", "td",
        "strong",
        "em", "img", "html", "body", "script", "style",
    ]

    private static func isMark(_ quote: String, in text: String) -> Bool {
        // Brackets that an address follows are a link.
        !text.contains(quote + "(") && isName(quote.dropFirst().dropLast())
    }

    private static func isName(_ inner: Substring) -> Bool {
        let words = inner.lowercased().split { !$0.isLetter }
        guard (1...4).contains(words.count), inner.allSatisfy({ $0.isLetter || " _-'’".contains($0) }) else {
            return false
        }
        return words.contains { names.contains(String($0)) }
    }

    private static func isTag(_ inner: Substring) -> Bool {
        let name = inner.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
        return tags.contains(name.lowercased())
    }

    /// Returns the texts between two marks, with the marks; at most ten.
    private static func quotes(in text: String, from open: String, to close: String) -> [String] {
        var found: [String] = [], rest = text[...]
        while found.count < 10, let start = rest.firstRange(of: open) {
            let after = rest[start.upperBound...]
            guard let end = after.firstRange(of: close) else {
                if open.count > 1 { found.append(String(rest[start.lowerBound...].prefix(40))) }
                break
            }
            let quote = rest[start.lowerBound..<end.upperBound]
            if quote.count <= 120 { found.append(String(quote)) }
            rest = rest[end.upperBound...]
        }
        return found
    }

    private static func count(of mark: String, in text: String) -> Int {
        var count = 0, rest = text[...]
        while let place = rest.firstRange(of: mark) {
            count += 1
            rest = rest[place.upperBound...]
        }
        return count
    }
}

extension Substring {
    fileprivate func firstRange(of mark: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(mark) { return index..<self.index(index, offsetBy: mark.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
