internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry

/// The changes that a person may make to an agent. `handover` is a conversation's affair.
struct AgentPatch: Declared {
    enum State: String, Choice { case active, standby, disabled }

    var state: State?, autonomy: Autonomy?
    var deadline: String?
    var permissions: [String] = []
    var runsPerHour: Int?
    static let schema = Schema<AgentPatch>(
        "AgentPatch",
        [
            .choice(
                "state", \.state,
                .about(
                    "Whether the agent works. An agent that is not part of this release cannot be activated.")
            ),
            .choice(
                "autonomy", \.autonomy, .about("Whether it only decides, asks before each effect, or acts.")),
            .text(
                "deadline", \.deadline, max: 40,
                .about("How long an attempt of a run may take, as an ISO 8601 duration; null: the standard."),
                .example("PT10M")),
            .texts(
                "permissions", \.permissions, max: 200,
                .about("The permissions of the agent, out of its own; null: all of them.")),
            .integer(
                "runs_per_hour", \.runsPerHour, in: 1...10_000,
                .about("How many runs may begin in an hour; more wait. null: any number.")),
        ])

    /// The body as a change of `agent`; throws every fault.
    static func read(_ body: JSONObject, _ agent: any AgentDefinition) throws -> AgentChange {
        var patch = AgentPatch(), faults = Faults()
        schema.create(&patch, from: body, faults: &faults)
        var change = AgentChange(
            state: patch.state.flatMap { AgentState(rawValue: $0.rawValue) }, autonomy: patch.autonomy)
        if body["deadline"] != nil { change.deadline = .standard }
        if let text = patch.deadline {
            switch Duration(iso8601: text) {
            case nil: faults.add("/deadline", "wrong_type", "deadline must be a duration such as PT10M.")
            case let limit? where limit < .seconds(1) || limit > deadlineMax:
                faults.add(
                    "/deadline", "out_of_range", "deadline must be from PT1S to \(deadlineMax.iso8601).")
            case let limit?: change.deadline = .value(limit)
            }
        }
        if let given = body["runs_per_hour"] {
            change.runsPerHour = given.isNull ? .standard : patch.runsPerHour.map { .value($0) }
        }
        if let given = body["permissions"] {
            change.permissions =
                given.isNull ? .standard : .value(Set(patch.permissions.map { Permission($0) }))
        }
        for (index, name) in patch.permissions.enumerated()
        where !agent.permissions.contains(Permission(name)) {
            faults.add(
                "/permissions/\(index)", "invalid_choice",
                "The agent \(agent.name) cannot have the permission \(name.prefix(64)).",
                choices: agent.permissions.map(\.name).sorted())
        }
        try faults.throwIfAny()
        return change
    }

    private static let deadlineMax: Duration = .seconds(86_400)
}

extension Autonomy: Choice {}

/// The state that several agents are put into at once.
struct AgentSwitch: Declared {
    var state = AgentPatch.State.active
    var agents: [String] = []
    static let schema = Schema<AgentSwitch>(
        "AgentSwitch",
        [
            .choice(
                "state", \.state, .required,
                .about(
                    "Whether these agents work. Those that are not part of this release stay on standby.")),
            .texts(
                "agents", \.agents, max: 500,
                .about("The agents, by their names. Without it, or with null: all of them."),
                .example(["lead_scoring"])),
        ])

    /// Reads the body, and finds the agents that are meant; throws a fault for each name that is none's.
    static func read(
        _ body: JSONObject, _ registry: AgentRegistry
    ) throws -> (state: AgentPatch.State, agents: [any AgentDefinition]) {
        var wanted = AgentSwitch(), faults = Faults()
        schema.create(&wanted, from: body, faults: &faults)
        for (index, name) in wanted.agents.enumerated() where registry[name] == nil {
            faults.add(
                "/agents/\(index)", "invalid_choice", "The agent \(name.prefix(64)) does not exist.",
                choices: registry.all.map(\.name))
        }
        try faults.throwIfAny()
        let isOfAll = (body["agents"] ?? .null).isNull, named = Set(wanted.agents)
        return (wanted.state, registry.all.filter { isOfAll || named.contains($0.name) })
    }
}

