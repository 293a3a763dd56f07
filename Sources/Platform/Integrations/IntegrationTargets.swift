internal import Database
internal import Nouns
internal import Records
internal import Synchronization
internal import Telemetry
internal import Tenancy

/// The integrations that strangers reach by a token: the address of a hook, the key that stands in a page. Kept in
/// mind until an integration of the tenant changes, and limited one by one.
final class IntegrationTargets<Target: Sendable>: Sendable {
    private struct Entry {
        let tenant: TenantID
        let target: Target
        let limiter = Limiter(), signs = Limiter()
    }

    /// The use of a token.
    enum Use { case request, sign }

    private struct State {
        var entries: [String: Entry] = [:]
        var changes = 0
    }

    private static var keptMax: Int { 20_000 }
    private static var tokenLength: Int { 40 }

    private let services: PlatformServices
    /// Of one integration.
    private let allowance: Allowance
    private let make: @Sendable (TenantID, Integration) throws -> Target?
    private let state = Mutex(State())

    /// `make` says what an integration is reached as, if at all; one that is disabled, or no live one, is left out.
    init(
        _ services: PlatformServices, make: @escaping @Sendable (TenantID, Integration) throws -> Target?
    ) {
        (self.services, self.make) = (services, make)
        allowance = Allowance(
            perMinute: services.settings.hookRequestsPerMinute, burst: services.settings.hookBurst)
        services.database.listen(Integration.changed) { [weak self] tenant in
            self?.state.withLock { state in
                state.changes += 1
                state.entries = state.entries.filter { $0.value.tenant.rawValue != tenant }
            }
        }
    }

    /// Throws 404 for a token that opens nothing that fits, and 429 for one that is used too much. Signs are counted by
    /// themselves: they keep no request out.
    func target(
        _ token: String, for use: Use = .request, where fits: (Target) -> Bool = { _ in true }
    ) throws -> Target {
        guard let entry = try state.withLock({ $0.entries[token] }) ?? find(token), fits(entry.target) else {
            throw Problem(.notFound)
        }
        let limiter = use == .request ? entry.limiter : entry.signs
        let verdict = limiter.take(allowance, now: services.now())
        guard verdict.isAllowed else { throw Problem.rateLimited(after: verdict.retryAfter) }
        return entry.target
    }

    private func find(_ token: String) throws -> Entry? {
        guard token.utf8.count == Self.tokenLength else { return nil }
        let changes = state.withLock { $0.changes }
        let found = try services.database.acrossTenantsRead { try $0.acrossTenantsIntegration(hook: token) }
        guard let (tenant, integration) = found, integration.status != .disabled,
            integration.environment == .live, let target = try make(tenant, integration)
        else { return nil }
        let entry = Entry(tenant: tenant, target: target)
        state.withLock { state in
            // An entry that was read before a change is out of date.
            guard state.changes == changes else { return }
            if state.entries.count >= Self.keptMax { state.entries = [:] }
            state.entries[token] = entry
        }
        return entry
    }
}

extension SystemReader {
    fileprivate func acrossTenantsIntegration(hook token: String) throws -> (TenantID, Integration)? {
        let found = try first("SELECT tenant_id, id FROM integrations WHERE hook_token = \(token)") { row in
            (TenantID(rawValue: row.text(0)), row.id(1, of: Nouns.Integration.self))
        }
        guard let (tenant, id) = found, let id,
            let integration = try Integration.resource.find(id, in: scoped(to: tenant))
        else { return nil }
        return (tenant, integration)
    }
}
