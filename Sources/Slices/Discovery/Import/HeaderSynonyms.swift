internal import Lexicons
internal import Records
internal import Transfer

/// The names of columns, in the languages and programs that lead lists come from.
enum HeaderSynonyms {
    static func target(of header: String) -> ImportTarget? {
        let name = TextCleaning.trimmed(header)
        if let target = ImportTarget(name) ?? ImportTarget(name.lowercased()) { return target }
        for words in [HeaderName.of(header, splittingCase: false), HeaderName.of(header)] {
            if let target = target(of: words) { return target }
        }
        return nil
    }

    private static func target(of words: [String]) -> ImportTarget? {
        if let target = table[words.joined(separator: " ")] { return target }
        let bare = HeaderName.bare(words)
        return bare.isEmpty ? nil : table[bare.joined(separator: " ")]
    }

    private static let table: [String: ImportTarget] = {
        var table: [String: ImportTarget] = [:]
        let lexicon = Lexicon("columns", in: ResourceTable.texts)
        for name in names {
            guard let target = ImportTarget(name) else {
                preconditionFailure("\(name) is not the target of a column")
            }
            for phrase in lexicon.phrases(name) {
                let words = HeaderName.of(phrase)
                table[words.joined(separator: " ")] = target
                let bare = HeaderName.bare(words).joined(separator: " ")
                if table[bare] == nil, !bare.isEmpty { table[bare] = target }
            }
        }
        return table
    }()

    /// The sections of the lexicon, which are targets by their names. Of two that know a name, the later one counts.
    private static let names = [
        "company", "website", "industry", "employee_count", "annual_revenue", "location", "city", "state",
        "country", "contact_name", "first_name", "last_name", "contact_title", "email", "phone",
        "linkedin_url", "source", "status", "known_since", "budget", "timeline_days", "authority",
        "pain_points", "tags",
        "notes", "external_ids.external", "external_ids.crm", "external_ids.hubspot",
        "external_ids.salesforce", "external_ids.pipedrive", "external_ids.zoho", "external_ids.apollo",
        "consent", "do_not_contact",
    ]
}
