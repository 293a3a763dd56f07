package import Database

/// Alerts: `tx.alerts`.
package struct AlertStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var alerts: AlertStore<Self> { AlertStore(tx: self) }
}
