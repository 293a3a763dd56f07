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
    /// Keeps whether a person was drawn to get nothing that keeps in touch. Nothing that people write changes with it,
    /// so that the contact stays at its version.
    package func keep(heldOut isHeldOut: Bool, of contact: ContactID) throws {
        try tx.run(
            """
            UPDATE contacts SET held_out = \(isHeldOut)
            WHERE tenant_id = \(tx.tenant) AND id = \(contact) AND held_out IS NULL
            """)
    }
}
