internal import Agents
package import Database
package import JSON
package import Nouns
package import People
package import Records
internal import Telemetry

/// Words that an agency writes once and sends to many: one row of `templates`. What was sent stays with the version
/// that it was made of.
package struct MessageTemplate: ManagedRecord {
    package var head = Head<MessageTemplate>()
    package var name = ""
    package var channel = Channel.email
    package var subject: String?
    package var body = ""
    package var locale: String?
    package var variantOf: ID<MessageTemplate>?
    package var kind: String?
    package var tags: [String] = []
    package var clientID: ClientID?
    package var components = JSON.null

    package init() {}

    package static let idPrefix = "tmpl", noun = "template"
    package static let resource = Resource<MessageTemplate>(
        "templates", named: "Template", rule: .client(orAgency: true),
        console: ConsoleForm(
            columns: ["channel", "kind", "locale", "updated_at"],
            form: ["name", "channel", "subject", "body", "kind", "locale"],
            filters: ["channel"]),
        [
            .text(
                "name", \.name, max: 200, .required, .filterable, .sortable, .searchable,
                .about("The name that colleagues choose the template by.")),
            .choice(
                "channel", \.channel, .standard("email"), .filterable,
                .about("The channel that the template is written for.")),
            .text(
                "subject", \.subject, max: 500, .searchable, .example("A word about {{ lead.company }}"),
                .about("The subject of mails, with places for values.")),
            .text(
                "body", \.body, max: 100_000, .required, .searchable,
                .about("Markdown, with names in {{ … }} and conditions in {% … %}; see docs/templates.md."),
                .example("Dear {{ lead.contact_name | default: \"there\" }},")),
            .text("locale", \.locale, max: 35, .filterable, .about("The language that it is in; BCP 47.")),
            .id(
                "variant_of", \.variantOf, .filterable,
                .about("The template that this one stands for, to those whose language it is in.")),
            .text(
                "kind", \.kind, max: 60, .filterable,
                .about(
                    "The kind of text by which agents choose the template."),
                .example("outreach")),
            .texts("tags", \.tags, max: 50, length: 60, .filterable),
            .id("client_id", \.clientID, .filterable),
            .document(
                "components", \.components, schema: ApprovedText.schema,
                .about("For WhatsApp templates: the header and the buttons that were approved.")),
        ])

    package mutating func prepare(
        replacing old: MessageTemplate?, by actor: Actor, in tx: Transaction
    ) throws {
        if channel == .whatsapp {
            _ = try ApprovedText(self)
        } else {
            let (_, text) = try compiled()
            if let textKind = try textKind(in: tx), case let missing = textKind.faults(text), !missing.isEmpty
            {
                throw Problem(faults: missing)
            }
        }
        if channel != .whatsapp, !components.isNull {
            throw Problem(
                faults: [
                    Fault(
                        "/components", "conflict",
                        "components are for WhatsApp templates only: leave them out.")
                ])
        }
        if channel == .email, subject?.isEmpty ?? true {
            throw Problem(faults: [Fault("/subject", "required", "subject is required for a mail.")])
        }
        if let given = locale {
            guard let tag = LocaleTag(given) else {
                throw Problem(faults: [
                    Fault("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
                ])
            }
            locale = tag.description
        }
        if let variantOf, variantOf != old?.variantOf,
            try MessageTemplate.resource.find(variantOf, in: tx)?.variantOf != nil
        {
            throw Problem(faults: [
                Fault(
                    "/variant_of", "unknown_reference",
                    "The template is a variant itself: name the template that it belongs to.")
            ])
        }
    }

    /// Returns the kind of automatic text that the template words: its own, or that of the template which it is a
    /// variant of; `nil` where it words none.
    func textKind(in reader: some Queryable) throws -> TextKind? {
        try kind.flatMap { TextKind(rawValue: $0) }
            ?? variantOf.flatMap { try MessageTemplate.resource.find($0, in: reader)?.kind }
            .flatMap { TextKind(rawValue: $0) }
    }

    /// Stores each version of the words, so that messages stay readable as they were sent.
    package func saved(replacing old: MessageTemplate?, by actor: Actor, in tx: Transaction) throws {
        guard old.map({ $0.subject != subject || $0.body != body }) ?? true else { return }
        try tx.templates.keepVersions([self])
    }
}
