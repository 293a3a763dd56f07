package import Database
package import Nouns
internal import Records
internal import Tenancy

/// A client's metrics of one kind, in the last thirty days and in the thirty before: their sum, or the average of
/// percentages.
package struct ClientMetric: Hashable, Sendable {
    package let source: String, metric: String
    package let unit: String?
    package let value: Double, previous: Double
}

package extension MetricStore where Base == Reader {
    /// Returns the newest metrics of all clients, by client, including today's.
    func clientMetrics() throws -> [ClientID: [ClientMetric]] {
        let today = try tx.agency.tenant().today(tx.now)
        let (middle, start) = (today.adding(days: -30), today.adding(days: -60))
        var metrics: [ClientID: [ClientMetric]] = [:]
        let sql: SQL = """
            SELECT client_id, source, metric, max(unit),
                sum(CASE WHEN date > \(middle.iso) THEN value ELSE 0.0 END),
                sum(CASE WHEN date <= \(middle.iso) THEN value ELSE 0.0 END),
                count(CASE WHEN date > \(middle.iso) THEN 1 END), count(*)
            FROM metrics
            WHERE tenant_id = \(tx.tenant) AND client_id IS NOT NULL AND date > \(start.iso) AND date <= \(today.iso)
                AND campaign_id IS NULL
                \(tx.limit(on: "metrics"))
            GROUP BY client_id, source, metric ORDER BY client_id, source, metric
            """
        try tx.each(sql) { row in
            let unit = row.optionalText(3), days = row.int(6), daysBefore = row.int(7) - row.int(6)
            func total(_ sum: Double, _ days: Int) -> Double {
                unit == "%" && days > 0 ? sum / Double(days) : sum
            }
            metrics[ID(row, 0), default: []].append(
                ClientMetric(
                    source: row.text(1), metric: row.text(2), unit: unit, value: total(row.double(4), days),
                    previous: total(row.double(5), daysBefore)))
        }
        return metrics
    }
}
