internal import Agents
internal import ChangeSets
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Templates

/// Concludes for each rule what is to be done about its issues, and does it where the rule and the agent's autonomy
/// allow that.
struct RemedyRound {
    let run: AgentRun

    func finish() async throws -> [JSON] {
        let registry = run.job.runtime.records
        let rules = try run.read { try RuleBook.all(registry, in: $0) }.flatMap { book in
            book.rules.map { (rule: $0, records: book.records) }
        }
        var done: [JSON] = []
        for (rule, records) in rules {
            let fix = try run.read { reader in
                try QualityFix(try reader.quality.open(rule: rule.name, ids: []), registry, in: reader)
            }
            guard !fix.issues.isEmpty else { continue }
            let set = try await run.write { tx in try conclude(fix, rule, records, in: tx) }
            done.append([
                "rule": .string(rule.name), "matched": JSON(fix.issues.count), "change_set_id": JSON(set),
            ])
        }
        return done
    }

    private func conclude(
        _ fix: QualityFix, _ rule: CompiledRule, _ records: ToolRecords, in tx: Transaction
    ) throws -> ID<ChangeSet>? {
        let subject = Subject(rule.id)
        let matched = JSON(fix.issues.count)
        let decision = try run.decide(
            in: tx, subject,
            Conclusion(
                outcome: [
                    "action": .string(rule.isAutomatic ? "apply" : "propose"), "rule": .string(rule.name),
                    "matched": matched,
                ], confidence: 1, model: ["name": "quality_rules", "version": "1"],
                inputs: [
                    "rule": .string(rule.name), "automatic": .bool(rule.isAutomatic), "matched": matched,
                ]))
        guard decision.isNew, rule.isAutomatic,
            try run.may(
                "update_record", permission: records.write, about: subject, decision: decision.id, in: tx)
        else { return nil }
        return try tx.quality.apply(
            fix, titled: Saying("change_set.remedies", ["rule": .text(rule.name)]).english, by: run.actor,
            run: run.id
        ).id
    }
}
