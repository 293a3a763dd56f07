/// Words that somebody says stand in a text, as far as they do: one after the other, whatever their letters' case and
/// the spaces between them. What comes out is the text's own.
package struct QuotedWords: Hashable, Sendable {
    package let text: String

    private static let wordsMax = 30, lengthMax = 200

    /// `nil` for words that do not stand there, and for so many that they point at nothing.
    package init?(_ words: String, in text: String) {
        let quote = ReadText(words).words.map(\.folded), read = ReadText(text)
        let places = read.words.map(\.folded)
        guard (1...Self.wordsMax).contains(quote.count),
            let start = places.indices.first(where: { places[$0...].starts(with: quote) })
        else { return nil }
        let found = read.quote(start..<start + quote.count).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        guard found.count <= Self.lengthMax else { return nil }
        self.text = found
    }
}
