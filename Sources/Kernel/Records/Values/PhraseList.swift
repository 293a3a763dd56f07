/// Phrases of plain words, found in a text in one pass over it.
package struct PhraseList: Sendable {
    /// By their first words; of those with the same one, longer phrases come first.
    private var phrases: [Substring: [(rest: [Substring], text: String)]] = [:]

    /// A phrase is its words in lower case with a space between each two: "new market".
    package init(_ phrases: some Sequence<String>) {
        for text in phrases {
            let words = text.split(separator: " ")
            guard let first = words.first else { continue }
            self.phrases[first, default: []].append((Array(words.dropFirst()), text))
        }
        for first in self.phrases.keys { self.phrases[first]?.sort { $0.rest.count > $1.rest.count } }
    }

    /// Returns the first phrase that stands in the text; `nil` where none does.
    package func first(in words: Words) -> String? {
        var rest = words.text.split(separator: " ")[...]
        while let word = rest.popFirst() {
            if let found = phrases[word]?.first(where: { rest.starts(with: $0.rest) }) { return found.text }
        }
        return nil
    }

    package func isFound(in words: Words) -> Bool { first(in: words) != nil }
}
