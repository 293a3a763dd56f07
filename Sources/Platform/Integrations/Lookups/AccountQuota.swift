internal import Agents
internal import Database
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

// Some services count all calls with a key together. Their integrations of one key share their limits: what one has
// used is gone for the others, and what the service says to one of its limit it has said to all.

extension IntegrationServices {
    /// Returns until when an account has no calls left, where that is so.
    func fullAccount(
        of integration: Integration, _ provider: any IntegrationProvider, _ tenant: TenantID
    ) throws -> Instant? {
        guard provider.countsByKey else { return nil }
        return try platform.database.read(tenant) { reader in
            let siblings = try siblings(of: integration, provider, in: reader)
            guard !siblings.isEmpty else { return nil }
            let now = reader.now, zone = try reader.agency.tenant().zone
            var full: Instant?
            for span in TimeSpan.allCases {
                let limits = ([integration] + siblings).compactMap { $0.toolLimits[span] }
                guard let limit = limits.min() else { continue }
                let (start, end) = span.bounds(around: now, zone)
                let used = try ([integration] + siblings).reduce(0) {
                    try $0 + reader.toolUse.find($1.id.keyText, span, since: start).calls
                }
                if used >= limit { full = max(full ?? end, end) }
            }
            for sibling in siblings {
                guard let pause = try reader.serviceQuotas.find(of: sibling.id)?.pausedUntil, pause > now
                else { continue }
                full = max(full ?? pause, pause)
            }
            return full
        }
    }

    /// Returns the other integrations with the same key.
    private func siblings(
        of integration: Integration, _ provider: any IntegrationProvider, in reader: Reader
    ) throws -> [Integration] {
        let others = try Integration.resource.all(
            where: "provider = \(integration.provider) AND id <> \(integration.id)", suffix: "ORDER BY id",
            in: reader)
        guard !others.isEmpty else { return [] }
        let own = try integration.openCredentials(platform.secrets, reader.tenant)
        return try others.filter { try $0.openCredentials(platform.secrets, reader.tenant) == own }
    }
}
