package import Database

/// Clients' metrics: `tx.metrics`.
package struct MetricStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var metrics: MetricStore<Self> { MetricStore(tx: self) }
}
