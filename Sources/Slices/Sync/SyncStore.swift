internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Syncs with their schedules, and the values of records that they compare: `tx.syncs`.
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
            records[index].isUnsubscribed = try tx.syncConsent.isUnsubscribed(records[index])
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

    /// Sets the time of the next run of a sync that runs by itself.
    func plan(next sync: inout RecordSync) throws {
        guard let period = sync.period, !sync.isPaused, !tx.sandboxClock.isSandbox else {
            sync.nextRunAt = nil
            return
        }
        let next = tx.now + period
        sync.nextRunAt = next
        try tx.jobs.enqueue(
            SyncDueJob.self, SyncDueJob.Payload(syncID: sync.id),
            JobOptions(runAt: next, uniqueKey: "\(sync.id) \(next.microseconds)", subject: sync.subject))
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
        try tx.syncNotes.forget(sync)
        try tx.alerts.resolve(kind: SyncAlert.kind, subject: sync.subject)
        try tx.alerts.resolve(kind: HistoryAlert.kind, subject: sync.subject)
    }
}

/// The alert about a sync that fails, or that was stopped.
enum SyncAlert { static let kind = "sync_failed" }
