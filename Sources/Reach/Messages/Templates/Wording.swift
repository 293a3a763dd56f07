package import Database
package import JSON
package import Nouns
package import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// A text that is written by itself, as it is said to one person.
package struct Worded: Sendable {
    package let subject: String
    /// Markdown.
    package let body: String
    /// The agency's own template; `nil`: the standard words.
    package let template: (id: ID<MessageTemplate>, version: Int)?
}

extension Outbox {
    /// Returns a text for a contact in a language: in the agency's wording if it has one, else the standard text. Times
    /// are the agency's. Where the agency's wording cannot be written out, the standard text stands in.
    package func write(
        _ text: StandardText, to contact: Contact?, in language: String, client: ClientID? = nil,
        _ extra: JSONObject, in reader: some Queryable
    ) throws -> Worded {
        let tenant = try reader.agency.tenant(), zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        var contact = contact ?? Contact()
        // A person without a name is not greeted by an address.
        if contact.name.contains("@") { contact.name = "" }
        let standard = text.said(Wording(language))
        if let own = try reader.templates.find(text, for: language, client: client) {
            let values = try TemplateValues.values(
                of: contact, lead: dependencies.lead(reader, contact.id), extra: extra, in: reader)
            do {
                let written = try own.written(
                    values: values, locale: TextLocale(own.locale ?? language), zone: zone)
                return Worded(
                    subject: written.subject ?? standard.subject, body: written.body,
                    template: (own.id, own.version))
            } catch is Problem {}
        }
        let values = try TemplateValues.values(of: contact, lead: nil, extra: extra, in: reader)
        let written = try standard.template.written(
            values: values, locale: TextLocale(standard.locale), zone: zone)
        return Worded(subject: written.subject ?? "", body: written.body, template: nil)
    }
}

extension TemplateStore {
    /// The agency's words of a kind: the client's own before those for all, and of these the language and region, then
    /// the language, then those of no language. In a language that neither they nor the standard words speak, the
    /// agency's in the standard's first.
    fileprivate func find(
        _ text: StandardText, for language: String, client: ClientID?
    ) throws -> MessageTemplate? {
        let kind = text.kind.rawValue
        let own = try MessageTemplate.resource.all(
            where: """
                channel = 'email' AND (kind = \(kind) OR variant_of IN (
                    SELECT id FROM templates AS main WHERE main.tenant_id = \(tx.tenant) AND main.kind = \(kind)))
                """, suffix: "ORDER BY row LIMIT 200", in: tx)
        let tag = LocaleTag(language), spare = Catalogue.standard.language
        let isSpoken = Catalogue.of(Wording.language(of: language)) != nil
        func rank(_ template: MessageTemplate) -> Int? {
            guard template.clientID == nil || template.clientID == client else { return nil }
            let ownClient = template.clientID == nil ? 0 : 10
            guard let locale = template.locale else { return ownClient + 2 }
            if locale == tag?.description { return ownClient + 4 }
            let spoken = LocaleTag(locale)?.language
            if spoken == tag?.language { return ownClient + 3 }
            return spoken == spare && !isSpoken ? ownClient + 1 : nil
        }
        var best: (template: MessageTemplate, rank: Int)?
        for template in own {
            guard let rank = rank(template), best.map({ $0.rank < rank }) ?? true else { continue }
            best = (template, rank)
        }
        return best?.template
    }
}
