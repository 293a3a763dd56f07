/// The product's copy for a reader, in the reader's language where there are words in it, else in English.
///
///     let words = Wording("de-AT")
///     words("report.waiting", ["count": .number(3)])
///
/// The words are in `Resources`, a file a language. An agency may have put some of them otherwise.
package struct Wording: Sendable {
    /// The value of an argument. What is written by locale (money, days, shares) comes as text.
    package enum Value: Hashable, Sendable {
        case text(String)
        case number(Int)
        case decimal(Double)

        /// Returns the value that chooses between yes and no: `{has_name, select, yes {…} other {…}}`.
        package static func flag(_ value: Bool) -> Value { .text(value ? "yes" : "no") }
    }

    /// The language (ISO 639) that the words are in.
    package let language: String
    /// The reader's own tag (BCP 47) where the words are in its language, else the language.
    package let tag: String
    /// The reader's tag as it was given, whether there are words in its language or not; English where none was.
    package let asked: String
    private let catalogue: Catalogue
    private let own: [String: String]
    private let ownLocale: String

    /// The words for a reader by their language tag, in any case and with `-` or `_`.
    package init(_ tag: String?) { self.init(tag, overrides: [:]) }

    /// Creates the words for a reader by their language tag, with an agency's overrides by key, which are in the tag's
    /// language. It may be a language that there are no words in otherwise: all that the agency has not worded is
    /// English then.
    package init(_ tag: String?, overrides: [String: String]) {
        let language = Self.language(of: tag ?? "")
        let known = Catalogue.of(language)
        catalogue = known ?? .standard
        own = overrides
        let speaks = known != nil || !overrides.isEmpty
        self.language = speaks ? language : catalogue.language
        // Asked for with each list: most have nothing to be replaced.
        let given = tag ?? language, hasMark = given.utf8.contains(UInt8(ascii: "_"))
        self.tag = speaks ? (hasMark ? given.replacing("_", with: "-") : given) : catalogue.language
        asked = tag ?? "en"
        ownLocale = known?.locale ?? language
    }

    /// Returns the language of a tag: `de` of `de-AT`.
    package static func language(of tag: String) -> String {
        String(tag.lowercased().prefix { $0 != "-" && $0 != "_" })
    }

    /// Whether these are the words in which programs read what is told.
    package var areStandard: Bool { catalogue.language == Catalogue.standard.language && own.isEmpty }

    /// Returns the sentence of a key, with its values.
    package func callAsFunction(_ key: String, _ values: [String: Value] = [:]) -> String {
        // An agency's words were checked when they were written. Where the sentence has got another argument since,
        // ours are said until they have written theirs anew.
        if let text = own[key], let written = try? Self.written(text, ownLocale, values) { return written }
        for catalogue in [catalogue, .standard] {
            if let (text, locale) = catalogue.find(key), let written = try? Self.written(text, locale, values)
            {
                return written
            }
        }
        // Tests read every key with its values.
        return key
    }

    /// Returns the text of a key as it stands: a template, whose values it names in a language of its own. What an
    /// agency says instead is a template of its own.
    package func template(_ key: String) -> String { catalogue.find(key)?.text ?? key }

    private static func written(
        _ text: String, _ locale: String, _ values: [String: Value]
    ) throws(MessagePattern.Fault) -> String {
        // Most have no places.
        if !text.utf8.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "'") }) { return text }
        return try MessagePattern.read(text, locale: locale).written(values)
    }
}

extension Wording {
    /// Returns whether a link that lets in whoever has it stands on lines of its own in a text of Markdown:
    /// nowhere else can another address take it along, be it a picture's. By bytes, as marks are replaced.
    package static func keeps(_ link: String, apartIn text: String) -> Bool {
        text.replacing("\r\n", with: "\n").utf8.split(separator: UInt8(ascii: "\n")).allSatisfy { line in
            !line.contains(link.utf8) || line.elementsEqual("<\(link)>".utf8)
        }
    }

    /// Returns the opening of a mail to a person; the name may be empty.
    package func greeting(_ name: String) -> String {
        let words = self
        return name.isEmpty ? words("mail.greeting") : words("mail.greeting_named", ["name": .text(name)])
    }

    /// The words that the API answers with.
    package static let english = Wording("en")

    /// The things that an agent cannot do, in sentences that clients read before they rely on it. There are none for
    /// agents that never meet a client.
    package func limits(of agent: String) -> [String] {
        let words = self
        var limits: [String] = []
        while Catalogue.standard.texts["limit.\(agent).\(limits.count + 1)"] != nil {
            limits.append(words("limit.\(agent).\(limits.count + 1)"))
        }
        return limits
    }

    /// Says what a setting of an agent is for; `nil`: it explains itself.
    package func explanation(of setting: String, of agent: String) -> String? {
        let words = self
        guard Catalogue.standard.texts["setting.\(agent).\(setting)"] != nil else { return nil }
        return words("setting.\(agent).\(setting)")
    }

    /// The line under each page of a document, with `{page}` and `{pages}` for their numbers.
    package var pageFormat: String {
        let words = self
        return words("page.number", ["page": .text("{page}"), "pages": .text("{pages}")])
    }
}
