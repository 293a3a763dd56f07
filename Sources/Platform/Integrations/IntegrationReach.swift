package import Agents
package import Database
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Renews what an integration gets in with where its service lets that be for an hour or so.
struct RenewAccessTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "renew_access"
    let title = "Renew access"
    let summary = "Asks a service for new tokens in place of those that end; nobody calls it by its name."
    let effect = ToolClass.reads
}

/// Registers what the gate knows of integrations and models: the tool that renews access, and their connectors.
package func integrationTools(_ registration: inout JobRegistration) {
    registration.add(RenewAccessTool())
    registration.questions.connector = { reader, id in
        if let id = ID<LanguageModel>(id) {
            return try LanguageModel.resource.find(id, in: reader).map {
                Connector($0.id, name: $0.name, priority: $0.position)
            }
        }
        guard let id = IntegrationID(id), let found = try Integration.resource.find(id, in: reader) else {
            return nil
        }
        return found.connector(for: try reader.reading.agency.tenant(), at: reader.now)
    }
}

extension PlatformServices {
    /// Asks for tokens, which is kept as a call.
    func exchange(
        _ integration: Integration, _ provider: any OAuthProvider, _ access: IntegrationAccess,
        _ tenant: TenantID, _ pairs: [(name: String, value: String)], at address: String? = nil
    ) async throws -> Result<OAuthAnswer, OAuthFailure> {
        let start = systemSteadyClock()
        let answer = await ask(provider, access, pairs, at: address)
        let (took, end) = (systemSteadyClock() - start, answer.end)
        try await database.write(tenant) { tx in
            try tx.integrations.keepLook(RenewAccessTool.name, into: integration, end, found: 1, took: took)
        }
        return answer
    }
}

package extension IntegrationStore where Base == Transaction {
    /// Keeps a look that Bureau itself has had into an integration, and notes its use. Of one that is gone nothing is
    /// kept. `found`: how much it brought.
    func keepLook(
        _ tool: String, into integration: Integration, _ end: ConnectorCallEnd, found: Int, bytes: Int = 0,
        took: Duration
    ) throws {
        guard try Integration.resource.find(integration.id, in: tx) != nil else { return }
        try tx.integrationCredentials.noteUse(of: integration.id, by: .system)
        let caller = ToolCaller(
            actor: .system, subject: integration.subject, clientID: integration.clientID)
        try tx.connectorCalls.keepReading(
            with: tool, of: integration.id, for: caller, end, found: found, bytes: bytes, took: took)
    }
}

extension Result<OAuthAnswer, OAuthFailure> {
    fileprivate var end: ConnectorCallEnd {
        switch self {
        case .success: .succeeded
        case .failure(.refused(let detail)):
            .failed(ToolFailure("access_refused", detail, isRetryable: false))
        case .failure(.unreachable(let detail)):
            .failed(ToolFailure("unreachable", detail, isRetryable: true, blamesProvider: true))
        }
    }
}
