package import Agents
package import Facts
package import Integrations
internal import JSON
internal import Records

extension Hunter: EnrichmentProvider {
    package var enrichedFields: Set<String> {
        [
            "founded_year", "legal_name", "description", "industry", "location", "linkedin_url",
            "technologies",
        ]
    }

    /// A domain that Hunter does not know is answered with 404.
    package func ask(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws -> CompanyAnswer {
        guard let domain = question.domain else { return CompanyAnswer() }
        do throws(ToolFailure) {
            let answer = try await ask(
                "/companies/find", access, reach, query: [(name: "domain", value: domain)])
            guard let data = answer.body["data"], data.object != nil else { throw wire.unreadable }
            return Self.read(data)
        } catch {
            let failure = error
            guard failure.code == "not_found" || failure.code == Self.claimed else { throw failure }
            return CompanyAnswer()
        }
    }

    private static func read(_ data: JSON) -> CompanyAnswer {
        var answer = CompanyAnswer(), fields = CompanyFields(confidence: 0.75)
        (answer.domain, answer.name) = (data["domain"]?.text, data["name"]?.text)
        fields.add("founded_year", data["foundedYear"])
        fields.add("legal_name", data["legalName"])
        fields.add("description", data["description"])
        fields.add("industry", data["category"]?["industry"])
        fields.add("location", data["location"])
        if let handle = data["linkedin"]?["handle"]?.text, !handle.isEmpty {
            let path = handle.contains("/") ? handle : "company/\(handle)"
            fields.add(
                "linkedin_url", data["linkedin"]?["handle"],
                as: .string("https://www.linkedin.com/\(path)"))
        }
        fields.add("technologies", data["tech"])
        answer.ranges["employee_count"] = CompanyFields.range(data["metrics"]?["employees"])
        answer.statements = fields.statements
        return answer
    }
}
