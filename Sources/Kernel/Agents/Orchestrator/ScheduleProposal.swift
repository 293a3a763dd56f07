package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry
internal import Templates
package import Wording

/// A change of a schedule that the orchestrator proposes, with its reason; a person accepts or declines it, unless the
/// orchestrator's settings let it do so by itself.
package struct ScheduleProposal: StoredRow, Identified {
    package static let idPrefix = "prop", noun = "schedule_proposal", table = "schedule_proposals"

    package enum Status: String, CaseIterable, Sendable { case open, accepted, declined, withdrawn }

    package let id: ID<ScheduleProposal>, schedule: ID<Schedule>
    package let agent: String, kind: String
    /// The changes as a patch of the schedule.
    package let changes: JSON
    package let reason: String
    package let status: Status
    package let version: Int
    package let createdAt: Instant, updatedAt: Instant
    package let decidedBy: String?

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) throws {
        (id, schedule) = (row.id("id"), row.id("schedule_id"))
        (agent, kind) = (row.text("agent"), row.text("kind"))
        (changes, reason) = (try row.json("changes"), row.text("reason"))
        (status, version) = (Status(rawValue: row.text("status")) ?? .withdrawn, row.int("version"))
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
        decidedBy = row.optionalText("decided_by")
    }

    package var json: JSON { json(in: .english) }

    /// The proposal in the words of whoever reads it; it is stored in English, and known by its form.
    package func json(in words: Wording) -> JSON {
        let reason = Saying.told(reason, among: ["schedule."], in: words)
        return [
            "id": JSON(id), "schedule_id": JSON(schedule), "agent": .string(agent),
            "kind": .string(kind),
            "changes": changes, "reason": .string(reason), "status": .string(status.rawValue),
            "version": JSON(version), "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description), "decided_by": JSON(decidedBy),
        ]
    }
}

extension ScheduleStore {
    package func openProposal(ofSchedule id: ID<Schedule>) throws -> ScheduleProposal? {
        try tx.first(
            """
            SELECT \(ScheduleProposal.columns) FROM schedule_proposals
            WHERE tenant_id = \(tx.tenant) AND schedule_id = \(id) AND status = 'open'
            """
        ) { try ScheduleProposal($0) }
    }
}

extension ScheduleStore where Base == Transaction {
    /// Proposes what would help, by how runs went: what has no time to end runs less often, what finds nothing to do
    /// too, and what works into another's time comes after it.
    func propose(_ agents: [any AgentDefinition]) throws {
        for conflict in try conflicts(tx.runtime.agents) where conflict.kind == .overlap {
            try propose(
                conflict.schedules[1], kind: "overlap", ["after": .string(conflict.agents[0])],
                Saying(
                    "schedule.overlap_often",
                    [
                        "agent": .text(conflict.agents[0]), "other": .text(conflict.agents[1]),
                        "resource": .text(conflict.resource ?? ""), "count": .number(conflict.count),
                    ]))
        }
        for agent in agents {
            for schedule in try all(ofAgent: agent.name) where schedule.enabled {
                guard let rarer = schedule.rarer else { continue }
                let skipped = try fires(ofSchedule: schedule.id, limit: 10).filter {
                    $0.skipped == "still_running"
                }
                if skipped.count >= 3 {
                    try propose(
                        schedule.id, kind: "too_often", ["cron": .string(rarer)],
                        Saying("schedule.still_at_work", ["count": .number(skipped.count)]))
                } else if try hasNothingToDo(agent.name) {
                    try propose(
                        schedule.id, kind: "nothing_to_do", ["cron": .string(rarer)],
                        Saying("schedule.nothing_to_do"))
                }
            }
        }
    }

