internal import Agents
package import Database
internal import Jobs
internal import Records
package import Telemetry
internal import Tenancy

/// Removes privacy requests three years after they were closed: until then an authority may ask how they were answered.
package struct PrivacyRetention: DueSource {
    private static let time = Duration.seconds(3 * 365 * 86_400)
    /// Rows of a transaction.
    private static let chunk = 100

    package init() {}

    package func nextDue(in tx: Transaction) throws -> Instant? { try Self.due(in: tx) }

    package func fireFirst(in tx: Transaction) throws { try Self.remove(in: tx) }

    /// When the first request is to be removed, whether that is past or to come.
    static func due(in reader: some Queryable) throws -> Instant? {
        try reader.int("SELECT min(closed_at) FROM privacy_requests WHERE tenant_id = \(reader.tenant)")
            .map { Instant(microseconds: $0) + time }
    }

    /// Removes some of what is due.
    static func remove(in tx: Transaction) throws {
        let old = try SubjectRequest.resource.all(
            where: "closed_at <= \(tx.now - time)", suffix: "ORDER BY closed_at, id LIMIT \(chunk)", in: tx)
        for request in old { try tx.delete(request, by: .system) }
    }
}
