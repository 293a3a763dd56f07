internal import Database
package import Nouns
internal import Records
internal import Telemetry

/// A client's figure on the first day that is known, and on the last.
package struct GrownMetric: Sendable {
    package let first: MetricValue, last: MetricValue

    /// The factor by which it has grown.
    fileprivate var ratio: Double { first.value > 0 ? last.value / first.value : 1 }
}

extension MetricStore {
    /// Returns a client's figures that have grown, those that have grown most first; at most five.
    package func grown(of client: ClientID) throws -> [GrownMetric] {
        let grown = try names(of: client).compactMap { name -> GrownMetric? in
            let these: SQL = """
                client_id = \(client) AND source = \(name.source) AND metric = \(name.metric)
                AND campaign_id IS NULL
                """
            guard
                let first = try MetricValue.resource.first(
                    where: these, suffix: "ORDER BY date LIMIT 1", in: tx),
                let last = try MetricValue.resource.first(
                    where: these, suffix: "ORDER BY date DESC LIMIT 1", in: tx),
                last.value > first.value
            else { return nil }
            return GrownMetric(first: first, last: last)
        }
        return Array(grown.sorted { $0.ratio > $1.ratio }.prefix(5))
    }
}
