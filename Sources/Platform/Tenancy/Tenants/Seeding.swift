package import Database
internal import Records

extension SystemReader {
    /// Agencies for which something was never counted: those of a time before a release that gives every agency
    /// something, once, and counts that.
    package func acrossTenantsWithout(counter name: String) throws -> [TenantID] {
        try all(
            """
            SELECT id FROM tenants WHERE NOT EXISTS (SELECT 1 FROM counters
                WHERE counters.tenant_id = tenants.id AND counters.name = \(name)) ORDER BY id
            """
        ) { TenantID(rawValue: $0.text(0)) }
    }
}
