package import Database

/// Messages on their way out: `tx.outbox`.
package struct OutboxStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var outbox: OutboxStore<Self> { OutboxStore(tx: self) }
}
