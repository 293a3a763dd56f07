package import Database

/// Outreach to leads: `tx.outreach`.
package struct OutreachStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var outreach: OutreachStore<Self> { OutreachStore(tx: self) }
}
