package import Agents
package import Facts
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// People Data Labs: https://docs.peopledatalabs.com/docs/company-enrichment-api. Only its companies are asked for.
package struct PeopleDataLabs: EnrichmentProvider {
    package let name = "people_data_labs"
    package let title = "People Data Labs"
    package let capabilities: Set<Capability> = [.companyEnrichment]
    package let credentials = [CredentialField("api_key", "A key of the account, from its dashboard.")]
    package let baseURL: String? = "https://api.peopledatalabs.com"
    /// A hundred calls a minute with the free plan.
    package let pace = ServicePace(concurrent: 2, interval: .milliseconds(600))
    package let isTestCounted = true
    package let enrichedFields: Set<String> = [
        "founded_year", "description", "location", "country", "industry", "employee_count", "linkedin_url",
    ]
    /// Below this likelihood, of ten, it may be another company.
    private static let likelihoodMin = 6

    private let wire: LookupWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    /// Asks about a domain that belongs to nobody: what is not found costs nothing.
    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check { () async throws(ToolFailure) in
            _ = try await answer("website=example.invalid", access, ConnectorCall())
            return "The key is known."
        }
    }

    package func canAnswer(_ question: CompanyQuestion) -> Bool { true }

    package func ask(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws -> CompanyAnswer {
        let query =
            question.domain.map { "website=\($0.percentEncoded)" }
            ?? "name=\(question.name.percentEncoded)"
            + (question.country.map { "&country=\($0.percentEncoded)" } ?? "")
        return try await answer(query, access, reach)
    }

    private func answer(
        _ query: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> CompanyAnswer {
        let url =
            "\(access.baseURL)/v5/company/enrich?\(query)&min_likelihood=\(Self.likelihoodMin)&pretty=false"
        let answer = try await wire.ask(
            url, access, reach, headers: [("X-Api-Key", access.credential("api_key"))])
        switch answer.status {
        case 402: throw wire.exhausted(reach)
        case 404: return CompanyAnswer()
        default: break
        }
        if let failure = wire.usualFailure(answer, reach) { throw failure }
        guard answer.body["name"]?.text != nil || answer.body["id"]?.text != nil else {
            throw wire.unreadable
        }
        return Self.read(answer.body)
    }

    /// Texts are in lower case; smaller plans have true in place of a value.
    private static func read(_ body: JSON) -> CompanyAnswer {
        let likelihood = body["likelihood"]?.double ?? Double(likelihoodMin)
        var answer = CompanyAnswer(), fields = CompanyFields(confidence: min(0.9, likelihood / 10))
        (answer.domain, answer.name) = (
            body["website"]?.text, body["display_name"]?.text ?? body["name"]?.text
        )
        fields.add("founded_year", body["founded"])
        fields.add("description", body["summary"])
        fields.add("industry", body["industry"])
        let place = body["location"]
        let city = place?["locality"]?.text.map { JSON.string($0.capitalizedWords) }
        fields.add("location", place?["locality"], as: city)
        fields.add(country: place?["country"])
        answer.country = place?["country"]?.text.flatMap { Country(named: $0)?.code }
        fields.add(number: body["employee_count"], to: "employee_count")
        fields.add(url: body["linkedin_url"], to: "linkedin_url")
        answer.ranges["employee_count"] = CompanyFields.range(body["size"])
        answer.statements = fields.statements
        return answer
    }
}

extension String {
    /// Each word with a capital.
    fileprivate var capitalizedWords: String {
        split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.prefix(1).uppercased() + word.dropFirst()
        }.joined(separator: " ")
    }
}
