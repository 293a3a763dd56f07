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
    /// there, the same for further attempts. A token that is over is renewed once; within the overlap of a rotation
    /// the credentials before it serve where the new ones are refused.
    func pass<Answer: Sendable>(
        _ tool: String, key: String? = nil,
        _ work: (IntegrationAccess, ConnectorCall) async throws(ToolFailure) -> Answer
    ) async throws -> Answer {
        let (permit, integration) = try await permit(tool, key: key)
        asked()
        var access: IntegrationAccess?, answer: Answer
        do throws(ToolFailure) {
            let first = try await self.access(to: integration)
            access = first
            do throws(ToolFailure) {
                answer = try await work(first, permit.reach)
            } catch {
                guard error.isOfAccount, let second = try await other(than: first, of: integration)
                else { throw error }
                access = second
                answer = try await work(second, permit.reach)
            }
        } catch {
            let failure = error, refused = access
            try await services.platform.database.write(tenant) { tx in
                try tx.gate.settleUnasked(permit, failure.isAmbiguous ? .unknown(failure) : .failed(failure))
                if failure.isOfAccount, let refused {
                    try tx.integrations.fails(refused, because: .cause(failure.code, failure.detail))
                }
            }
            throw failure
        }
        try await services.platform.database.write(tenant) { try $0.gate.settleUnasked(permit, .succeeded) }
        return answer
    }

    private func access(
        to integration: Integration, refusing token: String? = nil
    ) async throws(ToolFailure) -> IntegrationAccess {
        do {
            return try await services.freshAccess(to: integration, of: tenant, provider, refusing: token)
        } catch let failure as OAuthFailure {
            switch failure {
            case .refused(let detail): throw ToolFailure("access_refused", detail, isRetryable: false)
            case .unreachable(let detail):
                throw ToolFailure("unreachable", detail, isRetryable: true, blamesProvider: true)
            }
        } catch {
            throw ToolFailure("unreachable", "the credentials cannot be read now", isRetryable: true)
        }
    }

    /// Returns the access by another token than the one that the service has refused, or by the credentials before the
    /// last rotation; `nil` where there are no others.
    private func other(
        than access: IntegrationAccess, of integration: Integration
    ) async throws(ToolFailure) -> IntegrationAccess? {
        let former = access.former(at: services.platform.now())
        let token = access.credential(OAuthCredential.access)
        guard provider is any OAuthProvider, !token.isEmpty else { return former }
        let renewed = try await self.access(to: integration, refusing: token)
        return renewed.credential(OAuthCredential.access) == token ? former : renewed
    }

    private func permit(_ tool: String, key: String?) async throws -> (Permit, Integration) {
        do {
            return try await services.platform.database.write(tenant) { tx in
                guard !tx.sandboxClock.isSandbox else {
                    throw ToolFailure("sandbox", "a sandbox asks no services", isRetryable: false)
                }
                guard let found = try Integration.resource.find(integration, in: tx), found.status == .active,
                    found.environment == .live
                else {
                    throw ToolFailure(
                        "disabled", "the integration is not active: look at \(integration)",
                        isRetryable: false)
                }
                try tx.integrations.noteUse(of: integration, by: caller.actor)
                let connector = found.connector(for: try tx.agency.tenant(), at: tx.now)
                let key = key ?? tx.makeID("ask_")
                let attempt = try tx.gate.nextAttempt(key: key, limit: deadline * 2)
                let permit = try tx.gate.permitUnasked(
                    tool, key: key, attempt: attempt, for: caller, by: connector, nil, deadline: deadline)
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
