internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Telemetry

/// What a person may change about an agent. `handover` is a conversation's affair.
struct AgentPatch: Declared {
    enum State: String, Choice { case active, standby, disabled }

    var state: State?, autonomy: Autonomy?
    static let schema = Schema<AgentPatch>(
        "AgentPatch",
        [
            .choice(
                "state", \.state, .about("An agent that stands by because of its build cannot be activated.")),
            .choice(
                "autonomy", \.autonomy, .about("Whether it only decides, asks before each effect, or acts.")),
        ])
}

extension Autonomy: Choice {}

func agentRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let agents = runtime.agents
    routes.schema("Agent", AgentDescription.schema)
    routes.declare(AgentPatch.self)

    routes.get(
        "/v1/agents", .permission("agents:read"), "Lists the agents",
        query: SimpleList.docs([], fields: AgentDescription.schema.propertyNames),
        .list(of: .reference("Agent"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, [], key: "name", oldestFirst: true,
                fields: AgentDescription.schema.propertyNames, dialect: reader.dialect)
            return list.page(of: try agents.all.map { ($0.name, try AgentDescription($0, in: reader).json) })
        }
    }
    routes.get(
        "/v1/agents/{name}", .permission("agents:read"), "Reads an agent",
        .json(.reference("Agent"), "The agent.")
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        return .read { try AgentDescription(agent, in: $0).response }
    }
    routes.patch(
        "/v1/agents/{name}", .permission("agents:configure"),
        "Puts an agent to work or to sleep, or sets its autonomy",
        body: .json(.reference("AgentPatch")), .json(.reference("Agent"), "The agent.")
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        let patch = try call.body(AgentPatch.self)
        return .write { tx in
            let status = try tx.agentStatus(agent)
            try call.checkVersion(status.version)
            let state = patch.state.flatMap { AgentState(rawValue: $0.rawValue) } ?? status.state
            let autonomy = patch.autonomy ?? status.autonomy
            if (state, autonomy) != (status.state, status.autonomy) {
                try tx.setAgent(agent.name, state: state, autonomy: autonomy, by: call.actor)
            }
            return try AgentDescription(agent, in: tx).response
        }
    }
}

/// An agent with how it stands in a tenant and what it has done there.
private struct AgentDescription {
    let agent: any AgentDefinition
    let status: AgentStatus
    let metrics: AgentMetrics
    let configurationVersion: Int
    let schedules: [String]
    let nextRun: Instant?

    init(_ agent: any AgentDefinition, in reader: some Queryable) throws {
        self.agent = agent
        status = try reader.agentStatus(agent)
        metrics = try reader.agentMetrics(agent.name)
        configurationVersion = try reader.publishedConfiguration(agent).version
        schedules = try reader.schedules(ofAgent: agent.name).filter(\.enabled).map(\.cron)
        nextRun = try reader.nextRun(ofAgent: agent.name)
    }

    var response: Response { .json(json, headers: [("ETag", ETag.text(status.version))]) }

    var json: JSON {
        let triggers: [(String, String?)] =
            [("manual", nil)] + agent.events.map { ("event", $0) } + schedules.map { ("schedule", $0) }
        return [
            "id": .string(agent.name), "name": .string(agent.name), "title": .string(agent.title),
            "purpose": .string(agent.purpose), "state": .string(status.state.rawValue),
            "reason": JSON(status.reason),
            "autonomy": .string(status.autonomy.rawValue),
            "triggers": .array(triggers.map { ["type": .string($0.0), "on": JSON($0.1)] }),
            "config_version": JSON(configurationVersion), "budget": nil,
            "last_run": JSON(metrics.lastRunAt?.description), "next_run": JSON(nextRun?.description),
            "runs": JSON(metrics.runs), "success_rate": metrics.successRate.map(JSON.number) ?? nil,
            "health": .string(metrics.health), "last_error": JSON(metrics.lastError),
            "version": JSON(status.version),
            "updated_at": JSON(status.updatedAt?.description),
        ]
    }

    static let schema: JSON = .record([
        "id": .anyText, "name": .anyText, "title": .anyText, "purpose": .anyText,
        "state": .choice(AgentState.self),
        "reason": [
            "type": ["string", "null"], "description": "Why it stands by, when its build is the reason.",
        ],
        "autonomy": .choice(Autonomy.self),
        "triggers": [
            "type": "array",
            "items": .record([
                "type": ["type": "string", "enum": ["manual", "event", "schedule"]], "on": .textOrNull,
            ]),
        ],
        "config_version": .anyInteger, "budget": ["type": ["object", "null"]], "last_run": .instantOrNull,
        "next_run": .instantOrNull, "runs": .anyInteger,
        "success_rate": ["type": ["number", "null"], "minimum": 0, "maximum": 1],
        "health": ["type": "string", "enum": ["idle", "healthy", "degraded", "failing"]],
        "last_error": .textOrNull,
        "version": .anyInteger, "updated_at": .instantOrNull,
    ])
}
