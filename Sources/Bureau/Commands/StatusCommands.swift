internal import Agents
internal import Database
internal import Glibc
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

struct StatusCommand: FolderCommand {
    static let usage = Usage<StatusCommand>("status", "Shows what the installation does.")

    func work(_ app: App, _ call: FolderCall) async throws -> JSON { try app.status(isServed: !call.isAlone) }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        func number(_ key: String) -> Int64 { result[key]?.int ?? 0 }
        let size = byteText(result["database"]?["bytes"]?.int ?? 0)
        let people = counted(number("users"), "user")
        var lines = [
            "Bureau \(result["version"]?.text ?? ""): \(terminal.bold(result["status"]?.text ?? ""))"
                + (result["address"]?.text.map { " at \($0)" } ?? ""),
            "Folder    \(result["data"]?.text ?? "") (\(size), \(result["database"]?["engine"]?.text ?? ""))",
            "Agencies  \(number("tenants")), with \(people) and \(counted(number("leads"), "lead"))",
        ]
        let jobs = (result["jobs"]?.object ?? [:]).members.map { "\($0.value.int ?? 0) \($0.key)" }
        lines.append("Jobs      " + (jobs.isEmpty ? "none is waiting" : jobs.joined(separator: ", ")))
        let alerts = (result["alerts"]?.object ?? [:]).members.map { "\($0.value.int ?? 0) \($0.key)" }
        lines.append("Alerts    " + (alerts.isEmpty ? "none is open" : alerts.joined(separator: ", ")))
        let backups = result["backups"]
        lines.append(
            "Backups   \(backups?["count"]?.int ?? 0)"
                + (backups?["newest_at"]?.text.map { ", the newest of \($0)" } ?? ""))
        let agents = result["agents"]?.array ?? []
        let planned = agents.count { $0["state"] == "standby" }
        let rows = agents.filter { $0["state"] != "standby" }.map { agent in
            [
                agent["name"]?.text ?? "", agent["state"]?.text ?? "", agent["health"]?.text ?? "",
                String(agent["runs"]?.int ?? 0),
                String(agent["failed"]?.int ?? 0), agent["last_run_at"]?.text ?? "",
            ]
        }
        return lines.joined(separator: "\n") + "\n\n"
            + table(["agent", "state", "health", "runs", "failed", "last run"], rows, terminal)
            + (planned > 0
                ? "\n\(counted(planned, "agent")) more: planned, and not built in this release.\n" : "")
    }
}

extension App {
    /// Returns the output of `bureau status`: counts over all agencies together.
    func status(isServed: Bool) throws -> JSON {
        let (tenants, users, leads) = try database.acrossTenantsRead { reader in
            (
                try reader.int("SELECT count(*) FROM tenants WHERE sandbox_of IS NULL") ?? 0,
                try reader.int(
                    "SELECT count(*) FROM users WHERE tenant_id NOT IN (\(Self.acrossTenantsSandboxes))")
                    ?? 0,
                try reader.int(
                    "SELECT count(*) FROM leads WHERE tenant_id NOT IN (\(Self.acrossTenantsSandboxes))") ?? 0
            )
        }
        var jobs = JSONObject()
        let waiting = try database.acrossTenantsRead { reader in
            try reader.all(
                """
                SELECT state, count(*) FROM jobs
                WHERE state < \(literal: JobState.completed) AND realm = \(literal: Realm.live)
                GROUP BY state ORDER BY state
                """
            ) { ($0.int(0), $0.int64(1)) }
        }
        for (state, count) in waiting {
            jobs.append(JobState(rawValue: state)?.name ?? "\(state)", .integer(count))
        }
        let files = backups.files
        var object: JSONObject = [
            "status": .string(isServed ? "running" : "stopped"), "version": .string(bureauVersion),
            "data": .string(configuration.data), "tenants": .integer(tenants), "users": .integer(users),
            "leads": .integer(leads),
            "database": [
                "engine": .string(database.engineVersion), "bytes": .integer(database.size.file),
                "log_bytes": .integer(database.size.log),
            ],
            "jobs": .object(jobs), "alerts": .object(try alertMetrics()),
            "agents": .array(try agentMetrics()),
            "backups": [
                "enabled": .bool(configuration.isBackupEnabled), "count": JSON(files.count),
                "newest_at": JSON(files.last?.madeAt.description),
            ],
        ]
        if isServed {
            object.append("address", .string(configuration.address))
            object.append("started_at", .string(startedAt.description))
            object.append("process", JSON(Int(getpid())))
        }
        return .object(object)
    }

    /// The sandboxes, which are left out: what happens in them is a rehearsal.
    private static let acrossTenantsSandboxes: SQL =
        "SELECT s.tenant_id FROM tenants s WHERE s.sandbox_of IS NOT NULL"

