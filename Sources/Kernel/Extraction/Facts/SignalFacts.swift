internal import JSON
internal import Markup

/// Signs of what moves a company: whom it looks for, how it grows, what troubles it. Each is a sentence of its own.
struct SignalFacts {
    private static let wordsMax = 8

    let text: PageText

    func read() -> [FoundFact] {
        var facts: [FoundFact] = []
        for block in text.blocks where !block.isOfOthers {
            for match in block.matches where block.isOwn(match.tokens.lowerBound) {
                guard case .group(let group) = match.group else { continue }
                switch group {
                case .hiring: facts += job(behind: match.tokens.upperBound, in: block)
                case .growth: facts += sentence(.growth, match.tokens, block)
                case .pain: facts += sentence(.painPoint, match.tokens, block)
                default: break
                }
            }
            facts += markedJob(block)
        }
        return facts
    }

    private func sentence(_ field: FoundFact.Field, _ tokens: Range<Int>, _ block: ReadBlock) -> [FoundFact] {
        guard text.isAboutItself || text.kind == .press, !text.namesAnother(block, around: tokens.lowerBound)
        else { return [] }
        let words = block.sentence(around: tokens.lowerBound)
        return [text.fact(field, .string(words), words, 0.6, .worded)]
    }

    /// "We are looking for a Marketing Manager."
    private func job(behind start: Int, in block: ReadBlock) -> [FoundFact] {
        var start = start
        while start < block.tokens.count, CompanyLexicon.particles.contains(block.tokens[start].hash) {
            start += 1
        }
        guard start < block.tokens.count, block.tokens[start].isCapital else { return [] }
        var end = start
        while end < block.tokens.count, end - start < Self.wordsMax {
            let token = block.tokens[end]
            if end > start {
                let gap = block.bytes[Int(block.tokens[end - 1].end)..<Int(token.start)]
                guard gap.allSatisfy({ $0 == 0x20 || $0 == 0x26 || $0 == 0x2F }) else { break }
            }
            guard token.isCapital || CompanyLexicon.joints.contains(token.hash), token.number == nil else {
                break
            }
            end += 1
        }
        while end > start, !block.tokens[end - 1].isCapital { end -= 1 }
        guard end > start else { return [] }
        let title = block.string(start..<end, in: block.tokens)
        return [text.fact(.hiring, .string(title), title, 0.8, .worded)]
    }

    /// "Marketing Manager (m/f/d)": a job says by these letters that it is for everybody.
    private func markedJob(_ block: ReadBlock) -> [FoundFact] {
        guard block.bytes.count < 160, let open = block.bytes.firstIndex(of: UInt8(ascii: "(")),
            let close = block.bytes[open...].firstIndex(of: UInt8(ascii: ")")), open > 3
        else { return [] }
        let letters = block.bytes[(open + 1)..<close].map { $0 | 0x20 }.filter { $0 != 0x20 }
        let parts = letters.split { "/|*".utf8.contains($0) }
        guard (2...4).contains(parts.count),
            parts.allSatisfy({ $0.count == 1 && "mfwdxhnig".utf8.contains($0.first!) })
        else {
            return []
        }
        let title = MarkupText.collapsed(block.string(0..<open))
        return [text.fact(.hiring, .string(title), title, 0.9, .labelled)]
    }
}
