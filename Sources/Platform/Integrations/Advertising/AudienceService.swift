package import Agents
package import Database
package import Records
internal import Telemetry

/// An advertising service with audiences of people, whom it knows by digests of their addresses. One instance serves
/// every agency. All that is done with an audience is the same when it is done twice.
package protocol AudienceService: IntegrationProvider {
    /// The number of people who are put on an audience, or taken off, in one call.
    var audienceBatch: Int { get }

    /// Returns the digest by which the service knows an address.
    func digest(of address: EmailAddress) -> String
    /// Returns the id of the audience whose name ends with a key; one is made where there is none.
    func audience(
        named name: String, key: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String
    /// Puts people on an audience, or takes them off.
    func change(
        _ audience: String, to isMember: Bool, _ digests: [String], _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure)
}

/// Changes who is on an audience at an advertising service.
struct ChangeAudienceTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "change_ad_audience"
    let title = "Change an audience of advertisements"
    let summary = "Puts people on an audience at an advertising service, or takes them off."
    let effect = ToolClass.writes
    let takesQuota = true
}

/// The audiences of one integration's advertising service. Failures are `ToolFailure`.
package struct AdAudiences: Sendable {
    package let service: any AudienceService
    private let calls: IntegrationCalls

    fileprivate init(_ service: any AudienceService, _ calls: IntegrationCalls) {
        (self.service, self.calls) = (service, calls)
    }

    package func audience(named name: String, key: String) async throws -> String {
        try await calls.pass(ChangeAudienceTool.name) { access, reach async throws(ToolFailure) in
            try await service.audience(named: name, key: key, access, reach)
        }
    }

    package func change(_ audience: String, to isMember: Bool, _ digests: [String]) async throws {
        try await calls.pass(ChangeAudienceTool.name) { access, reach async throws(ToolFailure) in
            try await service.change(audience, to: isMember, digests, access, reach)
        }
    }
}

extension IntegrationServices {
    /// Returns the way to the audiences of an integration's service; `nil` where it has none.
    package func audiences(
        of integration: Integration, _ tenant: TenantID, for caller: ToolCaller
    ) -> AdAudiences? {
        guard let service = providers[integration.provider] as? any AudienceService else { return nil }
        return AdAudiences(
            service,
            IntegrationCalls(
                provider: service, integration: integration.id, tenant: tenant, caller: caller,
                services: self, deadline: .seconds(60)))
    }
}
