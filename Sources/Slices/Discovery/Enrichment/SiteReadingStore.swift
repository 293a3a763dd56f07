internal import Database
internal import Facts
internal import JSON
internal import Markup
internal import Records
internal import Telemetry

/// The statements of sites when they were last read, for all leads of their companies: `tx.siteReadings`.
struct SiteReadingStore<Base: Queryable> {
    let tx: Base

    struct Reading: Sendable {
        let statements: [CompanyStatement]
        let readAt: Instant
    }

    /// Returns what an address's site has said; `nil`: it was not read yet.
    func find(_ url: String) throws -> Reading? {
        guard let key = Self.key(url) else { return nil }
        return try tx.first(
            "SELECT statements, read_at FROM site_readings WHERE tenant_id = \(tx.tenant) AND site = \(key)"
        ) { row in
            Reading(
                statements: (JSON(stored: row.text(0)).array ?? []).compactMap { CompanyStatement($0) },
                readAt: row.instant(1))
        }
    }

    fileprivate static func key(_ url: String) -> String? {
        PageAddress(url).map { String($0.siteName) }
    }
}

extension Queryable {
    var siteReadings: SiteReadingStore<Self> { SiteReadingStore(tx: self) }
}

extension SiteReadingStore where Base == Transaction {
    func keep(_ statements: [CompanyStatement], of url: String) throws {
        guard let key = Self.key(url) else { return }
        try tx.run(
            """
            INSERT INTO site_readings (tenant_id, site, statements, read_at)
            VALUES (\(tx.tenant), \(key), \(JSON.array(statements.map(\.json)).serialized), \(tx.now))
            ON CONFLICT (tenant_id, site) DO UPDATE SET statements = excluded.statements,
                read_at = excluded.read_at
            """)
    }

    /// Forgets the statements of the sites at some addresses.
    func forget(_ urls: [String]) throws {
        let keys = urls.compactMap(Self.key)
        guard !keys.isEmpty else { return }
        try tx.run("DELETE FROM site_readings WHERE tenant_id = \(tx.tenant) AND site IN \(list: keys)")
    }

    func expire(before limit: Instant) throws {
        try tx.run("DELETE FROM site_readings WHERE tenant_id = \(tx.tenant) AND read_at < \(limit)")
    }
}
