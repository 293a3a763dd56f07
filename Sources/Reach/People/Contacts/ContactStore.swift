package import Database
package import Nouns
internal import Records

/// Contacts: `tx.contacts`.
package struct ContactStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var contacts: ContactStore<Self> { ContactStore(tx: self) }
}

/// A contact is known by the addresses of those who were merged into them, too.
extension ContactStore {
    /// Returns whom a mail address may mean: those who have it, the oldest first, and then the heir.
    package func all(at email: String) throws -> [Contact] {
        try Contact.resource.all(where: "email = \(email)", suffix: "ORDER BY row LIMIT 20", in: tx)
            + [heir(of: email)].compactMap(\.self)
    }

    /// Returns the same people's ids.
    package func people(at email: String) throws -> [ContactID] {
        try tx.all(
            """
            SELECT id FROM contacts WHERE tenant_id = \(tx.tenant) AND email = \(email)
            UNION SELECT contact_id FROM contact_identities
            WHERE tenant_id = \(tx.tenant) AND channel = 'email' AND address = \(email)
            LIMIT 20
            """
        ) { $0.id(0, of: Nouns.Contact.self) }.compactMap(\.self)
    }

    /// Returns the contact into whom the one with a mail address was merged.
    package func heir(of email: String) throws -> Contact? {
        let id = try tx.first(
            """
            SELECT contact_id FROM contact_identities
            WHERE tenant_id = \(tx.tenant) AND channel = 'email' AND address = \(email)
            """
        ) { $0.id(0, of: Nouns.Contact.self) }
        return try (id ?? nil).flatMap { try Contact.resource.find($0, in: tx) }
    }
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
