internal import JSON
internal import Markup

/// The story that a company tells: the sentences of its pages about itself in which a year stands.
struct HistoryFacts {
    private static let wordsMin = 4, bytesMax = 400, yearMin = 1500, digits = 4

    let text: PageText

    func read() -> [FoundFact] {
        guard text.kind == .about else { return [] }
        var seen: Set<String> = []
        return text.blocks.filter { !$0.isOfOthers }.flatMap { block in
            years(in: block).compactMap { place, year in
                let words = block.sentence(around: place)
                guard words.utf8.count <= Self.bytesMax, words.split(separator: " ").count >= Self.wordsMin,
                    seen.insert(words).inserted
                else { return nil }
                let value: JSON = ["year": .integer(Int64(year)), "text": .string(words)]
                return text.fact(.history, value, words, 0.6, .worded)
            }
        }
    }

    /// The years of a block with their places: numbers of four digits that count neither people nor money, and that
    /// say nothing of another company.
    private func years(in block: ReadBlock) -> [(place: Int, year: Int)] {
        let people = block.matches(.staff).map(\.tokens)
        return block.tokens.indices.compactMap { place in
            let token = block.tokens[place]
            guard let year = token.number, token.range.count == Self.digits,
                (Self.yearMin...text.yearMax).contains(year), block.isOwn(place),
                !people.contains(where: { $0.contains(place) }), isPlain(token, block),
                !text.namesAnother(block, around: place)
            else { return nil }
            return (place, year)
        }
    }

    /// "© 2026", "€2000", "2000+" and "2000 %" are no years of a story.
    private func isPlain(_ token: Token, _ block: ReadBlock) -> Bool {
        let before = String(decoding: block.bytes[..<token.range.lowerBound].suffix(4), as: UTF8.self)
        let behind = String(decoding: block.bytes[token.range.upperBound...].prefix(4), as: UTF8.self)
        let signs: Set<Character> = ["©", "€", "$", "£", "+", "%", "#", "/"]
        return before.filter { !$0.isWhitespace }.last.map { !signs.contains($0) } ?? true
            && (behind.first { !$0.isWhitespace }.map { !signs.contains($0) } ?? true)
    }
}
