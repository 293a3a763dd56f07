package import Database

/// Deliverables: `tx.deliverables`.
package struct DeliverableStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var deliverables: DeliverableStore<Self> { DeliverableStore(tx: self) }
}
