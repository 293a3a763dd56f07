package import Database
package import JSON
internal import Jobs
package import Records
package import Telemetry

/// The state and settings of an agent in a tenant. Without a row of its own they are those of its definition.
package struct AgentStatus: Sendable {
    package let agent: String
    package let state: AgentState, autonomy: Autonomy
    /// The time limit for an attempt of a run.
    package let deadline: Duration
    /// Its permissions as a principal.
    package let permissions: Set<Permission>
    /// The number of its runs that may begin in an hour; `nil`: any number.
    package let runsPerHour: Int?
    /// The version of this record; 1 until it is first changed.
    package let version: Int
    /// The reason why it is not active, where its definition keeps it from being so.
    package let reason: String?
    /// The time of the last change; `nil` until it is first changed.
    package let updatedAt: Instant?
}

extension AgentStatus {
    fileprivate init(_ agent: any AgentDefinition, _ stored: StoredStatus?) {
        var state = stored?.state ?? (agent.startsActive ? .active : .disabled), reason: String?
        if case .standby(let words) = agent.buildState {
            (state, reason) = (state == .disabled ? .disabled : .standby, words)
        }
        self.init(
            agent: agent.name, state: state, autonomy: stored?.autonomy ?? agent.autonomy,
            deadline: stored?.deadline ?? agent.timeout,
            permissions: stored?.permissions.map { agent.permissions.intersection($0) } ?? agent.permissions,
            runsPerHour: stored?.runsPerHour, version: stored?.version ?? 1, reason: reason,
            updatedAt: stored?.updatedAt)
    }

    /// The reason why it does not run, for people.
    package var whyNot: String { reason ?? "the agent is \(state.rawValue)" }

    func changes(from old: AgentStatus) -> JSONObject {
        var changes = JSONObject()
        func note(_ name: String, _ from: JSON, _ to: JSON) {
            if from != to { changes.append(name, ["from": from, "to": to]) }
        }
        note("state", .string(old.state.rawValue), .string(state.rawValue))
        note("autonomy", .string(old.autonomy.rawValue), .string(autonomy.rawValue))
        note("deadline", .string(old.deadline.iso8601), .string(deadline.iso8601))
        note("permissions", old.permissions.json, permissions.json)
        note("runs_per_hour", JSON(old.runsPerHour), JSON(runsPerHour))
        return changes
    }
}

extension Set<Permission> {
    /// Their names, in order.
    package var json: JSON { JSON(map(\.name).sorted()) }
}

/// A change to how an agent stands in a tenant; settings that are absent stay.
package struct AgentChange: Sendable {
    package enum Setting<Value: Sendable>: Sendable {
        /// As the definition has it.
        case standard
        case value(Value)

        var value: Value? { if case .value(let value) = self { value } else { nil } }
    }

    package var state: AgentState?
    package var autonomy: Autonomy?
    package var deadline: Setting<Duration>?
    package var permissions: Setting<Set<Permission>>?
    package var runsPerHour: Setting<Int>?

    package init(state: AgentState? = nil, autonomy: Autonomy? = nil) {
        (self.state, self.autonomy) = (state, autonomy)
    }
}

/// Kept up to date by the transactions that end runs.
package struct AgentMetrics: Sendable {
    package var runs = 0, succeeded = 0, failed = 0, failedInARow = 0, items = 0
    package var duration: Duration = .zero
    package var lastRunAt: Instant?
    package var lastError: String?

    package init() {}

    /// The share of runs that succeeded, from 0 to 1; `nil` before the first run has ended.
    package var successRate: Double? { runs == 0 ? nil : Double(succeeded) / Double(runs) }
    package var averageDuration: Duration { runs == 0 ? .zero : duration / runs }

    /// Returns the agent's health: silent when it should have run by itself and did not.
    package func health(nextRun: Instant?, now: Instant) -> AgentHealth {
        if let nextRun, now - nextRun > AgentHealth.patience { return .silent }
        return AgentHealth(rawValue: health) ?? .idle
    }

    /// The agent's health by its runs alone, in the API's words.
    package var health: String {
        switch (runs, failedInARow) {
        case (0, _): "idle"
        case (_, 0): "healthy"
        case (_, 1...2): "degraded"
        default: "failing"
        }
    }
}

