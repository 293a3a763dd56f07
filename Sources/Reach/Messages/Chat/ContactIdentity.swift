internal import Agents
package import Database
internal import Integrations
internal import JSON
package import Jobs
package import Nouns
package import People
package import Records
package import Telemetry

/// An address from which somebody writes over a channel, and the contact behind it: one row of `contact_identities`.
package struct ContactIdentity: Record {
    package var head = Head<ContactIdentity>()
    package var contactID: ContactID?
    package var channel = Channel.whatsapp
    package var address = ""
    package var name: String?
    package var verified = false
    package var claimedEmail: String?
    package var previousContactID: ContactID?
    package var integrationID: IntegrationID?
    /// The time at which they last wrote, as the service tells it, and until when it takes every answer; `nil` where a
    /// service sets no such time.
    package var heardAt: Instant?
    package var freeUntil: Instant?

    package init() {}

    package static let idPrefix = "ident", noun = "contact_identity"
    package static let resource = Resource<ContactIdentity>(
        "contact_identities", named: "ContactIdentity",
        rule: .parent("contact_id", of: "contacts"), personal: .deleted(own: ["channel", "address"]),
        [
            .id(
                "contact_id", \.contactID, .readOnly, .filterable,
                .about("The contact who writes under this identity.")),
            .choice("channel", \.channel, .readOnly, .filterable),
            .text(
                "address", \.address, max: 200, .readOnly, .personal,
                .about(
                    "A phone number, a chat's or a visitor's id, or the mail address of a merged contact.")),
            .text(
                "name", \.name, max: 320, .readOnly, .personal,
                .about("The name of the contact on the channel.")),
            .boolean(
                "verified", \.verified, .readOnly,
                .about("The channel itself vouches for the address by which the contact is known.")),
            .text(
                "claimed_email", \.claimedEmail, max: 320, .readOnly, .personal,
                .about("The email address that the contact gave; it is not verified.")),
            .id(
                "previous_contact_id", \.previousContactID, .readOnly,
                .about("The contact that had the identity before it was linked.")),
            .id("integration_id", \.integrationID, .readOnly),
            .instant(
                "heard_at", \.heardAt, .readOnly, .added(in: 891),
                .about("When the contact last wrote, as the service tells it; null: it sets no window.")),
            .instant(
                "free_until", \.freeUntil, .readOnly, .added(in: 891),
                .about(
                    "Until when the service takes every answer; later ones only from people, for seven days.")
            ),
        ])

    package var subject: Subject { Subject(id) }
}

extension IdentityStore {
    package func find(_ channel: Channel, _ address: String) throws -> ContactIdentity? {
        try ContactIdentity.resource.first(
            where: "channel = \(channel.rawValue) AND address = \(address)", in: tx)
    }

    /// The one by which somebody wrote last to us alone.
    package func find(of contact: ContactID, on channel: Channel) throws -> ContactIdentity? {
        try ContactIdentity.resource.first(
            where: """
                contact_id = \(contact) AND channel = \(channel.rawValue)
                AND address NOT LIKE \(CommentAddress.pattern)
                """,
            suffix: "ORDER BY updated_at DESC, row DESC LIMIT 1", in: tx)
    }

    /// Returns a person's address on a channel: the one from which they wrote there, else the one in their record.
    package func address(
        of contact: Contact, on channel: Channel, in conversation: ID<Conversation>? = nil
    ) throws -> String? {
        guard channel != .email else { return contact.email }
        if channel == .portal { return try isInPortal(contact) ? "\(contact.id)" : nil }
        return try conversation.flatMap(addressSpoken) ?? find(of: contact.id, on: channel)?.address
            ?? contact.address(on: channel)
    }

    /// Returns whether everybody reads what is said in a conversation.
    func isPublic(_ conversation: Conversation) throws -> Bool {
        guard !conversation.channel.isPublic else { return true }
        guard conversation.channel.hasWindow else { return false }
        return try addressSpoken(in: conversation.id).map(CommentAddress.isOne) ?? false
    }

    /// From which somebody speaks in a conversation.
    private func addressSpoken(in conversation: ID<Conversation>) throws -> String? {
        try tx.first(
            """
            SELECT i.address FROM conversations c
            JOIN contact_identities i ON i.tenant_id = c.tenant_id AND i.id = c.identity_id
            WHERE c.tenant_id = \(tx.tenant) AND c.id = \(conversation)
            """
        ) { $0.text(0) }
    }

