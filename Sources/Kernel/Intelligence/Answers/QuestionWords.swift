internal import Lexicons

/// The words that say what a question is about: without those that every question has, cut to what endings leave
/// unchanged.
package struct QuestionWords: Sendable {
    /// The words' stems, in the order of the question.
    package let stems: [String]

    package init(_ text: String) {
        var seen: Set<String> = []
        stems = ReadText(text, wordsMax: 120).words.compactMap { word in
            guard let stem = Self.stem(word), seen.insert(stem).inserted else { return nil }
            return stem
        }
    }

    package var isEmpty: Bool { stems.isEmpty }

    /// The words of a text that could answer, cut in the same way.
    package static func stems(in text: String) -> Set<String> {
        Set(ReadText(text).words.compactMap { stem($0) })
    }

    /// The words that say what a text is about, in small letters; without short ones.
    package static func words(in text: String) -> Set<String> {
        Set(
            ReadText(text).words.compactMap { word in
                word.kind == .word && word.folded.count > 3 && !common.contains(word.folded)
                    ? word.folded : nil
            })
    }

    /// `nil` for what says nothing of what is asked.
    static func stem(_ word: ReadText.Word) -> String? {
        switch word.kind {
        case .mark, .link: return nil
        case .number, .address: return word.folded
        case .word:
            guard word.folded.utf8.count > 1, !common.contains(word.folded) else { return nil }
            return cut(word.folded)
        }
    }

    /// The least length of a word that is corrected: a slip too easily makes one short word of another.
    private static let slipMin = 5

    /// Returns the stems of the words that become this one by one typing error: two letters that changed places, or
    /// one letter written twice, or once instead of twice.
    static func stems(meantBy word: String) -> Set<String> {
        let letters = Array(word)
        guard letters.count >= slipMin, letters.allSatisfy(\.isLetter) else { return [] }
        var meant: Set<String> = []
        for place in letters.indices {
            var doubled = letters
            doubled.insert(letters[place], at: place)
            meant.insert(cut(String(doubled)))
            guard place > 0 else { continue }
            var other = letters
            if letters[place] == letters[place - 1] {
                other.remove(at: place)
            } else {
                other.swapAt(place, place - 1)
            }
            meant.insert(cut(String(other)))
        }
        return meant
    }

    /// Without its ending, where what is left is long enough to mean the same.
    private static func cut(_ word: String) -> String {
        for ending in endings where word.utf8.count >= ending.utf8.count + 4 && word.hasSuffix(ending) {
            return String(word.dropLast(ending.count))
        }
        return word
    }

    private static let lexicon = Lexicon("questions")

    /// The longest first.
    private static let endings = lexicon.words("ending").sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }

    private static let common = lexicon.words("common")
}