extension AgentMetrics: StoredRow {
    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (runs, succeeded, failed) = (row.int("runs"), row.int("succeeded"), row.int("failed"))
        (failedInARow, items) = (row.int("failed_in_a_row"), row.int("items"))
        duration = .microseconds(row.int64("duration"))
        (lastRunAt, lastError) = (row.optionalInstant("last_run_at"), row.optionalText("last_error"))
    }

    /// Makes metrics of which no more is known.
    package init(runs: Int, failedInARow: Int) {
        self.init()
        (self.runs, self.failedInARow) = (runs, failedInARow)
    }
}

extension AgentStore {
    package func status(_ agent: any AgentDefinition) throws -> AgentStatus {
        AgentStatus(
            agent, try tx.first(agentState, [tx.tenant.sqlValue, agent.name.sqlValue], StoredStatus.init))
    }

    /// Returns how each of these agents stands, by its name.
    package func statuses(of agents: [any AgentDefinition]) throws -> [String: AgentStatus] {
        let stored = try Dictionary(
            tx.all(agentStates, [tx.tenant.sqlValue]) { row in
                (row.text(StoredStatus.columns.names.count), try StoredStatus(row))
            }
        ) { first, _ in first }
        return Dictionary(agents.map { ($0.name, AgentStatus($0, stored[$0.name])) }) { first, _ in first }
    }

    /// Returns the state that an agency has set for an agent which the caller does not see; `nil` where it has set
    /// none.
    package func storedState(of name: String) throws -> AgentState? {
        try tx.first(agentState, [tx.tenant.sqlValue, name.sqlValue], StoredStatus.init)?.state
    }

    package func metrics(_ agent: String) throws -> AgentMetrics {
        try tx.first(
            """
            SELECT \(AgentMetrics.columns) FROM agent_metrics
            WHERE tenant_id = \(tx.tenant) AND agent = \(agent)
            """, AgentMetrics.init) ?? AgentMetrics()
    }

    /// Returns the metrics of every agent that has run, by its name.
    package func metrics() throws -> [String: AgentMetrics] {
        try Dictionary(
            tx.all(metricsOfAgents, [tx.tenant.sqlValue]) { row in
                (row.text(AgentMetrics.columns.names.count), try AgentMetrics(row))
            }
        ) { first, _ in first }
    }
}

/// By the agents' names, how they stand as far as this transaction has asked.
private struct KnownStatuses {
    var byAgent: [String: AgentStatus] = [:]
}

extension AgentStore where Base == Transaction {
    /// Returns the agent's status as `agentStatus` does, asked once for all events that are committed together.
    func statusForTriggers(_ agent: any AgentDefinition) throws -> AgentStatus {
        if let known = tx.noted(KnownStatuses.self)?.byAgent[agent.name] { return known }
        let status = try status(agent)
        keepForTriggers(status)
        return status
    }

    private func keepForTriggers(_ status: AgentStatus) {
        var known = tx.noted(KnownStatuses.self) ?? KnownStatuses()
        known.byAgent[status.agent] = status
        tx.note(known)
    }

    /// Throws `agentNotActive` unless the agent may run.
    package func requireActive(_ agent: any AgentDefinition) throws {
        let status = try status(agent)
        guard status.state == .active else {
            throw RuntimeError.agentNotActive(
                agent: agent.name, reason: status.whyNot)
        }
    }

