package import Database
internal import HTTPServer
internal import Records
internal import Synchronization
internal import Telemetry

/// The integrations whose keys stand in pages, by these; kept in mind until an integration of the tenant changes.
package final class PublicKeys: Sendable {
    /// Whose paths are open to pages of every origin.
    static let chatPath = "/v1/chat/"

    package struct Target: Sendable {
        package let tenant: TenantID
        package let integration: Integration
        fileprivate let limiter = Limiter()
    }

    private static let keptMax = 20_000

    private struct State {
        var targets: [String: Target] = [:]
        var changes = 0
    }

    private let services: PlatformServices
    private let provider: String
    /// Of one integration.
    private let allowance: Allowance
    private let state = Mutex(State())

    package init(_ services: PlatformServices, of provider: String) {
        (self.services, self.provider) = (services, provider)
        allowance = Allowance(
            perMinute: services.settings.hookRequestsPerMinute, burst: services.settings.hookBurst)
        services.database.listen(Integration.changed) { [weak self] tenant in
            self?.state.withLock { state in
                state.changes += 1
                state.targets = state.targets.filter { $0.value.tenant.rawValue != tenant }
            }
        }
    }

    /// Throws 404 for a key that opens nothing, and 429 for one that is used too much.
    package func target(_ key: String) throws -> Target {
        guard let target = try state.withLock({ $0.targets[key] }) ?? find(key) else {
            throw Problem(.notFound)
        }
        let verdict = target.limiter.take(allowance, now: services.now())
        guard verdict.isAllowed else { throw Problem.rateLimited(after: verdict.retryAfter) }
        return target
    }

    private func find(_ key: String) throws -> Target? {
        guard key.utf8.count == 40 else { return nil }
        let changes = state.withLock { $0.changes }
        let found = try services.database.acrossTenantsRead { try $0.acrossTenantsIntegration(hook: key) }
        guard let (tenant, integration) = found, integration.status != .disabled,
            integration.publicKey == key, integration.provider == provider
        else { return nil }
        let target = Target(tenant: tenant, integration: integration)
        state.withLock { state in
            guard state.changes == changes else { return }
            if state.targets.count >= Self.keptMax { state.targets = [:] }
            state.targets[key] = target
        }
        return target
    }
}
