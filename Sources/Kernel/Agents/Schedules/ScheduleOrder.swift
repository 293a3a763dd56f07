internal import Database
internal import JSON
internal import Telemetry

// A scheduled run may have to wait before it begins: for another agent's run of the same time, or for quiet in the
// house.

extension ScheduleStore {
    /// Why a run must not begin yet, in words; `nil` when it may. No run waits for longer than `patience`: then it
    /// goes, late rather than never.
    func reasonToHold(_ run: AgentRunRecord, _ agents: AgentRegistry) throws -> String? {
        guard let text = run.cause else { return nil }
        let cause = try JSONParser.parse(text)
        guard cause["after"] != nil || cause["maintenance"] != nil, tx.now - run.createdAt < patience else {
            return nil
        }
        if let predecessor = cause["after"]?.text {
            let slot = cause["slot"]?.text.flatMap { Instant($0) } ?? run.createdAt
            if try isExpected(predecessor, upTo: slot) || tx.runs.hasLive(predecessor, except: run.id) {
                return "a run of \(predecessor) to end"
            }
        }
        if cause["maintenance"] == true,
            let busy = try tx.first(workingAgent, [tx.tenant.sqlValue, run.id.sqlValue], { $0.text(0) })
        {
            return "the run of \(busy) to end: maintenance waits for quiet"
        }
        return nil
    }

    /// Returns whether the agent has a fire that is due by then and has not been fired yet.
    private func isExpected(_ agent: String, upTo slot: Instant) throws -> Bool {
        try tx.exists(expectedFire, [tx.tenant.sqlValue, agent.sqlValue, slot.sqlValue])
    }
}

/// Lead generation typically takes two to three hours.
private let patience: Duration = .seconds(6 * 3600)

private let expectedFire = Statement(
    """
    SELECT 1 FROM schedules WHERE tenant_id = $1 AND agent = $2 AND enabled = 1 AND next_at <= $3 LIMIT 1
    """)

private let workingAgent = Statement(
    """
    SELECT agent FROM agent_runs WHERE tenant_id = $1 AND status = 'running' AND id <> $2
        AND status IN ('queued', 'running', 'waiting') LIMIT 1
    """)
