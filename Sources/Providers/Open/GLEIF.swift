package import Agents
package import Facts
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// GLEIF, the register of legal entities with an LEI: https://www.gleif.org/en/lei-data/gleif-api (CC0).
package struct GLEIF: EnrichmentProvider, CompanyListing {
    package let name = "gleif"
    package let title = "GLEIF"
    package let capabilities: Set<Capability> = [.companyEnrichment, .leadSource]
    package let credentials: [CredentialField] = []
    package let baseURL: String? = "https://api.gleif.org"
    /// It publishes no figure; an agency's questions are few.
    package let pace = ServicePace(concurrent: 1, interval: .milliseconds(1000))
    package let isOpen = true
    package let enrichedFields: Set<String> = [
        "legal_name", "registration_number", "location", "country", "founded_year",
    ]
    package var sourceKind: FactSource.Kind { .register }

    private static let path = "/api/v1/lei-records", type = "application/vnd.api+json", pageSize = 50
    private let wire: OpenWire

    /// `now` is real time: limits are given as moments. `agent` tells services who asks.
    package init(_ outbound: HTTPClient, agent: String, now: @escaping @Sendable () -> Instant) {
        wire = OpenWire("GLEIF", outbound, agent: agent, now: now)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(access) { () async throws(ToolFailure) in
            let query = [(name: "page[size]", value: "1")]
            return try await wire.get(Self.path, query, access, ConnectorCall(), accept: Self.type)["data"]?
                .array != nil
        }
    }

    // MARK: Lists

    package func canList(_ criteria: CompanyCriteria) -> Bool {
        !criteria.countries.isEmpty || !criteria.keywords.isEmpty || criteria.place != nil
    }

    package func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage {
        let page = cursor.flatMap { Int($0) } ?? 1
        var query: [(name: String, value: String)] = []
        if !criteria.keywords.isEmpty {
            query.append(("filter[entity.legalName]", criteria.keywords.joined(separator: " ")))
        }
        if !criteria.countries.isEmpty {
            query.append(("filter[entity.legalAddress.country]", criteria.countries.joined(separator: ",")))
        }
        if let place = criteria.place { query.append(("filter[entity.legalAddress.city]", place)) }
        query += [("page[size]", "\(Self.pageSize)"), ("page[number]", "\(page)")]
        let answer = try await wire.get(Self.path, query, access, reach, accept: Self.type)
        guard let records = answer["data"]?.array else { throw wire.wire.unreadable }
        let companies = records.compactMap { company($0) }
        let isLast = answer["links"]?["next"]?.text == nil || records.isEmpty
        return ListedPage(companies, next: isLast ? nil : "\(page + 1)")
    }

    private func company(_ record: JSON) -> ListedCompany? {
        guard let lei = record["id"]?.text, let entity = record["attributes"]?["entity"],
            entity["status"]?.text != "INACTIVE", let name = entity["legalName"]?["name"]?.text
        else { return nil }
        var company = ListedCompany(key: lei, url: address(of: record, lei))
        company.set("company", name)
        company.set("legal_name", name)
        company.set("country", entity["legalAddress"]?["country"]?.text)
        company.set("location", entity["legalAddress"]?["city"]?.text)
        company.set("registration_number", entity["registeredAs"]?.text)
        company.registerNumber = Self.number(entity)
        company.confidence = Self.confidence(record)
        return company
    }

    // MARK: One company

    package func canAnswer(_ question: CompanyQuestion) -> Bool { question.location != nil }

    /// It knows no sites: a record is the company's where name and town, or postal code, are.
    package func ask(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws -> CompanyAnswer {
        var query = [(name: "filter[entity.legalName]", value: question.name)]
        if let country = question.country { query.append(("filter[entity.legalAddress.country]", country)) }
        query.append(("page[size]", "10"))
        let answer = try await wire.get(Self.path, query, access, reach, accept: Self.type)
        guard let records = answer["data"]?.array else { throw wire.wire.unreadable }
        let same = records.filter { record in
            guard let entity = record["attributes"]?["entity"], entity["status"]?.text != "INACTIVE",
                let place = question.location,
                CompanyIdentity.isSame(entity["legalName"]?["name"]?.text ?? "", question.name)
            else { return false }
            return ["legalAddress", "headquartersAddress"].contains { member in
                CompanyIdentity.names(place, entity[member]?["city"]?.text)
                    || CompanyIdentity.names(place, entity[member]?["postalCode"]?.text)
            }
        }
        // Two of the same name in one town: a person has to look.
        guard same.count == 1 else { return CompanyAnswer() }
        return told(same[0])
    }

    private func told(_ record: JSON) -> CompanyAnswer {
        var answer = CompanyAnswer()
        guard let entity = record["attributes"]?["entity"], let lei = record["id"]?.text else {
            return answer
        }
        let confidence = Self.confidence(record), address = entity["legalAddress"]
        (answer.name, answer.country) = (entity["legalName"]?["name"]?.text, address?["country"]?.text)
        answer.url = self.address(of: record, lei)
        func say(_ field: String, _ text: String?, _ value: JSON? = nil) {
            guard let text, !text.isEmpty else { return }
            answer.statements.append(
                CompanyStatement(field, value ?? .string(text), quote: text, confidence: confidence))
        }
        say("legal_name", answer.name)
        say("registration_number", entity["registeredAs"]?.text)
        say("country", answer.country)
        say("location", address?["city"]?.text)
        let made = entity["creationDate"]?.text
        say("founded_year", made, made.flatMap { Int64($0.prefix(4)) }.map { .integer($0) })
        return answer
    }

    /// A record that nobody has renewed may be out of date.
    private static func confidence(_ record: JSON) -> Double {
        record["attributes"]?["registration"]?["status"]?.text == "LAPSED" ? 0.6 : 0.9
    }

    private static func number(_ entity: JSON) -> String? {
        guard let number = entity["registeredAs"]?.text, let country = entity["jurisdiction"]?.text else {
            return nil
        }
        return "\(country.prefix(2)):\(number.filter { $0 != " " })"
    }

    private func address(of record: JSON, _ lei: String) -> String {
        record["links"]?["self"]?.text ?? "\(baseURL ?? "")\(Self.path)/\(lei)"
    }
}
