package import Database

/// Dashboards and their controls: `tx.insights`.
package struct InsightsStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var insights: InsightsStore<Self> { InsightsStore(tx: self) }
}
