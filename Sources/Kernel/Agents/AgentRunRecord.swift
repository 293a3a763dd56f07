package import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

package enum RunStatus: String, CaseIterable, Sendable {
    case queued, running, waiting, succeeded, failed, cancelled

    package var isFinished: Bool { [.succeeded, .failed, .cancelled].contains(self) }

    /// The statuses that a person may bring a run to from here, by cancelling or retrying it.
    var allowed: [String] {
        switch self {
        case .queued, .running, .waiting: ["cancelled"]
        case .failed, .cancelled: ["queued"]
        case .succeeded: []
        }
    }
}

package enum RunTrigger: String, CaseIterable, Sendable { case manual, event, schedule, message, workflow }

/// One run of an agent, as people see it: a row of `agent_runs`.
package struct AgentRunRecord: StoredRow {
    package let id: AgentRunID, agent: String
    package let status: RunStatus
    package let trigger: RunTrigger
    /// The cause of the run, beyond the parameters: JSON text.
    let cause: String?
    /// JSON texts.
    package let parameters: String, result: String?, error: String?
    package let jobID: JobID
    package let configurationVersion: Int?
    package let attempt: Int, items: Int, cost: Int, tokens: Int
    package let startedBy: (type: String, id: String)
    package let createdAt: Instant, startedAt: Instant?, finishedAt: Instant?
    package let version: Int
    package let updatedAt: Instant

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, agent) = (row.id("id"), row.text("agent"))
        status = RunStatus(rawValue: row.text("status")) ?? .failed
        trigger = RunTrigger(rawValue: row.text("trigger")) ?? .manual
        (cause, parameters, result) = (
            row.optionalText("cause"), row.text("parameters"), row.optionalText("result")
        )
        (error, jobID) = (row.optionalText("error"), row.id("job_id"))
        configurationVersion = row.optionalInt("configuration_version")
        (attempt, items, cost, tokens) = (
            row.int("attempt"), row.int("items"), row.int("cost"), row.int("tokens")
        )
        startedBy = (row.text("started_by_type"), row.text("started_by_id"))
        createdAt = row.instant("created_at")
        (startedAt, finishedAt) = (row.optionalInstant("started_at"), row.optionalInstant("finished_at"))
        (version, updatedAt) = (row.int("version"), row.instant("updated_at"))
    }

    package func write(into writer: inout JSONWriter, decisions: [DecisionID]) {
        func text(_ name: String, _ value: String?) { writer.member(name, JSON(value)) }
        func raw(_ name: String, _ json: String?) {
            writer.key(name)
            if let json { writer.raw(json.utf8) } else { writer.null() }
        }
        writer.beginObject()
        writer.member("id", JSON(id))
        text("agent", agent)
        text("status", status.rawValue)
        text("trigger", trigger.rawValue)
        raw("parameters", parameters)
        raw("result", result)
        raw("error", error)
        writer.member("decisions", JSON(decisions))
        writer.member("job_id", JSON(jobID))
        writer.member("config_version", JSON(configurationVersion))
        writer.member("attempt", JSON(attempt))
        writer.member("items_processed", JSON(items))
        writer.member("started_by", ["type": .string(startedBy.type), "id": .string(startedBy.id)])
        writer.member("version", JSON(version))
        text("created_at", createdAt.description)
        text("updated_at", updatedAt.description)
        text("started_at", startedAt?.description)
        text("finished_at", finishedAt?.description)
        writer.endObject()
    }
}

/// One line of a run's trace.
package struct RunStep: Sendable {
    package let number: Int, attempt: Int
    package let name: String
    package let note: JSON?
    package let error: String?
    package let startedAt: Instant, finishedAt: Instant

    package var json: JSON {
        [
            "name": .string(name), "attempt": JSON(attempt), "started_at": .string(startedAt.description),
            "finished_at": .string(finishedAt.description), "note": note ?? .null, "error": JSON(error),
        ]
    }
}

extension RunStep: StoredRow {
    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) throws {
        (number, attempt, name) = (row.int("number"), row.int("attempt"), row.text("name"))
        (note, error) = (try row.optionalJSON("note"), row.optionalText("error"))
        (startedAt, finishedAt) = (row.instant("started_at"), row.instant("finished_at"))
    }
}

