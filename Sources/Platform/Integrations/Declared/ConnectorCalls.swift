internal import Agents
internal import Database
internal import Jobs
internal import Telemetry
internal import Tenancy

extension ConnectorClient {
    private static let deadline: Duration = .seconds(30)

    /// Does something at the service with the gate's permit, and keeps how it ended. `key`: of what changes something
    /// there, the same for further attempts.
    func pass<Answer: Sendable>(
        _ tool: String, key: String? = nil,
        _ work: (ConnectorWire, ConnectorCall) async throws(ToolFailure) -> Answer
    ) async throws -> Answer {
        try checkAccount()
        let calls = IntegrationCalls(
            provider: provider, integration: integration, tenant: tenant, caller: caller, services: services,
            deadline: Self.deadline, asked: asked)
        return try await calls.pass(tool, key: key) { access, reach async throws(ToolFailure) in
            try await work(ConnectorWire(connector, access, services.platform.outbound), reach)
        }
    }
}
