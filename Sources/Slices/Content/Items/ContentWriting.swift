internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Templates
internal import Tenancy

/// A content item as one person reads it.
struct WrittenContent: Sendable {
    let subject: String
    /// Markdown.
    let body: String
    /// The name of the variant.
    let variant: String?
    /// The length that the reader likes, where these are the words for such readers.
    let length: Preference.Length?
}

extension ContentItem {
    /// The variants that are tried by chance: those for readers who like a length are no trial, as these differ.
    var tried: [ContentVariant] { variants.list.filter { $0.length == nil } }

    /// The variant that a person gets: that of the length that they like, else the adopted one, or else one by chance
    /// that stays theirs; `nil`: the item's own words.
    func variant(for contact: ContactID, liking length: Preference.Length? = nil) -> ContentVariant? {
        if let length, let fitting = variants.list.first(where: { $0.length == length }) { return fitting }
        let tried = tried
        guard !tried.isEmpty else { return nil }
        if let adopted = tried.first(where: { $0.name == adoptedVariant }) { return adopted }
        return tried[StableChoice.place(of: contact, seed: id, weights: tried.map(\.weight))]
    }

    /// The length that a reader likes, where there are words for such readers.
    private func length(for contact: ContactID, in reader: some Queryable) throws -> Preference.Length? {
        guard variants.list.contains(where: { $0.length != nil }) else { return nil }
        return try reader.preferences.length(of: contact)
    }

    /// Returns the words for a person, with what their technical level asks for.
    func written(
        to contact: Contact, _ dependencies: MessagingDependencies, in reader: some Queryable
    ) throws -> WrittenContent {
        let tenant = try reader.agency.tenant()
        let variant = variant(for: contact.id, liking: try length(for: contact.id, in: reader))
        var words = MessageTemplate()
        words.subject = variant?.subject ?? subject
        words.body = variant?.body ?? body
        let lead = try dependencies.lead(reader, contact.id)
        let values = try TemplateValues.values(of: contact, lead: lead, in: reader)
        let written = try words.written(
            values: values, locale: TextLocale(locale ?? contact.locale ?? tenant.locale),
            zone: contact.zone(TimeZoneRules(named: tenant.timeZone) ?? .utc))
        let level = try reader.content.technicalLevel(of: contact.id)
        let more = level == "developer" ? technical : level == "non_technical" ? guide : nil
        return WrittenContent(
            subject: written.subject ?? subject,
            body: written.body + (resourceLink?.section ?? "") + (more?.section ?? ""),
            variant: variant?.name, length: variant?.length)
    }
}

extension ContentLink {
    /// The link as a section of its own, in Markdown.
    fileprivate var section: String {
        let escaped = label.map { "\\[]<>*_`".contains($0) ? "\\\($0)" : String($0) }.joined()
        return "\n\n---\n\n[\(escaped)](<\(url)>)"
    }
}

extension ContentItem {
    /// Returns the words that every reader gets at least, by variant: without values, and without those that depend on
    /// conditions.
    private var sureWords: [String] {
        let bodies = variants.list.isEmpty ? [body] : variants.list.map { $0.body ?? body }
        return bodies.map { body in
            guard !body.contains("{%") else { return "" }
            return MessageText.plain(body.replacing(/\{\{.*?\}\}/, with: "") + (resourceLink?.section ?? ""))
        }
    }

    /// Throws where its words are too long for a channel, whoever reads them.
    func requireFitting(_ way: Distribution.Way, _ outbox: Outbox) throws(Problem) {
        guard let channel = way.channel,
            let (max, unit) = sureWords.lazy.compactMap({ outbox.excess(of: $0, on: channel) }).first
        else { return }
        var faults = Faults()
        faults.add(
            "/channel", "too_long", max: max,
            "The text may have at most \(max) \(unit) on \(channel.rawValue): shorten it, or send it by mail.")
        try faults.throwIfAny()
    }
}

extension Outbox {
    /// Returns the channel by which words reach somebody: where a distribution leaves that open, what is too long for a
    /// chat goes by mail. `nil`: nothing that reaches them takes so long a text, and nothing is cut.
    func channel(
        for written: WrittenContent, to contact: Contact, over way: Distribution.Way, best: Channel,
        in reader: some Queryable
    ) throws -> Channel? {
        guard best != .email else { return best }
        let text = MessageText.plain(written.body)
        if try fits(text, on: best, .marketing, to: contact, in: reader) { return best }
        return way == .preferred && contact.email != nil ? .email : nil
    }
}
