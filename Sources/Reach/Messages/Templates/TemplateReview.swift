internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import People
package import Records
package import Telemetry
package import Templates
internal import Tenancy

/// The findings of a look at a template that nobody is about to be sent: warnings about its words, and how often what
/// it says of its readers was known.
package struct TemplateReview: Sendable {
    package var warnings: [TemplateWarning] = []
    /// 0 to 10: from 5 on a mail will often not arrive.
    package var spam = 0.0
    /// The people whom it was sent to, and whose records were looked at.
    package var people = 0
    /// The places for what is known of a reader, over all these people, and those that have a value.
    package var places = 0, filled = 0
}

extension MessageTemplate {
    /// The kind of the alert about one that has to be mended.
    package static let alert = "template_fails"

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        try tx.alerts.resolve(kind: Self.alert, subject: Subject(id))
    }
}

extension Outbox {
    /// Looks at a template as if it went to somebody of whom the least is known, and at the records of those whom it
    /// was sent to.
    package func review(
        _ template: MessageTemplate, sentTo readers: [ContactID], in reader: some Queryable
    ) throws -> TemplateReview {
        var review = TemplateReview()
        // Approved texts have places of their own, and are judged by who approves them.
        guard template.channel != .whatsapp else { return review }
        let parts = try template.compiled()
        if template.channel == .email {
            let kind = try template.textKind(in: reader)
            let report = try report(on: template, of: kind, in: reader)
            review.warnings = report.warnings.filter { warning in
                // A mail that the product writes by itself answers somebody.
                if warning.code == .falseReply { return kind == nil }
                // Slices give the values that stand for their records in a text.
                guard warning.code == .missingFallback, case .text(let path)? = warning.detail.values["path"]
                else { return true }
                return Self.isPersonal(path)
            }
            review.spam = report.spam.value
        } else {
            review.warnings = parts.body.withoutFallback.filter { Self.isPersonal($0.path) }.map {
                TemplateWarning(
                    .missingFallback, Saying("lint.missing_fallback", ["path": .text($0.path)]), part: "body",
                    line: $0.line, column: $0.column)
            }
        }
        let personal = (parts.subject?.named ?? []).union(parts.body.named)
            .filter(Self.isPersonal)
        guard !personal.isEmpty else { return review }
        for contact in try readers.compactMap({ try Contact.resource.find($0, in: reader) }) {
            let lead = try dependencies.lead(reader, contact.id)
            let values = try TemplateValues.values(of: contact, lead: lead, in: reader)
            review.people += 1
            review.places += personal.count
            review.filled += personal.count { Self.isKnown($0, in: values) }
        }
        return review
    }

    private func report(
        on template: MessageTemplate, of kind: TextKind?, in reader: some Queryable
    ) throws -> TemplateLint.Report {
        var reading = Contact()
        reading.name = "Jane Doe"
        let sample = try TemplateValues.values(
            of: reading, lead: ["company": "Acme", "contact_name": "Jane Doe"], extra: kind?.example ?? [:],
            in: reader)
        let tenant = try reader.agency.tenant()
        do throws(TemplateFaults) {
            let mail = try MailTemplate.compile(
                subject: template.subject ?? "", body: template.body, names: TemplateValues.names)
            return try TemplateLint.check(
                mail, purpose: kind == nil ? .marketing : .transactional, sample: sample,
                locale: TextLocale(template.locale ?? tenant.locale),
                zone: TimeZoneRules(named: tenant.timeZone) ?? .utc)
        } catch {
            throw Problem(.conflict, "The template cannot be rendered: \(error.faults[0].detail)")
        }
    }

    /// Returns whether a name stands for what is known of a reader.
    private static func isPersonal(_ path: String) -> Bool {
        path.hasPrefix("lead.") || path.hasPrefix("contact.")
    }

    /// Returns whether a name has a value that a reader would see.
    private static func isKnown(_ path: String, in values: JSON) -> Bool {
        let value = path.split(separator: ".").reduce(values as JSON?) { $0?[String($1)] } ?? .null
        return !value.isNull && value.text != "" && value.array?.isEmpty != true
    }
}

extension TemplateStore {
    /// Of the messages of late, so many are looked at; and of those of one template.
    private static var sentMax: Int { 5000 }
    private static var readersMax: Int { 20 }

    /// Returns whom templates were sent to since then, by the template.
    package func readers(since: Instant) throws -> [ID<MessageTemplate>: [ContactID]] {
        var readers: [ID<MessageTemplate>: [ContactID]] = [:]
        try tx.each(
            """
            SELECT template_id, contact_id FROM messages
            WHERE tenant_id = \(tx.tenant) AND sent_at >= \(since) AND template_id IS NOT NULL
                AND contact_id IS NOT NULL
            ORDER BY sent_at DESC LIMIT \(Self.sentMax)
            """
        ) { row in
            guard let template: ID<MessageTemplate> = row.id(0), let contact: ContactID = row.id(1),
                readers[template, default: []].count < Self.readersMax
            else { return }
            readers[template, default: []].append(contact)
        }
        return readers
    }

    /// Returns some of the templates, in the order of their making.
    package func some(after place: ID<MessageTemplate>?, limit: Int) throws -> [MessageTemplate] {
        let after = place.map { "id > \($0)" as SQL } ?? "1 = 1"
        return try MessageTemplate.resource.all(
            where: after, suffix: "ORDER BY id LIMIT \(limit)", in: tx)
    }
}
