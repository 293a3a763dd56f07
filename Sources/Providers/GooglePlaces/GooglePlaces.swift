package import Agents
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// Google Places: https://developers.google.com/maps/documentation/places/web-service/text-search. Its terms forbid to
/// keep what it tells beyond the id: a lead gets the name and the site as a place to begin, and everything else from
/// the company's own pages.
package struct GooglePlaces: CompanyListing {
    package let name = "google_places"
    package let title = "Google Places"
    package let capabilities: Set<Capability> = [.leadSource]
    package let credentials = [CredentialField("api_key", "A key with Places API (New) switched on.")]
    package let baseURL: String? = "https://places.googleapis.com"
    package let pace = ServicePace(concurrent: 2, interval: .milliseconds(200))
    package let isTestCounted = true
    /// Nothing of it may be kept.
    package let listingLifetime: Duration = .zero

    private static let fields =
        "places.id,places.displayName,places.websiteUri,places.businessStatus,places.googleMapsUri,nextPageToken"
    private let wire: LookupWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    /// Asks for ids alone, which costs nothing.
    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check { () async throws(ToolFailure) in
            _ = try await ask(
                ["textQuery": "town hall", "pageSize": 1], "places.id", access, ConnectorCall())
            return "The key is known."
        }
    }

    package func canList(_ criteria: CompanyCriteria) -> Bool {
        !(criteria.keywords + criteria.industries).isEmpty
            && (criteria.place != nil || criteria.circle != nil || !criteria.countries.isEmpty)
    }

    package func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage {
        let words = (criteria.keywords + criteria.industries).joined(separator: " ")
        var body: JSONObject = [
            "textQuery": .string(criteria.place.map { "\(words) in \($0)" } ?? words), "pageSize": 20,
        ]
        if criteria.countries.count == 1 { body.append("regionCode", .string(criteria.countries[0])) }
        if let circle = criteria.circle {
            let center: JSON = ["latitude": .number(circle.latitude), "longitude": .number(circle.longitude)]
            body.append(
                "locationBias", ["circle": ["center": center, "radius": .number(circle.metres)]])
        }
        // A further page has to repeat everything else as it was.
        if let cursor { body.append("pageToken", .string(cursor)) }
        let answer = try await ask(.object(body), Self.fields, access, reach)
        let companies = (answer["places"]?.array ?? []).compactMap { place -> ListedCompany? in
            guard let id = place["id"]?.text, let name = place["displayName"]?["text"]?.text,
                place["businessStatus"]?.text.map({ $0 == "OPERATIONAL" }) ?? true
            else { return nil }
            var company = ListedCompany(key: id, url: place["googleMapsUri"]?.text)
            company.set("company", name)
            company.set("website", place["websiteUri"]?.text)
            return company
        }
        return ListedPage(companies, next: answer["nextPageToken"]?.text.flatMap { $0.isEmpty ? nil : $0 })
    }

    private func ask(
        _ body: JSON, _ fields: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let answer = try await wire.ask(
            "\(access.baseURL)/v1/places:searchText", access, reach, method: "POST",
            headers: [("X-Goog-Api-Key", access.credential("api_key")), ("X-Goog-FieldMask", fields)],
            body: body)
        if answer.status == 400, Self.isKeyInvalid(answer.body) { throw wire.unauthenticated }
        if let failure = wire.usualFailure(answer, reach) { throw failure }
        // Without a result it is an object without members.
        guard answer.body.object != nil else { throw wire.unreadable }
        return answer.body
    }

    private static func isKeyInvalid(_ body: JSON) -> Bool {
        body["error"]?["details"]?.array?.contains { $0["reason"]?.text == "API_KEY_INVALID" } ?? false
    }
}
