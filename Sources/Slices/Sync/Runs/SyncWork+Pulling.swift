internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The reading of the service's records, page by page: one is asked for while the one before it is written, and one is
/// written while the one before it gets to the disk.
extension SyncWork {
    /// A page on its way into the database.
    private struct PageWrite {
        let page: RemotePage
        let prepared: PreparedRecords
        let write: SubmittedWrite<SyncRun?>

        enum End { case stored, takenAgain, paused }
    }

    /// Takes in page after page; false where the sync was paused.
    mutating func pull() async throws -> Bool {
        var under: PageWrite?
        do {
            guard try await pullPages(&under) else { return false }
        } catch {
            // Pages that were read before the failure are stored all the same.
            if let page = under, try await settle(page) == .paused { return false }
            throw error
        }
        if let page = under, try await settle(page) == .paused { return false }
        return try await pullOthers()
    }

    /// Reads all pages, and leaves the last one under way.
    private mutating func pullPages(_ under: inout PageWrite?) async throws -> Bool {
        var trail = PageTrail(), isCareful = false, pages = run.pages
        var coming: Task<(RemotePage, PreparedRecords), any Error>? = ask(forPageAt: run.page)
        defer { coming?.cancel() }
        while let asked = coming {
            let (page, prepared) = try await asked.value
            let ids = page.records.map(\.id)
            if trail.isRepeated(ids, next: page.next) { throw RunFailure.cursorLoop }
            coming = page.next.map { ask(forPageAt: $0) }
            let now = submit(page, prepared, behind: pages, isCareful: isCareful)
            pages += 1
            guard let before = under else {
                under = now
                continue
            }
            // Where the one before fails, this one finds that out, and is to be forgotten.
            under = nil
            let failed = run.pulled.failed
            var end = try await settle(before)
            if end == .takenAgain { end = try await settle(now) } else { under = now }
            guard end != .paused else { return false }
            isCareful = run.pulled.failed > failed
            if let total = page.total, total > 0, run.pages % 10 == 0 {
                try await job.report(progress: min(1, Double(run.pages * max(1, ids.count)) / Double(total)))
            }
        }
        return true
    }

    private func ask(forPageAt cursor: String?) -> Task<(RemotePage, PreparedRecords), any Error> {
        let (asking, plan, since, job) = (asking, plan, run.since, job)
        return Task { try await asking.page(of: plan, since: since, after: cursor, job) }
    }

    /// Hands a page over that comes behind so many.
    private func submit(
        _ page: RemotePage, _ prepared: PreparedRecords, behind pages: Int, isCareful: Bool
    ) -> PageWrite {
        let (plan, id, use) = (plan, run.id, asking.use)
        let write = job.submit(advancing: true) { tx -> SyncRun? in
            var old = try SyncRun.resource.get(id, in: tx)
            // The one before it was refused: it comes once more behind that.
            guard old.pages == pages else { throw PageRefused() }
            (old.calls, old.isSlowedDown) = use
            return try tx.syncPulls.take(page, plan, in: old, isCareful: isCareful, prepared)
        }
        return PageWrite(page: page, prepared: prepared, write: write)
    }

    /// Waits until a page is stored. It is taken in once more, carefully, where one of its records was refused, or the
    /// page before it.
    private mutating func settle(_ written: PageWrite) async throws -> PageWrite.End {
        do {
            guard let taken = try await written.write.value() else { return .paused }
            run = taken
            return .stored
        } catch is PageRefused {
            let (page, prepared, plan, old) = (written.page, written.prepared, plan, counted)
            let taken = try await job.write { try $0.syncPulls.take(page, plan, in: old, prepared) }
            guard let taken else { return .paused }
            run = taken
            return .takenAgain
        }
    }

    /// Takes in what no listing by time has: what was deleted, where the service lists that apart, and what its hooks
    /// have told of; false where the sync was paused.
    private mutating func pullOthers() async throws -> Bool {
        let (plan, object, since) = (plan, plan.object, run.since)
        if object.removed != nil, since != nil, plan.sync.isToLookForRemoved(at: job.now) {
            var cursor: String?, seen: Set<String> = []
            repeat {
                let place = cursor
                let page = try await asking.ask {
                    try await $0.removedPage(of: object, since: since, after: place)
                }
                guard try await take(page.records) else { return false }
                if let next = page.next, !seen.insert(next).inserted { throw RunFailure.cursorLoop }
                cursor = page.next
            } while cursor != nil
        }
        for id in plan.sync.heard where object.get != nil {
            let found = try await asking.ask { try await $0.get(object, id) }
            guard try await take([found ?? RemoteRecord(gone: id)]) else { return false }
        }
        let old = counted
        run = try await job.write { try $0.syncRuns.endPull(old, plan) }
        return true
    }

    /// Takes in records beside the listing: its place stays as it is.
    private mutating func take(_ records: [RemoteRecord]) async throws -> Bool {
        let (plan, old) = (plan, counted)
        let page = RemotePage(records)
        let taken = try await job.write { tx in
            var run = try tx.syncPulls.take(page, plan, in: old)
            run?.newest = old.newest
            return run
        }
        guard let taken else { return false }
        run = taken
        return true
    }
}
