package import Database

/// Contacts: `tx.contacts`.
package struct ContactStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var contacts: ContactStore<Self> { ContactStore(tx: self) }
}
