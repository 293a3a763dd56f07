internal import Agents
package import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
package import People
internal import Records
internal import Telemetry

extension Inbox {
    /// Stores a short message that came in, and what follows from it at once: sequences stop, wishes to be left alone
    /// are heeded, and whoever answers is told. One that is there already is stored once.
    @discardableResult
    package func receive(_ chat: ReceivedChat, in tx: Transaction) throws -> Message? {
        if let id = chat.providerID, try tx.inbox.message(ofProvider: id) != nil { return nil }
        let (contact, identity) = try tx.identities.person(behind: chat)
        return try receive(chat, from: contact, as: identity, in: tx)
    }

    /// Stores what its sender may have sent before, without having heard that it came: the message that is there is the
    /// answer. Throws where another text has the same key.
    func receive(once chat: ReceivedChat, in tx: Transaction) throws -> (Message, isNew: Bool) {
        if let id = chat.providerID, let known = try tx.inbox.message(ofProvider: id) {
            // A message that was erased, or is too old to be kept, has no words to compare.
            guard known.text == chat.text || known.text.isEmpty else { throw Problem(.idempotencyKeyReused) }
            return (known, false)
        }
        guard let message = try receive(chat, in: tx) else {
            throw Problem(.conflict, "This message was already received.")
        }
        return (message, true)
    }

    /// Stores a short message from a contact who is known otherwise, such as by having signed in, and what follows from
    /// it.
    @discardableResult
    package func receive(
        _ chat: ReceivedChat, from contact: Contact, as identity: ContactIdentity?, in tx: Transaction
    ) throws -> Message {
        var message = Message.new(id: tx.nextID(), now: tx.now)
        (message.direction, message.status, message.channel) = (.inbound, .received, chat.channel)
        (message.contactID, message.clientID) = (contact.id, contact.clientID)
        let conversation = try tx.conversations.findOrMake(
            of: contact, chat.channel, subject: nil, identity: identity)
        message.conversationID = conversation
        (message.text, message.body) = (chat.text, chat.text)
        message.author = [
            "type": "contact", "id": JSON(contact.id), "name": .string(contact.name),
        ]
        (message.sender, message.integrationID) = (chat.address, chat.integration)
        (message.providerID, message.inReplyTo) = (chat.providerID, chat.inReplyTo)
        (message.isAutomatic, message.attachments) = (chat.isAutomatic, chat.attachments)
        // The agent that answers finds out what else it means. People who are signed in have preferences, and
        // only speak.
        let wish =
            chat.channel == .portal
            ? nil : chat.wish ?? OptOutKeywords.wish(in: chat.text, over: chat.channel)
        if wish == .out { (message.replyClass, message.confidence) = (.unsubscribe, 1) }
        try Message.resource.insert(&message, in: tx)
        try tx.conversations.touch(message)
        try tx.publish("message.received", message.subjectOfEvents, message.payload)
        if !chat.media.isEmpty, let integration = chat.integration {
            try tx.jobs.enqueue(
                ChatMediaJob.self,
                .init(message: message.id, integration: integration, media: chat.media),
                JobOptions(uniqueKey: message.id, subject: message.subjectOfEvents))
        }
        if let identity { try tx.identities.heard(chat, from: identity) }
        if chat.channel == .whatsapp || chat.channel.hasWindow {
            try tx.heldMessages.lookAgain(at: contact.id, heldFor: "outside_window")
        }
        switch wish {
        case .out: try tx.inbox.stop(chat.channel, chat.address, message)
        case .back: try tx.inbox.resume(chat.channel, chat.address)
        case nil: break
        }
        if !message.isAutomatic, let privacy = PrivacyRequest.asked(in: chat.text) {
            for listener in outbox.replyListeners {
                try listener.asked(privacy, by: contact, in: message, tx)
            }
        }
        if !message.isAutomatic {
            try tx.engagement.record(
                .messageReply, of: contact.id, on: message.channel, fact: "reply/\(message.id)")
            for listener in outbox.replyListeners { try listener.answered(by: contact, in: tx) }
            let answered = try tx.inbox.lastSaid(in: conversation)
            try note(message, asAnswerTo: answered, in: tx)
            if let answered, answered.purpose == .marketing {
                try tx.publish(
                    "message.replied", message.subjectOfEvents,
                    message.payload.merging(["answers": JSON(answered.id)]))
            }
        }
        try outbox.conversations.tell(.received(message), in: conversation, tx)
        return message
    }

    /// A person of the agency has written from the service's own app: it is theirs to speak from then on, whoever held
    /// the conversation here.
    func hear(echo chat: ReceivedChat, in tx: Transaction) throws {
        if let id = chat.providerID, try tx.inbox.message(ofProvider: id) != nil { return }
        // It is what we have sent ourselves, told before, or instead of, the service's answer.
        if let own = try tx.inbox.own(chat) {
            var event = DeliveryEvent(.sent)
            (event.messageID, event.providerID) = (own, chat.providerID)
            return try hear(event, in: tx)
        }
        guard !chat.isAutomatic else { return }
        let (contact, identity) = try tx.identities.person(behind: chat)
        let id = try tx.conversations.findOrMake(of: contact, chat.channel, subject: nil, identity: identity)
        let conversation = try Conversation.resource.get(id, in: tx)
        let person = Actor(.user, id: "\(chat.channel.rawValue)_app")
        try outbox.conversations.claim(conversation, by: person, tx)
        var message = Message.new(id: tx.nextID(), now: tx.now)
        (message.status, message.channel, message.sentAt) = (.sent, chat.channel, tx.now)
        (message.contactID, message.clientID, message.conversationID) = (contact.id, contact.clientID, id)
        (message.text, message.body) = (chat.text, chat.text)
        message.author = person.json.merging([
            "name": .string("A colleague (app of \(chat.channel.rawValue))")
        ])
        message.cause = ["type": "echo", "id": JSON(message.id)]
        (message.recipient, message.integrationID) = (chat.address, chat.integration)
        (message.providerID, message.inReplyTo) = (chat.providerID, chat.inReplyTo)
        try Message.resource.insert(&message, in: tx)
        try tx.conversations.touch(message)
        try tx.publish("message.sent", message.subjectOfEvents, message.payload)
        try outbox.conversations.tell(.said(message), in: id, tx)
    }

