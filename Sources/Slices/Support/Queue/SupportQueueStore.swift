package import Database

/// Support's queue: `tx.supportQueue`.
package struct SupportQueueStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var supportQueue: SupportQueueStore<Self> { SupportQueueStore(tx: self) }
}
