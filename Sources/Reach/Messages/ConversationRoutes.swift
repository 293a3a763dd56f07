internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

func conversationRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    routes.declare(Conversation.resource)
    routes.shows(Conversation.resource, read: "messages:read")
    routes.get(
        "/v1/conversations", .permission("conversations:read"), "List conversations",
        query: ParameterDoc.list(Conversation.resource), .list(Conversation.resource)
    ) { call in
        .read { reader in
            try ListQuery(Conversation.resource, call.request.head.query, dialect: reader.dialect)
                .page(in: reader)
        }
    }
    routes.get(
        "/v1/conversations/{id}", .permission("conversations:read"),
        "Get a conversation, with who may write in it", .record(Conversation.resource)
    ) { call in
        let id = try call.id("id", of: Conversation.self)
        return .read { reader in
            let conversation = try Conversation.resource.get(id, in: reader)
            return try reader.conversations.answer(with: conversation)
        }
    }
    routes.patch(
        "/v1/conversations/{id}", .permission("conversations:write"),
        "Update a conversation's assignee, priority or contact; claim it to write in it",
        body: .json(.reference("ConversationPatch")), .record(Conversation.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Conversation.self), call.object())
        return .write { tx in
            let old = try Conversation.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            var conversation = old, stored = old, faults = Faults()
            _ = Conversation.schema.patch(&conversation, with: body, faults: &faults)
            try faults.throwIfAny(in: tx)
            let changes = Conversation.resource.changes(from: old, to: conversation)
            guard !changes.isEmpty else { return try tx.conversations.answer(with: old) }
            if conversation.contactID != old.contactID {
                (stored, conversation) = try tx.conversations.give(old, to: conversation, by: call.actor)
            }
            try tx.conversations.change(stored, to: &conversation)
            try tx.auditLog.add(
                call.actor, "conversation.updated", old.subjectOfEvents, .object(changes))
            try tx.publish(
                "conversation.updated", old.subjectOfEvents, ["changed": JSON(changes.keys)])
            return try tx.conversations.answer(with: conversation)
        }
    }
    routes.get(
        "/v1/conversations/{id}/messages", .permission("messages:read"),
        "List a conversation's messages, oldest first",
        query: ParameterDoc.list(Message.resource), .list(Message.resource)
    ) { call in
        let id = try call.id("id", of: Conversation.self)
        return .read { reader in
            _ = try Conversation.resource.get(id, in: reader)
            var list = try ListQuery(
                Message.resource, call.request.head.query, dialect: reader.dialect, oldestFirst: true,
                computed: Message.told)
            list.add("conversation_id = \(id)")
            return try list.page(toldTo: call, in: reader) {
                try reader.heldMessages.reasons(of: $0, to: call)
            }
        }
    }
}

extension ConversationStore {
    /// A conversation with its lock.
    func answer(with conversation: Conversation) throws -> Response {
        .record(conversation, extra: ["lock": try lockJSON(of: conversation)])
    }

    private func lockJSON(of conversation: Conversation) throws -> JSON {
        guard let contact = conversation.contactID, let lock = try tx.messageLocks.find(on: contact),
            lock.expiresAt > tx.now
        else { return .null }
        return [
            "holder": .string(lock.holder.rawValue), "owner": .string(lock.owner), "fence": JSON(lock.fence),
            "expires_at": .string(lock.expiresAt.description),
        ]
    }
}