    /// All that we have sent to somebody until a moment has arrived, or was read.
    func hear(
        _ kind: DeliveryEvent.Kind, of chat: ReceivedChat, until moment: Instant, in tx: Transaction
    ) throws {
        for id in try tx.inbox.unseen(chat, kind, until: moment) {
            var event = DeliveryEvent(kind)
            (event.messageID, event.at) = (id, chat.at)
            try hear(event, in: tx)
        }
    }

    /// Somebody has come by an advertisement: who is known may be written to from now on.
    func open(_ chat: ReceivedChat, in tx: Transaction) throws {
        guard let identity = try tx.identities.find(chat.channel, chat.address) else { return }
        try tx.identities.heard(chat, from: identity)
        if let contact = identity.contactID {
            try tx.heldMessages.lookAgain(at: contact, heldFor: "outside_window")
        }
    }

    /// Somebody has shown that a number is theirs: they are the one whose it is.
    func hear(phone number: String, of chat: ReceivedChat, in tx: Transaction) throws {
        let (contact, identity) = try tx.identities.person(behind: chat)
        guard contact.phone != number else { return }
        let owner = try Contact.resource.first(
            where: "phone = \(number)", suffix: "ORDER BY row LIMIT 1", in: tx)
        if let owner {
            _ = try tx.identities.move(identity, to: owner, undone: false, by: .system)
        } else {
            var told = contact
            told.phone = number
            try tx.update(contact, to: &told, by: .system)
        }
    }
}

extension InboxStore where Base == Transaction {
    fileprivate func message(ofProvider id: String) throws -> Message? {
        try Message.resource.first(where: "provider_id = \(id)", suffix: "LIMIT 1", in: tx)
    }

    /// Returns the message of ours that an echo is of, if it is: by its name, or the one to the same address with the
    /// same words whose answer is still awaited.
    fileprivate func own(_ echo: ReceivedChat) throws -> MessageID? {
        if let id = echo.ownID, let known = try Message.resource.find(id, in: tx) { return known.id }
        guard let contact = try tx.identities.find(echo.channel, echo.address)?.contactID else { return nil }
        return try Message.resource.first(
            where: """
                contact_id = \(contact) AND channel = \(echo.channel.rawValue) AND direction = 'outbound'
                AND recipient = \(echo.address) AND status IN ('sending', 'unknown') AND text = \(echo.text)
                """, suffix: "ORDER BY id LIMIT 1", in: tx)?.id
    }

    /// Returns what was sent to somebody until a moment, and is not known to have arrived, or to have been read.
    fileprivate func unseen(
        _ chat: ReceivedChat, _ kind: DeliveryEvent.Kind, until moment: Instant
    ) throws -> [MessageID] {
        guard let contact = try tx.identities.find(chat.channel, chat.address)?.contactID else { return [] }
        // The service's clock and ours are not one.
        let last = moment + .seconds(2)
        var condition: SQL = """
            contact_id = \(contact) AND channel = \(chat.channel.rawValue) AND direction = 'outbound'
            AND recipient = \(chat.address) AND sent_at <= \(last)
            """
        condition += kind == .opened ? " AND opened_at IS NULL" : " AND delivered_at IS NULL"
        return try Message.resource.all(
            where: condition, suffix: "ORDER BY id DESC LIMIT 100", in: tx
        ).map(\.id)
    }

    fileprivate func lastSaid(in conversation: ID<Conversation>) throws -> Message? {
        try Message.resource.first(
            where: """
                conversation_id = \(conversation) AND direction = 'outbound' AND sent_at IS NOT NULL
                """, suffix: "ORDER BY id DESC LIMIT 1", in: tx)
    }

    /// They want to hear no more over a channel.
    func stop(_ channel: Channel, _ address: String, _ message: Message?) throws {
        let isNew = try tx.consents.suppress(
            address, channel, .unsubscribe, message: message?.id,
            note: "The contact asked for it in the chat.",
            // Carriers stop every text message to them.
            scope: channel == .sms ? .all : nil)
        guard isNew else { return }
        try tx.publish(
            "contact.unsubscribed", Subject(type: "contact", id: message?.contactID?.keyText ?? ""),
            ["channel": .string(channel.rawValue), "message_id": JSON(message?.id)])
    }

    /// They want to hear from us again: only what they had asked for themselves ends.
    func resume(_ channel: Channel, _ address: String) throws {
        let own = try Suppression.resource.all(
            where: """
                channel = \(channel.rawValue) AND address = \(Suppression.normal(address, channel))
                AND reason = 'unsubscribe'
                """, suffix: "ORDER BY row LIMIT 10", in: tx)
        for suppression in own { try tx.delete(suppression, by: .system) }
    }
}
