internal import Database
internal import Messaging
internal import Records
internal import Runtime
internal import Wording

/// A template that a new agency begins with: its name there, and its kind.
struct FurnishedTemplate {
    let name: String, kind: String

    init(_ name: String, _ kind: String) { (self.name, self.kind) = (name, kind) }

    /// The words with which proposals and contracts go out, and what contracts say.
    static let selling = [
        FurnishedTemplate("Proposal", "proposal"), FurnishedTemplate("Contract", "contract"),
        FurnishedTemplate("Terms of a contract", "contract_terms"),
        FurnishedTemplate("Questions before a proposal", "needs_assessment"),
        FurnishedTemplate("What it costs", "price_answer"),
        FurnishedTemplate("A reminder", "sales_follow_up"),
    ]
}

extension Transaction {
    func furnishSellingTemplates() throws {
        for template in FurnishedTemplate.selling { try furnish(template) }
    }

    /// Stores a template in English, with a variant in every other language that there are words in: a mail is answered
    /// in its own language. An agency changes them as it likes.
    @discardableResult
    func furnish(_ furnished: FurnishedTemplate) throws -> ID<MessageTemplate> {
        var main: ID<MessageTemplate>?
        for language in Catalogue.standardFirst {
            let words = Wording(language)
            var template = MessageTemplate.new(id: nextID(), now: now)
            template.name = main == nil ? furnished.name : "\(furnished.name) (\(language))"
            (template.kind, template.locale, template.variantOf) = (furnished.kind, language, main)
            template.subject = words.template("template.\(furnished.kind).subject")
            template.body = words.template("template.\(furnished.kind).body")
            try template.prepare(replacing: nil, by: .system, in: self)
            try MessageTemplate.resource.insert(&template, in: self)
            try template.saved(replacing: nil, by: .system, in: self)
            main = main ?? template.id
        }
        guard let main else { preconditionFailure("English is one of them") }
        return main
    }
}
