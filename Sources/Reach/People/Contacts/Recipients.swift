internal import Agents
package import Database
internal import Jobs
package import Nouns
internal import Records

package extension ContactStore where Base == Transaction {
    /// Finds the contact with the address, or into whom the one who had it was merged, among those that the caller may
    /// see, or makes one.
    func findOrMake(withEmail email: String, named name: String) throws -> Contact {
        if let known = try Contact.resource.first(
            where: "email = \(email)" + tx.limit(on: "contacts"), suffix: "ORDER BY row LIMIT 1", in: tx)
        {
            return known
        }
        if let heir = try heir(of: email) { return heir }
        var contact = Contact.new(id: tx.nextID(), now: tx.now)
        (contact.name, contact.email) = (name, email)
        try tx.create(&contact, by: .system)
        return contact
    }

    /// Returns the recipient of a client's mail: its contact, where that has an address, or whoever has the client's.
    func recipient(_ id: ContactID?, email: String?, named name: String) throws -> Contact? {
        if let contact = try id.flatMap({ try Contact.resource.find($0, in: tx) }), contact.email != nil {
            return contact
        }
        return try email.map { try findOrMake(withEmail: $0, named: name) }
    }

    /// Returns the person to write to for a client by whatever channel: the recipient of its mail, else its contact,
    /// who has no address.
    func addressee(_ id: ContactID?, email: String?, named name: String) throws -> Contact? {
        try recipient(id, email: email, named: name)
            ?? id.flatMap { try Contact.resource.find($0, in: tx) }
    }
}

extension Contact {
    /// The tag of a contact whose address somebody has typed into a form.
    package static let unverifiedTag = "unverified"
    /// Whether it has that tag.
    package var isUnverified: Bool { tags.contains(Self.unverifiedTag) }
}
