internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Runtime
internal import Telemetry

func conversationRoutes(_ routes: inout Routes) {
    routes.declare(Conversation.resource)
    routes.get(
        "/v1/conversations", .permission("conversations:read"), "Lists conversations",
        query: ParameterDoc.list(Conversation.resource), .list(Conversation.resource)
    ) { call in
        .read { reader in
            try ListQuery(Conversation.resource, call.request.head.query, dialect: reader.dialect)
                .page(in: reader)
        }
    }
    routes.get(
        "/v1/conversations/{id}", .permission("conversations:read"),
        "Reads a conversation, and who may speak in it", .record(Conversation.resource)
    ) { call in
        let id = try call.id("id", of: Conversation.self)
        return .read { reader in
            let conversation = try Conversation.resource.get(id, in: reader)
            return .record(conversation, extra: ["lock": try reader.lockJSON(of: conversation)])
        }
    }
    routes.get(
        "/v1/conversations/{id}/messages", .permission("messages:read"),
        "Lists a conversation's messages, oldest first",
        query: ParameterDoc.list(Message.resource), .list(Message.resource)
    ) { call in
        let id = try call.id("id", of: Conversation.self)
        return .read { reader in
            _ = try Conversation.resource.get(id, in: reader)
            var list = try ListQuery(
                Message.resource, call.request.head.query, dialect: reader.dialect, oldestFirst: true)
            list.add("conversation_id = \(id)")
            return try list.page(in: reader)
        }
    }
}

extension Queryable {
    fileprivate func lockJSON(of conversation: Conversation) throws -> JSON {
        guard let contact = conversation.contactID, let lock = try messageLock(on: contact),
            lock.expiresAt > now
        else { return .null }
        return [
            "holder": .string(lock.holder.rawValue), "fence": JSON(lock.fence),
            "expires_at": .string(lock.expiresAt.description),
        ]
    }
}
