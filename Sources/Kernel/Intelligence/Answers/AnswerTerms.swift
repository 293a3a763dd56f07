/// The things that a text mentions, each known by its word's stem and by the concepts that the word, or a phrase with
/// it, stands for.
struct AnswerTerms: Sendable {
    /// One thing that a text mentions, under any of its names.
    struct Unit: Sendable {
        var stems: [String]
        var concepts: [Concepts.Concept]
        /// Whether it is a name or a number, which stands for nothing else.
        var isName = false
        /// The words as they were written.
        var words: [String] = []

        /// Whether the thing says little by itself.
        var isWeak: Bool { !concepts.isEmpty && concepts.allSatisfy(\.isWeak) }

        /// The stems and the concepts; a mark keeps the names of concepts apart from words.
        var names: [String] { stems + concepts.map { "§" + $0.name } }
    }

    private(set) var units: [Unit] = []

    /// Reads a text. `language` is ISO 639-1, and `nil` where it is not known.
    init(_ text: String, language: String?, wordsMax: Int = 120) {
        let read = ReadText(text, wordsMax: wordsMax)
        let stems = read.words.map { QuestionWords.stem($0) }
        var byWord = [[Concepts.Concept]](repeating: [], count: read.words.count)
        var phrases: [Concepts.Concept] = []
        for place in Concepts.places(in: read, language: language) {
            let said = place.words.filter { stems[$0] != nil }
            for index in said where !byWord[index].contains(place.concept) {
                byWord[index].append(place.concept)
            }
            // Each word of "how long" says nothing by itself.
            let isSaid = place.words.count > 1 || place.concept.isWeak
            if said.isEmpty, isSaid, !phrases.contains(place.concept) { phrases.append(place.concept) }
        }
        var places: [String: Int] = [:]
        for (index, stem) in stems.enumerated() {
            guard let stem else { continue }
            let word = read.words[index].folded
            if let place = places[stem] {
                units[place].concepts += byWord[index].filter { !units[place].concepts.contains($0) }
                continue
            }
            // Two words for one thing count once.
            if !byWord[index].isEmpty,
                let place = units.firstIndex(where: { Set($0.concepts) == Set(byWord[index]) })
            {
                places[stem] = place
                units[place].stems.append(stem)
                units[place].words.append(word)
                continue
            }
            places[stem] = units.count
            units.append(
                Unit(
                    stems: [stem], concepts: byWord[index],
                    isName: byWord[index].isEmpty && read.isName(index, language), words: [word]))
        }
        let named = Set(units.flatMap(\.concepts))
        units += phrases.filter { !named.contains($0) }.map { Unit(stems: [], concepts: [$0]) }
    }
}

extension ReadText {
    /// Returns whether a word is a number, an address, or capitalised where other words are not.
    fileprivate func isName(_ index: Int, _ language: String?) -> Bool {
        let word = words[index]
        switch word.kind {
        case .number, .address, .link: return true
        case .mark: return false
        case .word:
            let isCapitalised = language.map { LanguageGuess.capitalisesNouns.contains($0) } ?? false
            guard !isCapitalised, index > 0, words[index - 1].sentence == word.sentence else {
                return false
            }
            let first = bytes[word.start], second = word.start + 1 < word.end ? bytes[word.start + 1] : 0
            return first &- 0x41 < 26 && second | 0x20 &- 0x61 < 26 && second & 0x20 != 0
        }
    }
}
