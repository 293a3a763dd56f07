/// Phrases in groups, found in a text in one pass: `a|b` is either word, `ab*` a word that begins so, `*ab` one that
/// ends so, `[a|b]` may be absent, `~3` stands for up to three words of any kind, `#` is a number, and `#x` one that
/// ends so. A phrase begins with a word or a number that has to be there, and is found within one sentence. A word is
/// known with an article that lost its vowel before it, too: `insomnie` in `l'insomnie`.
struct WordPatterns<Group: Hashable & Sendable>: Sendable {
    struct Match: Sendable {
        let group: Group
        /// Indices of tokens.
        let tokens: Range<Int>
    }

    private struct Element: Sendable {
        var words: Set<String> = []
        var beginnings: [String] = []
        /// The ends of words.
        var endings: [String] = []
        /// The ends of numbers; an empty one is that of each.
        var numberEndings: [String] = []
        /// More than zero for up to so many words of any kind.
        var gap = 0
        var isOptional = false

        init(_ text: Substring) {
            if text.hasPrefix("~"), let gap = Int(text.dropFirst()) {
                self.gap = gap
                return
            }
            isOptional = text.hasPrefix("[") && text.hasSuffix("]")
            for choice in (isOptional ? text.dropFirst().dropLast() : text).split(separator: "|") {
                if choice.hasPrefix("#") {
                    numberEndings.append(String(choice.dropFirst()))
                } else if choice.hasPrefix("*") {
                    endings.append(choice.dropFirst().lowercased())
                } else if choice.hasSuffix("*") {
                    beginnings.append(choice.dropLast().lowercased())
                } else {
                    words.insert(choice.lowercased())
                }
            }
        }

        func fits(_ token: ScannedText.Token) -> Bool {
            if token.kind == .number, numberEndings.contains(where: token.text.hasSuffix) { return true }
            return isKnown(token.text) || token.bare.map(isKnown) == true
        }

        private func isKnown(_ word: String) -> Bool {
            words.contains(word) || beginnings.contains(where: word.hasPrefix)
                || endings.contains { word.hasSuffix($0) && word != $0 }
        }
    }

    private let phrases: [(group: Group, elements: [Element])]
    /// The phrases that begin with a word, with the first two letters of one, with a word of some ending, and with a
    /// number.
    private var byWord: [String: [Int]] = [:], byLetters: [String: [Int]] = [:]
    private var byEnding: [Int] = [], byNumber: [Int] = []

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
            if !first.endings.isEmpty { byEnding.append(index) }
            if !first.numberEndings.isEmpty { byNumber.append(index) }
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
        var candidates: Set<Int> = []
        for word in [token.text, token.bare].compactMap(\.self) {
            candidates.formUnion(byWord[word] ?? [])
            if token.kind == .word { candidates.formUnion(byLetters[String(word.prefix(2))] ?? []) }
        }
        if token.kind == .word { candidates.formUnion(byEnding) }
        if token.kind == .number { candidates.formUnion(byNumber) }
        return candidates.sorted().compactMap { candidate in
            end(of: phrases[candidate].elements[...], at: index, in: token.sentence, text)
                .map { (candidate, $0) }
        }
    }

    /// Returns where the elements end that begin with a token of a sentence.
    private func end(
        of elements: ArraySlice<Element>, at place: Int, in sentence: Int, _ text: ScannedText
    ) -> Int? {
        guard let element = elements.first else { return place }
        let rest = elements.dropFirst()
        if element.gap > 0 {
            for skipped in 0...element.gap {
                if let last = end(of: rest, at: place + skipped, in: sentence, text) { return last }
            }
            return nil
        }
        let isInside = place < text.tokens.count && text.tokens[place].sentence == sentence
        if isInside, element.fits(text.tokens[place]),
            let last = end(of: rest, at: place + 1, in: sentence, text)
        {
            return last
        }
        return element.isOptional ? end(of: rest, at: place, in: sentence, text) : nil
    }
}

extension ScannedText.Token {
    /// The word without an article that lost its vowel before it: of `l'insomnie` the second part.
    fileprivate var bare: String? {
        guard kind == .word, let apostrophe = text.utf8.firstIndex(of: UInt8(ascii: "'")) else { return nil }
        return String(text[text.utf8.index(after: apostrophe)...])
    }
}