extension RunStore {
    package func find(_ id: AgentRunID) throws -> AgentRunRecord? {
        try tx.first(
            "SELECT \(AgentRunRecord.columns) FROM agent_runs WHERE tenant_id = \(tx.tenant) AND id = \(id)",
            AgentRunRecord.init)
    }

    /// The ids of the decisions of a run, oldest first.
    package func decisionIDs(ofRun id: AgentRunID) throws -> [DecisionID] {
        try tx.all(decisionsOfRun, [tx.tenant.sqlValue, id.sqlValue]) { DecisionID($0, 0) }
    }

    /// Returns the ids of the decisions of many runs, by run, oldest first.
    package func decisionIDs(ofRuns ids: [AgentRunID]) throws -> [AgentRunID: [DecisionID]] {
        guard !ids.isEmpty else { return [:] }
        var found: [AgentRunID: [DecisionID]] = [:]
        try tx.each(
            """
            SELECT run_id, id FROM decisions WHERE tenant_id = \(tx.tenant) AND run_id IN \(list: ids) ORDER BY id
            """
        ) { found[AgentRunID($0, 0), default: []].append(DecisionID($0, 1)) }
        return found
    }

    /// A run's trace, attempt after attempt.
    package func steps(ofRun id: AgentRunID) throws -> [RunStep] {
        try tx.all(stepsOfRun, [tx.tenant.sqlValue, id.sqlValue], RunStep.init)
    }

    /// Returns whether a run of the agent, other than `excluded`, waits or works.
    package func hasLive(_ agent: String, except excluded: AgentRunID = .unset) throws -> Bool {
        try tx.exists(liveRun, [tx.tenant.sqlValue, agent.sqlValue, excluded.sqlValue])
    }
}

extension RunStore where Base == Transaction {
    /// Starts a run of an agent: a row and a job, in this transaction. Throws for an unknown agent, one that
    /// is not active, and faulty parameters.
    package func start(
        agent name: String, trigger: RunTrigger, parameters: JSON = [:], by actor: Actor,
        runAt: Instant? = nil
    ) throws -> AgentRunRecord {
        let agent = try tx.runtime.agents.definition(name)
        try tx.agents.requireActive(agent)
        let faults = agent.faults(parameters: parameters)
        guard faults.isEmpty else { throw RuntimeError.invalidValues(faults) }
        return try insert(agent, trigger, cause: nil, parameters, by: actor, JobOptions(runAt: runAt))
    }

    /// Starts a run of an agent for a workflow, which is woken when the run has ended. Throws for an unknown agent, one
    /// that is not active, and faulty parameters.
    package func start(
        agent name: String, parameters: JSON, by actor: Actor, cause: JSON
    ) throws -> AgentRunRecord {
        let agent = try tx.runtime.agents.definition(name)
        try tx.agents.requireActive(agent)
        let faults = agent.faults(parameters: parameters)
        guard faults.isEmpty else { throw RuntimeError.invalidValues(faults) }
        return try insert(agent, .workflow, cause: cause, parameters, by: actor, JobOptions())
    }

    /// One run that waits serves all events that come before it starts.
    func trigger(_ agent: any AgentDefinition, by type: String, row: Int64) throws {
        let key = "event:\(agent.name)"
        guard try !tx.jobs.isLive(AgentRunJob.self, uniqueKey: key) else { return }
        let status = try tx.agents.statusForTriggers(agent)
        guard status.state == .active else {
            return tx.refusals.refuse(
                .run, agent: agent.name, Subject(type: "agent", id: agent.name),
                code: "agent_\(status.state.rawValue)", "\(type) did not start the agent: \(status.whyNot).")
        }
        _ = try insert(
            agent, .event, cause: ["event": .string(type), "row": .integer(row)], [:], by: .system,
            JobOptions(
                runAt: agent.eventPause == .zero ? nil : tx.now + agent.eventPause, uniqueKey: key,
                uniqueness: .untilStarted))
    }

