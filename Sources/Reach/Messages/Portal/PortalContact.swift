internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import People
package import Records
internal import Templates
internal import Tenancy

package extension ClientPortalStore where Base == Transaction {
    /// The contact that a client's new person is: whoever has the address and is nobody else's, or somebody new.
    func portalContact(
        ofClient client: ClientID, name: String, email: String, by actor: Actor
    ) throws -> ContactID {
        let known = try tx.contacts.all(at: email)
        if let own = known.first(where: { $0.clientID == client }) { return own.id }
        if let free = known.first(where: { $0.clientID == nil }) {
            var contact = free
            contact.clientID = client
            try tx.update(free, to: &contact, by: actor)
            return free.id
        }
        var contact = Contact.new(id: tx.nextID(), now: tx.now)
        (contact.name, contact.email, contact.clientID) = (name, email, client)
        try tx.create(&contact, by: actor)
        return contact.id
    }
}

extension ClientPortalStore where Base == Transaction {
    /// A client reads what was sent in their name.
    func tellClient(of message: Message) throws {
        guard let client = message.clientID, message.purpose != .account else { return }
        let author = message.author
        let kind = author["type"]?.text.flatMap(Actor.Kind.init(rawValue:)) ?? .system
        try tx.portal.noteActivity(
            ofClient: client, by: Actor(kind, id: author["id"]?.text ?? "bureau"), "message.sent",
            message.subjectOfEvents, .quoted(message.subject ?? message.channel.rawValue),
            why: message.saying(of: "why") ?? message.why.map { .quoted($0) })
    }
}
