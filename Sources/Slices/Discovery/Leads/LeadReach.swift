internal import Agents
internal import Database
internal import Telemetry

extension LeadStore {
    /// Returns the leads that an integration has brought, told of or written to since a time: how many there are, how
    /// many of them have qualified and were won, and how they are scored.
    func reached(by connector: String, since start: Instant) throws -> ReachedLeads {
        try tx.first(
            """
            SELECT count(*), count(l.qualified_at), count(CASE WHEN l.status = 'won' THEN 1 END),
                CAST(avg(l.score) AS DOUBLE PRECISION)
            FROM leads l
            WHERE l.tenant_id = \(tx.tenant) AND (EXISTS (
                    SELECT 1 FROM reached_subjects r
                    WHERE r.tenant_id = \(tx.tenant) AND r.connector = \(connector) AND r.at >= \(start)
                        AND r.subject_id IN (l.id, l.contact_id, l.company_id)
                ) OR EXISTS (
                    SELECT 1 FROM messages m
                    WHERE m.tenant_id = \(tx.tenant) AND m.contact_id = l.contact_id
                        AND m.integration_id = \(connector) AND m.sent_at >= \(start)))
            """
        ) { row in
            ReachedLeads(
                all: row.int(0), qualified: row.int(1), won: row.int(2), score: row.optionalDouble(3))
        } ?? ReachedLeads()
    }
}
