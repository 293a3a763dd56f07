internal import Agents
internal import ChangeSets
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// Finds leads that nobody has used for long, by age, use and the agency's own rules, and archives them where the
/// settings say so: they stay in every list and search, and the change set brings them back into view.
struct ArchiveRound {
    private static let most = 1000
    let run: AgentRun
    let settings: DataManagementSettings

    func finish() async throws -> JSON {
        let registry = run.job.runtime.records
        let before = run.now - .seconds(settings.archiveAfterDays * 86_400)
        let ids = try run.read { try $0.quality.unusedLeads(before: before, settings, limit: Self.most) }
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
    /// Returns leads without a change since a time, with whom nobody has spoken since, of the statuses and without the
    /// tags of the settings.
    fileprivate func unusedLeads(
        before instant: Instant, _ settings: DataManagementSettings, limit: Int
    ) throws -> [String] {
        let isKept = settings.archiveKeepTags.map { tx.dialect.jsonArray("tags", contains: $0) }
        let keeps: SQL = isKept.isEmpty ? "1 = 0" : isKept.dropFirst().reduce(isKept[0]) { $0 + " OR " + $1 }
        return try tx.all(
            """
            SELECT id FROM leads WHERE tenant_id = \(tx.tenant)
                AND status IN \(list: settings.archiveStatuses + [""]) AND updated_at < \(instant)
                AND NOT (\(keeps)) AND NOT EXISTS (
                    SELECT 1 FROM conversations
                    WHERE conversations.tenant_id = leads.tenant_id
                        AND conversations.contact_id = leads.contact_id
                        AND conversations.updated_at >= \(instant))
            ORDER BY id LIMIT \(limit)
            """
        ) { $0.text(0) }
    }
}
