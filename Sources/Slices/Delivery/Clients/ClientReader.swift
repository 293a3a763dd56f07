internal import Database
internal import Nouns
internal import People
internal import Records
internal import Routing

extension Client {
    /// Returns the person whom a link was sent to, while they are the client's and it is a client; else throws as if
    /// there were nothing.
    static func person(
        _ id: ContactID, of client: ClientID, in reader: some Queryable
    ) throws -> Contact {
        guard let contact = try Contact.resource.find(id, in: reader),
            let client = try Client.resource.find(client, in: reader), client.status != .former,
            contact.clientID == client.id || contact.id == client.contactID
        else { throw Problem(.notFound) }
        return contact
    }
}
