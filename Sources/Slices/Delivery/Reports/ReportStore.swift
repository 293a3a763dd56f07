internal import Agents
package import Database
package import Records
internal import Tenancy

/// Reports to clients: `tx.reports`.
package struct ReportStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var reports: ReportStore<Self> { ReportStore(tx: self) }
}

extension ReportStore where Base == Transaction {
    /// Stores a new report, composed of its client's records.
    package func add(
        _ report: inout Report, by actor: Actor, _ dependencies: DeliveryDependencies? = nil
    ) throws {
        let tenant = try tx.agency.tenant()
        try compose(&report, today: tenant.today(tx.now), zone: tenant.zone, dependencies)
        try tx.create(&report, by: actor)
    }
}
