package import Database

/// Reports to clients: `tx.reports`.
package struct ReportStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var reports: ReportStore<Self> { ReportStore(tx: self) }
}
