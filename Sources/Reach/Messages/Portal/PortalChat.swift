internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

let portalChatMigration = Migration(number: 784, name: "what is said in the portal") { _ in
    [
        "CREATE INDEX messages_portal ON messages (tenant_id, contact_id, id) WHERE channel = 'portal'",
        """
        CREATE INDEX messages_portal_unread ON messages (tenant_id, contact_id, id)
        WHERE channel = 'portal' AND direction = 'outbound' AND opened_at IS NULL
        """,
    ]
}

let portalThreadMigration = Migration(number: 791, name: "what a client's people have said in the portal") {
    _ in
    ["CREATE INDEX messages_portal_client ON messages (tenant_id, client_id, id) WHERE channel = 'portal'"]
}

/// Routes for the messages between a client's people and the agency, on the portal's own channel. Each person has a
/// conversation of their own; those who manage the client's people read all of them.
func portalChatRoutes(_ routes: inout Routes, _ outbox: Outbox, _ runtime: Runtime) {
    outbox.services.portal.add(PortalPart { portal, reader in try reader.clientPortal.unread(of: portal) })
    routes.declare(PortalText.self)
    routes.schema("PortalMessage", PortalThread.schema)
    let path = "/v1/portal/messages"
    routes.get(
        path, .portal("portal:read"),
        "List your messages with the agency, oldest first; admins see their colleagues', too",
        query: ParameterDoc.list(Message.resource, hiding: PortalThread.hidden),
        .list(of: .reference("PortalMessage"))
    ) { call in
        let (portal, seesAll) = (try call.portal, call.seesAllConversations)
        return .read { reader in
            var list = try ListQuery(
                Message.resource, call.request.head.query, dialect: reader.dialect, oldestFirst: true,
                hiding: PortalThread.hidden)
            list.add(PortalThread.condition(portal, ofAll: seesAll))
            return try list.page(in: reader)
        }
    }
    routes.post(
        path, .portal("portal:write"), "Send a message to the agency", body: .json(.reference("PortalText")),
        .json(.reference("PortalMessage"), status: 201, "The message is sent.")
    ) { call in
        let (body, portal) = (try call.body(PortalText.self), try call.portal)
        return .write { tx in
            try body.check(portal, in: tx)
            let contact = try tx.clientPortal.contact(portal)
            var chat = ReceivedChat(.portal, from: contact.id, body.text.trimmed)
            chat.attachments = body.attachments
            let message = try Inbox(outbox).receive(chat, from: contact, as: nil, in: tx)
            return .json(PortalThread.json(message), status: 201)
        }
    }
    routes.get(
        "\(path)/{id}", .portal("portal:read"), "Get one of your messages with the agency",
        .json(.reference("PortalMessage"), "The message.")
    ) { call in
        let (id, portal) = (try call.id("id", of: Message.self), try call.portal)
        let seesAll = call.seesAllConversations
        return .read { reader in
            .json(PortalThread.json(try reader.clientPortal.message(id, of: portal, ofAll: seesAll)))
        }
    }
    routes.get(
        "\(path)/{id}/files/{file_id}", .portal("portal:read"), "Download a file of a message",
        .media("application/octet-stream", "The bytes of the file.")
    ) { call in
        let (id, portal) = (try call.id("id", of: Message.self), try call.portal)
        let (file, seesAll) = (try call.id("file_id", of: StoredFile.self), call.seesAllConversations)
        return .read { reader in
            guard
                try reader.clientPortal.message(id, of: portal, ofAll: seesAll).attachments.contains(file)
            else {
                throw Problem(.notFound)
            }
            return try reader.files.download(file, for: portal)
        }
    }
    portalPresence(&routes, below: path, outbox, runtime)
}

/// Routes for reading, typing and following a conversation while it goes on.
private func portalPresence(
    _ routes: inout Routes, below path: String, _ outbox: Outbox, _ runtime: Runtime
) {
    let services = outbox.services, followers = EventFollowers(runtime)
    routes.schema("PortalReadMark", .record(["count": .anyInteger]))
    routes.post(
        "\(path)/read", .portal("portal:read"), "Mark the agency's messages as read",
        .json(.reference("PortalReadMark"), "How many messages were marked as read.")
    ) { call in
        let portal = try call.portal
        return .write { tx in .json(["count": JSON(try tx.clientPortal.markRead(portal))]) }
    }
    routes.post(
        "\(path)/typing", .portal("portal:write"),
        "Show the agency for some seconds that you are typing; nothing is stored",
        named: "show_portal_typing",
        .empty("The indicator is shown.")
    ) { call in
        let portal = try call.portal
        try outbox.typists.take(call.actor.lockOwner, now: services.now())
        return .read { reader in
            guard
                let contact = try portal.contactID.flatMap({
                    try Contact.resource.find($0, in: reader)
                }), let conversation = try reader.conversations.open(ofContact: contact.id, on: .portal)
            else { return .noContent }
            outbox.conversations.showTyping(
                in: conversation, by: contact.author, reachesThem: false, of: reader.tenant, runtime)
            return .noContent
        }
    }
    routes.get(
        "\(path)/stream", .portal("portal:read"),
        "Stream your messages with the agency, as server-sent events; admins get their colleagues', too",
        query: [
            .query(
                "last_event_id",
                "The last event that you have received, for clients that cannot send the header."),
            .header("Last-Event-ID", "The last event that you have received; the stream continues after it."),
        ],
        .media(
            "text/event-stream",
            "Frames of id, event (message) and data, and of event (typing) and data alone; comments in between."
        )
    ) { call in
        let (portal, tenant) = (try call.portal, call.tenant)
        return .response(
            try followers.open(call, of: tenant) { event in
                if event.isPassing { return PortalThread.sign(event, for: portal) }
                guard PortalThread.told.contains(event.type) else { return nil }
                return try services.database.read(tenant) {
                    try $0.clientPortal.frame(of: event, for: portal)
                }
            })
    }
}

