package import Database

/// Leads: `tx.leads`.
package struct LeadStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var leads: LeadStore<Self> { LeadStore(tx: self) }
}
