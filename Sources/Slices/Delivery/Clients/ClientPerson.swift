internal import Agents
internal import Database
internal import Jobs
internal import Nouns
internal import People
internal import Records

extension ClientStore where Base == Transaction {
    /// The person behind the address of a client that is being made: whoever has it and is no other client's, or
    /// somebody new.
    func person(of client: Client) throws -> ContactID? {
        guard let email = client.contactEmail else { return nil }
        let known = try tx.contacts.all(at: email)
        if let free = known.first(where: { $0.clientID == nil || $0.clientID == client.id }) {
            return free.id
        }
        var contact = Contact.new(id: tx.nextID(), now: tx.now)
        (contact.name, contact.email) = (client.name, email)
        try tx.create(&contact, by: .system)
        return contact.id
    }

    /// Notes with a person who was made for a new client whose they are, now that it is there. Somebody who was known
    /// before may be somebody to others, too.
    func claimPerson(of client: Client) throws {
        guard client.contactEmail != nil,
            let old = try client.contactID.flatMap({ try Contact.resource.find($0, in: tx) }),
            old.clientID == nil, old.email == client.contactEmail, old.createdAt == client.createdAt
        else { return }
        var contact = old
        contact.clientID = client.id
        try tx.update(old, to: &contact, by: .system)
    }
}
