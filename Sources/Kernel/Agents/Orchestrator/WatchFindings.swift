internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Templates

// Findings of a look at the agents' present work.

extension Watch {
    func agentFindings(_ watched: Watched) -> [Finding] {
        guard watched.isActive else { return [] }
        let (name, metrics) = (watched.definition.name, watched.metrics)
        var findings: [Finding] = []
        if metrics.failedInARow >= 3 {
            findings.append(.failing(name, metrics.failedInARow, metrics.lastError))
        }
        if let due = watched.nextRun, tx.now - due > AgentHealth.patience {
            findings.append(
                Finding(
                    kind: "agent_silent", severity: .critical, agent: name,
                    title: Saying("alert.agent_silent", ["agent": .text(name), "due": .time(due)]),
                    action: Saying("alert.agent_silent_do")))
        }
        return findings
    }

    /// Returns the problem with a run that is live; `nil` when there is none.
    func finding(of run: LiveRun) throws -> Finding? {
        let subject = Subject(run.id)
        guard run.isRunning else {
            guard tx.now - run.createdAt > AgentHealth.patience, let job = try tx.jobs.find(run.jobID),
                job.state == .available, tx.now - job.runAt > AgentHealth.patience
            else { return nil }
            return Finding(
                kind: "run_delayed", severity: .warning, subject: subject, agent: run.agent,
                title: Saying("alert.run_delayed", ["agent": .text(run.agent), "since": .time(job.runAt)]),
                action: Saying("alert.run_delayed_do"))
        }
        guard let watched = agents.first(where: { $0.definition.name == run.agent }),
            let since = try tx.jobs.find(run.jobID)?.startedAt
        else { return nil }
        let time = tx.now - since
        if time > watched.deadline + .seconds(60) {
            return Finding(
                kind: "run_stuck", severity: .critical, subject: subject, agent: run.agent,
                title: Saying(
                    "alert.run_stuck", ["agent": .text(run.agent), "time": .text(time.inWords)]),
                action: Saying("alert.run_stuck_do"))
        }
        let typical = watched.metrics.averageDuration
        guard watched.metrics.runs >= 3, time > .seconds(600), time > typical * 5 else { return nil }
        return Finding(
            kind: "run_slow", severity: .warning, subject: subject, agent: run.agent,
            title: Saying(
                "alert.run_slow",
                [
                    "agent": .text(run.agent), "time": .text(time.inWords),
                    "average": .text(typical.inWords),
                ]),
            action: Saying("alert.run_slow_do"))
    }

    /// Runs of one agent that do the same at once. Those that nothing narrows down wait for one another's work.
    func duplicates() -> [Finding] {
        let groups = Dictionary(grouping: runs) { "\($0.agent)\t\($0.parameters)" }
        return groups.values.filter { group in
            group.count > 1 && (group[0].parameters != "{}" || group.filter(\.isRunning).count > 1)
        }
        .sorted { $0[0].id < $1[0].id }
        .reduce(into: []) { findings, group in
            let agent = group[0].agent
            guard !findings.contains(where: { $0.agent == agent }) else { return }
            findings.append(
                Finding(
                    kind: "duplicate_work", severity: .info, agent: agent,
                    title: Saying(
                        "alert.duplicate_work",
                        [
                            "count": .number(group.count), "agent": .text(agent),
                            "work": .text(String(group[0].parameters.prefix(100))),
                        ]),
                    action: Saying("alert.duplicate_work_do")))
        }
    }

    /// Events since the last look that should have started a run and did not: the run is started now, and told.
    /// Gives the event up to which it has looked; the newest ones still have time.
    func lostHandOffs() throws -> (findings: [Finding], row: Int64) {
        let grace = tx.now - .seconds(120)
        var newest: [String: (row: Int64, at: Instant)] = [:]
        var last = memory.eventRow
        let since: SQL = """
            SELECT row, type, created_at FROM events \(Places.path(tx.dialect)) WHERE tenant_id = \(tx.tenant)
                AND \(Places.between(last, in: tx)) AND created_at <= \(grace)
            ORDER BY \(Places.order(tx.dialect)) LIMIT 1000
            """
        try tx.each(since) { row in
            last = row.int64(0)
            newest[row.text(1)] = (last, row.instant(2))
        }
        var findings: [Finding] = []
        for agent in tx.runtime.agents.all where !agent.events.isEmpty {
            let heard = agent.events.compactMap { type in newest[type].map { (type: type, event: $0) } }
            guard let latest = heard.max(by: { $0.event.row < $1.event.row }),
                try tx.agents.status(agent).state == .active, try agent.isStarted(by: latest.type, in: tx),
                try !tx.exists(
                    runSince, [tx.tenant.sqlValue, agent.name.sqlValue, latest.event.at.sqlValue])
            else { continue }
            // One that was switched on since then had nothing to hear.
            if let changed = try tx.agents.status(agent).updatedAt, changed > latest.event.at { continue }
            try tx.runs.trigger(agent, by: latest.type, row: latest.event.row)
            findings.append(
                Finding(
                    kind: "handoff_lost", severity: .warning, agent: agent.name,
                    title: Saying(
                        "alert.handoff_lost",
                        [
                            "event": .text(latest.type), "at": .time(latest.event.at),
                            "agent": .text(agent.name),
                        ]),
                    action: Saying("alert.handoff_lost_do")))
        }
        return (findings, last)
    }
}

extension Finding {
    static func failing(_ agent: String, _ count: Int, _ error: String?) -> Finding {
        Finding(
            kind: "agent_failing", severity: .critical, agent: agent,
            title: Saying(
                "alert.agent_failing",
                [
                    "agent": .text(agent), "count": .number(count), "has_error": .flag(error != nil),
                    "error": .text(error ?? ""),
                ]),
            action: Saying("alert.agent_failing_do"))
    }
}

extension OrchestrationStore where Base == Transaction {
    /// Slots that were missed are told; a fire without any ends that.
    func tellMissed(_ missed: Int, _ skipped: String?, _ schedule: Schedule) throws {
        let subject = schedule.subject
        let isLost = skipped == "missed" || skipped == "too_late"
        guard missed > 0 || isLost else {
            if skipped == nil { try tx.alerts.resolve(kind: "runs_missed", subject: subject) }
            return
        }
        let count = missed + (isLost ? 1 : 0)
        try tx.alerts.raise(
            kind: "runs_missed", severity: isLost ? .warning : .info, subject: subject, agent: schedule.agent,
            title: Saying(
                "alert.runs_missed", ["count": .number(count), "agent": .text(schedule.agent)]),
            action: Saying("alert.runs_missed_do", ["lost": .flag(isLost)]))
    }
}

private let runSince = Statement(
    """
    SELECT 1 FROM agent_runs WHERE tenant_id = $1 AND agent = $2 AND (status = 'queued' OR started_at >= $3)
    ORDER BY id DESC LIMIT 1
    """)
