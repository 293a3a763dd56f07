package import Agents
package import Integrations
internal import JSON
internal import Records

/// Hunter's discovery of companies, which is free.
extension Hunter: CompanyListing {
    private static let pageSize = 100
    private static let sizes: [(name: String, least: Int, most: Int)] = [
        ("1-10", 1, 10), ("11-50", 11, 50), ("51-200", 51, 200), ("201-500", 201, 500),
        ("501-1000", 501, 1000),
        ("1001-5000", 1001, 5000), ("5001-10000", 5001, 10_000), ("10001+", 10_001, .max),
    ]

    package func canList(_ criteria: CompanyCriteria) -> Bool {
        !criteria.countries.isEmpty || !criteria.industries.isEmpty || !criteria.keywords.isEmpty
    }

    package func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage {
        var body: JSONObject = [:]
        if !criteria.countries.isEmpty {
            let places = criteria.countries.map { JSON.object(["country": .string($0)]) }
            body.append("headquarters_location", ["include": .array(places)])
        }
        if !criteria.industries.isEmpty { body.append("industry", ["include": JSON(criteria.industries)]) }
        if !criteria.keywords.isEmpty {
            body.append("keywords", ["match": "any", "include": JSON(criteria.keywords)])
        }
        if criteria.employeesFrom != nil || criteria.employeesTo != nil {
            let fitting = Self.sizes.filter {
                $0.most >= criteria.employeesFrom ?? 0 && $0.least <= criteria.employeesTo ?? .max
            }
            body.append("headcount", JSON(fitting.map(\.name)))
        }
        let start = cursor.flatMap { Int($0) } ?? 0
        // Only paid plans may say where to begin.
        if start > 0 {
            body.append("limit", JSON(Self.pageSize))
            body.append("offset", JSON(start))
        }
        let answer = try await ask("/discover", access, reach, body: .object(body))
        guard let found = answer.body["data"]?.array else { throw wire.unreadable }
        let companies = found.compactMap { entry -> ListedCompany? in
            guard let domain = entry["domain"]?.text, !domain.isEmpty else { return nil }
            var company = ListedCompany(key: domain)
            company.set("company", entry["organization"]?.text ?? domain)
            company.set("website", "https://\(domain)", quote: domain)
            return company
        }
        let total = Int(answer.body["meta"]?["results"]?.int ?? 0), end = start + found.count
        return ListedPage(companies, next: found.isEmpty || end >= total ? nil : "\(end)")
    }
}
