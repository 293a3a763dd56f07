internal import Database
internal import JSON
internal import Messages
internal import People
internal import Records
internal import Telemetry

/// The news of an agency, published of late: texts that tell of news name these, and are silent where there are none.
struct PublishedNews: TextEvidence {
    /// The age from which on nothing is news.
    private static let age: Duration = .seconds(92 * 86_400)

    let name = "news"

    func find(for contact: Contact, lead: JSONObject?, in reader: any Queryable) throws -> JSON? {
        let news = try reader.reading.content.published(
            since: reader.now - Self.age, types: [.companyNews, .productLaunch, .industryInsights],
            locale: contact.locale)
        guard !news.isEmpty else { return nil }
        return .array(news.map { ["title": .string($0.title)] })
    }
}
