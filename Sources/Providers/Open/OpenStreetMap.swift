package import Agents
package import Facts
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// OpenStreetMap, © OpenStreetMap contributors (ODbL): businesses by Overpass, places by Nominatim.
package struct OpenStreetMap: EnrichmentProvider, CompanyListing {
    package let name = "openstreetmap"
    package let title = "OpenStreetMap"
    package let capabilities: Set<Capability> = [.companyEnrichment, .leadSource]
    package let credentials: [CredentialField] = []
    package let settings = [
        SettingField(
            "nominatim_url", .url, "Where places are looked up; without it, at base_url where that is set.")
    ]
    package let baseURL: String? = "https://overpass-api.de"
    /// Nominatim wants one question a second from the whole application.
    package let pace = ServicePace(concurrent: 1, interval: .milliseconds(1000))
    package let isOpen = true
    package let enrichedFields: Set<String> = ["website", "phone", "location", "country", "competitors"]
    package var sourceKind: FactSource.Kind { .directory }
    /// The map changes slowly, and its servers are few.
    package let listingLifetime: Duration = .seconds(7 * 86_400)

    private static let nominatim = "https://nominatim.openstreetmap.org"
    private static let resultsMax = 200
    /// Companies further away compete for other customers, as far as a map can tell.
    private static let besideMetres = 20_000, besideMax = 50, namesMax = 5, nameBytesMax = 200
    private let wire: OpenWire

    /// `now` is real time: limits are given as moments. `agent` tells services who asks.
    package init(_ outbound: HTTPClient, agent: String, now: @escaping @Sendable () -> Instant) {
        wire = OpenWire("OpenStreetMap", outbound, agent: agent, now: now)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(access) { () async throws(ToolFailure) in
            try await place("Berlin", access, ConnectorCall()) != nil
        }
    }

    // MARK: Lists

    package func canList(_ criteria: CompanyCriteria) -> Bool {
        criteria.place != nil || criteria.circle != nil
    }

    package func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage {
        let area: String
        if let circle = criteria.circle {
            area = "(around:\(Int(circle.metres)),\(circle.latitude),\(circle.longitude))"
        } else if let name = criteria.place, let box = try await place(name, access, reach)?.box {
            area = "(\(box.map { "\($0)" }.joined(separator: ",")))"
        } else {
            return ListedPage()
        }
        // The question is code: it is made of the words of a table, never of a person's.
        let tags = OpenStreetMapTags.matching(criteria.industries + criteria.keywords)
        let parts = tags.map { "nwr[\"\($0.key)\"=\"\($0.value)\"][\"name\"]\(area);" }.joined()
        let code = "[out:json][timeout:25];(\(parts));out center tags \(Self.resultsMax);"
        let answer = try await wire.post(
            "/api/interpreter", form: "data=\(code.percentEncoded)", access, reach)
        guard let elements = answer["elements"]?.array else { throw wire.wire.unreadable }
        let companies = elements.compactMap { company($0) }
        // Out of time or memory, with a part of what there is: what came is taken, and the rest asked for another time.
        if answer["remark"]?.text != nil, companies.isEmpty {
            throw ToolFailure(
                "busy", "OpenStreetMap ran out of time", isRetryable: true, retryAfter: .seconds(5))
        }
        return ListedPage(companies)
    }

    private func company(_ element: JSON) -> ListedCompany? {
        guard let type = element["type"]?.text, let id = element["id"]?.int, let tags = element["tags"],
            let name = tags["name"]?.text
        else { return nil }
        // Its mark may come to mean another place: name and town are kept beside it.
        var company = ListedCompany(
            key: "\(type)/\(id)/\(name)", url: "https://www.openstreetmap.org/\(type)/\(id)")
        company.set("company", name)
        company.set("website", Self.first(tags, "website", "contact:website", "url"))
        company.set("phone", Self.first(tags, "phone", "contact:phone"))
        company.set("email", Self.first(tags, "email", "contact:email"))
        let town = [tags["addr:postcode"]?.text, tags["addr:city"]?.text].compactMap(\.self).joined(
            separator: " ")
        company.set("location", town)
        company.set("country", tags["addr:country"]?.text)
        company.confidence = 0.7
        return company
    }

    private static func first(_ tags: JSON, _ names: String...) -> String? {
        // Some have several, with semicolons.
        names.lazy.compactMap { tags[$0]?.text?.split(separator: ";").first.map(String.init) }.first
    }

    // MARK: One company

    package func canAnswer(_ question: CompanyQuestion) -> Bool { question.location != nil }

    package func ask(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws -> CompanyAnswer {
        let places = try await places("\(question.name), \(question.location ?? "")", access, reach)
        let same = places.first { place in
            let extra = place["extratags"], address = place["address"]
            let site = extra.flatMap { Self.first($0, "website", "contact:website", "url") }
            if let domain = CompanyIdentity.domain(of: site) { return domain == question.domain }
            guard let where_ = question.location, let named = place["name"]?.text else { return false }
            return CompanyIdentity.isSame(named, question.name)
                && CompanyIdentity.names(where_, address?["postcode"]?.text)
        }
        guard let same, let tags = same["extratags"] else { return CompanyAnswer() }
        var answer = CompanyAnswer()
        answer.name = same["name"]?.text ?? question.name
        answer.domain = CompanyIdentity.domain(of: Self.first(tags, "website", "contact:website", "url"))
        answer.country = same["address"]?["country_code"]?.text?.uppercased()
        if let type = same["osm_type"]?.text, let id = same["osm_id"]?.int {
            answer.url = "https://www.openstreetmap.org/\(type)/\(id)"
        }
        func say(_ field: String, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            answer.statements.append(CompanyStatement(field, .string(text), quote: text, confidence: 0.7))
        }
        say("website", Self.first(tags, "website", "contact:website", "url"))
        say("phone", Self.first(tags, "phone", "contact:phone"))
        say("location", same["address"]?["city"]?.text ?? same["address"]?["town"]?.text)
        if let beside = try await beside(same, access, reach) { answer.statements.append(beside) }
        return answer
    }

    /// Tells who else does the same around a company's place, by the map's own word for what it does; `nil` where it
    /// has none, or nobody else is there.
    private func beside(
        _ place: JSON, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> CompanyStatement? {
        guard let key = place["category"]?.text, let value = place["type"]?.text,
            let name = place["name"]?.text,
            let tag = OpenStreetMapTags.known(key, value),
            let latitude = place["lat"]?.text.flatMap({ Double($0) }),
            let longitude = place["lon"]?.text.flatMap({ Double($0) })
        else { return nil }
        let area = "(around:\(Self.besideMetres),\(latitude),\(longitude))"
        let code =
            "[out:json][timeout:25];nwr[\"\(tag.key)\"=\"\(tag.value)\"][\"name\"]\(area);"
            + "out center tags \(Self.besideMax);"
        let answer = try await wire.post(
            "/api/interpreter", form: "data=\(code.percentEncoded)", access, reach)
        guard let elements = answer["elements"]?.array else { throw wire.wire.unreadable }
        var names: [String] = []
        for element in elements where names.count < Self.namesMax {
            guard let other = element["tags"]?["name"]?.text, !CompanyIdentity.isSame(other, name),
                !names.contains(other), other.utf8.count <= Self.nameBytesMax
            else { continue }
            names.append(other)
        }
        return names.isEmpty
            ? nil
            : CompanyStatement(
                "competitors", JSON(names),
                quote: "\(tag.key)=\(tag.value): \(names.joined(separator: ", "))",
                confidence: 0.6)
    }

    // MARK: Places

    private func place(
        _ name: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> (box: [Double], name: String)? {
        guard let first = try await places(name, access, reach).first,
            let said = first["boundingbox"]?.array?.compactMap({ $0.text.flatMap { Double($0) } ?? $0.double }
            ),
            said.count == 4
        else { return nil }
        // South, north, west, east there; south, west, north, east in a question.
        return ([said[0], said[2], said[1], said[3]], first["name"]?.text ?? name)
    }

    private func places(
        _ text: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [JSON] {
        let isElsewhere = access.baseURL != baseURL
        let base = access.setting("nominatim_url") ?? (isElsewhere ? access.baseURL : Self.nominatim)
        let query = "q=\(text.percentEncoded)&format=jsonv2&limit=5&addressdetails=1&extratags=1"
        guard let places = try await wire.get("\(base)/search?\(query)", access, reach).array else {
            throw wire.wire.unreadable
        }
        return places
    }
}

/// The names that the map has for the businesses that people look for.
enum OpenStreetMapTags {
    struct Tag: Hashable {
        let key: String, value: String
    }

    /// The tags whose own words, or those that people have for them, are among the words given; firms in general where
    /// none is.
    static func matching(_ words: [String]) -> [Tag] {
        let asked = Set(words.map { TextFolding.fold($0) })
        let found = known.filter { _, value, names in
            asked.contains(value.replacing("_", with: " ")) || names.contains { asked.contains($0) }
        }
        return found.isEmpty
            ? [Tag(key: "office", value: "company")] : found.map { Tag(key: $0.0, value: $0.1) }
    }

    /// Returns the map's own tag, where it is one of the table.
    static func known(_ key: String, _ value: String) -> Tag? {
        known.contains { $0.0 == key && $0.1 == value } ? Tag(key: key, value: value) : nil
    }

    private static let known: [(String, String, [String])] = [
        ("office", "it", ["software", "technology", "tech", "saas", "it services"]),
        ("office", "advertising_agency", ["advertising", "marketing", "agency"]),
        ("office", "lawyer", ["law", "legal", "lawyers"]),
        ("office", "accountant", ["accounting", "accountants"]),
        ("office", "tax_advisor", ["tax"]), ("office", "architect", ["architecture", "architects"]),
        ("office", "consulting", ["consultants", "professional services"]),
        ("office", "insurance", []), ("office", "estate_agent", ["real estate"]),
        ("office", "engineer", ["engineering"]), ("office", "financial", ["finance"]),
        ("office", "logistics", ["transport"]), ("office", "employment_agency", ["staffing", "recruiting"]),
        ("office", "travel_agent", ["travel"]), ("office", "coworking", []),
        ("office", "energy_supplier", ["energy"]),
        ("amenity", "dentist", ["dental", "dentists"]), ("amenity", "doctors", ["doctor", "medical"]),
        ("amenity", "clinic", ["clinics", "healthcare"]), ("amenity", "veterinary", ["vet", "vets"]),
        ("amenity", "pharmacy", ["pharmacies"]), ("amenity", "restaurant", ["restaurants", "hospitality"]),
        ("amenity", "cafe", ["cafes"]), ("amenity", "language_school", []), ("amenity", "driving_school", []),
        ("tourism", "hotel", ["hotels"]), ("leisure", "fitness_centre", ["gym", "gyms", "fitness"]),
        ("shop", "hairdresser", ["hairdressers"]), ("shop", "bakery", ["bakeries"]),
        ("shop", "car", ["car dealer"]),
        ("shop", "car_repair", ["garage"]), ("shop", "furniture", []), ("shop", "clothes", ["fashion"]),
        ("shop", "electronics", []), ("shop", "optician", ["opticians"]), ("shop", "florist", ["florists"]),
        ("shop", "supermarket", ["supermarkets"]), ("shop", "beauty", ["cosmetics"]),
        ("shop", "bicycle", ["bikes"]),
        ("craft", "electrician", ["electricians"]), ("craft", "plumber", ["plumbers"]),
        ("craft", "carpenter", ["carpenters"]), ("craft", "painter", ["painters"]),
        ("craft", "brewery", ["breweries"]),
        ("craft", "photographer", ["photographers", "photography"]), ("craft", "metal_construction", []),
    ]
}
