package import Database
internal import JSON
package import Records
package import Telemetry

/// How an agent stands in a tenant, with what its runs have come to. Without a row of its own it stands as
/// its definition says.
package struct AgentStatus: Sendable {
    package let agent: String
    package let state: AgentState, autonomy: Autonomy
    /// Of this record; 1 until it is first changed.
    package let version: Int
    /// Why it is not active, when its definition is the reason.
    package let reason: String?
    /// `nil` until it is first changed.
    package let updatedAt: Instant?
}

extension AgentStatus {
    func changes(from old: AgentStatus) -> JSONObject {
        var changes = JSONObject()
        if state != old.state {
            changes.append("state", ["from": .string(old.state.rawValue), "to": .string(state.rawValue)])
        }
        if autonomy != old.autonomy {
            changes.append(
                "autonomy", ["from": .string(old.autonomy.rawValue), "to": .string(autonomy.rawValue)])
        }
        return changes
    }
}

/// Kept up to date by the transactions that end runs.
package struct AgentMetrics: Sendable {
    package var runs = 0, succeeded = 0, failed = 0, failedInARow = 0, items = 0
    package var duration: Duration = .zero
    package var lastRunAt: Instant?
    package var lastError: String?

    /// From 0 to 1; `nil` before the first run has ended.
    package var successRate: Double? { runs == 0 ? nil : Double(succeeded) / Double(runs) }
    package var averageDuration: Duration { runs == 0 ? .zero : duration / runs }

    /// How the agent does, in the API's words.
    package var health: String {
        switch (runs, failedInARow) {
        case (0, _): "idle"
        case (_, 0): "healthy"
        case (_, 1...2): "degraded"
        default: "failing"
        }
    }
}

extension Queryable {
    package func agentStatus(_ agent: any AgentDefinition) throws -> AgentStatus {
        let stored = try first(agentState, [tenant.sqlValue, agent.name.sqlValue]) { row in
            (
                AgentState(rawValue: row.text(0)), Autonomy(rawValue: row.text(1)), row.int(2),
                row.optionalInstant(3)
            )
        }
        let (state, autonomy, version, updatedAt) = stored ?? (nil, nil, 1, nil)
        if case .standby(let reason) = agent.buildState {
            return AgentStatus(
                agent: agent.name, state: state == .disabled ? .disabled : .standby,
                autonomy: autonomy ?? agent.autonomy, version: version, reason: reason, updatedAt: updatedAt)
        }
        return AgentStatus(
            agent: agent.name, state: state ?? .active, autonomy: autonomy ?? agent.autonomy,
            version: version,
            reason: nil, updatedAt: updatedAt)
    }

    package func agentMetrics(_ agent: String) throws -> AgentMetrics {
        try first(
            """
            SELECT runs, succeeded, failed, failed_in_a_row, items, duration, last_run_at, last_error
            FROM agent_metrics WHERE tenant_id = \(tenant) AND agent = \(agent)
            """
        ) { row in
            AgentMetrics(
                runs: row.int(0), succeeded: row.int(1), failed: row.int(2), failedInARow: row.int(3),
                items: row.int(4), duration: .microseconds(row.int64(5)), lastRunAt: row.optionalInstant(6),
                lastError: row.optionalText(7))
        } ?? AgentMetrics()
    }
}

extension Transaction {
    /// Throws `agentNotActive` unless the agent may run.
    package func requireActive(_ agent: any AgentDefinition) throws {
        let status = try agentStatus(agent)
        guard status.state == .active else {
            throw RuntimeError.agentNotActive(
                agent: agent.name, reason: status.reason ?? "the agent is \(status.state.rawValue)")
        }
    }

    /// Changes how an agent stands. An agent that its definition holds back cannot be made active.
    @discardableResult
    package func setAgent(
        _ name: String, state: AgentState? = nil, autonomy: Autonomy? = nil, ifVersion: Int? = nil,
        by actor: Actor = .system
    ) throws -> AgentStatus {
        let agent = try runtime.agents.definition(name)
        let status = try agentStatus(agent)
        if let ifVersion, ifVersion != status.version { throw RuntimeError.versionMismatch }
        if state == .active, let reason = status.reason {
            throw RuntimeError.agentNotActive(agent: name, reason: reason)
        }
        try run(
            """
            INSERT INTO agent_states (tenant_id, agent, state, autonomy, version, created_at, updated_at)
            VALUES (\(tenant), \(name), \((state ?? status.state).rawValue),
                \((autonomy ?? status.autonomy).rawValue), \(status.version + 1), \(now), \(now))
            ON CONFLICT (tenant_id, agent) DO UPDATE SET state = excluded.state, autonomy = excluded.autonomy,
                version = excluded.version, updated_at = excluded.updated_at
            """)
        let changed = try agentStatus(agent)
        let (changes, subject) = (changed.changes(from: status), Subject(type: "agent", id: name))
        try audit(actor, "agent.updated", subject, .object(changes))
        try publish("agent.updated", subject, ["changed": JSON(changes.keys)])
        return changed
    }

    /// Counts a run that has ended.
    func countRun(_ agent: String, failure: JobFailure?, took duration: Duration, items: Int) throws {
        try run(
            countAgentRun,
            [
                tenant.sqlValue, agent.sqlValue, (failure == nil ? 1 : 0).sqlValue,
                duration.microseconds.sqlValue,
                items.sqlValue, now.sqlValue, (failure?.code).sqlValue,
            ])
    }
}

private let agentState = Statement(
    "SELECT state, autonomy, version, updated_at FROM agent_states WHERE tenant_id = $1 AND agent = $2")

private let countAgentRun = Statement(
    """
    INSERT INTO agent_metrics (tenant_id, agent, runs, succeeded, failed, failed_in_a_row, duration, items,
        last_run_at, last_error)
    VALUES ($1, $2, 1, $3, 1 - $3, 1 - $3, $4, $5, $6, $7)
    ON CONFLICT (tenant_id, agent) DO UPDATE SET runs = agent_metrics.runs + 1,
        succeeded = agent_metrics.succeeded + $3, failed = agent_metrics.failed + 1 - $3,
        failed_in_a_row = CASE WHEN $3 = 1 THEN 0 ELSE agent_metrics.failed_in_a_row + 1 END,
        duration = agent_metrics.duration + $4, items = agent_metrics.items + $5, last_run_at = $6,
        last_error = coalesce($7, agent_metrics.last_error)
    """)
