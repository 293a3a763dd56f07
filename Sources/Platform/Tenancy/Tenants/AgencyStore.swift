package import Database

/// The agency itself: `tx.agency`.
package struct AgencyStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var agency: AgencyStore<Self> { AgencyStore(tx: self) }
}
