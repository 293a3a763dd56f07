internal import Agents
package import Database
internal import Jobs
package import Records

extension Transaction {
    /// Finds the contact with the address among those that the caller may see, or makes one.
    package func contact(withEmail email: String, named name: String) throws -> Contact {
        if let known = try Contact.resource.first(
            where: "email = \(email)" + limit(on: "contacts"), suffix: "ORDER BY row LIMIT 1", in: self)
        {
            return known
        }
        var contact = Contact.new(id: nextID(), now: now)
        (contact.name, contact.email) = (name, email)
        try create(&contact, by: .system)
        return contact
    }

    /// Whom a client's mail goes to: its contact, where that has an address, or whoever has the client's.
    package func recipient(_ id: ID<Contact>?, email: String?, named name: String) throws -> Contact? {
        if let contact = try id.flatMap({ try Contact.resource.find($0, in: self) }), contact.email != nil {
            return contact
        }
        return try email.map { try contact(withEmail: $0, named: name) }
    }
}