    /// Changes how an agent stands. An agent that its definition holds back cannot be made active, and none
    /// can be given what its definition does not have.
    @discardableResult
    package func set(
        _ name: String, _ change: AgentChange, ifVersion: Int? = nil, by actor: Actor = .system
    ) throws -> AgentStatus {
        let agent = try tx.runtime.agents.definition(name)
        let status = try status(agent)
        if let ifVersion, ifVersion != status.version { throw RuntimeError.versionMismatch }
        if change.state == .active, let reason = status.reason {
            throw RuntimeError.agentNotActive(agent: name, reason: reason)
        }
        var row =
            try tx.first(agentState, [tx.tenant.sqlValue, name.sqlValue], StoredStatus.init) ?? StoredStatus()
        row.apply(change, at: tx.now, version: status.version + 1)
        let changed = AgentStatus(agent, row)
        guard changed.changes(from: status) != [:] else { return status }
        try tx.run(
            storeAgentState,
            [
                tx.tenant.sqlValue, name.sqlValue, changed.state.rawValue.sqlValue,
                changed.autonomy.rawValue.sqlValue, (row.deadline?.microseconds).sqlValue,
                (row.permissions?.json.serialized).sqlValue, changed.version.sqlValue, tx.now.sqlValue,
                row.runsPerHour.sqlValue,
            ])
        keepForTriggers(changed)
        let (changes, subject) = (changed.changes(from: status), Subject(type: "agent", id: name))
        try tx.auditLog.add(actor, "agent.updated", subject, .object(changes))
        try tx.publish("agent.updated", subject, ["changed": JSON(changes.keys)])
        if changed.state == .active { try tx.agentMessages.startTaking(agent) }
        return changed
    }

    @discardableResult
    package func set(
        _ name: String, state: AgentState? = nil, autonomy: Autonomy? = nil, ifVersion: Int? = nil,
        by actor: Actor = .system
    ) throws -> AgentStatus {
        try set(name, AgentChange(state: state, autonomy: autonomy), ifVersion: ifVersion, by: actor)
    }

    /// Counts a run that has ended.
    func countRun(_ agent: String, failure: JobFailure?, took duration: Duration, items: Int) throws {
        try tx.run(
            countAgentRun,
            [
                tx.tenant.sqlValue, agent.sqlValue, (failure == nil ? 1 : 0).sqlValue,
                duration.microseconds.sqlValue,
                items.sqlValue, tx.now.sqlValue, (failure?.code).sqlValue,
            ])
    }
}

/// A row of `agent_states`: what a tenant has set otherwise than the definition.
private struct StoredStatus: StoredRow {
    var state: AgentState?, autonomy: Autonomy?
    var version = 1
    var updatedAt: Instant?
    var deadline: Duration?
    var permissions: Set<Permission>?
    var runsPerHour: Int?

    static let columns = Columns(of: Self.self)

    init() {}

    init(_ row: inout ColumnReader) {
        state = AgentState(rawValue: row.text("state"))
        autonomy = Autonomy(rawValue: row.text("autonomy"))
        (version, updatedAt) = (row.int("version"), row.optionalInstant("updated_at"))
        deadline = row.optionalInt("deadline").map { .microseconds($0) }
        permissions = row.optionalText("permissions").map { text in
            Set((JSON(stored: text).array ?? []).compactMap { $0.text.map { Permission($0) } })
        }
        runsPerHour = row.optionalInt("runs_per_hour")
    }

    mutating func apply(_ change: AgentChange, at now: Instant, version: Int) {
        (self.version, updatedAt) = (version, now)
        state = change.state ?? state
        autonomy = change.autonomy ?? autonomy
        if let setting = change.deadline { deadline = setting.value }
        if let setting = change.permissions { permissions = setting.value }
        if let setting = change.runsPerHour { runsPerHour = setting.value }
    }
}

private let agentState = Statement(
    """
    SELECT \(StoredStatus.columns) FROM agent_states WHERE tenant_id = $1 AND agent = $2
    """)

private let agentStates = Statement(
    "SELECT \(StoredStatus.columns), agent FROM agent_states WHERE tenant_id = $1")

private let metricsOfAgents = Statement(
    "SELECT \(AgentMetrics.columns), agent FROM agent_metrics WHERE tenant_id = $1")

private let storeAgentState = Statement(
    """
    INSERT INTO agent_states (tenant_id, agent, state, autonomy, deadline, permissions, version, created_at,
        updated_at, runs_per_hour)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
    ON CONFLICT (tenant_id, agent) DO UPDATE SET state = excluded.state, autonomy = excluded.autonomy,
        deadline = excluded.deadline, permissions = excluded.permissions, version = excluded.version,
        updated_at = excluded.updated_at, runs_per_hour = excluded.runs_per_hour
    """)

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
