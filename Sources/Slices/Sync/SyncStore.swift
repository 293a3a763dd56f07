internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Syncs, their runs, the pairs of records, and what waits for a person: `tx.syncs`.
package struct SyncStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var syncs: SyncStore<Self> { SyncStore(tx: self) }
}

extension Actor {
    /// Starts syncs that run by themselves: no person, and no agent.
    static let sync = Actor(.system, id: "sync")
}

extension RecordSync {
    /// Writes for the sync: each has one of its own, so that the audit tells from where a value came.
    var actor: Actor { Actor(.system, id: id) }
}

extension SyncStore {
    /// Returns the run of a sync that waits for its turn.
    func waiting(_ sync: ID<RecordSync>) throws -> SyncRun? {
        try SyncRun.resource.first(
            where: "sync_id = \(sync) AND status = 'queued'", suffix: "ORDER BY id LIMIT 1", in: tx)
    }

    /// Returns when a field of a record was last changed, as far as that is known.
    func changedAt(_ column: String, of record: LocalRecord) throws -> Instant {
        var found: Instant?
        try tx.each(
            """
            SELECT created_at, changes FROM audit WHERE tenant_id = \(tx.tenant) AND subject_id = \(record.id)
            ORDER BY row DESC LIMIT 50
            """
        ) { row in
            guard found == nil, row.text(1).contains("\"\(column)\"") else { return }
            found = row.instant(0)
        }
        return found ?? record.updatedAt
    }

    /// Returns the values of records of the agency's, with what their people have said about marketing.
    func locals(_ selection: RecordSelection, _ plan: SyncPlan) throws -> [LocalRecord] {
        let columns = plan.columns
        var records = try plan.records.scan(selection, columns, tx).map { LocalRecord($0, columns) }
        guard plan.readsUnsubscribed else { return records }
        for index in records.indices {
            records[index].isUnsubscribed = try isUnsubscribed(records[index])
        }
        return records
    }

}

extension SyncStore where Base == Transaction {
    func save(_ old: RecordSync, _ new: inout RecordSync) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try RecordSync.resource.update(old, to: new, in: tx)
    }

    func save(_ old: SyncRun, _ new: inout SyncRun) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try SyncRun.resource.update(old, to: new, in: tx)
    }

    /// Takes away what belongs to a sync that is deleted.
    func forget(_ sync: RecordSync) throws {
        try tx.run(
            """
            DELETE FROM sync_run_records WHERE tenant_id = \(tx.tenant)
                AND run_id IN (SELECT id FROM sync_runs WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync.id))
            """)
        try tx.run("DELETE FROM sync_runs WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync.id)")
        try tx.run("DELETE FROM sync_conflicts WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync.id)")
        try tx.run("DELETE FROM sync_held WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync.id)")
        try tx.run("DELETE FROM sync_links WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync.id)")
        try tx.alerts.resolve(kind: SyncAlert.kind, subject: sync.subject)
    }

    /// Starts a run; one that waits already is it.
    func start(_ sync: RecordSync, isFull: Bool = false, by actor: Actor) throws -> SyncRun {
        if let waiting = try waiting(sync.id) {
            guard isFull, !waiting.isFull else { return waiting }
            var run = waiting
            run.isFull = true
            try save(waiting, &run)
            return run
        }
        var run = SyncRun.new(id: tx.nextID(), now: tx.now)
        (run.syncID, run.isFull, run.cursor) = (sync.id, isFull, sync.cursor)
        try SyncRun.resource.insert(&run, in: tx)
        if actor.kind != .system {
            try tx.auditLog.add(actor, "sync.run_requested", sync.subject, ["run_id": JSON(run.id)])
        }
        try tx.jobs.enqueue(
            SyncJob.self, SyncJob.Payload(runID: run.id),
            JobOptions(
                uniqueKey: run.id, subject: run.subject, limitKey: sync.id.keyText,
                limits: JobLimits(concurrency: 1)))
        return run
    }
}

/// The alert about a sync that fails, or that was stopped.
enum SyncAlert { static let kind = "sync_failed" }
