package import Database

/// Contacts' identities on channels: `tx.identities`.
package struct IdentityStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var identities: IdentityStore<Self> { IdentityStore(tx: self) }
}
