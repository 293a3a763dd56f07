internal import Lexicons
internal import Records

/// The names that other programs give the stages of a lead.
enum StatusSynonyms {
    /// The status that a name stands for; `nil` when nobody could say.
    static func status(_ text: String) -> String? {
        let name = TextFolding.searchTokens(text).joined(separator: " ")
        return LeadField.statuses.contains(name) ? name : table[name]
    }

    private static let table: [String: String] = {
        var table: [String: String] = [:]
        let lexicon = Lexicon("statuses", in: ResourceTable.texts)
        for status in LeadField.statuses {
            for name in lexicon.phrases(status) { table[name] = status }
        }
        return table
    }()
}
