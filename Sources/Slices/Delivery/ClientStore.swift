package import Database

/// Clients: `tx.clients`.
package struct ClientStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var clients: ClientStore<Self> { ClientStore(tx: self) }
}
