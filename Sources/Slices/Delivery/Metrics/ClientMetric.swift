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
            SELECT \(SummedMetric.columns) FROM (
                SELECT client_id, source, metric, max(unit) AS unit,
                    sum(CASE WHEN date > \(middle.iso) THEN value ELSE 0.0 END) AS sum_now,
                    sum(CASE WHEN date <= \(middle.iso) THEN value ELSE 0.0 END) AS sum_before,
                    count(CASE WHEN date > \(middle.iso) THEN 1 END) AS days_now, count(*) AS days
                FROM metrics
                WHERE tenant_id = \(tx.tenant) AND client_id IS NOT NULL AND date > \(start.iso)
                    AND date <= \(today.iso) AND campaign_id IS NULL
                    \(tx.limit(on: "metrics"))
                GROUP BY client_id, source, metric
            ) AS summed ORDER BY client_id, source, metric
            """
        try tx.each(sql) { row in
            let summed = try SummedMetric(row)
            metrics[summed.client, default: []].append(summed.metric)
        }
        return metrics
    }
}

/// A client's metric with its sums of both times.
private struct SummedMetric: StoredRow {
    let client: ClientID
    let metric: ClientMetric

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        client = row.id("client_id")
        let source = row.text("source"), name = row.text("metric"), unit = row.optionalText("unit")
        let (now, before) = (row.double("sum_now"), row.double("sum_before"))
        let days = row.int("days_now"), daysBefore = row.int("days") - days
        func total(_ sum: Double, _ days: Int) -> Double {
            unit == "%" && days > 0 ? sum / Double(days) : sum
        }
        metric = ClientMetric(
            source: source, metric: name, unit: unit, value: total(now, days),
            previous: total(before, daysBefore))
    }
}
