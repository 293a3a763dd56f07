package import Database

/// Messages as the portal shows them: `tx.clientPortal`.
package struct ClientPortalStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var clientPortal: ClientPortalStore<Self> { ClientPortalStore(tx: self) }
}
