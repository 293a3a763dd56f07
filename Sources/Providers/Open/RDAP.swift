package import Agents
package import Facts
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
internal import Synchronization
package import Telemetry

/// The registries of domains, by RDAP (RFC 9083): since when a domain is registered. The people in the answers are not
/// read.
package struct RDAP: EnrichmentProvider {
    package let name = "rdap"
    package let title = "RDAP"
    package let capabilities: Set<Capability> = [.companyEnrichment]
    package let credentials: [CredentialField] = []
    /// The address of the list of registries.
    package let baseURL: String? = "https://data.iana.org"
    package let pace = ServicePace(concurrent: 1, interval: .milliseconds(1000))
    package let isOpen = true
    /// A domain's age is a sign of how long somebody has been there, not the year of a founding.
    package let enrichedFields: Set<String> = ["growth"]
    package var sourceKind: FactSource.Kind { .register }

    private static let path = "/rdap/dns.json", age: Duration = .seconds(86_400)
    private let wire: OpenWire
    private let now: @Sendable () -> Instant
    private let registries = Registries()

    /// The services of registries by their suffixes, as they were last read; one list for all agencies.
    private final class Registries: Sendable {
        let known = Mutex<[String: (services: [String: String], at: Instant)]>([:])
    }

    /// `now` is real time: limits are given as moments. `agent` tells services who asks.
    package init(_ outbound: HTTPClient, agent: String, now: @escaping @Sendable () -> Instant) {
        wire = OpenWire("RDAP", outbound, agent: agent, now: now)
        self.now = now
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(access) { () async throws(ToolFailure) in
            try await services(access, ConnectorCall()).isEmpty == false
        }
    }

    package func ask(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws -> CompanyAnswer {
        guard let domain = question.domain else { return CompanyAnswer() }
        let services = try await services(access, reach)
        let labels = domain.split(separator: ".")
        // The longest suffix wins.
        let service = labels.indices.dropFirst().lazy
            .compactMap { services[labels[$0...].joined(separator: ".")] }.first
        guard let service else { return CompanyAnswer() }
        let base = service.hasSuffix("/") ? service : "\(service)/"
        guard let answer = try await entry("\(base)domain/\(domain)", access, reach) else {
            return CompanyAnswer()
        }
        var told = CompanyAnswer()
        told.domain = answer["ldhName"]?.text.map { $0.lowercased() }
        let registered = answer["events"]?.array?.first { $0["eventAction"]?.text == "registration" }
        guard let date = registered?["eventDate"]?.text, date.utf8.count >= 10 else { return told }
        told.url = "\(base)domain/\(domain)"
        told.statements = [
            CompanyStatement(
                "growth", [.string("\(domain) is registered since \(date.prefix(10))")], quote: date,
                confidence: 0.9)
        ]
        return told
    }

    /// Returns a registry's entry; `nil` where it has none, which some say under load, too: it says nothing.
    private func entry(
        _ url: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON? {
        let answer = try await wire.wire.ask(
            url, access, reach,
            headers: [("User-Agent", wire.agent), ("Accept", "application/rdap+json")])
        if answer.status == 404 { return nil }
        if let failure = wire.wire.usualFailure(answer, reach) { throw failure }
        return answer.body
    }

    private func services(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: String] {
        let (place, time) = (access.baseURL, now())
        if let kept = registries.known.withLock({ $0[place] }), time - kept.at < Self.age {
            return kept.services
        }
        let answer = try await wire.get(Self.path, [], access, reach)
        guard let list = answer["services"]?.array else { throw wire.wire.unreadable }
        var services: [String: String] = [:]
        for entry in list {
            guard let parts = entry.array, parts.count == 2, let suffixes = parts[0].array,
                let addresses = parts[1].array?.compactMap(\.text)
            else { continue }
            guard let address = addresses.first(where: { $0.hasPrefix("https:") }) ?? addresses.first else {
                continue
            }
            for suffix in suffixes.compactMap(\.text) { services[suffix.lowercased()] = address }
        }
        registries.known.withLock { $0[place] = (services, time) }
        return services
    }
}
