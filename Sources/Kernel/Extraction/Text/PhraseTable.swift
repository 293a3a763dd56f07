/// Phrases by the first of their words: a text is compared with all of them in one pass. In a phrase `#` stands for a
/// number; all else are words as they are spoken of in the files.
struct PhraseTable<Group: Sendable>: Sendable {
    struct Match {
        let group: Group
        /// Indices of tokens.
        let tokens: Range<Int>
        /// The number that a `#` stands for.
        let number: Int?
    }

    private struct Phrase: Sendable {
        let group: Group
        let words: [UInt64]
    }

    private var phrases: [UInt64: [Phrase]] = [:]
    private var filter = WordFilter()

    mutating func add(_ text: String, _ group: Group) {
        let bytes = Array(text.utf8)
        var words: [UInt64] = []
        for part in text.split(separator: " ") {
            if part == "#" {
                words.append(Token.numberHash)
            } else {
                words += Token.all(in: Array(part.utf8)).map(\.hash)
            }
        }
        guard let first = words.first, !bytes.isEmpty else { return }
        filter.add(first)
        phrases[first, default: []].append(Phrase(group: group, words: words))
        phrases[first]?.sort { $0.words.count > $1.words.count }
    }

    /// In the order of the text; of phrases that begin at one place the longest, and none that overlap.
    func matches(in tokens: [Token]) -> [Match] {
        var found: [Match] = [], index = 0
        while index < tokens.count {
            guard filter.mayHold(tokens[index].hash), let candidates = phrases[tokens[index].hash],
                let phrase = candidates.first(where: { fits($0.words, tokens, index) })
            else {
                index += 1
                continue
            }
            let range = index..<index + phrase.words.count
            found.append(
                Match(
                    group: phrase.group, tokens: range, number: tokens[range].lazy.compactMap(\.number).first)
            )
            index = range.upperBound
        }
        return found
    }

    private func fits(_ words: [UInt64], _ tokens: [Token], _ index: Int) -> Bool {
        guard index + words.count <= tokens.count else { return false }
        for offset in words.indices where words[offset] != tokens[index + offset].hash { return false }
        return true
    }
}
