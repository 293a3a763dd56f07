package import Database

/// Refusals of agents: `tx.refusals`.
package struct RefusalStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var refusals: RefusalStore<Self> { RefusalStore(tx: self) }
}
