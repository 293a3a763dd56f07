internal import Agents
package import Database
package import JSON
package import Records
internal import Templates

/// Words that readers of an industry know under other names: one row of `wording_rules`.
package struct WordingRule: ManagedRecord {
    package var head = Head<WordingRule>()
    package var industry = ""
    package var locale: String?
    package var replace: JSONObject = [:]
    package var enabled = true

    package init() {}

    package static let idPrefix = "wrule", noun = "wording_rule"
    private static let wordsMax = 50, wordMax = 60

    package static let resource = Resource<WordingRule>(
        "wording_rules", named: "WordingRule", rule: .everyone,
        console: ConsoleForm(
            title: "industry", columns: ["locale", "replace", "enabled"],
            form: ["industry", "locale", "replace", "enabled"]),
        [
            .text(
                "industry", \.industry, max: 120, .required, .line, .filterable, .sortable,
                .example("healthcare"),
                .about("The industry of those whom the rule is for; capitals make no difference.")),
            .text(
                "locale", \.locale, max: 35, .filterable, .example("en"),
                .about("The language of the templates, BCP 47; null: of every language.")),
            .document(
                "replace", \.replace, schema: wordsSchema, .required,
                .about("Words of templates, each with the word in its place, in the singular."),
                .example(["customer": "patient"])),
            .boolean(
                "enabled", \.enabled, .standard(true), .filterable,
                .about("Whether the rule is in force.")),
        ])

    private static let wordsSchema: JSON = [
        "type": "object", "minProperties": 1, "maxProperties": JSON(wordsMax),
        "additionalProperties": ["type": "string", "minLength": 1, "maxLength": JSON(wordMax)],
    ]

    /// The words with those in their place.
    var words: [String: String] {
        Dictionary(replace.members.compactMap { word, other in other.text.map { (word, $0) } }) { $1 }
    }

    package mutating func prepare(replacing old: WordingRule?, by actor: Actor, in tx: Transaction) throws {
        industry = WordingRule.key(of: industry)
        var faults = Faults()
        if let given = locale {
            if let tag = LocaleTag(given) {
                locale = tag.description
            } else {
                faults.add("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
            }
        }
        checkWords(&faults)
        try faults.throwIfAny()
        let others = try tx.wordingRules.all(of: industry).filter { $0.id != id && enabled && speaks(as: $0) }
        checkOverlap(&faults, with: others)
        try faults.throwIfAny()
    }

    /// An industry as rules are found by it.
    static func key(of industry: String) -> String { industry.trimmed.lowercased() }

    /// The place of a word in the body.
    private static func place(_ word: String) -> String { "/replace/\(word.pointerToken)" }

    private func checkWords(_ faults: inout Faults) {
        if replace.isEmpty {
            faults.add("/replace", "required", "replace must name at least one word.")
        }
        if replace.count > Self.wordsMax {
            faults.add("/replace", "too_long", "replace may name at most \(Self.wordsMax) words.")
        }
        for (word, value) in replace.members.prefix(Self.wordsMax) {
            let place = Self.place(word), shown = word.prefix(Self.wordMax)
            if !Rewording.isWord(word) || word.count > Self.wordMax {
                faults.add(
                    place, "invalid_text",
                    "Each word to replace must be one word of 1 to \(Self.wordMax) letters.")
            }
            guard let other = value.text else {
                faults.add(place, "wrong_type", "The word in the place of \(shown) must be a text.")
                continue
            }
            if !Self.isPhrase(other) {
                faults.add(
                    place, "invalid_text",
                    "The word in the place of \(shown) must be of 1 to \(Self.wordMax) letters, without code."
                )
            } else if other == word {
                faults.add(place, "conflict", "The word \(shown) is replaced by itself: leave it out.")
            }
        }
    }

    /// Returns whether a text is a word or a few of them, with hyphens and apostrophes at most.
    private static func isPhrase(_ text: String) -> Bool {
        guard text.count <= wordMax, text == text.trimmed else { return false }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        return words.count <= 4
            && words.allSatisfy { word in
                word.split(omittingEmptySubsequences: false) { "-'’".contains($0) }
                    .allSatisfy { Rewording.isWord(String($0)) }
            }
    }

    /// Adds the faults of words that two entries would change, and of such that another entry puts in.
    private func checkOverlap(_ faults: inout Faults, with others: [WordingRule]) {
        let language = locale ?? ""
        var taken: [String: String] = [:]
        for (word, value) in words.sorted(by: { $0.key < $1.key }) {
            let place = Self.place(word)
            for form in Rewording.forms(of: word, in: language).sorted() {
                if let first = taken[form] {
                    faults.add(
                        place, "conflict",
                        "\(word) overlaps with \(first), whose forms are changed already: leave one out.")
                    break
                }
                taken[form] = word
            }
            if words.keys.contains(where: { $0.lowercased() == value.lowercased() }) {
                faults.add(
                    place, "conflict", "\(value) is replaced itself: name the last word at once.")
            }
        }
        for other in others {
            let spoken = locale ?? other.locale ?? ""
            let theirs = Set(other.words.keys.flatMap { Rewording.forms(of: $0, in: spoken) })
            for word in words.keys.sorted()
            where !theirs.isDisjoint(with: Rewording.forms(of: word, in: spoken)) {
                faults.add(
                    Self.place(word), "already_exists",
                    "Another rule for \(industry) replaces \(word): change that one, or disable it.")
            }
            let put = Set(other.words.values.map { $0.lowercased() })
            for word in words.keys.sorted() where put.contains(word.lowercased()) {
                faults.add(
                    Self.place(word), "conflict",
                    "Another rule for \(industry) puts in \(word): name the last word there at once.")
            }
            for (word, value) in words where theirs.contains(value.lowercased()) {
                faults.add(
                    Self.place(word), "conflict",
                    "Another rule for \(industry) replaces \(value): name the last word at once.")
            }
        }
    }

    /// Returns whether both are for templates of a language.
    private func speaks(as other: WordingRule) -> Bool {
        guard other.enabled, let own = locale, let theirs = other.locale else { return other.enabled }
        return own == theirs || LocaleTag(own)?.language == LocaleTag(theirs)?.language
    }
}

/// Rules about words: `tx.wordingRules`.
package struct WordingRuleStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var wordingRules: WordingRuleStore<Self> { WordingRuleStore(tx: self) }
}

extension WordingRuleStore {
    /// Returns the rules for an industry.
    func all(of industry: String) throws -> [WordingRule] {
        guard !industry.isEmpty else { return [] }
        return try WordingRule.resource.all(
            where: "industry = \(WordingRule.key(of: industry))", suffix: "ORDER BY id LIMIT 100", in: tx)
    }
}
