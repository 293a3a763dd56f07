internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// Writes what was said to people into the history that a service keeps of them. Each entry is noted before it is
/// handed over: after a crash, or where the answer was lost, it is looked for in the service and not written again
/// unseen.
struct SyncHistoryJob: JobKind {
    struct Payload: Codable, Sendable {
        let integration: IntegrationID
    }

    static let kind = "sync.history"
    static let queue = SyncJob.queue
    static let attemptsMax = 20
    let integrations: IntegrationServices

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard !job.isSandbox else { return }
        let work = HistoryWork(job: job, integrations: integrations, integration: payload.integration)
        let rest = try await work.finish()
        try await job.complete { tx in
            try tx.syncNotes.prune(payload.integration)
            if let rest { try tx.syncNotes.goOn(payload.integration, after: rest) }
        }
    }
}

/// The wait of what is left, in a job that what is said meanwhile finds: else each message would leave one behind.
enum HistoryRest: Sendable {
    /// The service is to be left alone.
    case service(until: Instant, reason: String)
    /// Some entries are in doubt; others are written meanwhile.
    case doubts(until: Instant)
}

/// The alert about a service that does not take what was said.
enum HistoryAlert { static let kind = "history_unwritten" }

/// One attempt to write what waits for a service.
private struct HistoryWork {
    /// A pause before a service is asked again.
    private static let pause: Duration = .seconds(30), doubtPause: Duration = .seconds(2)
    private static let pauseMax: Duration = .seconds(3600)
    /// After so many entries in turn that the service has failed to take again, it is left alone.
    private static let doubtsMax = 3

    let job: JobContext
    let integrations: IntegrationServices
    let integration: IntegrationID

    /// Writes what can be written, and returns for how long the rest waits.
    func finish() async throws -> HistoryRest? {
        do {
            return try await writeAll()
        } catch let snooze as JobSnooze {
            return .service(until: job.now + snooze.delay, reason: snooze.reason)
        }
    }

    private func writeAll() async throws -> HistoryRest? {
        var next: Instant?, doubts = 0, open = 0
        // Those of which it is not known whether they are there come first.
        for state in [SyncNote.State.sending, .waiting] {
            var place = ""
            while let note = try job.read({ try $0.syncNotes.first(state, integration, after: place) }) {
                place = note.message.keyText
                switch try job.read({ try $0.syncNotes.step(note) }) {
                case .wait: break
                case .leave: try await leave(note)
                case .drop: try await job.write { try $0.syncNotes.remove(note) }
                case .write(let target):
                    switch try await write(note, target) {
                    case .settled: doubts = 0
                    case .later(let time): (next, open) = (min(next ?? time, time), open + 1)
                    case .doubt(let failure, isNew: true):
                        throw snooze(failure, atLeast: HistoryPatience.pause(open: open))
                    case .doubt(let failure, isNew: false):
                        (doubts, open) = (doubts + 1, open + 1)
                        if doubts >= Self.doubtsMax {
                            throw snooze(failure, atLeast: HistoryPatience.pause(open: open))
                        }
                        let soon = job.now + Self.pause
                        next = min(next ?? soon, soon)
                    case .stop: return nil
                    }
                }
            }
        }
        return next.map { .doubts(until: $0) }
    }

    /// The end of an attempt to write an entry.
    private enum Outcome {
        case settled
        /// It is too early to look for it.
        case later(Instant)
        /// It may be there. Where it was handed over before, others may well be taken.
        case doubt(ToolFailure, isNew: Bool)
        /// Nothing else is to be tried now.
        case stop
    }

    private func write(_ old: SyncNote, _ target: HistoryTarget) async throws -> Outcome {
        guard let found = try job.read({ try Integration.resource.find(integration, in: $0) }),
            let client = try integrations.client(of: found, job.tenant, for: caller(of: old, found)),
            let object = client.connector[object: target.sync.object], let history = object.history
        else {
            let missing = ToolFailure(
                "not_supported", "the connector does not say how histories are written", isRetryable: false)
            return try await settle(old, .failed, missing, target.sync)
        }
        var note = old
        (note.sync, note.local) = (target.sync.id, target.local)
        if note.state == .sending, !history.isFindable {
            return try await settle(note, .unknown, Self.unfindable, target.sync)
        }
        if let next = note.patience?.next(lag: history.lag), next > job.now { return .later(next) }
        if note.state == .sending {
            switch try await look(note, target, client, object) {
            case .there(let entry):
                note.entry = entry
                return try await settle(note, target)
            case .absent: break
            case .lost(let failure): return try await settle(note, .unknown, failure, target.sync)
            case .silent(let failure):
                guard note.patience?.isOver != true else {
                    return try await settle(note, .unknown, failure, target.sync)
                }
                (note.askedAt, note.code) = (job.now, failure.code)
                let asked = note
                try await job.write { try $0.syncNotes.save(asked) }
                return .doubt(failure, isNew: false)
            case .stop: return .stop
            }
        }
        if note.patience?.isOver == true {
            let last = ToolFailure(
                note.code ?? "unavailable", "the service has not taken it for hours", isRetryable: false)
            return try await settle(note, .failed, last, target.sync)
        }
        (note.state, note.remote, note.code) = (.sending, target.remote, nil)
        (note.askedAt, note.triedAt) = (job.now, note.triedAt ?? job.now)
        let begun = note
        try await job.write { try $0.syncNotes.save(begun) }
        do {
            note.entry = try await client.enter(
                target.entry, of: target.remote, object, key: "\(integration)/\(note.message)")
        } catch let failure as ToolFailure {
            return try await meet(failure, note, target.sync, history, isRepeated: old.triedAt != nil)
        }
        return try await settle(note, target)
    }

