package import Agents
package import Facts
package import Integrations
internal import JSON
internal import Records

extension Apollo: EnrichmentProvider {
    package var enrichedFields: Set<String> {
        [
            "founded_year", "description", "location", "country", "industry", "employee_count",
            "annual_revenue", "linkedin_url", "technologies", "phone",
        ]
    }

    /// A domain that Apollo does not know is answered without an organization.
    package func ask(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws -> CompanyAnswer {
        guard let domain = question.domain else { return CompanyAnswer() }
        let answer = try await ask(
            "/organizations/enrich", access, reach, method: "GET", query: [(name: "domain", value: domain)])
        guard answer.body.object != nil else { throw wire.unreadable }
        guard let found = answer.body["organization"], found.object != nil else { return CompanyAnswer() }
        return Self.read(found)
    }

    private static func read(_ body: JSON) -> CompanyAnswer {
        var answer = CompanyAnswer(), fields = CompanyFields(confidence: 0.75)
        (answer.domain, answer.name) = (body["primary_domain"]?.text, body["name"]?.text)
        fields.add("founded_year", body["founded_year"])
        fields.add("description", body["short_description"])
        fields.add("industry", body["industry"])
        fields.add("location", body["city"])
        fields.add(country: body["country"])
        fields.add(number: body["estimated_num_employees"], to: "employee_count")
        fields.add(dollars: body["annual_revenue"], to: "annual_revenue")
        fields.add(url: body["linkedin_url"], to: "linkedin_url")
        fields.add("technologies", body["technology_names"])
        fields.add("phone", body["primary_phone"]?["sanitized_number"] ?? body["phone"], less: 0.1)
        answer.statements = fields.statements
        return answer
    }
}
