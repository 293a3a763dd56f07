package import Database
internal import Jobs
package import Nouns
internal import Records
internal import Wording

/// Templates: `tx.templates`.
package struct TemplateStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var templates: TemplateStore<Self> { TemplateStore(tx: self) }
}

extension TemplateStore where Base == Transaction {
    /// Stores the template and its variants with their first versions. Neither event nor audit tells of them, as of
    /// nothing that an agency is made with.
    @discardableResult
    package func seed(_ seeded: SeedTemplate) throws -> ID<MessageTemplate> {
        var made: [MessageTemplate] = []
        for language in Catalogue.standardFirst {
            var template = MessageTemplate.new(id: tx.nextID(), now: tx.now)
            template.name = made.isEmpty ? seeded.name : "\(seeded.name) (\(language))"
            (template.kind, template.locale, template.variantOf) = (seeded.kind, language, made.first?.id)
            let (subject, body) = seeded.said(Wording(language))
            (template.subject, template.body) = (subject, body)
            try MessageTemplate.resource.insert(&template, in: tx)
            made.append(template)
        }
        guard let main = made.first else { preconditionFailure("English is one of them") }
        try keepVersions(made)
        return main.id
    }

    /// Stores the words as they are now, so that messages stay readable as they were sent.
    func keepVersions(_ templates: [MessageTemplate]) throws {
        var rows: SQL = ""
        for (place, template) in templates.enumerated() {
            rows += place == 0 ? "" : ", "
            rows += """
                (\(tx.tenant), \(template.id), \(template.version), \(template.subject), \(template.body), \(tx.now))
                """
        }
        try tx.run(
            "INSERT INTO template_versions (tenant_id, template_id, number, subject, body, created_at) VALUES "
                + rows)
    }
}
