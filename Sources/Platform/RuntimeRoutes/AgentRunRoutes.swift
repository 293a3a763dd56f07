package import Agents
package import Database
internal import HTTPServer
package import JSON
package import Jobs
internal import Nouns
package import Records
package import Routing

struct RunBody: Declared {
    var parameters = JSONObject()
    static let schema = Schema<RunBody>(
        "AgentRunCreate",
        [
            .document(
                "parameters", \.parameters, .about("The parameters of the run, as the agent declares them."))
        ])
}

func agentRunRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let columns: [SimpleList.Column] = [
        .init("agent", .text(max: 100)), .init("status", .choice(RunStatus.allCases.map(\.rawValue))),
        .init("trigger", .choice(RunTrigger.allCases.map(\.rawValue))), .init("created_at", .instant),
    ]
    let answer = Answer.json(.reference("AgentRun"), "The run.")
    routes.schema("AgentRun", AgentRunRecord.schema)
    routes.schema("AgentRunTrace", traceSchema)
    routes.declare(RunBody.self)

    routes.post(
        "/v1/agents/{name}/runs",
        .permission(
            "agents:run"), "Start a run of an agent, and get the run", named: "run_agent",
        body: .json(.reference("AgentRunCreate"), isOptional: true), query: [.wait], answer,
        .json(.reference("AgentRun"), status: 202, "The run, to be followed at Location.")
    ) { call in
        let agent = try runtime.agents.definition(call.parameters["name"] ?? "")
        let parameters = call.request.bytes.isEmpty ? [:] : try call.body(RunBody.self).parameters
        return try call.startRun(runtime) { tx in
            try tx.startRun(agent: agent.name, .object(parameters), at: "/parameters", by: call.actor)
        }
    }
    routes.get(
        "/v1/agent-runs", .permission("agents:read"), "List the runs of agents",
        query: SimpleList.docs(columns, fields: AgentRunRecord.schema.propertyNames),
        .list(of: .reference("AgentRun"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, fields: AgentRunRecord.schema.propertyNames,
                dialect: reader.dialect)
            let page = try list.rows(of: "agent_runs", AgentRunRecord.self, in: reader)
            let decisions = try reader.runs.decisionIDs(ofRuns: page.items.map(\.id))
            return list.response(page) { run, writer in
                run.write(into: &writer, decisions: decisions[run.id] ?? [])
            }
        }
    }
    routes.get("/v1/agent-runs/{id}", .permission("agents:read"), "Get a run of an agent", answer) { call in
        .read { try $0.run(call).response(in: $0) }
    }
    routes.get(
        "/v1/agent-runs/{id}/trace", .permission("agents:read"), "Get the steps of a run",
        .json(.reference("AgentRunTrace"), "The steps of the run, attempt by attempt.")
    ) { call in
        .read { reader in
            let run = try reader.run(call)
            let steps = try reader.runs.steps(ofRun: run.id).map(\.json)
            return .json(["steps": .array(steps), "cost": JSON(run.cost), "tokens": JSON(run.tokens)])
        }
    }
    routes.post(
        "/v1/agent-runs/{id}/cancel", .permission("agents:run"), "Cancel a run that has not ended", answer
    ) { call in
        .write { tx in
            let run = try tx.run(call)
            try call.checkVersion(run.version)
            let cancelled = try tx.runs.cancel(run.id)
            try tx.auditLog.add(call.actor, "agent_run.cancelled", Subject(run.id))
            return try cancelled.response(in: tx)
        }
    }
    routes.post(
        "/v1/agent-runs/{id}/retry", .permission("agents:run"), "Retry a failed or cancelled run",
        answer
    ) { call in
        .write { tx in
            let run = try tx.run(call)
            try call.checkVersion(run.version)
            let revived = try tx.runs.retry(run.id)
            try tx.auditLog.add(call.actor, "agent_run.retried", Subject(run.id))
            return try revived.response(in: tx)
        }
    }
}

extension Queryable {
    fileprivate func run(_ call: Call) throws -> AgentRunRecord {
        guard let run = try runs.find(call.id("id", of: Nouns.AgentRun.self)) else {
            throw Problem(.notFound)
        }
        return run
    }
}

// MARK: Starting runs, which routes of other modules do too

extension ParameterDoc {
    /// The parameter of routes that start a run.
    package static let wait = ParameterDoc.query(
        "wait",
        "How long to wait for the end of the run before answering, as an ISO 8601 duration up to PT60S.",
        ["type": "string", "pattern": "^PT([1-5]?[0-9]|60)S$"])
}

extension Transaction {
    /// Starts a run by hand. Faults of its parameters are told at their `place` in the request's body.
    package func startRun(
        agent: String, _ parameters: JSON, at place: String, by actor: Actor
    ) throws -> AgentRunRecord {
        do {
            return try runs.start(agent: agent, trigger: .manual, parameters: parameters, by: actor)
        } catch RuntimeError.invalidValues(let faults) {
            throw Problem(faults: faults.map { $0.fault(at: place) })
        }
    }
}

extension Call {
    /// Starts a run: 202 and where to follow it, or, with `?wait=PT10S`, 200 and the run once it has ended.
    package func startRun(
        _ runtime: Runtime, _ start: @escaping @Sendable (Transaction) throws -> AgentRunRecord
    ) throws -> Outcome {
        let wait = try RunWait(self)
        let accept: @Sendable (Transaction) throws -> Response = { try start($0).accepted(in: $0) }
        if wait.isNone { return .write(accept) }
        // Someone waits for it: it does not stand behind what nobody waits for.
        let expedite: @Sendable (Transaction) throws -> Response = { tx in
            let run = try start(tx)
            try tx.jobs.expedite(run.jobID)
            return try run.accepted(in: tx)
        }
        return .task { try await wait.finished(try await commit(expedite), self, runtime) }
    }
}

extension AgentRunRecord {
    static let schema: JSON = .record([
        "id": .anyText, "agent": .anyText, "status": .choice(RunStatus.self),
        "trigger": .choice(RunTrigger.self),
        "parameters": .anyObject,
        "result": ["description": "The result of the run; null until it has succeeded."],
        "error": .jobFailureOrNull,
        "decisions": ["type": "array", "items": .anyText], "job_id": .anyText,
        "config_version": ["type": ["integer", "null"]],
        "attempt": .anyInteger, "items_processed": .anyInteger, "started_by": .anySubject,
        "version": .anyInteger,
        "created_at": .anyInstant, "updated_at": .anyInstant, "started_at": .instantOrNull,
        "finished_at": .instantOrNull,
    ])
}

private let traceSchema: JSON = .record([
    "steps": [
        "type": "array",
        "items": .record([
            "name": .anyText, "attempt": .anyInteger, "started_at": .anyInstant, "finished_at": .anyInstant,
            "note": ["description": "The note of the step."], "error": .textOrNull,
        ]),
    ],
    "cost": ["type": "integer", "description": "Minor units of the agency's currency."],
    "tokens": .anyInteger,
])
