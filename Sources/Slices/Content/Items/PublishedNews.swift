internal import Database
internal import JSON
internal import Messages
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// The news of an agency, published of late: texts that tell of news name these, and are silent where there are none.
struct PublishedNews: TextEvidence {
    /// The age from which on nothing is news.
    private static let age: Duration = .seconds(92 * 86_400)

    let name = "news"

    func find(for contact: Contact, lead: JSONObject?, in reader: any Queryable) throws -> JSON? {
        let reader = reader.reading
        let locale = try contact.locale ?? reader.agency.tenant().locale
        let news = try reader.content.published(
            since: reader.now - Self.age, types: [.companyNews, .productLaunch, .industryInsights],
            language: LocaleTag(locale)?.language ?? locale)
        guard !news.isEmpty else { return nil }
        return .array(
            news.map { item in
                var told: JSONObject = ["title": .string(item.title)]
                if let opening = item.opening { told["text"] = .string(opening) }
                return .object(told)
            })
    }
}

extension PublishedContent {
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
