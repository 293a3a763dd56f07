internal import Agents
package import HTTPClient
package import Integrations
internal import JSON
package import Telemetry

/// Apollo: https://docs.apollo.io. Each of its capabilities is in a file of its own.
package struct Apollo: IntegrationProvider {
    package let name = "apollo"
    package let title = "Apollo"
    package let capabilities: Set<Capability> = [.companyEnrichment, .leadSource]
    package let credentials = [CredentialField("api_key", "A master key: searches need one.")]
    package let baseURL: String? = "https://api.apollo.io"
    package let pace = ServicePace(concurrent: 2, interval: .milliseconds(300))

    let wire: LookupWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        wire = LookupWire(title: title, outbound: outbound, now: now, deadline: deadline)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check { () async throws(ToolFailure) in
            let answer = try await ask("/auth/health", access, ConnectorCall(), method: "GET")
            guard answer.body["is_logged_in"]?.flag != false else { throw wire.unauthenticated }
            return "The key is known."
        }
    }
}
