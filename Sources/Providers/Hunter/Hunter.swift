internal import Agents
package import HTTPClient
package import Integrations
internal import JSON
package import Telemetry

/// Hunter: https://hunter.io/api-documentation/v2. Each of its capabilities is in a file of its own.
package struct Hunter: IntegrationProvider {
    package let name = "hunter"
    package let title = "Hunter"
    package let capabilities: Set<Capability> = [.emailVerification, .companyEnrichment, .leadSource]
    package let credentials = [CredentialField("api_key", "A key of the account, from its API page.")]
    /// One number of credits serves searches, checks and companies.
    package let countsByKey = true
    package let baseURL: String? = "https://api.hunter.io"
    /// The verifier takes ten calls a second, the others more.
    package let pace = ServicePace(concurrent: 5, interval: .milliseconds(100))

    let wire: LookupWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    /// Asks for the account, which is free.
    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check { () async throws(ToolFailure) in
            let answer = try await ask("/account", access, ConnectorCall())
            guard answer.body["data"]?.object != nil else { throw wire.unreadable }
            return "The key is known."
        }
    }
}
