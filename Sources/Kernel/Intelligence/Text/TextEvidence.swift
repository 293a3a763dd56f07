/// Something in a text that speaks for a judgement of it, as people are shown it.
package struct TextEvidence: Hashable, Sendable {
    /// The quote as it was written; empty for what concerns the whole text.
    package var quote: String
    /// The stable name of the sign that the quote is.
    package var sign: String
    package var weight: Double

    init(_ quote: String, _ sign: String, _ weight: Double) {
        self.quote = String(quote.prefix(120))
        self.sign = sign
        self.weight = (weight * 100).rounded() / 100
    }
}

extension ReadText {
    /// The places of each group's phrases; of several that overlap the first alone.
    func places<Group>(of phrases: PhraseSet<Group>) -> [Group: [Range<Int>]] {
        var places: [Group: [Range<Int>]] = [:]
        for match in phrases.matches(in: self) {
            if let last = places[match.group]?.last, last.overlaps(match.words) {
                guard match.words.upperBound > last.upperBound else { continue }
                let joined = last.lowerBound..<match.words.upperBound
                places[match.group]![places[match.group]!.count - 1] = joined
            } else {
                places[match.group, default: []].append(match.words)
            }
        }
        return places
    }

    /// Words between quotation marks, which repeat what somebody else says; none where all are.
    func quotedWords() -> Set<Int> {
        var quoted: Set<Int> = []
        var opened: Int?
        var place = 0
        let openings: [[UInt8]] = ["„", "“", "«", "\""].map { Array($0.utf8) }
        let closings: [[UInt8]] = ["“", "”", "»", "\""].map { Array($0.utf8) }
        while place < bytes.count {
            let rest = bytes[place...]
            if let start = opened, let mark = closings.first(where: rest.starts) {
                for index in words.indices where words[index].start >= start && words[index].end <= place {
                    quoted.insert(index)
                }
                opened = nil
                place += mark.count
            } else if opened == nil, let mark = openings.first(where: rest.starts) {
                place += mark.count
                opened = place
            } else {
                place += 1
            }
        }
        return quoted.count * 10 > words.count * 9 ? [] : quoted
    }

    /// Share of the letters of longer words that are capitals, in ASCII; 0 for a text too short to say.
    func capitalsShare() -> Double {
        var capitals = 0, letters = 0
        for word in words where word.kind == .word && word.end - word.start > 2 {
            for byte in bytes[word.start..<word.end] where byte | 0x20 &- 0x61 < 26 {
                letters += 1
                capitals += byte & 0x20 == 0 ? 1 : 0
            }
        }
        return letters < 8 ? 0 : Double(capitals) / Double(letters)
    }
}
