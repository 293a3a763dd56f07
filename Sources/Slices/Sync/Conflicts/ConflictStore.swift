internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Fields that wait for a person to say which side counts: `tx.syncConflicts`.
struct SyncConflictStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var syncConflicts: SyncConflictStore<Self> { SyncConflictStore(tx: self) }
}

extension SyncConflictStore {
    /// Returns the fields of some records that wait for a person.
    func open(_ sync: ID<RecordSync>, of locals: [String]) throws -> [String: [SyncConflict]] {
        guard !locals.isEmpty else { return [:] }
        let open = try SyncConflict.resource.all(
            where: "sync_id = \(sync) AND status = 'open' AND subject_id IN \(list: locals)",
            // As the index has them, or SQLite would walk all conflicts to find these in order.
            suffix: "ORDER BY subject_id, field", in: tx)
        return Dictionary(grouping: open, by: \.subjectID)
    }
}

extension SyncConflictStore where Base == Transaction {
    /// Keeps fields that wait for a person, once each, with the values as they are now; ends those that have come to
    /// the same by themselves. Answers how many are new.
    func note(
        _ conflicts: [FieldConflict], settled: [String], of local: LocalRecord, _ record: RemoteRecord,
        _ plan: SyncPlan
    ) throws -> Int {
        guard !conflicts.isEmpty || !settled.isEmpty else { return 0 }
        let open = try open(plan.sync.id, of: [local.id])[local.id] ?? []
        var new = 0
        for conflict in conflicts {
            let column = plan[conflict.field]?.column ?? conflict.field
            let ours: JSONObject = [
                "value": conflict.local, "at": .string(try tx.syncs.changedAt(column, of: local).description),
            ]
            let theirs: JSONObject = [
                "value": conflict.remote, "at": JSON(record.updatedAt), "raw": conflict.raw,
            ]
            if let old = open.first(where: { $0.field == conflict.field }) {
                guard old.local["value"] != conflict.local || old.remote["raw"] != conflict.raw else {
                    continue
                }
                var now = old
                (now.local, now.remote) = (ours, theirs)
                try save(old, &now)
                continue
            }
            new += 1
            var waiting = SyncConflict.new(id: tx.nextID(), now: tx.now)
            (waiting.syncID, waiting.subjectID, waiting.remoteID) = (plan.sync.id, local.id, record.id)
            waiting.subjectType = plan.records.noun
            waiting.about = ["type": .string(plan.records.noun), "id": .string(local.id)]
            (waiting.field, waiting.base) = (conflict.field, conflict.base)
            (waiting.local, waiting.remote) = (ours, theirs)
            try SyncConflict.resource.insert(&waiting, in: tx)
            try tx.publish(
                "sync_conflict.opened", waiting.subject,
                ["sync_id": JSON(plan.sync.id), "field": .string(conflict.field)])
        }
        for old in open where settled.contains(old.field) { try end(old, .agreed) }
        return new
    }

    func save(_ old: SyncConflict, _ new: inout SyncConflict) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try SyncConflict.resource.update(old, to: new, in: tx)
    }

    @discardableResult
    func end(_ old: SyncConflict, _ resolution: SyncConflict.Resolution) throws -> SyncConflict {
        var ended = old
        (ended.status, ended.resolution, ended.resolvedAt) = (.resolved, resolution, tx.now)
        try save(old, &ended)
        try tx.publish(
            "sync_conflict.resolved", ended.subject,
            ["sync_id": JSON(ended.syncID), "field": .string(ended.field)])
        return ended
    }
}
