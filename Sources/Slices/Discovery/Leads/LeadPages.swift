internal import Records
package import Database

/// The order in which a dashboard sorts leads.
package enum LeadOrder: Sendable { case newest, highestScore, companyName }

package extension LeadStore where Base == Reader {
    /// A numbered page of leads and how many there are in all; without a status, archived ones are left out.
    func page(
        status: String?, order: LeadOrder, limit: Int, offset: Int
    ) throws -> (leads: [Lead], total: Int) {
        let wanted: SQL = status.map { "status = \($0)" } ?? "status <> 'archived'"
        let condition = wanted + tx.limit(on: "leads")
        let sort: SQL =
            switch order {
            case .newest: "ORDER BY id DESC"
            case .highestScore: "ORDER BY score DESC NULLS LAST, id DESC"
            case .companyName: "ORDER BY company, id DESC"
            }
        let leads = try Lead.resource.all(
            where: condition, suffix: sort + " LIMIT \(limit) OFFSET \(offset)", in: tx)
        let total =
            try tx.int("SELECT count(*) FROM leads WHERE tenant_id = \(tx.tenant) AND " + condition) ?? 0
        return (leads, Int(total))
    }
}
