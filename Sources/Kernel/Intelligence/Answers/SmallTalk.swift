internal import Lexicons

/// A message that is said out of politeness, and wants nothing but politeness.
package enum SmallTalk: String, Sendable {
    case greeting, thanks, farewell, acknowledgement

    /// `nil` where there is more in it than that.
    package init?(_ text: String) {
        let read = ReadText(text, wordsMax: 12)
        let words = read.words.filter { $0.kind != .mark }
        guard !words.isEmpty, words.count <= 8, words.allSatisfy({ $0.kind == .word }) else { return nil }
        let known = words.compactMap { Self.words[$0.folded] }
        let rest = words.count { Self.words[$0.folded] == nil && !Self.filling.contains($0.folded) }
        guard rest == 0, let first = known.first else { return nil }
        // "Hi, thanks!" thanks.
        self = known.first { $0 != .greeting && $0 != .acknowledgement } ?? first
    }

    private static let lexicon = Lexicon("small-talk")

    private static let words: [String: SmallTalk] = {
        var words: [String: SmallTalk] = [:]
        for kind in [SmallTalk.greeting, .thanks, .farewell, .acknowledgement] {
            for word in lexicon.words(kind.rawValue) { words[word] = kind }
        }
        return words
    }()

    private static let filling = lexicon.words("filling")
}
