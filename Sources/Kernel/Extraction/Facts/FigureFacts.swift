internal import JSON
internal import Records

/// Figures that a company tells of itself: its people, and its first year.
struct FigureFacts {
    let text: PageText

    func read() -> [FoundFact] {
        guard text.isAboutItself else { return [] }
        return text.blocks.filter { !$0.isOfOthers }.flatMap { block in
            founded(in: block) + foundedBySomebody(in: block) + staff(in: block)
        }
    }

    private func founded(in block: ReadBlock) -> [FoundFact] {
        block.matches(.founded).compactMap { match in
            guard let year = match.number, (1500...text.yearMax).contains(year),
                block.isOwn(match.tokens.lowerBound), !tellsOfOthers(match.tokens, block),
                !text.namesAnother(block, around: match.tokens.lowerBound)
            else { return nil }
            let quote = block.string(match.tokens, in: block.tokens)
            return text.fact(
                .foundedYear, .integer(Int64(year)), quote, text.kind == nil ? 0.75 : 0.85, .worded)
        }
    }

    /// "founded by Jane Sample in 2005"
    private func foundedBySomebody(in block: ReadBlock) -> [FoundFact] {
        block.matches(.foundedBy).compactMap { match in
            let start = match.tokens.lowerBound
            guard block.isOwn(start), !tellsOfOthers(match.tokens, block),
                !text.namesAnother(block, around: start)
            else { return nil }
            var index = match.tokens.upperBound
            while index < block.tokens.count, index - start < 12,
                !block.endsSentence(between: index - 1, index)
            {
                if let year = block.tokens[index].number {
                    guard (1500...text.yearMax).contains(year) else { return nil }
                    let quote = block.string(start..<(index + 1), in: block.tokens)
                    return text.fact(
                        .foundedYear, .integer(Int64(year)), quote, text.kind == nil ? 0.7 : 0.8, .worded)
                }
                index += 1
            }
            return nil
        }
    }

    private func staff(in block: ReadBlock) -> [FoundFact] {
        block.matches(.staff).compactMap { match in
            guard let count = match.number, (1..<3_000_000).contains(count),
                block.isOwn(match.tokens.lowerBound),
                !isOfOthers(match.tokens, block), !isPartOfRange(match.tokens, block),
                !tellsOfOthers(match.tokens, block),
                !text.namesAnother(block, around: match.tokens.lowerBound)
            else { return nil }
            let quote = block.string(match.tokens, in: block.tokens)
            return text.fact(
                .employeeCount, .integer(Int64(count)), quote, text.kind == nil ? 0.75 : 0.85, .worded)
        }
    }

    /// "for companies with 50 employees"
    private func isOfOthers(_ tokens: Range<Int>, _ block: ReadBlock) -> Bool {
        block.tokens[max(0, tokens.lowerBound - 4)..<tokens.lowerBound].contains {
            CompanyLexicon.sizesOfOthers.contains($0.hash)
        }
    }

    /// "Our biggest client was founded in 1890."
    private func tellsOfOthers(_ tokens: Range<Int>, _ block: ReadBlock) -> Bool {
        var index = tokens.lowerBound
        while index > 0, tokens.lowerBound - index < 30, !block.endsSentence(between: index - 1, index) {
            index -= 1
        }
        return block.tokens[index..<tokens.lowerBound].prefix(6).contains {
            CompanyLexicon.subjectsOfOthers.contains($0.hash)
        }
    }

    /// "10-50 employees" is no number, and that of a year is none of today.
    private func isPartOfRange(_ tokens: Range<Int>, _ block: ReadBlock) -> Bool {
        guard let number = tokens.first(where: { block.tokens[$0].number != nil }), number > 0 else {
            return false
        }
        let before = block.tokens[number - 1]
        // "2010: 50 employees" is how many there were.
        if before.range.count == 4, before.number.map({ (1500...text.yearMax).contains($0) }) == true {
            return true
        }
        let gap = block.string(Int(before.end)..<Int(block.tokens[number].start))
        return before.number != nil && gap.contains { "-\u{2013}\u{2014}".contains($0) }
    }
}
