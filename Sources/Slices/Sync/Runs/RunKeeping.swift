internal import Agents
internal import ChangeSets
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// Why a run has failed.
struct RunFailure: Error, Hashable, Sendable {
    let code: String, detail: String

    init(_ code: String, _ detail: String) { (self.code, self.detail) = (code, detail) }
    init(_ failure: ToolFailure) { self.init(failure.code, failure.detail) }

    /// The place in a listing is of no use where the listing itself is at fault.
    var keepsPlace: Bool { !["cursor_loop", "invalid_answer", "refused", "not_found"].contains(code) }
    var json: JSON { ["code": .string(code), "detail": .string(detail)] }

    static let brake = "too_many_deletes"
    /// Whether the sync waits for a person: for a decision, or for data to be mended.
    var pauses: Bool { code == Self.brake || code == RecordHold.code }
}

extension SyncRun {
    /// Returns where its listing was broken off.
    fileprivate func place(at page: String?) -> JSON? {
        guard phase == .pull, let page else { return nil }
        return ["page": .string(page), "since": JSON(since), "newest": JSON(newest)]
    }
}

/// Runs of syncs: `tx.syncRuns`.
struct SyncRunStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var syncRuns: SyncRunStore<Self> { SyncRunStore(tx: self) }
}

extension SyncRunStore {
    /// Returns the run of a sync that waits for its turn.
    func waiting(_ sync: ID<RecordSync>) throws -> SyncRun? {
        try SyncRun.resource.first(
            where: "sync_id = \(sync) AND status = 'queued'", suffix: "ORDER BY id LIMIT 1", in: tx)
    }
}

extension SyncRunStore where Base == Transaction {
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

