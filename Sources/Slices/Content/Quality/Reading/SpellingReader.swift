internal import Caching
internal import Intelligence

/// A text whose words are looked up; `own` are words in small letters that are right here.
struct SpeltText: Hashable, Sendable {
    let body: String, language: String, own: Set<String>

    /// Texts that were read lately.
    private static let known = Cache<SpeltText, QualityInput.Spelling>(capacity: 100)

    /// Its faults: as `lookUp` has found them, where that was done.
    var spelling: QualityInput.Spelling {
        Self.known.value(of: self) { SpellingReader.read(body, in: language, own: own) }
    }

    /// Looks the words up, outside of all transactions: Hunspell takes up to a second for the faults of a text.
    func lookUp() { _ = spelling }
}

/// Looks a text's words up in the dictionary of its language. Names, code, what is written in capitals and words of the
/// agency's own are no faults: where it is not sure, a word passes.
struct SpellingReader {
    /// A text of which more is unknown is in another language.
    private static let unknownMax = 0.34, wordsMin = 6
    /// The words that are told at most, for each of which Hunspell looks for another.
    private static let faultsMax = 20

    private let text: ScannedText
    private let dictionary: SpellingDictionary
    private let own: Set<String>
    private let code: [Range<Int>]
    private let nounStarts: Set<String>

    /// Returns how a text is spelt. `own` are words in small letters that are right here.
    static func read(_ body: String, in language: String, own: Set<String>) -> QualityInput.Spelling {
        var spelling = QualityInput.Spelling(language: language)
        guard let dictionary = SpellingDictionary.of(language) else { return spelling }
        let reader = SpellingReader(
            text: ScannedText(body), dictionary: dictionary, language: language, own: own)
        guard let faults = reader.faults else { return spelling }
        (spelling.isChecked, spelling.faults) = (true, faults)
        return spelling
    }

    private init(text: ScannedText, dictionary: SpellingDictionary, language: String, own: Set<String>) {
        (self.text, self.dictionary, self.own) = (text, dictionary, own)
        code = Self.code(in: text.scalars)
        nounStarts = SpellingDictionary.wordsBeforeNouns(in: String(language.prefix(2)))
    }

    /// Each word once; `nil` for a text in another language, for whose words no others are looked for.
    private var faults: [QualityInput.Spelling.Fault]? {
        var words = 0, unknown: [Int] = []
        for (index, token) in text.tokens.enumerated() where isLookedAt(token) {
            words += 1
            let word = text.quote(token.range)
            guard !dictionary.has(word), !own.contains(token.text) else { continue }
            if word.first?.isUppercase == true, isFirst(index), dictionary.has(token.text) { continue }
            unknown.append(index)
        }
        guard words < Self.wordsMin || Double(unknown.count) <= Double(words) * Self.unknownMax else {
            return nil
        }
        var found: [QualityInput.Spelling.Fault] = [], seen: Set<String> = []
        for index in unknown where found.count < Self.faultsMax {
            let word = text.quote(text.tokens[index].range)
            guard !seen.contains(word), let fault = fault(word, at: index) else { continue }
            seen.insert(word)
            found.append(fault)
        }
        return found
    }

    private func fault(_ word: String, at index: Int) -> QualityInput.Spelling.Fault? {
        guard word.first?.isUppercase == true, !isNoun(index) else {
            return .init(word: word, suggestion: dictionary.suggestion(for: word))
        }
        // A name, unless the letters of another word are just mixed up.
        let small = text.tokens[index].text
        guard isFirst(index), let meant = dictionary.suggestion(for: small),
            meant.lowercased().sorted() == small.sorted()
        else { return nil }
        return .init(word: word, suggestion: meant.prefix(1).uppercased() + meant.dropFirst())
    }

    private func isLookedAt(_ token: ScannedText.Token) -> Bool {
        guard token.kind == .word, token.mark == nil, token.letters > 2, !token.isCapitals,
            token.letters == token.text.unicodeScalars.count(where: { !$0.isApostrophe }),
            !code.contains(where: { $0.overlaps(token.range) })
        else { return false }
        let inner = text.scalars[token.range].dropFirst()
        return !inner.contains { $0.properties.isUppercase } && !isJoined(token.range)
    }

    /// Returns whether it is a part of an address, a path or the name of a file.
    private func isJoined(_ range: Range<Int>) -> Bool {
        func isJoint(_ place: Int, _ next: Int) -> Bool {
            guard text.scalars.indices.contains(place), text.scalars.indices.contains(next) else {
                return false
            }
            return "._/\\@".unicodeScalars.contains(text.scalars[place]) && text.scalars[next].isWordPart
        }
        return isJoint(range.upperBound, range.upperBound + 1)
            || isJoint(range.lowerBound - 1, range.lowerBound - 2)
    }

    private func isFirst(_ index: Int) -> Bool {
        let before = text.tokens[..<index].last { $0.kind != .sign }
        return before.map { $0.sentence != text.tokens[index].sentence } ?? true
    }

    /// Returns whether a capital is that of a noun, in a language whose nouns have one: after an article.
    private func isNoun(_ index: Int) -> Bool {
        guard !nounStarts.isEmpty, index > 0 else { return false }
        return nounStarts.contains(text.tokens[index - 1].text)
    }

    /// The places between marks of code.
    private static func code(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
        var found: [Range<Int>] = [], open: (place: Int, length: Int)?, place = 0
        while place < scalars.count {
            guard scalars[place] == "`" else {
                place += 1
                continue
            }
            var end = place
            while end < scalars.count, scalars[end] == "`" { end += 1 }
            if let begun = open {
                if begun.length == end - place {
                    found.append(begun.place..<end)
                    open = nil
                }
            } else {
                open = (place, end - place)
            }
            place = end
        }
        return found
    }
}
