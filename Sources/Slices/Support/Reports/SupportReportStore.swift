package import Database

/// Support's reports: `tx.supportReports`.
package struct SupportReportStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var supportReports: SupportReportStore<Self> { SupportReportStore(tx: self) }
}
