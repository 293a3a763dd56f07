internal import Extraction
internal import Markup
internal import Records

/// Reads what the pages of a company's site say of it, as they come: with each page more is known of whose site it is.
struct SiteReader: Sendable {
    private var identity: SiteIdentity
    private let yearMax: Int

    /// `company`: the name by which the company is known. `yearMax`: the present year.
    init(_ address: PageAddress, company: String, yearMax: Int) {
        identity = SiteIdentity(address)
        identity.add(company)
        self.yearMax = yearMax
    }

    mutating func read(
        _ content: PageContent, at address: PageAddress, headers: [(name: String, value: String)]
    ) -> PageReading {
        identity.learn(from: content.page)
        return PageReading(
            content.page, at: address, headers: headers, of: identity, language: content.language,
            yearMax: yearMax)
    }

    /// The links with those to telling pages first: imprint, contact, team.
    static func ordered(_ links: [String], by reading: PageReading) -> [String] {
        let telling = Set(reading.links.filter { $0.kind != nil }.map(\.address.description))
        return links.filter(telling.contains) + links.filter { !telling.contains($0) }
    }
}