    /// The open alerts of all agencies, by severity, the worst first.
    private func alertMetrics() throws -> JSONObject {
        let counts = try database.acrossTenantsRead { reader in
            try reader.all(
                """
                SELECT severity, count(*) FROM alerts
                WHERE resolved_at IS NULL AND tenant_id NOT IN (\(Self.acrossTenantsSandboxes)) GROUP BY severity
                """
            ) {
                ($0.text(0), $0.int64(1))
            }
        }
        var figures = JSONObject()
        for severity in Alert.Severity.allCases.reversed() {
            if let count = counts.first(where: { $0.0 == severity.rawValue }) {
                figures.append(severity.rawValue, .integer(count.1))
            }
        }
        return figures
    }

    /// The agents of which one that should have run by itself did not.
    private func silentAgents() throws -> Set<String> {
        let late = clock - AgentHealth.patience
        return try database.acrossTenantsRead { reader in
            try Set(
                reader.all(
                    """
                    SELECT DISTINCT agent FROM schedules
                    WHERE realm = \(literal: Realm.live) AND enabled = 1
                        AND next_at IS NOT NULL AND next_at < \(late)
                    """
                ) { $0.text(0) })
        }
    }

    private var clock: Instant { runtime.clocks.now(nil) }

    private func agentMetrics() throws -> [JSON] {
        let silent = try silentAgents()
        let figures = try database.acrossTenantsRead { reader in
            try reader.all(
                """
                SELECT \(trusted: AgentFigures.summed)
                FROM agent_metrics WHERE tenant_id NOT IN (\(Self.acrossTenantsSandboxes)) GROUP BY agent
                """, AgentFigures.init)
        }
        let byAgent = Dictionary(figures.map { ($0.agent, $0) }) { first, _ in first }
        return runtime.agents.all.map { agent in
            let figures = byAgent[agent.name] ?? AgentFigures(agent: agent.name)
            var object: JSONObject = ["name": .string(agent.name), "title": .string(agent.title)]
            if case .standby(let reason) = agent.buildState {
                object.append("state", "standby")
                object.append("reason", .string(reason))
            } else {
                object.append("state", "ready")
            }
            // As an agency sees it, for the agency where it does worst.
            let metrics = AgentMetrics(runs: figures.runs, failedInARow: figures.failedInARow)
            let isSilent = agent.buildState == .ready && silent.contains(agent.name)
            object.append("health", .string(isSilent ? AgentHealth.silent.rawValue : metrics.health))
            object.append("runs", JSON(figures.runs))
            object.append("failed", JSON(figures.failed))
            object.append("last_run_at", JSON(figures.lastRunAt?.description))
            return .object(object)
        }
    }
}

/// The runs of an agent for all agencies together.
private struct AgentFigures: StoredRow {
    let agent: String
    private(set) var runs = 0, failed = 0, failedInARow = 0
    private(set) var lastRunAt: Instant?

    static let columns = Columns(of: Self.self)

    static let summed = columns.of(
        "agent_metrics",
        with: [
            "runs": "sum(runs)", "failed": "sum(failed)", "failed_in_a_row": "max(failed_in_a_row)",
            "last_run_at": "max(last_run_at)",
        ])

    init(agent: String) { self.agent = agent }

    init(_ row: inout ColumnReader) {
        (agent, runs, failed) = (row.text("agent"), row.int("runs"), row.int("failed"))
        (failedInARow, lastRunAt) = (row.int("failed_in_a_row"), row.optionalInstant("last_run_at"))
    }
}

struct HealthCommand: FolderCommand {
    static let usage = Usage<HealthCommand>(
        "health", "Checks the installation; exits with 1 when something is wrong.",
        details: "bureau doctor looks at the machine as well, and says what to do.")

    func result(of failure: CommandFailure) throws -> JSON {
        let check = HealthCheck.failing("installation", failure.what, failure.remedy)
        return [
            "status": .string(check.state.rawValue), "version": .string(bureauVersion),
            "checks": [check.json],
        ]
    }

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let checks = await app.health(isServed: !call.isAlone)
        return [
            "status": .string(checks.state.rawValue), "version": .string(bureauVersion),
            "checks": .array(checks.map(\.json)),
        ]
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String { checkLines(result, terminal) }
    func status(_ result: JSON) -> Int32 { result["status"] == "failing" ? 1 : 0 }
}

/// A line for each check, and one for what to do.
func checkLines(_ result: JSON, _ terminal: Terminal) -> String {
    (result["checks"]?.array ?? []).map { check in
        let state = HealthCheck.State(rawValue: check["status"]?.text ?? "") ?? .failing
        let line =
            "\(terminal.mark(state)) \((check["name"]?.text ?? "").padded(to: 14)) \(check["detail"]?.text ?? "")"
        guard let remedy = check["remedy"]?.text else { return line }
        return line + "\n" + String(repeating: " ", count: 17) + terminal.faint(remedy)
    }.joined(separator: "\n")
}

/// `1 lead`, `2 leads`.
func counted(_ number: some BinaryInteger, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
}
