internal import Agents
internal import ChangeSets
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// Finds leads that nobody has used for long, by age and use, and archives them where the settings say so: they stay in
/// every list and search, and the change set brings them back into view.
struct ArchiveRound {
    private static let most = 1000
    /// The statuses of leads with which nobody is at work.
    private static let idle = ["new", "researched", "scored", "disqualified", "lost"]
    let run: AgentRun
    let settings: DataManagementSettings

    func finish() async throws -> JSON {
        let registry = run.job.runtime.records
        let before = run.now - .seconds(settings.archiveAfterDays * 86_400)
        let ids = try run.read { try $0.quality.unusedLeads(before: before, Self.idle, limit: Self.most) }
        guard !ids.isEmpty else { return ["matched": 0, "change_set_id": nil] }
        let plan = try run.read { reader in
            try ChangeSetPlan(
                ids.map { WantedChange($0, ["status": "archived"]) }, of: registry, at: "", in: reader)
        }
        let archives = settings.archives, days = settings.archiveAfterDays
        let set = try await run.write { tx -> ID<ChangeSet>? in
            let subject = Subject(run.id)
            let matched = JSON(plan.records)
            let made = try run.decide(
                in: tx, subject,
                Conclusion(
                    outcome: ["action": .string(archives ? "archive" : "propose"), "matched": matched],
                    confidence: 1, model: ["name": "age_and_use", "version": "1"],
                    inputs: ["archive_after_days": JSON(days), "matched": matched]))
            guard made.isNew, archives,
                try run.may(
                    "update_record", permission: "leads:write", about: subject, decision: made.id, in: tx)
            else { return nil }
            return try tx.changeSets.apply(
                plan, as: NewChangeSet(.qualityFix, Saying("change_set.archive").english, run: run.id),
                by: run.actor
            ).id
        }
        run.processed(plan.records)
        return ["matched": JSON(plan.records), "change_set_id": JSON(set)]
    }
}

extension QualityStore {
    /// Returns leads without a change since a time, to whom nobody has written since, and who are in no deal.
    fileprivate func unusedLeads(
        before instant: Instant, _ statuses: [String], limit: Int
    ) throws -> [String] {
        try tx.all(
            """
            SELECT id FROM leads WHERE tenant_id = \(tx.tenant) AND status IN \(list: statuses)
                AND updated_at < \(instant) AND NOT EXISTS (
                    SELECT 1 FROM conversations
                    WHERE conversations.tenant_id = leads.tenant_id
                        AND conversations.contact_id = leads.contact_id
                        AND conversations.updated_at >= \(instant))
            ORDER BY id LIMIT \(limit)
            """
        ) { $0.text(0) }
    }
}
