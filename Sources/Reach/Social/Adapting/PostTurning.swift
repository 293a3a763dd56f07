internal import Records

/// Says again what a post says, in other words: another sentence of its piece first, its own sentences in another
/// order, or a phrase before them. Every sentence stands in the post or in the piece, so nothing new is said.
package struct PostTurning: Sendable {
    /// Tells how a text of some language is turned.
    package struct Words: Sendable {
        /// The words with which a text that was said before may begin.
        package var openings: [String]
        /// The first words of sentences that lean on what was said before them.
        package var leaning: Set<String>

        package init(openings: [String], leaning: Set<String>) {
            (self.openings, self.leaning) = (openings, leaning)
        }
    }

    /// More would only be other ways to say the same.
    private static let turnsMax = 60

    private let own: String
    private let body: [String]
    /// The sentences at the end with a link or nothing but hashtags, which stay there.
    private let closing: [String]
    private let others: [String]
    private let words: Words
    private let rules: NetworkRules

    /// `others` are sentences of the piece that the post is of.
    package init(_ text: String, others: [String], words: Words, on network: SocialNetwork) {
        let reader = SentenceReader(for: text)
        let sentences = text.split(whereSeparator: \.isNewline).flatMap { line in
            reader.sentences(of: String(line)).map(\.text)
        }
        let start = sentences.lastIndex { !Self.closes($0) }.map { $0 + 1 } ?? 0
        (own, body, closing) = (text, Array(sentences[..<start]), Array(sentences[start...]))
        let known = Set(sentences.map { $0.lowercased() })
        self.others = others.filter { other in
            !known.contains(other.lowercased()) && !Self.closes(other) && !other.contains("{{")
                && !other.contains("{%")
        }
        (self.words, rules) = (words, network.rules)
    }

    private static func closes(_ sentence: String) -> Bool {
        TextLinks.first(in: sentence[...]) != nil
            || sentence.split(whereSeparator: \.isWhitespace).allSatisfy { $0.hasPrefix("#") }
    }

    /// The ways to say it, the best first. Each has room on the network.
    package var turns: [String] {
        var seen: Set<String> = [own.lowercased()]
        return (opened + reordered + introduced).filter { turn in
            rules.counting.length(of: turn) <= rules.textMax && seen.insert(turn.lowercased()).inserted
        }
    }

    /// Another sentence of the piece, and as many of the post's own as there is room for.
    private var opened: [String] {
        others.filter { !leans($0) }.prefix(Self.turnsMax).map { other in
            var told = [other]
            for sentence in body {
                guard !leans(sentence), length(told + [sentence]) <= rules.textMax else { continue }
                told.append(sentence)
            }
            return joined(told)
        }
    }

    /// The post's own sentences in another order, where none leans on the one before it.
    private var reordered: [String] {
        guard body.count > 1, !body.contains(where: leans) else { return [] }
        return (1..<min(body.count, Self.turnsMax)).map { joined(Array(body[$0...] + body[..<$0])) }
    }

    private var introduced: [String] { words.openings.map { "\($0) \(own)" } }

    private func leans(_ sentence: String) -> Bool {
        let first = sentence.lowercased().split { !$0.isLetter && $0 != "'" && $0 != "’" }.first
        return first.map { words.leaning.contains(String($0)) } ?? true
    }

    private func length(_ told: [String]) -> Int { rules.counting.length(of: joined(told)) }

    private func joined(_ told: [String]) -> String {
        let text = told.joined(separator: " ")
        return closing.isEmpty ? text : text + "\n\n" + closing.joined(separator: " ")
    }
}
