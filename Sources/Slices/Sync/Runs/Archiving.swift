internal import Agents
internal import ChangeSets
internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Templates

extension SyncPullStore where Base == Transaction {
    /// Archives records here that the service has deleted, at most so many. Answers whether none is left.
    func archiveDeleted(upTo limit: Int, _ plan: SyncPlan, in old: SyncRun) throws -> (SyncRun, isLast: Bool)
    {
        tx.note(SyncWriting(isUnderWay: true))
        defer { tx.note(SyncWriting(isUnderWay: false)) }
        var run = old, made: [MadeChange] = [], outcomes: [SyncOutcome] = []
        let links = try tx.syncLinks.deleted(plan.sync.id, limit: limit)
        for var link in links {
            let id = link.here, remote = link.there ?? ""
            (link.state, link.isDeleted, link.isDirty) = (.ended, false, false)
            try tx.syncLinks.put(link, of: plan.sync.id)
            guard let local = try tx.syncs.locals(.ids([id]), plan).first, !local.isArchived else { continue }
            guard let (column, word) = plan.archived else {
                run.pulled.skipped += 1
                outcomes.append(
                    SyncOutcome(
                        .remote, remote, .skipped, code: "no_archive",
                        detail: Saying(
                            "sync_record.no_archive",
                            ["resource": .text(plan.records.table), "id": .text(id)]
                        ).english))
                continue
            }
            let before = local.values[column] ?? .null
            do {
                let (records, actor, tx) = (plan.records, plan.sync.actor, tx)
                _ = try tx.attempt { try records.update(id, [column: .string(word)], actor, tx) }
            } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
                run.pulled.failed += 1
                outcomes.append(SyncOutcome(.remote, remote, FieldFault(problem.problem)))
                continue
            }
            run.pulled.archived += 1
            made.append(
                .changed(Subject(type: plan.records.noun, id: id), column, from: before, to: .string(word)))
            outcomes.append(SyncOutcome(.remote, remote, .archived))
        }
        try keep(made, in: &run, plan)
        if !made.isEmpty { try tx.syncs.passOn(plan.sync) }
        try tx.syncRuns.list(outcomes, in: &run)
        try tx.syncRuns.save(try SyncRun.resource.get(old.id, in: tx), &run)
        return (run, links.count < limit)
    }
}

extension SyncPlan {
    /// The field that says of the agency's records that they are of the past, and its word for that.
    fileprivate var archived: (column: String, word: String)? {
        for (column, word) in [("status", "archived"), ("status", "former"), ("stage", "lost")] {
            guard let field = records.fields.first(where: { $0.name == column }),
                case .choice(let words) = field.kind, words.contains(word)
            else { continue }
            return (column, word)
        }
        return nil
    }
}