    /// One open proposal for a schedule; what was declined is not proposed again for a month.
    private func propose(_ schedule: ID<Schedule>, kind: String, _ changes: JSON, _ reason: Saying) throws {
        guard try openProposal(ofSchedule: schedule) == nil, let found = try self.find(schedule) else {
            return
        }
        let wasDecided = try tx.exists(
            """
            SELECT 1 FROM schedule_proposals WHERE tenant_id = \(tx.tenant) AND schedule_id = \(schedule)
                AND created_at > \(tx.now - .seconds(30 * 86_400)) AND kind = \(kind) LIMIT 1
            """)
        guard !wasDecided else { return }
        let id = tx.makeID(ScheduleProposal.self)
        try tx.run(
            """
            INSERT INTO schedule_proposals (tenant_id, id, schedule_id, agent, kind, changes, reason, status, version,
                created_at, updated_at)
            VALUES (\(tx.tenant), \(id), \(schedule), \(found.agent), \(kind), \(changes.serialized), \(reason.english),
                'open', 1,
                \(tx.now), \(tx.now))
            """)
        try tx.publish(
            "schedule.proposed", found.subject,
            ["agent": .string(found.agent), "changes": changes, "reason": .string(reason.english)])
        guard try orchestratorAdjusts() else { return }
        _ = try decideProposal(
            ofSchedule: schedule, accept: true, by: .agent(OrchestratorAgent().name))
    }

    private func orchestratorAdjusts() throws -> Bool {
        let orchestrator = OrchestratorAgent()
        guard tx.runtime.agents[orchestrator.name] != nil else { return false }
        let values = try tx.agentConfigurations.published(orchestrator).values
        return orchestrator.settings(from: values).settings.adjustsSchedules
    }

    /// Accepts the open proposal of a schedule, which changes it, or declines it. Throws `notFound` without one.
    package func decideProposal(
        ofSchedule id: ID<Schedule>, accept: Bool, by actor: Actor
    ) throws -> ScheduleProposal {
        guard let proposal = try openProposal(ofSchedule: id) else { throw RuntimeError.notFound }
        let status: ScheduleProposal.Status = accept ? .accepted : .declined
        try tx.run(
            """
            UPDATE schedule_proposals SET status = \(status.rawValue), version = version + 1, updated_at = \(tx.now),
                decided_by = \(actor.id)
            WHERE tenant_id = \(tx.tenant) AND id = \(proposal.id) AND status = 'open'
            """)
        if accept {
            _ = try change(id, by: actor) { schedule in
                if let cron = proposal.changes["cron"]?.text { schedule.cron = cron }
                if let after = proposal.changes["after"]?.text { schedule.after = after }
            }
        } else {
            try tx.auditLog.add(
                actor, "schedule.proposal_declined", Subject(id),
                ["changes": proposal.changes])
        }
        let decided = try tx.first(
            """
            SELECT \(ScheduleProposal.columns) FROM schedule_proposals
            WHERE tenant_id = \(tx.tenant) AND id = \(proposal.id)
            """
        ) { try ScheduleProposal($0) }
        return decided ?? proposal
    }

    private func hasNothingToDo(_ agent: String) throws -> Bool {
        let items = try tx.all(lastScheduledRuns, [tx.tenant.sqlValue, agent.sqlValue]) { $0.int(0) }
        return items.count == 20 && items.allSatisfy { $0 == 0 }
    }
}

extension Schedule {
    /// The next rarer rhythm of those that have a name; `nil` when it has none.
    fileprivate var rarer: String? {
        switch cron {
        case "hourly", "@hourly", "0 * * * *": "every_2_hours"
        case "every_2_hours", "0 1-23/2 * * *": "0 1-23/4 * * *"
        case "0 1-23/4 * * *": "daily"
        default: nil
        }
    }
}

private let lastScheduledRuns = Statement(
    """
    SELECT items FROM (
        SELECT items, status, trigger FROM agent_runs WHERE tenant_id = $1 AND agent = $2 ORDER BY id DESC LIMIT 20
    ) AS last WHERE status = 'succeeded' AND trigger = 'schedule'
    """)