extension Call {
    /// Whether they read the words of all of the client's people, as the desks of others have it for an organisation.
    fileprivate var seesAllConversations: Bool { principal?.permissions.contains("portal:manage") == true }
}

/// The view that a client's person has of the messages of their own conversation, or of all of their client's: without
/// the agency's internal notes, and without messages that it has not sent.
private enum PortalThread {
    private static let shown: Set<String> = [
        "id", "created_at", "direction", "text", "author", "attachments", "sources", "conversation_id",
        "contact_id", "opened_at",
    ]
    static let hidden = Set(Message.resource.visible.map(\.name)).subtracting(shown)
    static let told: Set<String> = ["message.received", "message.sent"]

    static func condition(_ portal: PortalCall, ofAll: Bool = false) -> SQL {
        let whose: SQL = ofAll ? "" : "contact_id = \(portal.contactID) AND"
        return """
            channel = 'portal' AND \(whose) client_id = \(portal.clientID)
            AND internal = 0 AND status IN ('received', 'sent', 'delivered')
            """
    }

    static func isShown(_ message: Message, to portal: PortalCall, ofAll: Bool) -> Bool {
        message.channel == .portal && !message.isInternal && message.clientID == portal.clientID
            && (ofAll || message.contactID == portal.contactID)
            && [.received, .sent, .delivered].contains(message.status)
    }

    static func json(_ message: Message) -> JSON {
        .object(Message.resource.json(message, hiding: hidden))
    }

    static let schema = JSON.object(Message.resource.jsonSchema(hiding: hidden))

    /// Returns the sign that somebody of the agency types an answer to the portal's user; `nil`: the event is not for
    /// them.
    static func sign(_ event: Event, for portal: PortalCall) -> JSON? {
        guard event.type == Typing.event, let contact = portal.contactID,
            event.data.containsBytes(contact.keyText)
        else {
            return nil
        }
        let data = JSON(stored: event.data)
        guard data["contact_id"]?.id() == contact, data["channel"]?.text == Channel.portal.rawValue else {
            return nil
        }
        return Typing.shown(data)
    }
}

extension ClientPortalStore {
    /// One that the person gets to see.
    fileprivate func message(
        _ id: MessageID, of portal: PortalCall, ofAll: Bool
    ) throws -> Message {
        guard let message = try Message.resource.find(id, in: tx),
            PortalThread.isShown(message, to: portal, ofAll: ofAll)
        else { throw Problem(.notFound) }
        return message
    }

    /// Returns an event as a client's person gets to see it, by the role that they have at that time; `nil` where it is
    /// not for them. Throws `forbidden` once they may see nothing.
    fileprivate func frame(of event: Event, for portal: PortalCall) throws -> JSON? {
        guard event.data.containsBytes("\"portal\""),
            let message = try event.subject.id(of: Nouns.Message.self).flatMap({
                try Message.resource.find($0, in: tx)
            }), PortalThread.isShown(message, to: portal, ofAll: true)
        else { return nil }
        let user = try User.resource.find(portal.userID, in: tx)
        guard let user, user.status == .active, user.clientID == portal.clientID else {
            throw Problem(.forbidden)
        }
        let seesAll = user.clientRole?.permissions.contains("portal:manage") == true
        guard PortalThread.isShown(message, to: portal, ofAll: seesAll) else { return nil }
        return PortalThread.json(message)
    }
}

extension ClientPortalStore where Base == Reader {
    /// For the portal's first page: the answers that nobody has looked at.
    fileprivate func unread(of portal: PortalCall) throws -> (counts: JSONObject, waiting: [PortalWaiting]) {
        let unread = try tx.all(
            """
            SELECT id, conversation_id, created_at FROM messages
            WHERE tenant_id = \(tx.tenant) AND \(PortalThread.condition(portal)) AND direction = 'outbound'
                AND opened_at IS NULL ORDER BY id LIMIT 100
            """
        ) { (conversation: $0.optionalText(1), since: $0.instant(2)) }
        guard let first = unread.first else { return (["messages_unread": 0], []) }
        let subject = Subject(type: Conversation.noun, id: first.conversation ?? "")
        return (
            ["messages_unread": JSON(unread.count)],
            [PortalWaiting(subject, "", action: "read", needs: "portal:read", since: first.since)]
        )
    }
}

extension ClientPortalStore where Base == Transaction {
    fileprivate func markRead(_ portal: PortalCall) throws -> Int {
        let count = try tx.run(
            """
            UPDATE messages SET opened_at = \(tx.now), updated_at = \(tx.now), version = version + 1
            WHERE tenant_id = \(tx.tenant) AND \(PortalThread.condition(portal)) AND direction = 'outbound'
                AND opened_at IS NULL
            """)
        if count > 0, let contact = portal.contactID {
            try tx.publish(
                "contact.read_messages", Subject(contact),
                ["channel": "portal", "count": JSON(count)])
        }
        return count
    }
}
