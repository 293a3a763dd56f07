internal import JSON
internal import Synchronization

/// All that is said in one language: a file of the folder Resources, named after the language.
package struct Catalogue: Sendable {
    /// ISO 639: `de`.
    package let language: String
    /// The language's own name, and its English one.
    package let name: String, english: String
    /// The language whose words are taken for what is missing.
    package let fallback: String?
    /// The locale (BCP 47) whose plurals and numbers the sentences have.
    package let locale: String
    /// The sentences by their keys: patterns of MessageFormat, but for those whose key begins with `template.`, which
    /// are in the language of templates.
    package let texts: [String: String]

    /// The reason why a file is no catalogue.
    package struct Fault: Error, CustomStringConvertible {
        package let language: String, reason: String
        package var description: String { "\(language).json: \(reason)" }
    }

    package static let templatePrefix = "template."

    /// Reads a catalogue: an object of texts, with what is to be known of the language under `language`.
    package init(_ language: String, reading text: String) throws(Fault) {
        func fault(_ reason: String) -> Fault { Fault(language: language, reason: reason) }
        let document: JSON
        do {
            document = try JSONParser.parse(text)
        } catch {
            throw fault("line \(error.line), column \(error.column): \(error.reason)")
        }
        guard let head = document["language"], let name = head["name"]?.text,
            let english = head["english"]?.text
        else { throw fault("\"language\" has no \"name\" or no \"english\"") }
        var texts: [String: String] = [:]
        for (key, value) in document.object?.members ?? [] where key != "language" {
            guard let text = value.text else { throw fault("\"\(key)\" is not a text") }
            texts[key] = text
        }
        (self.language, self.name, self.english, self.texts) = (language, name, english, texts)
        fallback = head["fallback"]?.text
        locale = head["locale"]?.text ?? language
    }
}

extension Catalogue {
    /// The languages that there are words in, in alphabetical order.
    package static let languages: [String] = ResourceTable.texts.keys.filter { $0.hasSuffix(".json") }
        .map { String($0.dropLast(5)) }.sorted()

    /// The languages with English first, which stands in for every other one; the others in alphabetical order.
    package static let standardFirst: [String] = ["en"] + languages.filter { $0 != "en" }

    private static let read = Mutex<[String: Catalogue]>([:])

    /// Returns the words of a language (ISO 639), where there are any.
    package static func of(_ language: String) -> Catalogue? {
        if let known = read.withLock({ $0[language] }) { return known }
        guard let text = ResourceTable.texts["\(language).json"] else { return nil }
        do {
            let catalogue = try Catalogue(language, reading: text)
            read.withLock { $0[language] = catalogue }
            return catalogue
        } catch {
            preconditionFailure("a test reads every catalogue: \(error)")
        }
    }

    /// The catalogue that every language falls back to: English.
    package static let standard: Catalogue = {
        guard let english = of("en") else { preconditionFailure("Resources has en.json") }
        return english
    }()

    /// Returns the text of a key: here, or in the languages that this one falls back to; and whose it is.
    package func find(_ key: String) -> (text: String, locale: String)? {
        if let text = texts[key] { return (text, locale) }
        let next = fallback.flatMap { $0 == language ? nil : Self.of($0) }
        return next?.find(key) ?? (language == "en" ? nil : Self.standard.find(key))
    }
}