    func insert(
        _ agent: any AgentDefinition, _ trigger: RunTrigger, cause: JSON?, _ parameters: JSON,
        by actor: Actor,
        _ options: JobOptions
    ) throws -> AgentRunRecord {
        let id = tx.makeID(Nouns.AgentRun.self)
        var options = options
        options.attemptsMax = agent.attemptsMax
        options.subject = options.subject ?? Subject(id)
        let job = try tx.jobs.enqueue(AgentRunJob.self, try payload(ofRun: id, agent), options)
        try tx.run(
            insertAgentRun,
            [
                tx.tenant.sqlValue, id.sqlValue, agent.name.sqlValue, trigger.rawValue.sqlValue,
                (cause?.serialized).sqlValue, parameters.serialized.sqlValue, job.id.sqlValue,
                actor.kind.rawValue.sqlValue, actor.id.sqlValue, tx.now.sqlValue,
            ])
        try tx.orchestration.watchSoon()
        guard let record = try find(id) else { throw RuntimeError.notFound }
        return record
    }

    /// Keeps a turn that a job has taken as an agent, without a run of its own: one row, over as it is stored, to which
    /// what the agent does in the turn goes back. Gives its id. It counts as no attempt, and uses up no rate.
    package func keepTurn(of agent: String, by job: JobContext, _ parameters: JSON) throws -> AgentRunID {
        let id = tx.makeID(Nouns.AgentRun.self)
        try tx.run(
            insertTurn,
            [
                tx.tenant.sqlValue, id.sqlValue, agent.sqlValue, RunTrigger.event.rawValue.sqlValue,
                parameters.serialized.sqlValue, job.jobID.sqlValue, Actor.system.kind.rawValue.sqlValue,
                Actor.system.id.sqlValue, tx.now.sqlValue,
            ])
        return id
    }

    private func payload(ofRun id: AgentRunID, _ agent: any AgentDefinition) throws -> AgentRunJob.Payload {
        let deadline = try tx.agents.status(agent).deadline
        return AgentRunJob.Payload(
            run: id, agent: agent.name,
            deadline: deadline == agent.timeout ? nil : deadline.microseconds / 1000)
    }

    /// A live run ends as cancelled; what its worker still writes is refused.
    package func cancel(_ id: AgentRunID) throws -> AgentRunRecord {
        guard let run = try find(id) else { throw RuntimeError.notFound }
        guard !run.status.isFinished else {
            throw RuntimeError.invalidTransition(
                of: "run", from: run.status.rawValue, allowed: run.status.allowed)
        }
        _ = try tx.jobs.cancel(run.jobID)
        return try find(id) ?? run
    }

    /// A failed or cancelled run is made once more, under the deadline that holds now.
    package func retry(_ id: AgentRunID) throws -> AgentRunRecord {
        guard let run = try find(id) else { throw RuntimeError.notFound }
        guard run.status == .failed || run.status == .cancelled else {
            throw RuntimeError.invalidTransition(
                of: "run", from: run.status.rawValue, allowed: run.status.allowed)
        }
        let payload = try payload(ofRun: id, tx.runtime.agents.definition(run.agent))
        try tx.run(setJobPayload, [tx.tenant.sqlValue, run.jobID.sqlValue, encodePayload(payload).sqlValue])
        _ = try tx.jobs.retry(run.jobID)
        return try find(id) ?? run
    }
}

private let insertAgentRun = Statement(
    """
    INSERT INTO agent_runs (tenant_id, id, agent, status, trigger, cause, parameters, job_id, attempt, items, cost,
        tokens, started_by_type, started_by_id, created_at, updated_at)
    VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, 0, 0, 0, 0, $8, $9, $10, $10)
    """)

private let insertTurn = Statement(
    """
    INSERT INTO agent_runs (tenant_id, id, agent, status, trigger, parameters, result, job_id, attempt, items, cost,
        tokens, started_by_type, started_by_id, created_at, updated_at, started_at, finished_at)
    VALUES ($1, $2, $3, 'succeeded', $4, $5, '{}', $6, 0, 1, 0, 0, $7, $8, $9, $9, $9, $9)
    """)

private let setJobPayload = Statement("UPDATE jobs SET payload = $3 WHERE tenant_id = $1 AND id = $2")

private let decisionsOfRun = Statement(
    "SELECT id FROM decisions WHERE tenant_id = $1 AND run_id = $2 ORDER BY id")

private let stepsOfRun = Statement(
    """
    SELECT \(RunStep.columns) FROM run_steps WHERE tenant_id = $1 AND run_id = $2 ORDER BY attempt, number
    """)

private let liveRun = Statement(
    """
    SELECT 1 FROM agent_runs WHERE tenant_id = $1 AND agent = $2 AND status IN ('queued', 'running', 'waiting')
        AND id <> $3 LIMIT 1
    """)
