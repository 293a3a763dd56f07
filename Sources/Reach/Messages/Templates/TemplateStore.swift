internal import Agents
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

    /// Gives a template that came with the agency the words of now, in each language in which nobody has changed it.
    /// Returns the template; `nil` where it is gone, or has another name.
    package func renew(_ seeded: SeedTemplate) throws -> ID<MessageTemplate>? {
        let found = try MessageTemplate.resource.first(
            where: "kind = \(seeded.kind) AND name = \(seeded.name) AND variant_of IS NULL", in: tx)
        guard let main = found else { return nil }
        let variants = try MessageTemplate.resource.all(where: "variant_of = \(main.id)", in: tx)
        for old in [main] + variants where old.version == 1 {
            guard let language = old.locale else { continue }
            var template = old
            let (subject, body) = seeded.said(Wording(language))
            guard old.subject != subject || old.body != body else { continue }
            (template.subject, template.body) = (subject, body)
            try tx.update(old, to: &template, by: .system)
        }
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
