internal import Database
internal import JSON
internal import Messages
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// The news of an agency, published of late: texts that tell of news name these, and are silent where there are none.
/// Pieces about the market are left out: they are no news of the agency's own.
struct PublishedNews: TextEvidence {
    /// The age from which on nothing is news.
    private static let age: Duration = .seconds(92 * 86_400)

    let name = "news"

    func find(for contact: Contact, lead: JSONObject?, in reader: any Queryable) throws -> JSON? {
        let reader = reader.reading
        let news = try reader.content.published(
            since: reader.now - Self.age, types: [.companyNews, .productLaunch],
            language: reader.language(of: contact))
        return news.isEmpty ? nil : .array(news.map(\.told))
    }
}

/// The content on a market and its trends that the agency has published of late: texts that tell of it name these, and
/// are silent where there is none.
struct PublishedInsights: TextEvidence {
    /// The age from which on nothing is told as what one sees now.
    private static let age: Duration = .seconds(365 * 86_400)

    let name = "insights"

    func find(for contact: Contact, lead: JSONObject?, in reader: any Queryable) throws -> JSON? {
        let reader = reader.reading
        let found = try reader.content.published(
            since: reader.now - Self.age, types: [.industryInsights], language: reader.language(of: contact))
        return found.isEmpty ? nil : .array(found.map(\.told))
    }
}

extension PublishedContent {
    /// The content as a list names it.
    fileprivate var told: JSON {
        var told: JSONObject = ["title": .string(title)]
        if let opening { told["text"] = .string(opening) }
        return .object(told)
    }

    /// The longest opening that a list of news has room for.
    private static let openingMax = 300

    /// The first paragraph, where it is short, and the same for every reader.
    fileprivate var opening: String? {
        let first = body.split(separator: "\n\n", maxSplits: 1).first.map(String.init) ?? ""
        guard !first.contains("{{"), !first.contains("{%") else { return nil }
        let text = MessageText.plain(first).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.isEmpty || text.count > Self.openingMax ? nil : text
    }
}

extension Reader {
    /// Returns the language that a contact is written to in.
    fileprivate func language(of contact: Contact) throws -> String {
        let locale = try contact.locale ?? agency.tenant().locale
        return LocaleTag(locale)?.language ?? locale
    }
}