    /// The outcome of a search for an entry whose answer was lost.
    private enum Finding {
        case there(String), absent
        /// The service does not say.
        case lost(ToolFailure)
        /// It cannot say at the moment, of this one at least.
        case silent(ToolFailure)
        /// The service takes no questions for now.
        case stop
    }

    private func look(
        _ note: SyncNote, _ target: HistoryTarget, _ client: ConnectorClient, _ object: ConnectorObject
    ) async throws -> Finding {
        do {
            let entry = try await client.entered(target.entry, of: target.remote, object)
            return entry.map { .there($0) } ?? .absent
        } catch let failure as ToolFailure where failure.code == "unavailable" {
            return .silent(failure)
        } catch let failure as ToolFailure where failure.isRetryable {
            throw snooze(failure, atLeast: Self.pause)
        } catch let failure as ToolFailure where failure.isOfRecord {
            return .lost(failure)
        } catch let failure as ToolFailure {
            try await job.write { try $0.syncNotes.alert(of: failure, target.sync) }
            return .stop
        }
    }

    private func snooze(_ failure: ToolFailure, atLeast pause: Duration) -> JobSnooze {
        JobSnooze(
            for: min(max(failure.retryAfter ?? pause, pause), Self.pauseMax),
            waitingFor: "the service: \(failure.code)")
    }

    private func caller(of note: SyncNote, _ integration: Integration) -> ToolCaller {
        ToolCaller(actor: .system, subject: Subject(note.message), clientID: integration.clientID)
    }

    private static let unfindable = ToolFailure(
        "in_doubt", "the service has not said whether it was written", isRetryable: false)

    // MARK: Outcomes

    private func settle(_ note: SyncNote, _ target: HistoryTarget) async throws -> Outcome {
        var done = note
        (done.state, done.code) = (.written, nil)
        let written = done
        try await job.write { tx in
            try tx.syncNotes.save(written)
            try tx.alerts.resolve(kind: HistoryAlert.kind, subject: target.sync.subject)
        }
        return .settled
    }

    private func settle(
        _ note: SyncNote, _ state: SyncNote.State, _ failure: ToolFailure, _ sync: RecordSync
    ) async throws -> Outcome {
        var done = note
        (done.state, done.code) = (state, failure.code)
        let settled = done
        try await job.write { tx in
            try tx.syncNotes.save(settled)
            try tx.syncNotes.alert(of: failure, sync)
        }
        return .settled
    }

    /// Deals with a refusal. `isRepeated`: the service has failed to take the entry before.
    private func meet(
        _ failure: ToolFailure, _ note: SyncNote, _ sync: RecordSync, _ history: ConnectorHistory,
        isRepeated: Bool
    ) async throws -> Outcome {
        if failure.mayHaveMade {
            // It may be there: it stays as it is until the service can be asked. One that cannot be asked is taken at
            // its word where it answers that it could not.
            var doubtful = note
            if !history.isFindable, !failure.isAmbiguous { doubtful.state = .waiting }
            // The call that is broken off at our end may still be under way.
            doubtful.code = failure.code == "interrupted" ? nil : failure.code
            let kept = doubtful
            try await job.write { try $0.syncNotes.save(kept) }
            return .doubt(failure, isNew: !isRepeated)
        }
        if !failure.isRetryable, failure.isOfRecord {
            return try await settle(note, .failed, failure, sync)
        }
        try await reopen(note)
        if failure.isRetryable { throw snooze(failure, atLeast: Self.doubtPause) }
        try await job.write { try $0.syncNotes.alert(of: failure, sync) }
        return .stop
    }

    private func leave(_ note: SyncNote) async throws {
        var left = note
        left.state = note.state == .sending ? .unknown : .unmatched
        let settled = left
        try await job.write { try $0.syncNotes.save(settled) }
    }

    private func reopen(_ note: SyncNote) async throws {
        var waiting = note
        (waiting.state, waiting.askedAt, waiting.triedAt) = (.waiting, nil, nil)
        let open = waiting
        try await job.write { try $0.syncNotes.save(open) }
    }
}

extension SyncNoteStore where Base == Transaction {
    fileprivate func alert(of failure: ToolFailure, _ sync: RecordSync) throws {
        try tx.alerts.raise(
            kind: HistoryAlert.kind, severity: .warning, subject: sync.subject,
            title: Saying(
                "alert.history_unwritten",
                [
                    "provider": .text(sync.provider),
                    "detail": .saying(.cause(failure.code, failure.detail)),
                ]),
            action: Saying("alert.history_unwritten_do"))
    }
}
