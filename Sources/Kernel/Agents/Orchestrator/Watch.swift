package import Database
internal import JSON
package import Jobs
internal import Nouns
internal import Records
package import Telemetry
package import Templates

/// A figure with a limit within a stretch of time, such as a tool's calls this month.
package struct Gauge: Hashable, Sendable {
    package let subject: Subject
    /// The name of what it counts, for people: `calls of http_request`.
    package let title: Saying
    package let used: Double, limit: Double
    package let from: Instant, to: Instant

    package init(_ subject: Subject, title: Saying, used: Double, limit: Double, from: Instant, to: Instant) {
        (self.subject, self.title, self.used, self.limit) = (subject, title, used, limit)
        (self.from, self.to) = (from, to)
    }
}

package typealias GaugeSource = @Sendable (Transaction) throws -> [Gauge]

extension OrchestrationStore where Base == Transaction {
    /// Sees to it that the orchestrator looks at this tenant after what has just begun. A tenant in which nothing
    /// happens is not looked at.
    func watchSoon() throws {
        guard let interval = tx.runtime.configuration.watchInterval,
            try tx.jobs.live(WatchJob.self, uniqueKey: WatchJob.key) == nil
        else { return }
        try watch(at: tx.now + interval)
    }

    fileprivate func watch(at instant: Instant) throws {
        try tx.jobs.enqueue(
            WatchJob.self, .init(),
            JobOptions(runAt: instant, uniqueKey: WatchJob.key, priority: 80, waitingFor: "the next look"))
    }
}

/// The orchestrator's look at one tenant: what is wrong is an alert, what is wrong no longer is resolved. Each look
/// makes the next one as long as there is something to look at, by the tenant's clock.
struct WatchJob: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "orchestrator.watch"
    static let key = "watch"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            let watch = try Watch(tx)
            try watch.look()
            if let next = try watch.nextLook() { try tx.orchestration.watch(at: next) }
        }
    }
}

/// A problem, as an alert states it.
struct Finding {
    let kind: String
    let severity: Alert.Severity
    var subject: Subject?
    var agent: String?
    let title: Saying, action: Saying
}

/// One look. It reads what is live and what is kept per agent, never the past; everything is cut off at some
/// hundred rows.
struct Watch {
    /// An agent with how it stands.
    struct Watched {
        let definition: any AgentDefinition
        let metrics: AgentMetrics
        let isActive: Bool
        let deadline: Duration
        let nextRun: Instant?
    }

    struct LiveRun: StoredRow {
        let id: AgentRunID, agent: String, parameters: String, jobID: JobID
        let isRunning: Bool
        let createdAt: Instant, startedAt: Instant?

        static let columns = Columns(of: Self.self)

        init(_ row: inout ColumnReader) {
            (id, agent) = (row.id("id"), row.text("agent"))
            (parameters, jobID) = (row.text("parameters"), row.id("job_id"))
            isRunning = row.text("status") == RunStatus.running.rawValue
            (createdAt, startedAt) = (row.instant("created_at"), row.optionalInstant("started_at"))
        }
    }

    /// The kinds of alerts that a look raises, and resolves when it finds their cause gone.
    static let kinds = [
        "agent_failing", "agent_silent", "run_stuck", "run_slow", "run_delayed", "duplicate_work",
        "handoff_lost",
        "queue_growing", "error_rate", "quota_exhaustion", "tool_drift",
    ]

    let tx: Transaction
    let agents: [Watched]
    let runs: [LiveRun]
    let memory: WatchMemory

    init(_ tx: Transaction) throws {
        self.tx = tx
        memory = try WatchMemory(tx)
        let due = try Dictionary(
            tx.all(
                """
                SELECT agent, min(next_at) FROM schedules
                WHERE tenant_id = \(tx.tenant) AND enabled = 1 AND next_at IS NOT NULL GROUP BY agent
                """
            ) { ($0.text(0), $0.instant(1)) }
        ) { first, _ in first }
        let all = tx.runtime.agents.all
        let (statuses, metrics) = (try tx.agents.statuses(of: all), try tx.agents.metrics())
        agents = all.compactMap { agent in
            let (next, counted) = (due[agent.name], metrics[agent.name])
            guard next != nil || counted != nil, let status = statuses[agent.name] else { return nil }
            return Watched(
                definition: agent, metrics: counted ?? AgentMetrics(),
                isActive: status.state == .active, deadline: status.deadline, nextRun: next)
        }
        runs = try tx.all(liveRuns, [tx.tenant.sqlValue], LiveRun.init)
    }

    func look() throws {
        var findings = agents.flatMap(agentFindings)
        for run in runs { if let finding = try finding(of: run) { findings.append(finding) } }
        findings += duplicates()
        let (handoffs, row) = try lostHandOffs()
        findings += handoffs
        let samples = try memory.sampled(tx, agents)
        findings += forecasts(samples)
        findings += try drifts()
        for source in tx.runtime.gauges { findings += try source(tx).compactMap(exhaustion) }
        try tell(findings)
        let isDue = tx.now - memory.proposedAt >= .seconds(86_400)
        if isDue { try tx.schedules.propose(agents.map(\.definition)) }
        try memory.store(samples, eventRow: row, proposedAt: isDue ? tx.now : memory.proposedAt, tx)
    }

    /// While something is live or wrong in some minutes; otherwise when the next schedule should have fired.
    func nextLook() throws -> Instant? {
        guard let interval = tx.runtime.configuration.watchInterval else { return nil }
        if !runs.isEmpty { return tx.now + interval }
        let expected = agents.filter(\.isActive).compactMap(\.nextRun).min().map {
            max($0 + AgentHealth.patience + .seconds(1), tx.now + interval)
        }
        let isTroubled = try !tx.alerts.open(kinds: Self.kinds, limit: 1).isEmpty
        let again = isTroubled ? tx.now + interval * 3 : nil
        return [expected, again].compactMap { $0 }.min()
    }

    private func tell(_ findings: [Finding]) throws {
        var present: [String: Set<Subject>] = [:]
        for finding in findings {
            let id = try tx.alerts.raise(
                kind: finding.kind, severity: finding.severity, subject: finding.subject,
                agent: finding.agent,
                title: finding.title, action: finding.action)
            if let subject = try tx.alerts.find(id)?.subject {
                present[finding.kind, default: []].insert(subject)
            }
        }
        for alert in try tx.alerts.open(kinds: Self.kinds)
        where present[alert.kind]?.contains(alert.subject) != true {
            try tx.alerts.resolve(kind: alert.kind, subject: alert.subject)
        }
    }
}

private let liveRuns = Statement(
    """
    SELECT \(Watch.LiveRun.columns) FROM agent_runs
    WHERE tenant_id = $1 AND status IN ('queued', 'running', 'waiting') ORDER BY agent, status, id LIMIT 300
    """)
