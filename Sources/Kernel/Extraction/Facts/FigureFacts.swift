internal import JSON
internal import Records

/// Figures that a company tells of itself: its people, and its first year.
struct FigureFacts {
    let text: PageText

    func read() -> [FoundFact] {
        guard text.isAboutItself else { return [] }
        return text.blocks.filter { !$0.isOfOthers }.flatMap { block in
            founded(in: block) + staff(in: block)
        }
    }

    private func founded(in block: ReadBlock) -> [FoundFact] {
        block.matches(.founded).compactMap { match in
            guard let year = match.number, (1500...text.yearMax).contains(year),
                block.isOwn(match.tokens.lowerBound),
                !text.namesAnother(block, around: match.tokens.lowerBound)
            else { return nil }
            let quote = block.string(match.tokens, in: block.tokens)
            return text.fact(
                .foundedYear, .integer(Int64(year)), quote, text.kind == nil ? 0.75 : 0.85, .worded)
        }
    }

    private func staff(in block: ReadBlock) -> [FoundFact] {
        block.matches(.staff).compactMap { match in
            guard let count = match.number, (1..<3_000_000).contains(count),
                block.isOwn(match.tokens.lowerBound),
                !isOfOthers(match.tokens, block), !isPartOfRange(match.tokens, block),
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

    /// "10-50 employees" is no number.
    private func isPartOfRange(_ tokens: Range<Int>, _ block: ReadBlock) -> Bool {
        guard let number = tokens.first(where: { block.tokens[$0].number != nil }), number > 0 else {
            return false
        }
        let before = block.tokens[number - 1]
        let gap = block.string(Int(before.end)..<Int(block.tokens[number].start))
        return before.number != nil && gap.contains { "-\u{2013}\u{2014}".contains($0) }
    }
}
