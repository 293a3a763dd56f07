package import Database

/// Triggers: `tx.triggers`.
package struct TriggerStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var triggers: TriggerStore<Self> { TriggerStore(tx: self) }
}
