/// A model's words for people outside, as far as they are nothing but whole sentences of what an agency has written
/// down. A sentence that was changed, shortened, or made up makes the whole of it worth nothing; politeness around it
/// is left out. What comes out is the agency's own text, as it stands there.
package struct QuotedText: Hashable, Sendable {
    package let text: String

    private static let lengthMax = 1200

    package init?(_ words: String, from body: String) {
        let sources = AnswerFinder.sentences(of: body).map { (text: $0, key: Self.key($0)) }
        var quoted: [String] = []
        for sentence in AnswerFinder.sentences(of: words) where SmallTalk(sentence) == nil {
            let key = Self.key(sentence)
            guard !key.isEmpty else { continue }
            guard let source = sources.first(where: { $0.key == key }) else { return nil }
            let text = String(source.text.drop(while: \.isWhitespace))
            if !quoted.contains(text) { quoted.append(text) }
        }
        let text = quoted.joined(separator: " ")
        guard !quoted.isEmpty, text.count <= Self.lengthMax else { return nil }
        self.text = text
    }

    /// The words of a sentence, whatever stands between them.
    private static func key(_ sentence: String) -> [String] {
        ReadText(sentence).words.filter { $0.kind != .mark || $0.folded != "?" }.map(\.folded)
    }
}
