internal import Database
package import Nouns
internal import Records
package import Telemetry
internal import Tenancy

extension ClientStore {
    /// Returns how content clients are, from 0 to 10, by the lead that became the client; of the newest clients where
    /// there are very many.
    package func satisfaction() throws -> [LeadID: Double] {
        let known = try tx.all(
            """
            SELECT lead_id, satisfaction FROM clients
            WHERE tenant_id = \(tx.tenant) AND lead_id IS NOT NULL AND satisfaction IS NOT NULL
            ORDER BY id DESC LIMIT 10000
            """
        ) { row in (LeadID(row, 0), row.double(1)) }
        return Dictionary(known) { newest, _ in newest }
    }

    /// Returns how many tasks with a day they were due on were done by that day, and how many later, since a moment;
    /// by the lead that became the client.
    package func tasksDone(since moment: Instant) throws -> [LeadID: (inTime: Int, late: Int)] {
        let zone = try tx.reading.agency.tenant().zone
        var done: [LeadID: (inTime: Int, late: Int)] = [:]
        try tx.each(
            """
            SELECT c.lead_id, t.due_on, t.completed_at FROM tasks t
            JOIN clients c ON c.tenant_id = t.tenant_id AND c.id = t.client_id
            WHERE t.tenant_id = \(tx.tenant) AND t.completed_at >= \(moment) AND t.due_on IS NOT NULL
                AND c.lead_id IS NOT NULL
            ORDER BY t.completed_at DESC LIMIT 100000
            """
        ) { row in
            let day = zone.local(of: row.instant(2)).date.iso
            if day <= row.text(1) {
                done[LeadID(row, 0), default: (0, 0)].inTime += 1
            } else {
                done[LeadID(row, 0), default: (0, 0)].late += 1
            }
        }
        return done
    }
}
