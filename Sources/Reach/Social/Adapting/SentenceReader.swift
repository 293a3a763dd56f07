internal import Intelligence
internal import Templates

/// Splits a line into its sentences, in any language: where it is not sure, two stay one.
struct SentenceReader {
    /// Whether the language of the text writes `1.` for "first", as German does.
    private let hasDottedOrdinals: Bool

    /// `text` is all that the lines are of, by which its language is known.
    init(for text: String) {
        let language = LanguageGuess.of(text).language
        hasDottedOrdinals = language.map { TextLocale($0).hasDottedOrdinals } ?? true
    }

    func sentences(of line: String) -> [Sentence] {
        var found: [Sentence] = [], words: [Substring] = [], isApart = false
        func close() {
            if !words.isEmpty { found.append(Sentence(words, isApart: isApart)) }
            (words, isApart) = ([], true)
        }
        let all = line.split { $0.isBreakable }
        for (index, word) in all.enumerated() {
            for (part, piece) in Self.split(word).enumerated() {
                if part > 0 {
                    close()
                    isApart = false
                }
                words.append(piece)
            }
            // A number alone at the beginning counts what follows.
            guard all.indices.contains(index + 1), index > 0 || word.contains(where: \.isLetter),
                ends(word, before: all[index + 1])
            else { continue }
            close()
        }
        close()
        return found
    }

    /// Writing without spaces ends its sentences within what looks like one word.
    private static func split(_ word: Substring) -> [Substring] {
        var found: [Substring] = [], start = word.startIndex, place = start
        while place < word.endIndex {
            let isEnd = "。！？".contains(word[place])
            place = word.index(after: place)
            guard isEnd else { continue }
            while place < word.endIndex, "。！？」』）”".contains(word[place]) { place = word.index(after: place) }
            found.append(word[start..<place])
            start = place
        }
        if start < word.endIndex { found.append(word[start...]) }
        return found
    }

    private func ends(_ word: Substring, before next: Substring) -> Bool {
        var core = word
        while let last = core.last, ")]}\"'”’»“*".contains(last) { core.removeLast() }
        guard let mark = core.last, ".!?…。！？".contains(mark),
            let first = next.first(where: { !"([{\"'“‘«„¿¡*•".contains($0) }), !first.isLowercase
        else { return false }
        guard mark == "." else { return true }
        core.removeLast()
        // Single letters, "e.g." and "Dr." are short for something, and so is what comes before a number.
        let name = core.drop { !$0.isLetter && !$0.isNumber }
        guard !name.isEmpty, !name.contains(".") else { return name.isEmpty }
        if name.count < 3, name.allSatisfy(\.isNumber) { return !hasDottedOrdinals && !first.isNumber }
        let isShort = name.count < 4 && (name.first?.isUppercase == true || first.isNumber)
        return name.count > 1 && !isShort
    }
}

/// A sentence as its words.
struct Sentence: Sendable {
    /// Its words, and the parts of one number together: nothing of these is to be cut.
    let words: [String]
    /// Whether a space is before it, where another one is.
    let isApart: Bool

    init(_ words: [Substring], isApart: Bool) {
        var joined: [String] = []
        for word in words {
            if let last = joined.last, Self.isOneNumber(last, word) {
                joined[joined.count - 1] = last + " " + word
            } else {
                joined.append(String(word))
            }
        }
        (self.words, self.isApart) = (joined, isApart)
    }

    var text: String { words.joined(separator: " ") }

    private static func isOneNumber(_ first: String, _ second: Substring) -> Bool {
        guard let last = first.last, let next = second.first else { return false }
        if last.isNumber { return next.isNumber || next == "%" || next == "‰" || next.isCurrencySymbol }
        return next.isNumber && first.allSatisfy(\.isCurrencySymbol)
    }
}
