internal import Agents
internal import Database
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Calls to one integration's service. Each passes the gate, with the integration's limits, circuit and price, and is
/// kept; from a sandbox nothing is asked. Failures are `ToolFailure`.
struct IntegrationCalls: Sendable {
    let provider: any IntegrationProvider
    let integration: IntegrationID
    let tenant: TenantID
    let caller: ToolCaller
    let services: IntegrationServices
    let deadline: Duration
    /// Hears of each call that the gate has let through.
    var asked: @Sendable () -> Void = {}

    /// Does something at the service with the gate's permit, and keeps how it ended. `key`: of what changes something
    /// there, the same for further attempts.
    func pass<Answer: Sendable>(
        _ tool: String, key: String? = nil,
        _ work: (IntegrationAccess, ConnectorCall) async throws(ToolFailure) -> Answer
    ) async throws -> Answer {
        let lent = try await takeLent()
        let (permit, integration): (Permit, Integration)
        do {
            (permit, integration) = try await self.permit(tool, key: key)
        } catch {
            if let lent { try await services.giveBackShared(lent) }
            throw error
        }
        asked()
        let (answer, access) = await services.ask(integration, of: tenant, as: provider, permit.reach, work)
        try await services.platform.database.write(tenant) { tx in
            try tx.integrations.settle(permit, answer, by: access)
        }
        return try answer.get()
    }

    /// Takes a call of what the installation's key may make, where the integration has no credentials of its own.
    private func takeLent() async throws -> SharedConnection? {
        let (found, now) = try services.platform.database.read(tenant) {
            (try Integration.resource.find(integration, in: $0), $0.now)
        }
        guard let found, let lent = try services.lent(to: found, provider, tenant) else { return nil }
        guard let until = try await services.takeShared(lent) else { return lent }
        throw ToolFailure(
            "quota_exhausted", "the installation's key has no calls left for now", isRetryable: true,
            retryAfter: max(.zero, until - now))
    }

    private func permit(_ tool: String, key: String?) async throws -> (Permit, Integration) {
        do {
            return try await services.platform.database.write(tenant) { tx in
                guard !tx.sandboxClock.isSandbox else {
                    throw ToolFailure("sandbox", "a sandbox asks no services", isRetryable: false)
                }
                guard let found = try Integration.resource.find(integration, in: tx), found.isInUse else {
                    throw ToolFailure(
                        "disabled", "the integration is not active: look at \(integration)",
                        isRetryable: false)
                }
                let effect = ServiceEffect(tool, key: key ?? tx.makeID("ask_"), for: caller)
                let permit = try tx.integrations.permit(
                    effect, at: found, cutOffAfter: deadline * 2, deadline: deadline)
                return (permit, found)
            }
        } catch let busy as ConnectorBusy {
            let now = try services.platform.database.read(tenant) { $0.now }
            throw ToolFailure(
                busy.refusal.code, busy.refusal.detail, isRetryable: true,
                retryAfter: max(.zero, busy.refusal.until - now))
        } catch let refusal as ToolRefusal {
            throw ToolFailure(
                refusal.code, refusal.detail, isRetryable: refusal.retryAfter != nil,
                retryAfter: refusal.retryAfter)
        }
    }
}
