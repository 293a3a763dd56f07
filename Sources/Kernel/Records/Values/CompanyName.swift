/// Names of firms.
package enum CompanyName {
    /// Returns the key that two spellings of one firm's name share: folded, `&` as `and`, without the article in front
    /// and the legal form at the end. `The Müller & Söhne G.m.b.H.` is `muller and sohne`.
    package static func key(_ text: String) -> String {
        var words = TextFolding.tokens(text, joiningPoints: true, spellingAnd: true)
        if words.count > 1, words[0] == "the" { words.removeFirst() }
        stripping: while words.count > 1, lastWords.contains(words[words.count - 1]) {
            for length in stride(from: min(4, words.count - 1), through: 1, by: -1)
            where legalForms.contains(words.suffix(length).joined(separator: " ")) {
                words.removeLast(length)
                continue stripping
            }
            guard words.last == "and" else { break }
            words.removeLast()
        }
        return words.joined(separator: " ")
    }

    /// Of legal forms, and what may stand before one.
    private static let lastWords = Set(legalForms.map { String($0.split(separator: " ").last!) }).union([
        "and"
    ])

    /// Folded, without points.
    private static let legalForms = Set(DataFile.rows("legal-forms").joined())
}
