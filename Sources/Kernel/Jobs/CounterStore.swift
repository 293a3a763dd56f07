package import Database

/// Counters by name: `tx.counters`.
package struct CounterStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var counters: CounterStore<Self> { CounterStore(tx: self) }
}