    func save(_ old: SyncRun, _ new: inout SyncRun) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try SyncRun.resource.update(old, to: new, in: tx)
    }

    /// Begins a run, or goes on with one that was broken off.
    func begin(_ id: ID<SyncRun>) throws -> SyncRun {
        let old = try SyncRun.resource.get(id, in: tx)
        guard old.status == .queued else { return old }
        let sync = try RecordSync.resource.get(old.syncID, in: tx)
        var (run, told) = (old, sync)
        (run.status, run.startedAt) = (.running, tx.now)
        run.since = run.isFull || sync.backfill.state != .done ? nil : sync.cursor
        try tx.syncHolds.askAgain(in: &run)
        let resume = sync.resume.object ?? [:]
        if let page = resume["page"]?.text, resume["since"]?.text == run.since, !run.isFull {
            (run.page, run.newest) = (page, resume["newest"]?.text)
        }
        told.resume = .null
        told.status = .running
        if told.backfill.state != .done {
            if run.page == nil { told.backfill.done = 0 }
            told.backfill.state = .running
        }
        try save(old, &run)
        try tx.syncs.save(sync, &told)
        return run
    }

    /// Ends the reading of the service's records: what comes next is to see what was deleted, if anything was.
    func endPull(_ old: SyncRun, _ plan: SyncPlan) throws -> SyncRun {
        var run = old
        if run.since == nil, plan.object.deleted == nil, plan.sync.backfill.state == .done {
            try tx.syncLinks.noteUnseen(in: run)
        }
        (run.phase, run.page) = (.archive, nil)
        let sync = try RecordSync.resource.get(old.syncID, in: tx)
        var told = sync
        told.heard = sync.heard.filter { !plan.sync.heard.contains($0) }
        if plan.object.removed != nil, run.since != nil, sync.isToLookForRemoved(at: tx.now) {
            told.removedReadAt = tx.now
        }
        if told.heard != sync.heard || told.removedReadAt != sync.removedReadAt {
            try tx.syncs.save(sync, &told)
        }
        guard try tx.syncLinks.hasDeleted(old.syncID) else { return try endArchive(run) }
        try save(try SyncRun.resource.get(old.id, in: tx), &run)
        return run
    }

    /// Ends the archiving: what comes next is to send what has changed here.
    func endArchive(_ old: SyncRun) throws -> SyncRun {
        var run = old
        let sync = try RecordSync.resource.get(old.syncID, in: tx)
        // Everything is compared where it is not known what has changed.
        let isWhole = try run.since == nil || !tx.syncPushes.hasEvents(after: sync.eventRow)
        (run.phase, run.place) = (.push, isWhole ? "" : nil)
        run.eventRow = Int(try tx.events.lastRow())
        try save(try SyncRun.resource.get(old.id, in: tx), &run)
        return run
    }

    func finish(_ old: SyncRun) throws {
        let sync = try RecordSync.resource.get(old.syncID, in: tx)
        var (run, told) = (try SyncRun.resource.get(old.id, in: tx), sync)
        (run.calls, run.isSlowedDown) = (old.calls, old.isSlowedDown)
        told.cursor = RemoteTime.later(sync.cursor, run.newest)
        told.backfill.state = .done
        told.backfill.total = told.backfill.total ?? told.backfill.done
        (told.lastRunAt, told.error, told.acceptsDeletions) = (tx.now, .null, false)
        told.eventRow = max(sync.eventRow, run.eventRow)
        told.slowdown = run.isSlowedDown ? min(sync.slowdown + 1, 8) : max(0, sync.slowdown - 1)
        if !sync.isPaused { told.status = .idle }
        try tx.syncs.plan(next: &told)
        let before = run
        (run.status, run.finishedAt, run.cursor) = (.completed, tx.now, told.cursor)
        try save(before, &run)
        try tx.syncs.save(sync, &told)
        try tx.syncHolds.forgetAsked(in: run)
        if let set = run.changeSetID { try tx.changeSets.close(set) }
        try tx.alerts.resolve(kind: SyncAlert.kind, subject: sync.subject)
        try tx.syncNotes.goOn(after: run, of: sync)
        try tell("sync.completed", run, sync)
        try prune(sync.id)
    }

    /// Ends a run that has failed. The cursor stays at the last whole listing, and the place in this one is kept where
    /// it is good for something.
    func fail(_ old: SyncRun, _ failure: RunFailure) throws {
        let stored = try SyncRun.resource.get(old.id, in: tx)
        guard !stored.status.isOver else { return }
        let sync = try RecordSync.resource.get(old.syncID, in: tx)
        var (run, told) = (stored, sync)
        (run.status, run.error, run.finishedAt) = (.failed, failure.json, tx.now)
        (run.cursor, run.calls) = (sync.cursor, max(old.calls, stored.calls))
        if failure.keepsPlace, let place = run.place(at: run.page) { told.resume = place }
        (told.lastRunAt, told.error) = (tx.now, failure.json)
        told.slowdown = min(sync.slowdown + 1, 8)
        if failure.pauses {
            (told.status, told.pausedBecause, told.nextRunAt) = (.paused, failure.detail, nil)
        } else if !sync.isPaused {
            told.status = .failing
            try tx.syncs.plan(next: &told)
        }
        try save(stored, &run)
        try tx.syncs.save(sync, &told)
        if let set = run.changeSetID { try tx.changeSets.close(set) }
        try alert(of: failure, sync)
        try tell("sync.failed", run, sync)
    }

    private func alert(of failure: RunFailure, _ sync: RecordSync) throws {
        if failure.code == RunFailure.brake {
            try tx.alerts.raise(
                kind: SyncAlert.kind, severity: .critical, subject: sync.subject,
                title: Saying(
                    "alert.sync_stopped",
                    [
                        "object": .text(sync.object), "provider": .text(sync.provider),
                        "detail": .saying(.cause(failure.code, failure.detail)),
                    ]),
                action: Saying("alert.sync_stopped_do"))
        } else if failure.pauses {
            try tx.alerts.raise(
                kind: SyncAlert.kind, severity: .warning, subject: sync.subject,
                title: Saying(
                    "alert.sync_stopped",
                    [
                        "object": .text(sync.object), "provider": .text(sync.provider),
                        "detail": .text(failure.detail),
                    ]),
                action: Saying("alert.sync_held_do"))
        } else {
            try tx.alerts.raise(
                kind: SyncAlert.kind, severity: .warning, subject: sync.subject,
                title: Saying(
                    "alert.sync_failed",
                    [
                        "object": .text(sync.object), "provider": .text(sync.provider),
                        "detail": .saying(.cause(failure.code, failure.detail)),
                    ]),
                action: Saying("alert.sync_failed_do"))
        }
    }

    /// Ends a run that is not wanted any more.
    func cancel(_ id: ID<SyncRun>) throws {
        let old = try SyncRun.resource.get(id, in: tx)
        guard !old.status.isOver else { return }
        var run = old
        (run.status, run.finishedAt) = (.cancelled, tx.now)
        try save(old, &run)
        if let set = run.changeSetID { try tx.changeSets.close(set) }
        let sync = try RecordSync.resource.get(old.syncID, in: tx)
        var told = sync
        if sync.status == .running { told.status = .idle }
        if let place = run.place(at: run.page) { told.resume = place }
        guard told.status != sync.status || told.resume != sync.resume else { return }
        try tx.syncs.save(sync, &told)
    }

    private func tell(_ type: String, _ run: SyncRun, _ sync: RecordSync) throws {
        try tx.publish(
            type, sync.subject,
            [
                "run_id": JSON(run.id), "pulled": run.pulled.json, "pushed": run.pushed.json,
                "conflicts": JSON(run.conflicts), "error": run.error,
            ])
    }

    /// Takes away the runs that ended long ago.
    private func prune(_ sync: ID<RecordSync>) throws {
        let old: SQL = """
            SELECT id FROM sync_runs WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync)
                AND finished_at < \(tx.now - .seconds(30 * 86_400)) ORDER BY id LIMIT 200
            """
        try tx.run(
            "DELETE FROM sync_run_records WHERE tenant_id = \(tx.tenant) AND run_id IN (" + old + ")")
        try tx.run("DELETE FROM sync_runs WHERE tenant_id = \(tx.tenant) AND id IN (" + old + ")")
    }
}
