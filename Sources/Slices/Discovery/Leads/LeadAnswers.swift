internal import Database
internal import Records
internal import Tenancy

/// Writes the answers of leads whose rows hold none: older ones, and those of which a statement has set something by
/// itself.
let unstoredLeadAnswers = TenantTidying(
    due: { reader in try reader.leads.withoutAnswer(limit: 1).isEmpty ? nil : reader.now },
    tidyUp: { tx in
        try Lead.resource.storeAnswers(of: try tx.leads.withoutAnswer(limit: 200), in: tx)
    })

extension LeadStore {
    fileprivate func withoutAnswer(limit: Int) throws -> [String] {
        // A server's rows hold none.
        guard tx.dialect == .sqlite else { return [] }
        return try tx.all(
            """
            SELECT id FROM leads \(tx.dialect.lookingUp(in: "leads_unstored"))
            WHERE tenant_id = \(tx.tenant) AND stored_answer IS NULL ORDER BY id LIMIT \(limit)
            """
        ) { $0.text(0) }
    }
}
