internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

/// Declares the routes by which people read agents' memories and take them away.
func agentMemoryRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let agents = runtime.agents
    let path = "/v1/agents/{name}/memory"
    let columns: [SimpleList.Column] = [
        .init("subject_id", .text(max: 100)), .init("key", .text(max: 200)), .init("created_at", .instant),
    ]
    routes.schema("AgentMemory", memorySchema)

    routes.get(
        path, .permission("agent_memory:read"), "List the memories of an agent",
        query: SimpleList.docs(columns, fields: memorySchema.propertyNames),
        .list(of: .reference("AgentMemory"))
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        return .read { reader in
            var list = try SimpleList(
                call.request.head.query, columns, fields: memorySchema.propertyNames, dialect: reader.dialect)
            list.add("agent = \(agent.name)")
            list.add("(expires_at IS NULL OR expires_at > \(reader.now))")
            return try list.page(of: "agent_memory", Memory.self, in: reader) { $1.value($0.json) }
        }
    }
    routes.delete(
        path, .permission("agent_memory:delete"),
        "Delete what an agent remembers about one subject (subject_id), or one key of it (key)",
        query: [
            .query(
                "subject_id",
                "The subject whose memory is deleted; required, and empty for memory about no subject.",
                .anyText),
            .query("key", "The key to delete; all keys of the subject without it.", .anyText),
        ], .empty()
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        try call.allowQuery("subject_id", "key")
        guard let id = call.query("subject_id") else {
            throw Problem(
                .invalidParameter, "subject_id is required: name the subject whose memory is deleted.")
        }
        let key = call.query("key")
        return .write { tx in
            let count = try tx.memories.forget(agent.name, aboutID: id, key: key)
            try tx.auditLog.add(
                call.actor, "agent_memory.deleted", Subject(type: "agent", id: agent.name),
                ["subject_id": .string(id), "key": JSON(key), "count": JSON(count)])
            return .noContent
        }
    }
}

private let memorySchema: JSON = .record([
    "id": .anyText, "agent": .anyText,
    "subject": ["type": ["object", "null"], "properties": ["type": .anyText, "id": .anyText]],
    "key": .anyText, "value": ["description": "Any JSON."], "version": .anyInteger, "run_id": .textOrNull,
    "expires_at": .instantOrNull, "created_at": .anyInstant, "updated_at": .anyInstant,
])
