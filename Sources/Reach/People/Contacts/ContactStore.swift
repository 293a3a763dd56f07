package import Database
package import Nouns

/// Contacts: `tx.contacts`.
package struct ContactStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var contacts: ContactStore<Self> { ContactStore(tx: self) }
}

extension ContactStore where Base == Transaction {
    /// Keeps whether people were drawn to get nothing that keeps in touch. Nothing that people write changes with it,
    /// so that the contacts stay at their versions.
    package func keep(heldOut isHeldOut: Bool, of contacts: [ContactID]) throws {
        try tx.run(
            """
            UPDATE contacts SET held_out = \(isHeldOut)
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: contacts) AND held_out IS NULL
            """)
    }
}
