internal import Database
internal import JSON
internal import Nouns
internal import People
internal import Records
internal import Templates

/// The words of whoever reads a template, among its values: `wording`, and the rules that it comes from, which no
/// template can name.
enum ReaderWords {
    static let name = "wording"
    private static let rules = "wording_rules"

    /// Adds the rules for the industry of a lead, or of the contact's company.
    static func add(
        _ contact: Contact, lead: JSONObject?, to values: inout JSONObject, in reader: some Queryable
    ) throws {
        let industry = try lead?["industry"]?.text ?? company(of: contact, in: reader)
        guard let industry else { return }
        let found = try reader.wordingRules.all(of: industry).filter(\.enabled)
        guard !found.isEmpty else { return }
        values[rules] = .array(found.map { ["locale": JSON($0.locale), "replace": .object($0.replace)] })
    }

    private static func company(of contact: Contact, in reader: some Queryable) throws -> String? {
        try contact.companyID.flatMap { try Company.resource.find($0, in: reader)?.industry }
    }

    /// Returns the words in a language, with all that a template may name as `wording`.
    static func words(in language: String, of values: JSON) -> (rewording: Rewording, values: JSON) {
        let spoken = LocaleTag(language)?.language ?? language
        var words: [String: String] = [:]
        for rule in values[rules]?.array ?? [] {
            let own = rule["locale"]?.text.map { LocaleTag($0)?.language ?? $0 }
            guard own == nil || own == spoken else { continue }
            for (word, other) in rule["replace"]?.object?.members ?? [] { words[word] = other.text ?? word }
        }
        var named = JSONObject()
        for word in StandardWordings.words(in: spoken) { named[word] = .string(word) }
        for (word, other) in words.sorted(by: { $0.key < $1.key }) { named[word] = .string(other) }
        return (Rewording(words, in: spoken), values.merging([name: .object(named)]))
    }

    /// Returns the names among a template's values, which stay as they are where the template spells them out.
    static func names(in values: JSON) -> [String] {
        [
            ("agency", "name"), ("sender", "name"), ("contact", "name"), ("lead", "company"),
            ("lead", "contact_name"),
        ]
        .compactMap { values[$0.0]?[$0.1]?.text }.filter { !$0.isEmpty }
    }
}
