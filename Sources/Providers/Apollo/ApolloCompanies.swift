package import Agents
package import Integrations
internal import JSON
internal import Records

/// Apollo's search of companies; each page is paid for.
extension Apollo: CompanyListing {
    private static let pageSize = 50, pagesMax = 500

    package func canList(_ criteria: CompanyCriteria) -> Bool {
        !criteria.countries.isEmpty || criteria.place != nil
            || !(criteria.keywords + criteria.industries).isEmpty
    }

    package func list(
        _ criteria: CompanyCriteria, after cursor: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ListedPage {
        let page = cursor.flatMap { Int($0) } ?? 1
        var query: [(name: String, value: String)] = []
        let places = criteria.place.map { [$0] } ?? criteria.countries.map { Country($0)?.englishName ?? $0 }
        query += places.map { ("organization_locations[]", $0) }
        query += (criteria.keywords + criteria.industries).map { ("q_organization_keyword_tags[]", $0) }
        if criteria.employeesFrom != nil || criteria.employeesTo != nil {
            let range = "\(criteria.employeesFrom ?? 1),\(criteria.employeesTo ?? 1_000_000)"
            query.append(("organization_num_employees_ranges[]", range))
        }
        query += [("page", "\(page)"), ("per_page", "\(Self.pageSize)")]
        let answer = try await ask("/mixed_companies/search", access, reach, query: query)
        guard let found = answer.body["organizations"]?.array ?? answer.body["accounts"]?.array else {
            throw wire.unreadable
        }
        let companies = found.compactMap { company($0) }
        let total =
            answer.body["pagination"]?["total_pages"]?.int
            ?? answer.body["total_entries"]?.int.map {
                (min($0, 1_000_000) + Int64(Self.pageSize) - 1) / Int64(Self.pageSize)
            }
        let pages = min(Int(total ?? 1), Self.pagesMax)
        return ListedPage(companies, next: page < pages && !found.isEmpty ? "\(page + 1)" : nil)
    }

    private func company(_ entry: JSON) -> ListedCompany? {
        guard let id = entry["id"]?.text, let name = entry["name"]?.text else { return nil }
        var company = ListedCompany(key: id)
        company.set("company", name)
        company.set(
            "website", entry["website_url"]?.text ?? entry["primary_domain"]?.text.map { "https://\($0)" })
        company.set("linkedin_url", entry["linkedin_url"]?.text)
        company.set("industry", entry["industry"]?.text)
        company.set("phone", entry["phone"]?.text ?? entry["primary_phone"]?["number"]?.text)
        company.set("location", entry["city"]?.text)
        company.set("country", entry["country"]?.text)
        if let staff = entry["estimated_num_employees"]?.int {
            company.values["employee_count"] = .integer(staff)
        }
        if let year = entry["founded_year"]?.int { company.values["founded_year"] = .integer(year) }
        return company
    }
}
