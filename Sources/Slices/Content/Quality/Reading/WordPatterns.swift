/// Phrases in groups, found in a text in one pass: `a|b` is either word, `ab*` a word that begins so, `#` a number, and
/// `#x` one that ends so. A phrase is found within one sentence.
struct WordPatterns<Group: Hashable & Sendable>: Sendable {
    struct Match: Sendable {
        let group: Group
        /// Indices of tokens.
        let tokens: Range<Int>
    }

    private struct Element: Sendable {
        var words: Set<String> = []
        var beginnings: [String] = []
        /// The endings of numbers; an empty one is that of each.
        var endings: [String] = []

        init(_ text: Substring) {
            for choice in text.split(separator: "|") {
                if choice.hasPrefix("#") {
                    endings.append(String(choice.dropFirst()))
                } else if choice.hasSuffix("*") {
                    beginnings.append(choice.dropLast().lowercased())
                } else {
                    words.insert(choice.lowercased())
                }
            }
        }

        func fits(_ token: ScannedText.Token) -> Bool {
            if token.kind == .number, endings.contains(where: token.text.hasSuffix) { return true }
            return words.contains(token.text) || beginnings.contains(where: token.text.hasPrefix)
        }
    }

    private let phrases: [(group: Group, elements: [Element])]
    /// The phrases that begin with a word, with the first two letters of one, and with a number.
    private var byWord: [String: [Int]] = [:], byLetters: [String: [Int]] = [:], byNumber: [Int] = []

    init(_ groups: [(Group, [String])]) {
        phrases = groups.flatMap { group, lines in
            lines.map { (group, $0.split(separator: " ").map(Element.init)) }
        }.filter { !$0.1.isEmpty }
        for (index, phrase) in phrases.enumerated() {
            let first = phrase.elements[0]
            for word in first.words { byWord[word, default: []].append(index) }
            for letters in Set(first.beginnings.map { String($0.prefix(2)) }) {
                byLetters[letters, default: []].append(index)
            }
            if !first.endings.isEmpty { byNumber.append(index) }
        }
    }

    /// Returns what is found, in the order of the text: at each place the longest of each group.
    func matches(in text: ScannedText) -> [Match] {
        text.tokens.indices.flatMap { index in
            var ends: [Int: Int] = [:]
            for (phrase, end) in ended(at: index, in: text) {
                let group = phrases[phrase].group
                let known = ends.keys.first { phrases[$0].group == group } ?? phrase
                ends[known] = max(ends[known] ?? 0, end)
            }
            return ends.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .map { Match(group: phrases[$0.key].group, tokens: index..<$0.value) }
        }
    }

    /// Returns whether a phrase begins with this token.
    func begins(at index: Int, in text: ScannedText) -> Bool { !ended(at: index, in: text).isEmpty }

    /// Returns the phrases that begin with a token, in their order, and where each ends.
    private func ended(at index: Int, in text: ScannedText) -> [(phrase: Int, end: Int)] {
        let token = text.tokens[index]
        var candidates = byWord[token.text] ?? []
        if token.kind == .word { candidates += byLetters[String(token.text.prefix(2))] ?? [] }
        if token.kind == .number { candidates += byNumber }
        return candidates.sorted().compactMap { candidate in
            end(of: phrases[candidate].elements, at: index, in: text).map { (candidate, $0) }
        }
    }

    private func end(of elements: [Element], at start: Int, in text: ScannedText) -> Int? {
        let end = start + elements.count
        guard end <= text.tokens.count, text.tokens[end - 1].sentence == text.tokens[start].sentence else {
            return nil
        }
        return elements.indices.allSatisfy { elements[$0].fits(text.tokens[start + $0]) } ? end : nil
    }
}
