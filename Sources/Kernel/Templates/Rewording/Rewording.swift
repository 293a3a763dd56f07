internal import Lexicons

/// Words that a template's reader knows under other names: patients for customers. Applied to what a template says, in
/// singular, plural and capitals, and never to values, links, code, signatures and names.
package struct Rewording: Sendable {
    /// The forms of words with what each becomes, by the form in small letters.
    private let forms: [String: Form]
    let articles: Articles?

    private struct Form {
        let word: String
        /// Whether the word it replaces is written with a capital wherever it stands.
        let isCapital: Bool
    }

    /// Makes the forms of words, each with the word in its place. A form that the language's rules do not tell stays as
    /// it is, unless it is listed as a word of its own.
    package init(_ words: [String: String], in language: String) {
        let inflection = Inflection(language)
        var forms: [String: Form] = [:]
        func add(_ from: String, _ to: String) {
            guard from != to else { return }
            forms[from.lowercased()] = Form(word: to, isCapital: from.first?.isUppercase == true)
        }
        for (from, to) in words {
            guard let many = inflection.plural(of: from), let others = inflection.plural(of: to) else {
                continue
            }
            add(many, others)
        }
        for (from, to) in words { add(from, to) }
        self.forms = forms
        articles = inflection.articles
    }

    package var isEmpty: Bool { forms.isEmpty }

    /// Returns the forms in which a word of a language is found, in small letters.
    package static func forms(of word: String, in language: String) -> Set<String> {
        Set([word, Inflection(language).plural(of: word) ?? word].map { $0.lowercased() })
    }

    /// Returns whether a text is one word, of letters alone.
    package static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic }
    }

    /// Returns what stands in the place of a word, written as the word is: in small letters, with a capital, or all in
    /// capitals.
    func replacement(of word: String) -> String? {
        guard let form = forms[word.lowercased()], let first = word.first else { return nil }
        guard first.isUppercase else { return form.isCapital || word != word.lowercased() ? nil : form.word }
        let rest = word.dropFirst()
        if rest.isEmpty || rest.allSatisfy(\.isLowercase) {
            return form.word.prefix(1).uppercased() + form.word.dropFirst()
        }
        return rest.allSatisfy(\.isUppercase) ? form.word.uppercased() : nil
    }
}

/// A language's plurals of nouns, and the articles that stand before words: `nouns.txt`.
struct Inflection {
    private static let lexicon = Lexicon("nouns", in: ResourceTable.texts)
    private let language: String
    let articles: Articles?

    /// `language` is a language tag, of which the first part counts.
    init(_ language: String) {
        self.language = String(language.prefix { $0 != "-" && $0 != "_" }).lowercased()
        articles = Articles(Self.lexicon.words("articles", in: self.language))
    }

    /// The plural of a noun; `nil` where the language's rules do not tell it. Of several words the last one changes.
    func plural(of noun: String) -> String? {
        let start = noun.lastIndex(of: " ").map { noun.index(after: $0) } ?? noun.startIndex
        let (before, last) = (noun[..<start], noun[start...]), small = last.lowercased()
        for line in Self.lexicon.lines("plurals", in: language) {
            guard let (ending, plurals) = Lexicon.valued(line), let plural = plurals.first else { continue }
            // A whole word, or an ending behind a hyphen.
            let isEnding = ending.hasPrefix("-"), text = isEnding ? String(ending.dropFirst()) : ending
            guard isEnding ? small.hasSuffix(text) : small == text else { continue }
            let kept = last.dropLast(text.count), added = isEnding ? String(plural.dropFirst()) : plural
            let isCapital = kept.isEmpty && last.first?.isUppercase == true
            return before + kept + (isCapital ? added.prefix(1).uppercased() + added.dropFirst() : added)
        }
        return nil
    }
}

/// An article that has a form of its own before some letters: a customer, an owner.
struct Articles: Sendable {
    let usual: String, other: String
    private let letters: Set<Character>

    /// Reads the usual form, the other one, and the letters before which that stands.
    init?(_ words: [String]) {
        guard words.count == 3 else { return nil }
        (usual, other, letters) = (words[0], words[1], Set(words[2]))
    }

    /// Returns the form before a word; `nil` where the word before is no such article, or has that form.
    func before(_ word: String, insteadOf old: String) -> String? {
        let small = old.lowercased()
        guard small == usual || small == other, let first = word.lowercased().first else { return nil }
        let form = letters.contains(first) ? other : usual
        guard form != small else { return nil }
        return old.first?.isUppercase == true ? form.prefix(1).uppercased() + form.dropFirst() : form
    }
}
