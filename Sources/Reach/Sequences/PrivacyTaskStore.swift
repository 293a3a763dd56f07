package import Database

/// Tasks that privacy requests make: `tx.privacyTasks`.
package struct PrivacyTaskStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var privacyTasks: PrivacyTaskStore<Self> { PrivacyTaskStore(tx: self) }
}