    /// Returns whether somebody can sign in to the portal, and read there what is said to them.
    private func isInPortal(_ contact: Contact) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM users WHERE tenant_id = \(tx.tenant) AND client_id = \(contact.clientID)
                AND contact_id = \(contact.id) AND status = 'active'
            """)
    }
}

package extension IdentityStore where Base == Transaction {
    /// Returns the author of a message: the contact of the identity that they wrote under before; else the contact with
    /// a phone number that the channel vouches for; else a new contact. Details that somebody merely types join them to
    /// nobody.
    internal func person(behind chat: ReceivedChat) throws -> (Contact, ContactIdentity) {
        let addresses = [chat.address] + chat.aliases
        var known: ContactIdentity?
        for address in addresses where known == nil { known = try find(chat.channel, address) }
        let contact: Contact
        if let id = known?.contactID, let found = try Contact.resource.find(id, in: tx) {
            contact = try renamed(found, chat)
        } else if let phone = chat.phone,
            let found = try Contact.resource.first(
                where: "phone = \(phone)", suffix: "ORDER BY row LIMIT 1", in: tx)
        {
            contact = found
        } else {
            contact = try newcomer(chat)
        }
        var speaking: ContactIdentity?
        for address in addresses {
            let identity = try keep(address, of: contact, chat)
            speaking = speaking ?? identity
        }
        guard let speaking else {
            throw Problem(.conflict, "The message has no sender: name the person who wrote it.")
        }
        return (contact, speaking)
    }

    private func newcomer(_ chat: ReceivedChat) throws -> Contact {
        var contact = Contact.new(id: tx.nextID(), now: tx.now)
        contact.name = chat.name ?? chat.phone ?? chat.channel.visitorName
        contact.phone = chat.phone
        try tx.create(&contact, by: .system)
        return contact
    }

    /// Returns the contact, renamed if they came without a name and give one now.
    private func renamed(_ contact: Contact, _ chat: ReceivedChat) throws -> Contact {
        guard let name = chat.name, name != contact.name,
            contact.name == chat.channel.visitorName || contact.name == chat.phone
        else { return contact }
        var named = contact
        named.name = name
        try tx.update(contact, to: &named, by: .system)
        return named
    }

    private func keep(_ address: String, of contact: Contact, _ chat: ReceivedChat) throws -> ContactIdentity
    {
        guard let old = try find(chat.channel, address) else {
            var identity = ContactIdentity.new(id: tx.nextID(), now: tx.now)
            (identity.contactID, identity.channel, identity.address) = (contact.id, chat.channel, address)
            (identity.name, identity.claimedEmail) = (chat.name, chat.claimedEmail)
            (identity.verified, identity.integrationID) = (chat.phone != nil, chat.integration)
            try ContactIdentity.resource.insert(&identity, in: tx)
            return identity
        }
        var identity = old
        identity.contactID = contact.id
        identity.name = chat.name ?? old.name
        identity.claimedEmail = chat.claimedEmail ?? old.claimedEmail
        identity.integrationID = chat.integration ?? old.integrationID
        guard !ContactIdentity.resource.changes(from: old, to: identity).isEmpty else { return old }
        try change(old, to: &identity)
        return identity
    }

    /// Notes when somebody has written, or has come, on a channel that then takes answers for a while. What comes late
    /// or out of order opens nothing that is over.
    func heard(_ chat: ReceivedChat, from identity: ContactIdentity) throws {
        guard chat.channel.hasWindow, let old = try ContactIdentity.resource.find(identity.id, in: tx) else {
            return
        }
        let at = min(chat.at ?? tx.now, tx.now), free = at + (chat.freeFor ?? Sendability.answerWindow)
        var new = old
        new.heardAt = max(old.heardAt ?? at, at)
        new.freeUntil = max(old.freeUntil ?? free, free)
        guard new.heardAt != old.heardAt || new.freeUntil != old.freeUntil else { return }
        try change(old, to: &new)
    }

    /// Has mail from an address come from a contact: it was that of one who was merged with them. Answers `nil` where
    /// somebody has it already.
    func keep(email address: String, of contact: ContactID) throws -> ID<ContactIdentity>? {
        if let known = try find(.email, address) {
            guard try known.contactID.flatMap({ try Contact.resource.find($0, in: tx) }) == nil else {
                return nil
            }
            // The contact who was known by it was deleted since.
            try ContactIdentity.resource.delete(known, in: tx)
        }
        var identity = ContactIdentity.new(id: tx.nextID(), now: tx.now)
        (identity.contactID, identity.channel, identity.address) = (contact, .email, address)
        try ContactIdentity.resource.insert(&identity, in: tx)
        return identity.id
    }

    /// Takes such addresses back.
    func forget(_ ids: [ID<ContactIdentity>]) throws {
        for id in ids {
            guard let identity = try ContactIdentity.resource.find(id, in: tx) else { continue }
            try ContactIdentity.resource.delete(identity, in: tx)
        }
    }

    private func change(_ old: ContactIdentity, to new: inout ContactIdentity) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try ContactIdentity.resource.update(old, to: new, in: tx)
    }

    /// Joins an identity, with what was said as it, to a contact; `undone` by moving it back.
    func move(
        _ old: ContactIdentity, to contact: Contact, undone: Bool, by actor: Actor
    ) throws
        -> ContactIdentity
    {
        var identity = old
        identity.contactID = contact.id
        identity.previousContactID = undone ? nil : old.contactID
        try change(old, to: &identity)
        let conversations = try tx.all(
            "SELECT id FROM conversations WHERE tenant_id = \(tx.tenant) AND identity_id = \(old.id)"
        ) { $0.text(0) }
        for id in conversations {
            try tx.run(
                """
                UPDATE conversations SET contact_id = \(contact.id), client_id = \(contact.clientID),
                    version = version + 1, updated_at = \(tx.now)
                WHERE tenant_id = \(tx.tenant) AND id = \(id)
                """)
            try tx.run(
                """
                UPDATE messages SET contact_id = \(contact.id), version = version + 1, updated_at = \(tx.now)
                WHERE tenant_id = \(tx.tenant) AND conversation_id = \(id)
                """)
            try tx.engagement.move(messagesOf: id, to: contact.id)
        }
        let action = undone ? "contact_identity.unlinked" : "contact_identity.linked"
        try tx.auditLog.add(actor, action, identity.subject, ["contact_id": JSON(contact.id)])
        try tx.publish(action, identity.subject, ["contact_id": JSON(contact.id)])
        return identity
    }
}

extension Channel {
    /// The name of a contact who has not given one.
    fileprivate var visitorName: String {
        switch self {
        case .webChat: "Visitor"
        default: "Visitor (\(rawValue))"
        }
    }
}
