package import Database
package import JSON
internal import Jobs
internal import Nouns
package import Records
internal import Telemetry

/// The health of an agent in a tenant.
package enum AgentHealth: String, CaseIterable, Sendable {
    /// Its last run succeeded.
    case healthy
    /// Its last run or two failed.
    case degraded
    /// Three or more failed in a row.
    case failing
    /// It should have run by itself and did not.
    case silent
    /// It has not run yet.
    case idle

    /// The delay after which a run counts as missing.
    package static let patience: Duration = .seconds(15 * 60)
}

package extension AgentStore where Base == Transaction {
    /// Makes an agent begin anew: what it works on is interrupted and made again, what waits for a next attempt
    /// starts now, and its failures in a row are forgiven. Throws when it is not active. Gives the number of runs.
    func restart(_ name: String, by actor: Actor) throws -> Int {
        let agent = try tx.runtime.agents.definition(name)
        try requireActive(agent)
        let live = try tx.all(
            """
            SELECT job_id FROM agent_runs WHERE tenant_id = \(tx.tenant) AND agent = \(name)
                AND status IN ('queued', 'running', 'waiting') ORDER BY id LIMIT 500
            """
        ) { JobID($0, 0) }
        var restarted = 0
        for id in live where try tx.jobs.restart(id) { restarted += 1 }
        try tx.run(
            "UPDATE agent_metrics SET failed_in_a_row = 0 WHERE tenant_id = \(tx.tenant) AND agent = \(name)")
        try tx.alerts.resolve(kind: "agent_failing", agent: name)
        let subject = Subject(type: "agent", id: name)
        try tx.auditLog.add(actor, "agent.restarted", subject, ["runs": JSON(restarted)])
        try tx.publish("agent.restarted", subject, ["runs": JSON(restarted)])
        return restarted
    }

    /// Looks at what an agent needs to work here, its database included, to which it writes.
    func check(_ name: String) throws -> [AgentCheck] {
        let agent = try tx.runtime.agents.definition(name)
        let status = try status(agent)
        var checks = [
            AgentCheck(
                "state", isOK: status.state == .active,
                status.reason ?? "The agent is \(status.state.rawValue).")
        ]
        let faults = agent.faults(configuration: try tx.agentConfigurations.published(agent).values)
        checks.append(
            AgentCheck(
                "configuration", isOK: faults.isEmpty,
                faults.isEmpty
                    ? "The configuration is valid."
                    : faults.map { "\($0.pointer): \($0.detail)" }.joined(separator: "; ")))
        let metrics = try metrics(name)
        let written = try tx.run(
            "UPDATE agent_metrics SET runs = runs WHERE tenant_id = \(tx.tenant) AND agent = \(name)")
        checks.append(
            AgentCheck(
                "database", isOK: metrics.runs == 0 || written == 1,
                "The agent can read and write its records."))
        let next = try tx.schedules.nextRun(ofAgent: name)
        let isLate = next.map { tx.now - $0 > AgentHealth.patience } ?? false
        checks.append(
            AgentCheck(
                "schedule", isOK: !isLate,
                next.map {
                    isLate ? "The agent was due at \($0) and did not run." : "The next run is at \($0)."
                }
                    ?? "The agent has no schedule."))
        return checks
    }
}

/// One thing that an agent needs.
package struct AgentCheck: Sendable {
    package let name: String
    package let isOK: Bool
    package let detail: String

    init(_ name: String, isOK: Bool, _ detail: String) {
        (self.name, self.isOK, self.detail) = (name, isOK, detail)
    }

    package var json: JSON {
        ["name": .string(name), "ok": .bool(isOK), "detail": .string(detail)]
    }
}

extension JobStore where Base == Transaction {
    /// A live job begins anew: one that runs is taken from its worker, one that waits for a time starts now.
    fileprivate func restart(_ id: JobID) throws -> Bool {
        guard let job = try tx.jobs.find(id), job.limitKey == nil else { return false }
        switch job.state {
        case .running:
            guard let epoch = try tx.int(epochOfJob, [tx.tenant.sqlValue, id.sqlValue]) else { return false }
            let lease = Lease(tenant: tx.tenant, job: id, epoch: Int(epoch))
            try settle(lease, .released)
            let (runtime, tenant) = (tx.runtime, tx.tenant)
            tx.onCommit { runtime.signals.revoked(tenant, id) }
        case .retrying, .scheduled:
            try tx.run(startNow, [tx.tenant.sqlValue, id.sqlValue, tx.now.sqlValue])
            try tx.jobs.became(.available, queue: job.queue, at: tx.now)
        case .available, .completed, .dead, .cancelled: return false
        }
        return true
    }
}

private let epochOfJob = Statement(
    "SELECT epoch FROM jobs WHERE tenant_id = $1 AND id = $2 AND \(JobCondition.running)")

private let startNow = Statement(
    """
    UPDATE jobs SET state = \(literal: JobState.available), run_at = $3, waiting_for = NULL
    WHERE tenant_id = $1 AND id = $2 AND \(JobCondition.timed) AND permit = \(literal: JobPermit.unlimited)
    """)
