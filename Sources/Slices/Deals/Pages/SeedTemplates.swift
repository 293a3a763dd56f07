internal import Database
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Wording

/// A template that a new agency begins with: its name there, and its kind.
struct SeedTemplate {
    let name: String, kind: String

    init(_ name: String, _ kind: String) { (self.name, self.kind) = (name, kind) }

    /// The words with which proposals and contracts go out, and what contracts say.
    static let selling = [
        SeedTemplate("Proposal", "proposal"), SeedTemplate("Contract", "contract"),
        SeedTemplate("Terms of a contract", "contract_terms"),
        SeedTemplate("Questions before a proposal", "needs_assessment"),
        SeedTemplate("What it costs", "price_answer"),
        SeedTemplate("A reminder", "sales_follow_up"),
    ]
}

extension SalesPageStore where Base == Transaction {
    func seedSellingTemplates() throws {
        for template in SeedTemplate.selling { try seed(template) }
    }

    /// Stores a template in English, with a variant in every other language that there are words in: a mail is answered
    /// in its own language. An agency changes them as it likes.
    @discardableResult
    func seed(_ seeded: SeedTemplate) throws -> ID<MessageTemplate> {
        var main: ID<MessageTemplate>?
        for language in Catalogue.standardFirst {
            let words = Wording(language)
            var template = MessageTemplate.new(id: tx.nextID(), now: tx.now)
            template.name = main == nil ? seeded.name : "\(seeded.name) (\(language))"
            (template.kind, template.locale, template.variantOf) = (seeded.kind, language, main)
            template.subject = words.template("template.\(seeded.kind).subject")
            template.body = words.template("template.\(seeded.kind).body")
            try template.prepare(replacing: nil, by: .system, in: tx)
            try MessageTemplate.resource.insert(&template, in: tx)
            try template.saved(replacing: nil, by: .system, in: tx)
            main = main ?? template.id
        }
        guard let main else { preconditionFailure("English is one of them") }
        return main
    }
}
