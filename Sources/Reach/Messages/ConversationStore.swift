internal import Cryptography
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import People
internal import Records
internal import Telemetry

/// Conversations: `tx.conversations`.
package struct ConversationStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var conversations: ConversationStore<Self> { ConversationStore(tx: self) }
}

extension ConversationStore where Base == Transaction {
    /// The conversation that a new message to somebody belongs to: the latest that is not closed, or a new one. Without
    /// an identity it is none that everybody reads.
    package func findOrMake(
        of contact: Contact, _ channel: Channel, subject: String?, identity: ContactIdentity? = nil
    ) throws -> ID<Conversation> {
        let open = try tx.first(
            """
            SELECT id FROM conversations
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact.id) AND channel = \(channel.rawValue)
                AND status <> 'closed'
                AND (identity_id IS NULL OR \(identity == nil) = 1 OR identity_id = \(identity?.id))
                AND (\(identity == nil) = 0 OR NOT EXISTS (
                    SELECT 1 FROM contact_identities i
                    WHERE i.tenant_id = \(tx.tenant) AND i.id = conversations.identity_id
                        AND i.address LIKE \(CommentAddress.pattern)))
            ORDER BY last_message_at DESC LIMIT 1
            """
        ) { $0.id(0, of: Conversation.self) }
        if let open, let id = open { return id }
        var conversation = Conversation.new(id: tx.nextID(), now: tx.now)
        (conversation.channel, conversation.contactID) = (channel, contact.id)
        (conversation.clientID, conversation.subject) = (contact.clientID, subject)
        conversation.lastMessageAt = tx.now
        // A mail's sender is their contact, by whichever of their addresses.
        var speaker = identity
        if speaker == nil, channel != .email { speaker = try tx.identities.find(of: contact.id, on: channel) }
        (conversation.identityID, conversation.integrationID) = (speaker?.id, speaker?.integrationID)
        // It stands in addresses, where upper and lower case are the same.
        conversation.token = "\(conversation.id.value)"
        try Conversation.resource.insert(&conversation, in: tx)
        try tx.publish(
            "conversation.opened", conversation.subjectOfEvents,
            ["contact_id": JSON(contact.id), "channel": .string(channel.rawValue)])
        return conversation.id
    }

    /// Counts a message into its conversation; one that came in opens it again.
    func touch(_ message: Message) throws {
        guard let id = message.conversationID else { return }
        guard !message.isInternal else {
            // A draft of somebody else's is not late for it.
            try tx.run(
                """
                UPDATE conversations SET messages = messages + 1
                WHERE tenant_id = \(tx.tenant) AND id = \(id)
                """)
            return
        }
        let isWords = message.direction == .inbound && !message.isAutomatic
        let isPersons = message.direction == .outbound && message.speaker == .human
        let preview = String(message.text.prefix(Conversation.previewMax))
        try tx.run(
            """
            UPDATE conversations SET version = version + 1, updated_at = \(tx.now), last_message_at = \(tx.now),
                messages = messages + 1, preview = \(preview),
                unread = CASE WHEN \(isPersons) = 1 THEN 0 ELSE unread + \(isWords ? 1 : 0) END,
                last_inbound_at = CASE WHEN \(isWords) = 1 THEN \(tx.now) ELSE last_inbound_at END,
                snoozed_until = CASE WHEN \(isWords || isPersons) = 1 THEN NULL ELSE snoozed_until END,
                status = CASE WHEN \(isWords || isPersons) = 1 THEN 'open' ELSE status END
            WHERE tenant_id = \(tx.tenant) AND id = \(id)
            """)
    }

    /// Keeps what a conversation is about, unless a person has said so, and how it is found: no draft is late for it.
    package func file(_ conversation: Conversation, under category: String?, _ tags: [String]) throws {
        let more = tags.filter { !conversation.tags.contains($0) }
        let isNew = conversation.category == nil && category != nil
        guard isNew || !more.isEmpty else { return }
        let all = JSON(Array((conversation.tags + more).prefix(50))).serialized
        try tx.run(
            """
            UPDATE conversations SET category = coalesce(category, \(category)), tags = \(all)
            WHERE tenant_id = \(tx.tenant) AND id = \(conversation.id)
            """)
    }

    /// Stores a change of a conversation under its next version.
    package func change(_ old: Conversation, to new: inout Conversation) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try Conversation.resource.update(old, to: new, in: tx)
    }

    /// Keeps what became of a message, in the order of its telling.
    func note(_ kind: String, of message: MessageID, detail: String? = nil, at: Instant? = nil) throws {
        try tx.run(
            addNote,
            [
                tx.tenant.sqlValue, message.text.sqlValue, kind.sqlValue, detail.sqlValue,
                (at ?? tx.now).sqlValue,
            ])
    }
}

extension ConversationStore {
    func hasNote(_ kind: String, of message: MessageID) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM message_events
            WHERE tenant_id = \(tx.tenant) AND message_id = \(message) AND kind = \(kind)
            """)
    }

    /// Returns the events of a message, oldest first, at most 200.
    func history(of message: MessageID) throws -> [JSON] {
        try tx.all(
            """
            SELECT kind, detail, at FROM message_events
            WHERE tenant_id = \(tx.tenant) AND message_id = \(message) ORDER BY number LIMIT 200
            """
        ) { row in
            [
                "kind": .string(row.text(0)), "detail": JSON(row.optionalText(1)),
                "at": .string(row.instant(2).description),
            ]
        }
    }

    /// Returns the message IDs that an answer refers to: those of the last ten emails of a conversation that were sent
    /// or received before it, oldest first.
    func threadIDs(of conversation: ID<Conversation>, before message: MessageID) throws -> [String] {
        try tx.all(
            """
            SELECT internet_id FROM messages
            WHERE tenant_id = \(tx.tenant) AND conversation_id = \(conversation) AND id < \(message)
                AND internet_id IS NOT NULL AND status IN ('sent', 'delivered', 'received')
            ORDER BY id DESC LIMIT 10
            """
        ) { $0.text(0) }.reversed()
    }
}

private let addNote = Statement(
    """
    INSERT INTO message_events (tenant_id, message_id, number, kind, detail, at)
    VALUES (
        $1, $2,
        (SELECT coalesce(max(number), 0) + 1 FROM message_events WHERE tenant_id = $1 AND message_id = $2),
        $3, $4, $5)
    """)
