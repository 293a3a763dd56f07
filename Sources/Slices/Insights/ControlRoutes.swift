internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes

struct RunAgentBody: Declared {
    var agentName = "", parameters = JSONObject()
    static let schema = Schema<RunAgentBody>(
        "ControlRunAgent",
        [
            .text("agent_name", \.agentName, max: 100, .required, .example("lead_generation")),
            .document("parameters", \.parameters, .example(["target_count": 10])),
        ])
}

func controlRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let agents = runtime.agents
    let entries = ControlEntry.all.filter { agents[$0.agent] != nil }
    let answer = Answer.json(.reference("ControlConfig"), "The whole configuration.")
    routes.declare(RunAgentBody.self)
    routes.schema("ControlRun", runSchema)
    routes.schema("ControlConfig", configurationSchema(entries, isPartial: false))
    routes.schema("ControlConfigPatch", configurationSchema(entries, isPartial: true))

    routes.post(
        "/api/control/run-agent", .permission("agents:run"), "Run an agent now", named: "run_legacy_agent",
        body: .json(.reference("ControlRunAgent")),
        .json(.reference("ControlRun"), status: 202, "The run, to be followed at Location.")
    ) { call in
        let body = try call.body(RunAgentBody.self)
        guard agents[body.agentName] != nil else {
            let fault = Fault(
                "/agent_name", "invalid_choice",
                "The agent \(body.agentName) does not exist: GET /v1/agents lists them.",
                choices: agents.all.map(\.name))
            throw Problem(faults: [fault])
        }
        return .write { tx in
            let run = try tx.startRun(
                agent: body.agentName, .object(body.parameters), at: "/parameters", by: call.actor)
            return .json(
                [
                    "run_id": JSON(run.id), "agent_name": .string(run.agent),
                    "status": .string(run.status.rawValue),
                ], status: 202, headers: [("Location", "/v1/agent-runs/\(run.id)")])
        }
    }
    routes.get(
        "/api/control/config", .permission("agents:read"), "Get the configuration of the agents", answer
    ) { call in
        try call.allowQuery()
        return .read { .json(try $0.insights.controlConfiguration(entries, agents)) }
    }
    routes.put(
        "/api/control/config",
        .permission(
            "agents:configure"), "Update any part of the configuration of the agents",
        body: .json(.reference("ControlConfigPatch")), answer
    ) { call in
        let body = try call.object()
        return .write { tx in
            var faults = Faults()
            let changes = try tx.insights.controlChanges(body, entries, &faults)
            try faults.throwIfAny()
            for change in changes { try tx.insights.apply(change, by: call.actor) }
            return .json(try tx.insights.controlConfiguration(entries, agents))
        }
    }
}

private func configurationSchema(_ entries: [ControlEntry], isPartial: Bool) -> JSON {
    let properties = entries.reduce(into: JSONObject()) {
        $0.append($1.agent, $1.schema(isPartial: isPartial))
    }
    return .closed(properties, required: isPartial ? [] : properties.keys)
}

private let runSchema: JSON = .schema(
    [
        "run_id": ["type": "string"], "agent_name": ["type": "string"],
        "status": ["type": "string", "enum": JSON(RunStatus.allCases.map(\.rawValue))],
    ], required: ["run_id", "agent_name", "status"])
