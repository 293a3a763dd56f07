package import Agents
package import Facts
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// Abstract's description of companies by their domains: https://docs.abstractapi.com/company-enrichment
package struct AbstractCompany: EnrichmentProvider {
    package let name = "abstract_company"
    package let title = "Abstract company enrichment"
    package let capabilities: Set<Capability> = [.companyEnrichment]
    package let credentials = [
        CredentialField("api_key", "The key for company enrichment; each of Abstract's products has its own.")
    ]
    package let baseURL: String? = "https://companyenrichment.abstractapi.com"
    /// The free plan takes one call a second.
    package let pace = ServicePace(concurrent: 1, interval: .seconds(1))
    package let isTestCounted = true
    package let enrichedFields: Set<String> = [
        "founded_year", "description", "location", "country", "industry", "employee_count", "annual_revenue",
        "revenue_range", "phone", "email", "technologies", "linkedin_url", "social_urls",
    ]

    private let wire: LookupWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    /// Asks about a domain that belongs to nobody: no call names the account.
    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check { () async throws(ToolFailure) in
            _ = try await answer("example.com", access, ConnectorCall())
            return "The key is known."
        }
    }

    package func ask(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws -> CompanyAnswer {
        guard let domain = question.domain else { return CompanyAnswer() }
        return try Self.read(try await answer(domain, access, reach), wire)
    }

    private func answer(
        _ domain: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let url =
            "\(access.baseURL)/v2?api_key=\(access.credential("api_key").percentEncoded)"
            + "&domain=\(domain.percentEncoded)"
        let answer = try await wire.ask(url, access, reach)
        if let failure = AbstractAnswers.failure(answer, wire, reach) { throw failure }
        return answer.body
    }

    /// Of a domain that Abstract does not know, every member is null.
    private static func read(_ body: JSON, _ wire: LookupWire) throws(ToolFailure) -> CompanyAnswer {
        guard body.object != nil else { throw wire.unreadable }
        var answer = CompanyAnswer(), fields = CompanyFields(confidence: 0.75)
        (answer.domain, answer.name) = (body["domain"]?.text, body["company_name"]?.text)
        fields.add("founded_year", body["year_founded"])
        fields.add("description", body["description"])
        fields.add("location", CompanyFields.place(body["city"], body["state"]))
        fields.add(
            country: body["country_iso_code"]?.text == nil ? body["country"] : body["country_iso_code"])
        fields.add("industry", body["industry"])
        fields.add(number: body["employee_count"], to: "employee_count")
        fields.add(dollars: body["annual_revenue"], to: "annual_revenue")
        fields.add("revenue_range", body["revenue_range"])
        fields.add("phone", body["phone_numbers"]?.array?.first, less: 0.1)
        fields.add("email", body["email_addresses"]?.array?.first, less: 0.1)
        fields.add("technologies", body["technologies"])
        fields.add(url: body["linkedin_url"], to: "linkedin_url")
        fields.add(profiles: [body["facebook_url"], body["twitter_url"], body["instagram_url"]])
        answer.ranges["employee_count"] = CompanyFields.range(body["employee_range"])
        answer.statements = fields.statements
        return answer
    }
}
