internal import Agents
internal import ChangeSets
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Runs a sync: takes in what has changed in the service, archives what was deleted there, sends what has changed here.
/// Each page commits with the place behind it, and what is sent is written down before: after a crash it goes on there.
struct SyncJob: JobKind {
    struct Payload: Codable, Sendable {
        let runID: ID<SyncRun>
    }

    static let kind = "sync.run"
    static let queue = "syncs"
    static let attemptsMax = 20
    let integrations: IntegrationServices

    func timeout(_ payload: Payload) -> Duration { .seconds(6 * 3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.runID
        let (run, sync) = try job.read { reader -> (SyncRun, RecordSync) in
            let run = try SyncRun.resource.get(id, in: reader)
            return (run, try RecordSync.resource.get(run.syncID, in: reader))
        }
        guard !run.status.isOver else { return }
        if sync.isPaused { return try await job.complete { try $0.syncRuns.cancel(id) } }
        if try job.read({ try $0.changeSets.isUndoing(.sync) }) {
            throw JobSnooze(for: .seconds(1), waitingFor: "the undo of a sync")
        }
        guard !job.isSandbox else {
            // Nobody is asked from a sandbox; `preview` tells what would be sent.
            try await job.write { _ = try $0.syncRuns.begin(id) }
            return try await job.complete { try $0.syncRuns.finish(run) }
        }
        do {
            var work = try SyncWork(try await job.write { try $0.syncRuns.begin(id) }, job, integrations)
            let done = try await work.finish()
            try await job.complete { tx in
                if let done { try tx.syncRuns.finish(done) } else { try tx.syncRuns.cancel(id) }
            }
        } catch let failure as ToolFailure {
            try await end(id, job, RunFailure(failure))
        } catch let failure as RunFailure {
            try await end(id, job, failure)
        } catch let problem as Problem {
            try await end(id, job, RunFailure(problem.code, problem.detail))
        }
    }

    private func end(_ id: ID<SyncRun>, _ job: JobContext, _ failure: RunFailure) async throws {
        try await job.complete { tx in
            try tx.syncRuns.fail(try SyncRun.resource.get(id, in: tx), failure)
        }
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        guard let run = try SyncRun.resource.find(payload.runID, in: tx) else { return }
        switch end {
        case .retried, .snoozed, .revived: return
        case .cancelled: try tx.syncRuns.cancel(run.id)
        case .dead(let failure): try tx.syncRuns.fail(run, RunFailure(failure.code, failure.detail))
        }
    }
}

/// Starts the run of a sync whose time has come.
struct SyncDueJob: JobKind {
    struct Payload: Codable, Sendable {
        let syncID: ID<RecordSync>
    }

    static let kind = "sync.due"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let sync = try RecordSync.resource.find(payload.syncID, in: tx), !sync.isPaused,
                let due = sync.nextRunAt, due <= tx.now
            else { return }
            _ = try tx.syncRuns.start(sync, by: .sync)
        }
    }
}
