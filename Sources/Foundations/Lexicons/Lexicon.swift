/// The knowledge that a module's readers of texts have of a subject, in every language that has a file about it.
///
/// The files are `Resources/<language>/<subject>.txt` in the module's folder, where the language is an ISO 639-1 code,
/// or `mul` (ISO 639-2) for phrases of several languages. A language is added by adding its files.
///
/// A file consists of sections, each below its name in square brackets: `[refusal]`. Each further line is a phrase
/// as `PhraseSet` describes it, or an example of a text, or some words, or a value with its words (`2: good nice`), as
/// the reader of the section expects it. Empty lines and lines that begin with `//` are skipped. A section with an
/// equals sign, such as `[=people]`, is a list of words that other lines of the same file name as `<people>`.
package struct Lexicon: Sendable {
    /// The language whose words are mixed into all others, and stand in where another has none.
    package static let standard = "en"

    /// The languages that have a file, English first and the others by their codes.
    package let languages: [String]
    /// The lines of each section, by language.
    private let files: [String: [String: [String]]]

    /// Reads the files about a subject. `texts` are a module's resources by their paths, `ResourceTable.texts`.
    package init(_ subject: String, in texts: [String: String]) {
        let ending = "/\(subject).txt"
        var files: [String: [String: [String]]] = [:]
        for (path, text) in texts where path.hasSuffix(ending) {
            files[String(path.dropLast(ending.count))] = Self.sections(of: text)
        }
        self.files = files
        languages = files.keys.sorted { $1 != Self.standard && ($0 == Self.standard || $0 < $1) }
    }

    package static func sections(of text: String) -> [String: [String]] {
        var sections: [String: [String]] = [:], lists: [(name: String, words: String)] = []
        var section = ""
        for line in text.split(separator: "\n") where !line.hasPrefix("//") {
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = String(line.dropFirst().dropLast())
            } else if section.hasPrefix("=") {
                lists.append(("<\(section.dropFirst())>", String(line)))
            } else {
                let whole = lists.reduce(String(line)) { $0.replacing($1.name, with: $1.words) }
                sections[section, default: []].append(whole)
            }
        }
        return sections
    }

    // MARK: Looking up

    /// The names of all sections, in whatever language.
    package var sections: Set<String> { Set(files.values.flatMap(\.keys)) }

    /// Returns the lines of a section in all languages, one language after the other.
    package func lines(_ section: String) -> [String] {
        languages.flatMap { lines(section, in: $0) }
    }

    package func lines(_ section: String, in language: String) -> [String] {
        files[language]?[section] ?? []
    }

    /// Returns the words of a section in all languages, which are separated by spaces.
    package func words(_ section: String) -> Set<String> { Set(lines(section).flatMap { Self.split($0) }) }

    package func words(_ section: String, in language: String) -> [String] {
        lines(section, in: language).flatMap { Self.split($0) }
    }

    /// Returns the phrases of a section in all languages, which are separated by commas.
    package func phrases(_ section: String) -> [String] { lines(section).flatMap { Self.phrases(of: $0) } }

    /// Returns the phrases of a section in all languages, each line under the name that it begins with
    /// (`DE: Germany, Federal Republic of Germany`).
    package func namedPhrases(_ section: String) -> [(name: String, phrases: [String])] {
        lines(section).compactMap { line in
            line.firstIndex(of: ":").map { colon in
                (String(line[..<colon]), Self.phrases(of: line[line.index(after: colon)...]))
            }
        }
    }

    private static func phrases(of line: some StringProtocol) -> [String] {
        line.split(separator: ",").map { phrase in
            String(phrase.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// Returns the values of a section's words. Where languages differ about a word, the lowest value counts.
    package func values(_ section: String) -> [String: Int] {
        var values: [String: Int] = [:]
        for line in lines(section) {
            guard let (value, words) = Self.valued(line), let number = Int(value) else { continue }
            for word in words { values[word] = min(number, values[word] ?? number) }
        }
        return values
    }

    /// Returns the names that a section's words stand for.
    package func names(_ section: String) -> [String: String] {
        var names: [String: String] = [:]
        for line in lines(section) {
            guard let (name, words) = Self.valued(line) else { continue }
            for word in words where names[word] == nil { names[word] = name }
        }
        return names
    }

    /// Returns the value of a line and its words.
    package static func valued(_ line: String) -> (value: String, words: [String])? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        return (String(line[..<colon]), split(line[line.index(after: colon)...]))
    }

    private static func split(_ line: some StringProtocol) -> [String] {
        line.split(separator: " ").map { String($0) }
    }
}
