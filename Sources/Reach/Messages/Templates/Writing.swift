package import Database
package import JSON
package import Nouns
package import People
package import Records
package import Templates
internal import Tenancy

/// The text of a template for one person.
package struct Written: Sendable {
    package let subject: String?
    /// Markdown, with every value in it as text.
    package let body: String
    package let template: (id: ID<MessageTemplate>, version: Int)
    package let missing: [Use]
    /// The evidence that the text cannot do without (`TextEvidence`), whether it was there or not.
    package var evidence: Set<String> = []
    /// The names that the text has, as it writes them: `lead.company`.
    package var named: Set<String> = []
}

extension MessageTemplate {
    /// Returns both parts, checked; throws a problem that names every fault with its line and column.
    package func compiled() throws(Problem) -> (subject: Template?, body: Template) {
        var faults: [Fault] = []
        func part(_ source: String, _ pointer: String) -> Template? {
            do throws(TemplateFaults) {
                return try CompiledTemplates.shared.template(source)
            } catch {
                faults += error.faults.map { found in
                    var fault = Fault(pointer, found.code.rawValue, found.detail)
                    (fault.line, fault.column) = (found.line, found.column)
                    return fault
                }
                return nil
            }
        }
        let (subject, body) = (subject.map { part($0, "/subject") } ?? nil, part(body, "/body"))
        guard let body, faults.isEmpty else { throw Problem(faults: faults) }
        return (subject, body)
    }

    /// Returns the text with values in its places, in the words of the reader's industry.
    package func written(values: JSON, locale: TextLocale, zone: TimeZoneRules) throws -> Written {
        var parts = try compiled()
        let language = self.locale ?? values["agency"]?["locale"]?.text ?? locale.tag
        let (rewording, values) = ReaderWords.words(in: language, of: values)
        if !rewording.isEmpty {
            let names = ReaderWords.names(in: values)
            parts.subject = parts.subject?.reworded(rewording, sparing: names)
            parts.body = parts.body.reworded(rewording, sparing: names)
        }
        do throws(TemplateFaults) {
            let subject = try parts.subject?.render(values: values, for: .subject, locale: locale, zone: zone)
            let body = try parts.body.render(values: values, for: .markdown, locale: locale, zone: zone)
            let named = (parts.subject?.named ?? []).union(parts.body.named)
            return Written(
                subject: subject?.text, body: body.text, template: (id, version),
                missing: (subject?.missing ?? []) + body.missing,
                evidence: TemplateValues.evidence(in: named, asking: self.body), named: named)
        } catch {
            throw Problem(.conflict, "The template cannot be rendered: \(error.faults[0].detail)")
        }
    }
}

extension Outbox {
    /// Returns the text of a template for a person, in their language where there is a variant in it.
    package func write(
        _ id: ID<MessageTemplate>, to contact: Contact, lead: JSONObject?, extra: JSONObject = [:],
        in reader: some Queryable
    ) throws -> Written {
        try dependencies.write(id, to: contact, lead: lead, extra: extra, in: reader)
    }
}

extension MessagingDependencies {
    /// Returns the text of a template for a person, in their language where there is a variant in it; for callers that
    /// send nothing.
    package func write(
        _ id: ID<MessageTemplate>, to contact: Contact, lead: JSONObject?, extra: JSONObject = [:],
        in reader: some Queryable
    ) throws -> Written {
        guard let main = try MessageTemplate.resource.find(id, in: reader) else {
            throw Problem(
                faults: [
                    Fault(
                        "/template_id", "unknown_reference",
                        "The template does not exist: choose another.")
                ])
        }
        let template = try reader.templates.variant(of: main, for: contact.locale)
        // Approved texts have places of their own, which `ApprovedText` fills.
        guard template.channel != .whatsapp else {
            return Written(
                subject: nil, body: template.body, template: (template.id, template.version), missing: [])
        }
        let tenant = try reader.agency.tenant()
        let known = try lead ?? self.lead(reader, contact.id)
        let values = try TemplateValues.values(of: contact, lead: known, extra: extra, in: reader)
        return try template.written(
            values: values, locale: TextLocale(template.locale ?? contact.locale ?? tenant.locale),
            zone: contact.zone(TimeZoneRules(named: tenant.timeZone) ?? .utc))
    }
}

extension TemplateStore {
    /// Returns the variant for the locale's region, else the one for its language, else the template itself.
    fileprivate func variant(of template: MessageTemplate, for locale: String?) throws -> MessageTemplate {
        guard let wanted = locale.flatMap({ LocaleTag($0) }), wanted.description != template.locale else {
            return template
        }
        let variants = try MessageTemplate.resource.all(
            where: "variant_of = \(template.id)", suffix: "ORDER BY id LIMIT 100", in: tx)
        return variants.first { $0.locale == wanted.description }
            ?? variants.first { $0.locale.flatMap { LocaleTag($0) }?.language == wanted.language }
            ?? template
    }
}
