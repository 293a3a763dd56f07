/// Terms of a brand, found in a text as whole words, however they are capitalised: "ass" is not in "class".
struct TermIndex: Sendable {
    struct Match: Sendable {
        /// The place of the term in the list.
        let term: Int
        let range: Range<Int>
    }

    private let terms: [[String]]
    private var starts: [String: [Int]] = [:]
    /// Terms without words of letters between spaces: signs, and scripts that part no words.
    private var plain: [(term: Int, scalars: [Unicode.Scalar])] = []

    init(_ list: [String]) {
        terms = list.map { ScannedText($0).words }
        for (index, words) in terms.enumerated() {
            if words.isEmpty || list[index].unicodeScalars.contains(where: \.partsNoWords) {
                let scalars = Array(list[index].lowercased().unicodeScalars)
                if !scalars.isEmpty { plain.append((index, scalars)) }
            } else {
                starts[words[0], default: []].append(index)
            }
        }
    }

    /// Returns what is found, in the order of the text; of several that begin in one place the longest.
    func matches(in text: ScannedText) -> [Match] {
        let words = text.tokens.filter { $0.kind != .sign }
        var found: [Match] = [], index = 0
        while index < words.count {
            let candidates = starts[words[index].text] ?? []
            let best = candidates.filter { isAt(index, terms[$0], words) }
                .max { terms[$0].count < terms[$1].count }
            guard let best else {
                index += 1
                continue
            }
            let last = words[index + terms[best].count - 1]
            found.append(Match(term: best, range: words[index].range.lowerBound..<last.range.upperBound))
            index += terms[best].count
        }
        guard !plain.isEmpty else { return found }
        return (found + plainMatches(in: text)).sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private func isAt(_ start: Int, _ term: [String], _ words: [ScannedText.Token]) -> Bool {
        guard start + term.count <= words.count,
            words[start].sentence == words[start + term.count - 1].sentence
        else { return false }
        return term.indices.allSatisfy { words[start + $0].text == term[$0] }
    }

    private func plainMatches(in text: ScannedText) -> [Match] {
        var found: [Match] = []
        for (term, scalars) in plain {
            var index = 0
            while index + scalars.count <= text.scalars.count {
                if scalars.indices.allSatisfy({ scalars[$0] == text.scalars[index + $0] }) {
                    found.append(Match(term: term, range: index..<index + scalars.count))
                    index += scalars.count
                } else {
                    index += 1
                }
            }
        }
        return found
    }
}

extension Unicode.Scalar {
    /// Whether it is of a script that is written without spaces between words.
    fileprivate var partsNoWords: Bool {
        switch value {
        case 0xE00...0xEFF, 0x3040...0x30FF, 0x3400...0x9FFF, 0x20000...0x2FFFF: true
        default: false
        }
    }
}
