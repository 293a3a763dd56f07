package import Database

/// Holds, pace, counts and locks of messages that leave: `tx.outbox`.
package struct OutboxStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var outbox: OutboxStore<Self> { OutboxStore(tx: self) }
}
