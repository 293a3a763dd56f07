package import Agents
package import JSON

/// The criteria by which a search asks sources.
package struct CompanyCriteria: Hashable, Sendable {
    package var countries: [String] = []
    package var industries: [String] = []
    package var keywords: [String] = []
    /// The least and the greatest number of employees.
    package var employeesFrom: Int?, employeesTo: Int?
    /// The name of a place, or its postal code.
    package var place: String?
    package var circle: Circle?
    /// The words by which people show that they need something.
    package var phrases: [String] = []

    /// A circle on the map, in degrees and metres.
    package struct Circle: Hashable, Sendable {
        package var latitude: Double, longitude: Double, metres: Double

        package init(latitude: Double, longitude: Double, metres: Double) {
            (self.latitude, self.longitude, self.metres) = (latitude, longitude, metres)
        }
    }

    package init() {}
}

/// A company as a source lists it.
package struct ListedCompany: Sendable {
    /// The entry's mark at the source, by which it is known again.
    package var key: String
    /// The address of the entry, for people.
    package var url: String?
    /// Fields of a lead, and facts that leads have no field for, as they came or as the API takes them.
    package var values = JSONObject()
    /// The source's words for a field, as they stand there, where they are not the value itself.
    package var quotes: [String: String] = [:]
    /// The number in an official register, behind its country: `FR:356000000`.
    package var registerNumber: String?
    /// The passage in which somebody has said something: the words that matter, and who said them.
    package var words: String?
    package var author: String?
    /// 0–1: how likely it is that what the source says is true.
    package var confidence = 0.8

    package init(key: String, url: String? = nil) { (self.key, self.url) = (key, url) }

    /// Sets a field, unless there is nothing to set.
    package mutating func set(_ field: String, _ value: String?, quote: String? = nil) {
        guard let value, !value.isEmpty else { return }
        values[field] = .string(value)
        if let quote { quotes[field] = quote }
    }
}

/// A page of companies that a source lists.
package struct ListedPage: Sendable {
    package var companies: [ListedCompany] = []
    /// Asks for the page after this one; `nil` after the last.
    package var next: String?

    package init(_ companies: [ListedCompany] = [], next: String? = nil) {
        (self.companies, self.next) = (companies, next)
    }
}

/// An outside service that lists companies: a register, a map, a community, a service that is paid. It is an
/// integration of the capability `lead_source`. Each request has passed the gate.
package protocol CompanyListing: IntegrationProvider {
    /// Returns whether the service understands some part of a search: one that has nothing of it is not asked
    /// for.
    func canList(_ criteria: CompanyCriteria) -> Bool
    /// Asks for one page. Throws `ToolFailure`, whose code is the service's word for what went wrong.
    func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage
    /// The time for which its list is good.
    var listingLifetime: Duration { get }
}

extension CompanyListing {
    package var listingLifetime: Duration { .seconds(86_400) }
    package func canList(_ criteria: CompanyCriteria) -> Bool { true }
}

// MARK: Kept

extension CompanyCriteria {
    /// The criteria as text, which names the answer to them.
    package var key: String {
        JSON.array([
            JSON(countries), JSON(industries), JSON(keywords), JSON(employeesFrom), JSON(employeesTo),
            JSON(place),
            circle.map { .array([.number($0.latitude), .number($0.longitude), .number($0.metres)]) } ?? .null,
            JSON(phrases),
        ]).serialized
    }
}

extension ListedPage {
    /// Reads a page as it was kept.
    package init(_ json: JSON) {
        self.init((json["companies"]?.array ?? []).map { ListedCompany($0) }, next: json["next"]?.text)
    }

    package var json: JSON { ["companies": .array(companies.map(\.json)), "next": JSON(next)] }
}

extension ListedCompany {
    fileprivate init(_ json: JSON) {
        self.init(key: json["key"]?.text ?? "", url: json["url"]?.text)
        values = json["values"]?.object ?? [:]
        for (name, quote) in (json["quotes"]?.object ?? [:]).members { quotes[name] = quote.text }
        (registerNumber, words) = (json["register_number"]?.text, json["words"]?.text)
        (author, confidence) = (json["author"]?.text, json["confidence"]?.double ?? 0.5)
    }

    fileprivate var json: JSON {
        [
            "key": .string(key), "url": JSON(url), "values": .object(values),
            "quotes": .object(
                JSONObject(quotes.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            "register_number": JSON(registerNumber), "words": JSON(words), "author": JSON(author),
            "confidence": .number(confidence),
        ]
    }
}
