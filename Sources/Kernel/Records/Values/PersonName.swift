internal import Lexicons

/// Names of people, cleaned for display and reduced for comparison.
package enum PersonName {
    /// The name as a letter would show it: spaces collapsed, `Last, First` turned round, ALL CAPITALS
    /// and all lower case written as names are. A name with any mixed case is left as its owner wrote it.
    package static func cleaned(_ text: String) -> String {
        let line = TextCleaning.line(text)
        return cased(turned(line))
    }

    /// A full name from its parts, each cleaned on its own: a lower-case first name beside a properly
    /// written last name is corrected, too.
    package static func joined(first: String, last: String) -> String {
        [first, last].map { cased(TextCleaning.line($0)) }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Returns the key that two spellings of one person's name share: folded, without honorifics, degrees, points and
    /// initials in the middle, and with common English short forms spelled out (`Bob` is `robert`).
    package static func key(_ text: String) -> String {
        var words = TextFolding.searchTokens(turned(TextCleaning.line(text)))
        while words.count > 1, honorifics.contains(words[0]) { words.removeFirst() }
        while words.count > 1, degrees.contains(words[words.count - 1]) { words.removeLast() }
        if words.count > 2 {
            words =
                [words[0]] + words[1..<(words.count - 1)].filter { $0.utf8.count > 1 } + [
                    words[words.count - 1]
                ]
        }
        if let first = words.first, let long = shortForms[first] { words[0] = long }
        return words.joined(separator: " ")
    }

    /// The name that a letter greets with: `Jane` of `Dr. Jane Example` and of `Example, Jane`. Empty where
    /// there is none: of `Mr. Example` and of `J. Example`. A name in a script without capitals is left whole,
    /// since which part of it comes first is not to be seen.
    package static func first(_ text: String) -> String {
        let name = cleaned(text)
        var words = name.split(separator: " ").map(String.init)
        let bare = { (word: String) in TextFolding.tokens(word, joiningPoints: true).first ?? "" }
        let isCased = name.lowercased() != name.uppercased()
        guard isCased else { return name }
        var hadHonorific = false
        while let word = words.first, honorifics.contains(bare(word)) {
            words.removeFirst()
            hadHonorific = true
        }
        while let word = words.last, words.count > 1, degrees.contains(bare(word)) { words.removeLast() }
        guard let first = words.first, !(hadHonorific && words.count == 1) else { return "" }
        let letters = first.filter { $0 != "." }
        let isInitial = letters.count == 1 || (first.hasSuffix(".") && letters.count <= 2)
        return isInitial
            && letters.unicodeScalars.first.map { $0.properties.isLowercase || $0.properties.isUppercase }
                == true
            ? "" : first
    }

    /// `Tanaka, Raj` → `Raj Tanaka`; a degree or a generation after the comma is not a first name.
    private static func turned(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: ",")) else { return text }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
            TextCleaning.trimmed(String($0))
        }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return text }
        let after = TextFolding.tokens(parts[1], joiningPoints: true)
        let isName =
            !after.contains { degrees.contains($0) } && (1...3).contains(after.count)
            && !text.contains(where: \.isNumber) && parts[0].split(separator: " ").count <= 4
        return isName ? "\(parts[1]) \(parts[0])" : text
    }

    /// Corrects a name, of a person or a place, that is written in one case throughout.
    package static func cased(_ text: String) -> String {
        let lower = text.lowercased()
        guard text.count > 1, lower == text || text.uppercased() == text, lower != text.uppercased() else {
            return text
        }
        var words: [String] = []
        for word in lower.split(separator: " ").map(String.init) {
            if word != lower.split(separator: " ").last.map(String.init), particles.contains(word) {
                words.append(word)
            } else if generations.contains(word) {
                words.append(word.uppercased())
            } else {
                words.append(capitalised(word))
            }
        }
        return words.joined(separator: " ")
    }

    /// One word: capitals after a hyphen, after `O'`, `D'` and `L'`, and after `Mc`.
    private static func capitalised(_ word: String) -> String {
        var result = ""
        var startsPart = true
        for character in word {
            result += startsPart ? titleCase(character) : String(character)
            let isNameApostrophe =
                "'’".contains(character) && ["o", "d", "l"].contains(result.dropLast().lowercased())
            startsPart = "-–.(\"/".contains(character) || isNameApostrophe
            if result == "Mc", word.count > 3 { startsPart = true }
        }
        return result
    }

    private static func titleCase(_ character: Character) -> String {
        character.unicodeScalars.reduce("") {
            $0 + ($0.isEmpty ? $1.properties.titlecaseMapping : String($1))
        }
    }

    /// They keep their small letter inside a name.
    private static let particles = lexicon.words("particles")
    private static let generations: Set<String> = ["ii", "iii", "iv"]
    private static let honorifics = lexicon.words("honorifics")
    private static let degrees = lexicon.words("degrees").union(generations)
    /// Folded; the long form of each.
    private static let shortForms = lexicon.names("short_forms")

    private static let lexicon = Lexicon("names", in: ResourceTable.texts)
}