extension AgentStore where Base == Transaction {
    /// Returns whether the agent stands otherwise now. One that its build holds back is on standby instead of active.
    fileprivate func set(
        _ agent: any AgentDefinition, to state: AgentPatch.State, by actor: Actor
    ) throws -> Bool {
        let old = try status(agent), isHeldBack = agent.buildState != .ready
        let new: AgentState =
            switch state {
            case .active: isHeldBack ? .standby : .active
            case .standby: .standby
            case .disabled: .disabled
            }
        return try set(agent.name, state: new, by: actor).state != old.state
    }
}

func agentRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let agents = runtime.agents
    routes.schema("Agent", AgentDescription.schema)
    routes.declare(AgentPatch.self)
    routes.declare(AgentSwitch.self)

    routes.get(
        "/v1/agents", .permission("agents:read"), "List the agents",
        query: SimpleList.docs([], fields: AgentDescription.schema.propertyNames),
        .list(of: .reference("Agent"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, [], key: "name", oldestFirst: true,
                fields: AgentDescription.schema.propertyNames, dialect: reader.dialect)
            return list.page(
                of: try agents.all.map {
                    ($0.name, try AgentDescription($0, runtime.questions, in: reader).json)
                })
        }
    }
    routes.get(
        "/v1/agents/{name}", .permission("agents:read"), "Get an agent",
        .json(.reference("Agent"), "The agent.")
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        return .read { try AgentDescription(agent, runtime.questions, in: $0).response }
    }
    routes.patch(
        "/v1/agents/{name}", .permission("agents:configure"),
        "Update an agent's state, autonomy, deadline or permissions",
        body: .json(.reference("AgentPatch")), .json(.reference("Agent"), "The agent.")
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        let change = try AgentPatch.read(try call.object(), agent)
        return .write { tx in
            try call.checkVersion(tx.agents.status(agent).version)
            try tx.agents.set(agent.name, change, by: call.actor)
            return try AgentDescription(agent, runtime.questions, in: tx).response
        }
    }
    routes.post(
        "/v1/agents/bulk", .permission("agents:configure"), "Set the state of several agents, or of all",
        named: "update_agents", body: .json(.reference("AgentSwitch")),
        .json(
            .schema(
                [
                    "changed": [
                        "type": "array", "items": .anyText,
                        "description": "The names of the agents that stand otherwise now.",
                    ]
                ], required: ["changed"]), "The agents whose state has changed.")
    ) { call in
        let meant = try AgentSwitch.read(try call.object(), agents)
        return .write { tx in
            let changed = try meant.agents.filter { try tx.agents.set($0, to: meant.state, by: call.actor) }
            return .json(["changed": JSON(changed.map(\.name))])
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
    let health: AgentHealth
    let budget: JSON
    let useToday: JSON

    init(_ agent: any AgentDefinition, _ questions: TenantQuestions, in reader: some Queryable) throws {
        self.agent = agent
        budget = try Self.tightestBudget(of: agent.name, try questions.zone(reader), in: reader)
        useToday = try Self.useToday(of: agent.name, questions, in: reader)
        status = try reader.agents.status(agent)
        metrics = try reader.agents.metrics(agent.name)
        configurationVersion = try reader.agentConfigurations.published(agent).version
        schedules = try reader.schedules.all(ofAgent: agent.name).filter(\.enabled).map(\.cron)
        nextRun = try reader.schedules.nextRun(ofAgent: agent.name)
        health = metrics.health(nextRun: status.state == .active ? nextRun : nil, now: reader.now)
    }

    /// Of the agent's own, the one of which the least is left.
    private static func tightestBudget(
        of agent: String, _ zone: TimeZoneRules, in reader: some Queryable
    ) throws -> JSON {
        let own = try reader.budgets.all(agent: agent, clientID: nil).filter { $0.agent == agent }
        let uses = try own.map { (budget: $0, use: try reader.budgets.use(of: $0, zone)) }
        func share(_ one: (budget: Budget, use: BudgetUse)) -> Double {
            Double(one.use.spent + one.use.held) / Double(max(one.budget.amount, 1))
        }
        guard let (budget, use) = uses.max(by: { share($0) < share($1) }) else { return .null }
        return [
            "id": JSON(budget.id), "kind": .string(budget.kind.rawValue),
            "per": .string(budget.per.rawValue),
            "limit": budget.json(of: budget.amount), "spent": budget.json(of: use.spent),
            "held": budget.json(of: use.held), "resets_at": .string(use.resetsAt.description),
        ]
    }

    var response: Response { .json(json, headers: [("ETag", ETag.text(status.version))]) }

    var json: JSON {
        let triggers: [(String, String?)] =
            [("manual", nil), ("workflow", nil)] + agent.events.map { ("event", $0) }
            + agent.messages.map { ("message", $0.type) }
            + schedules.map { ("schedule", $0) }
        return [
            "id": .string(agent.name), "name": .string(agent.name), "title": .string(agent.title),
            "purpose": .string(agent.purpose), "cannot": JSON(agent.cannot),
            "state": .string(status.state.rawValue),
            "reason": JSON(status.reason),
            "initiative": .string(agent.initiative.rawValue),
            "autonomy": .string(status.autonomy.rawValue),
            "deadline": .string(status.deadline.iso8601), "tools": JSON(agent.tools),
            "permissions": status.permissions.json, "runs_per_hour": JSON(status.runsPerHour),
            "triggers": .array(triggers.map { ["type": .string($0.0), "on": JSON($0.1)] }),
            "config_version": JSON(configurationVersion), "budget": budget,
            "use_today": useToday,
            "last_run": JSON(metrics.lastRunAt?.description), "next_run": JSON(nextRun?.description),
            "runs": JSON(metrics.runs), "success_rate": metrics.successRate.map(JSON.number) ?? nil,
            "health": .string(health.rawValue), "last_error": JSON(metrics.lastError),
            "version": JSON(status.version),
            "updated_at": JSON(status.updatedAt?.description),
        ]
    }

    /// Returns today's calls outside, their failures and their cost; null for a reader who sees only some clients.
    private static func useToday(
        of agent: String, _ questions: TenantQuestions, in reader: some Queryable
    ) throws -> JSON {
        guard reader.limit == nil else { return .null }
        let today = try reader.effectUse.total(
            ofAgent: agent, since: questions.zone(reader).local(of: reader.now).date.daysSinceEpoch)
        return [
            "calls": JSON(today.calls), "failures": JSON(today.failures),
            "cost": Money(micros: today.cost, currency: try questions.currency(reader)).json,
        ]
    }

    static let schema: JSON = .record([
        "id": .anyText, "name": .anyText, "title": .anyText, "purpose": .anyText,
        "cannot": [
            "type": "array", "items": .anyText,
            "description": "The limits of the agent, as clients read them.",
        ],
        "state": .choice(AgentState.self),
        "reason": [
            "type": ["string", "null"],
            "description": "Why the agent is on standby, where it is not part of this release.",
        ],
        "initiative": .choice(Initiative.self), "autonomy": .choice(Autonomy.self),
        "deadline": ["type": "string", "description": "How long an attempt of a run may take (ISO 8601)."],
        "tools": ["type": "array", "items": .anyText, "description": "The tools that it may use."],
        "permissions": ["type": "array", "items": .anyText, "description": "The permissions of the agent."],
        "runs_per_hour": ["type": ["integer", "null"]],
        "triggers": [
            "type": "array",
            "items": .record([
                "type": ["type": "string", "enum": .init(RunTrigger.allCases.map(\.rawValue))],
                "on": .textOrNull,
            ]),
        ],
        "config_version": .anyInteger,
        "budget": [
            "type": ["object", "null"],
            "description": "The agent's budget of which the least is left.",
        ],
        "use_today": .record([
            "calls": .anyInteger, "failures": .anyInteger, "cost": .anyObject,
        ]).merging([
            "type": ["object", "null"], "description": "The agent's calls of outside services today.",
        ]),
        "last_run": .instantOrNull,
        "next_run": .instantOrNull, "runs": .anyInteger,
        "success_rate": ["type": ["number", "null"], "minimum": 0, "maximum": 1],
        "health": .choice(AgentHealth.self),
        "last_error": .textOrNull,
        "version": .anyInteger, "updated_at": .instantOrNull,
    ])
}
