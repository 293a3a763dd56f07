internal import Database
internal import Telemetry

extension LeadStore {
    /// Returns how many leads an integration has brought, told of or written to since a time, and how many of them
    /// have qualified.
    func reached(by connector: String, since start: Instant) throws -> (all: Int, qualified: Int) {
        try tx.first(
            """
            SELECT count(*), count(l.qualified_at) FROM leads l
            WHERE l.tenant_id = \(tx.tenant) AND (EXISTS (
                    SELECT 1 FROM reached_subjects r
                    WHERE r.tenant_id = \(tx.tenant) AND r.connector = \(connector) AND r.at >= \(start)
                        AND r.subject_id IN (l.id, l.contact_id, l.company_id)
                ) OR EXISTS (
                    SELECT 1 FROM messages m
                    WHERE m.tenant_id = \(tx.tenant) AND m.contact_id = l.contact_id
                        AND m.integration_id = \(connector) AND m.sent_at >= \(start)))
            """
        ) { ($0.int(0), $0.int(1)) } ?? (0, 0)
    }
}
