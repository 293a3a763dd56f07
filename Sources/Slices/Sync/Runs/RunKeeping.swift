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

extension SyncStore where Base == Transaction {
    /// Begins a run, or goes on with one that was broken off.
    func begin(_ id: ID<SyncRun>) throws -> SyncRun {
        let old = try SyncRun.resource.get(id, in: tx)
        guard old.status == .queued else { return old }
        let sync = try RecordSync.resource.get(old.syncID, in: tx)
        var (run, told) = (old, sync)
        (run.status, run.startedAt) = (.running, tx.now)
        run.since = run.isFull || sync.backfill.state != .done ? nil : sync.cursor
        try askAgain(in: &run)
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
        try save(sync, &told)
        return run
    }

    /// Ends the reading of the service's records: what comes next is to see what was deleted, if anything was.
    func endPull(_ old: SyncRun, _ plan: SyncPlan) throws -> SyncRun {
        var run = old
        if run.since == nil, plan.object.deleted == nil, plan.sync.backfill.state == .done {
            try noteUnseen(in: run)
        }
        (run.phase, run.page) = (.archive, nil)
        let sync = try RecordSync.resource.get(old.syncID, in: tx)
        var told = sync
        told.heard = sync.heard.filter { !plan.sync.heard.contains($0) }
        if plan.object.removed != nil, run.since != nil, sync.isToLookForRemoved(at: tx.now) {
            told.removedReadAt = tx.now
        }
        if told.heard != sync.heard || told.removedReadAt != sync.removedReadAt { try save(sync, &told) }
        guard try hasDeletedLinks(old.syncID) else { return try endArchive(run) }
        try save(try SyncRun.resource.get(old.id, in: tx), &run)
        return run
    }

    /// Ends the archiving: what comes next is to send what has changed here.
    func endArchive(_ old: SyncRun) throws -> SyncRun {
        var run = old
        let sync = try RecordSync.resource.get(old.syncID, in: tx)
        // Everything is compared where it is not known what has changed.
        let isWhole = try run.since == nil || !hasEvents(after: sync.eventRow)
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
        try plan(next: &told)
        let before = run
        (run.status, run.finishedAt, run.cursor) = (.completed, tx.now, told.cursor)
        try save(before, &run)
        try save(sync, &told)
        try forgetAsked(in: run)
        if let set = run.changeSetID { try tx.changeSets.close(set) }
        try tx.alerts.resolve(kind: SyncAlert.kind, subject: sync.subject)
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
            try plan(next: &told)
        }
        try save(stored, &run)
        try save(sync, &told)
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
        try save(sync, &told)
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
