internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

struct AgentMessageBody: Declared {
    var type = "", to = ""
    var body = JSONObject()
    var subject: JSON = .null
    static let schema = Schema<AgentMessageBody>(
        "AgentMessageCreate",
        [
            .text("type", \.type, max: 100, .required, .example("handover_request")),
            .text("to", \.to, max: 100, .required, .about("The agent that is to take it.")),
            .document("body", \.body, .about("The content of the message, in the form of its type.")),
            .document(
                "subject", \.subject, schema: subjectSchema, .about("The subject: {type, id}.")),
        ])

    private static let subjectSchema: JSON = .schema(
        ["type": ["type": "string", "maxLength": 100], "id": ["type": "string", "maxLength": 100]],
        required: ["type", "id"])
}

/// Declares the routes of agents' messages to one another, and of those that a person sends in an agent's stead.
func agentMessageRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let columns: [SimpleList.Column] = [
        .init("type", .text(max: 100)), .init("to", .text(max: 100), column: "recipient"),
        .init("from", .text(max: 100), column: "sender_id"),
        .init("status", .choice(StoredMessage.Status.allCases.map(\.rawValue))),
        .init("subject_id", .text(max: 100)), .init("run_id", .text(max: 100)),
        .init("created_at", .instant),
    ]
    let answer = Answer.json(.reference("AgentMessage"), "The message.")
    routes.schema("AgentMessage", messageSchema)
    routes.declare(AgentMessageBody.self)
    for type in runtime.agents.messages { routes.declareMessage(type) }

    routes.get(
        "/v1/agent-messages", .permission("agents:read"), "List the messages between agents",
        query: SimpleList.docs(columns, fields: messageSchema.propertyNames),
        .list(of: .reference("AgentMessage"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, oldestFirst: true, fields: messageSchema.propertyNames,
                dialect: reader.dialect)
            return try list.page(of: "agent_messages", StoredMessage.self, in: reader) { $1.value($0.json) }
        }
    }
    routes.get(
        "/v1/agent-messages/{id}", .permission("agents:read"), "Get a message between agents", answer
    ) { call in
        .read { reader in
            guard let message = try reader.agentMessages.find(call.id("id", of: StoredMessage.self)) else {
                throw Problem(.notFound)
            }
            return .json(message.json)
        }
    }
    routes.post(
        "/v1/agent-messages", .permission("agents:run"), "Send a message to an agent, as another agent would",
        named: "send_agent_message",
        body: .json(.reference("AgentMessageCreate")),
        .json(.reference("AgentMessage"), status: 201, "The message.")
    ) { call in
        let body = try call.body(AgentMessageBody.self)
        var faults = Faults()
        let choices = runtime.agents.messages.map { $0.type }
        let type = runtime.agents.messages.first { $0.type == body.type }
        if type == nil {
            faults.add(
                "/type", "invalid_choice", "The message type \(body.type) does not exist.", choices: choices)
        }
        let agent = runtime.agents[body.to]
        if agent == nil {
            faults.add(
                "/to", "invalid_choice", "The agent \(body.to) does not exist: GET /v1/agents lists them.")
        }
        if let agent, type != nil, !agent.messages.contains(where: { $0.type == body.type }) {
            faults.add(
                "/to", "invalid_choice",
                "The agent \(agent.name) does not take messages of the type \(body.type).",
                choices: runtime.agents.all.filter { $0.messages.contains { $0.type == body.type } }.map(
                    \.name))
        }
        let subject = try Subject(body.subject, &faults)
        try faults.throwIfAny()
        guard let type else { throw Problem(.notFound) }
        return .write { tx in
            do {
                let message = try tx.send(type, body.body, to: body.to, about: subject, by: call.actor)
                return .json(
                    message.json, status: 201,
                    headers: [("Location", "/v1/agent-messages/\(message.id)")])
            } catch RuntimeError.invalidValues(let faults) {
                throw Problem(faults: faults.map { $0.fault(at: "/body") })
            }
        }
    }
}

extension Routes {
    fileprivate mutating func declareMessage<M: AgentMessage>(_ type: M.Type) { declare(type) }
}

extension Transaction {
    /// A person's message goes before every agent's.
    fileprivate func send<M: AgentMessage>(
        _ type: M.Type, _ body: JSONObject, to agent: String, about subject: Subject?, by actor: Actor
    ) throws -> StoredMessage {
        try agentMessages.send(
            type.decoded(from: body), to: agent, about: subject, priority: .humanAgent, by: actor)
    }
}

extension Subject {
    /// From a body; `nil` for none.
    fileprivate init?(_ json: JSON, _ faults: inout Faults) throws {
        guard !json.isNull else { return nil }
        guard let type = json["type"]?.text, let id = json["id"]?.text, !type.isEmpty, !id.isEmpty,
            type.utf8.count <= 100, id.utf8.count <= 100
        else {
            faults.add(
                "/subject", "wrong_type",
                #"subject must be an object such as {"type": "lead", "id": "lead_…"}."#)
            return nil
        }
        self.init(type: type, id: id)
    }
}

private let messageSchema: JSON = .record([
    "id": .anyText, "type": .anyText, "from": .anySubject, "to": .anyText,
    "priority": [
        "type": "integer", "minimum": 1, "maximum": 4,
        "description":
            "The sender's rank: 1 a person, 2 the primary agent, 3 the booking bridge, 4 everyone else.",
    ],
    "body": .anyObject,
    "subject": ["type": ["object", "null"], "properties": ["type": .anyText, "id": .anyText]],
    "status": .choice(StoredMessage.Status.self), "attempts": .anyInteger,
    "error": ["type": ["object", "null"]], "run_id": .textOrNull, "handled_by": .textOrNull,
    "handled_at": .instantOrNull, "created_at": .anyInstant, "updated_at": .anyInstant,
])
