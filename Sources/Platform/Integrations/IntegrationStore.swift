package import Database

/// Integrations: `tx.integrations`.
package struct IntegrationStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var integrations: IntegrationStore<Self> { IntegrationStore(tx: self) }
}
