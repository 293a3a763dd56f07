package import Database

/// Incidents: `tx.incidents`.
package struct IncidentStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var incidents: IncidentStore<Self> { IncidentStore(tx: self) }
}
