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

/// Writes what was said to people into the history that a service keeps of them. Each entry is noted before it is handed
/// over: after a crash, or where the answer was lost, it is looked for in the service and not written again unseen.
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
        try await work.finish()
        try await job.complete { try $0.syncNotes.prune(payload.integration) }
    }
}

/// The alert about a service that does not take what was said.
enum HistoryAlert { static let kind = "history_unwritten" }

/// One attempt to write what waits for a service.
private struct HistoryWork {
    /// A pause before a service is asked again.
    private static let pause: Duration = .seconds(30), doubtPause: Duration = .seconds(2)
    private static let pauseMax: Duration = .seconds(3600)

    let job: JobContext
    let integrations: IntegrationServices
    let integration: IntegrationID

    func finish() async throws {
        // Those of which it is not known whether they are there come first.
        for state in [SyncNote.State.sending, .waiting] {
            var place = ""
            while let note = try job.read({ try $0.syncNotes.first(state, integration, after: place) }) {
                place = note.message.keyText
                switch try job.read({ try $0.syncNotes.step(note) }) {
                case .wait: break
                case .leave: try await leave(note)
                case .drop: try await job.write { try $0.syncNotes.remove(note) }
                case .write(let target): guard try await write(note, target) else { return }
                }
            }
        }
    }

    /// Writes an entry; false where the service takes none for now.
    private func write(_ old: SyncNote, _ target: HistoryTarget) async throws -> Bool {
        guard let found = try job.read({ try Integration.resource.find(integration, in: $0) }),
            let client = try integrations.client(of: found, job.tenant, for: caller(of: old, found)),
            let object = client.connector[object: target.sync.object], let history = object.history
        else {
            let missing = ToolFailure(
                "not_supported", "the connector does not say how histories are written", isRetryable: false)
            try await settle(old, .failed, missing, target.sync)
            return true
        }
        var note = old
        (note.sync, note.local) = (target.sync.id, target.local)
        if note.state == .sending {
            switch try await look(note, target, client, object, history) {
            case .there(let entry):
                note.entry = entry
                return try await settle(note, target)
            case .absent: break
            case .lost(let failure):
                try await settle(note, .unknown, failure, target.sync)
                return true
            case .stop: return false
            }
        }
        (note.state, note.remote, note.askedAt) = (.sending, target.remote, job.now)
        let begun = note
        try await job.write { try $0.syncNotes.save(begun) }
        do {
            note.entry = try await client.enter(
                target.entry, of: target.remote, object, key: "\(integration)/\(note.message)")
        } catch let failure as ToolFailure {
            return try await meet(failure, note, target.sync, history)
        }
        return try await settle(note, target)
    }

    /// The outcome of a search for an entry whose answer was lost.
    private enum Finding {
        case there(String), absent
        /// The service does not say.
        case lost(ToolFailure)
        /// The service takes no questions for now.
        case stop
    }

    private func look(
        _ note: SyncNote, _ target: HistoryTarget, _ client: ConnectorClient, _ object: ConnectorObject,
        _ history: ConnectorHistory
    ) async throws -> Finding {
        guard history.isFindable else { return .lost(Self.unfindable) }
        let sure = (note.askedAt ?? job.now) + history.lag
        guard sure <= job.now else {
            throw JobSnooze(for: sure - job.now, waitingFor: "what the service knows")
        }
        do {
            let entry = try await client.entered(target.entry, of: target.remote, object)
            return entry.map { .there($0) } ?? .absent
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

    private func settle(_ note: SyncNote, _ target: HistoryTarget) async throws -> Bool {
        var done = note
        (done.state, done.code) = (.written, nil)
        let written = done
        try await job.write { tx in
            try tx.syncNotes.save(written)
            try tx.alerts.resolve(kind: HistoryAlert.kind, subject: target.sync.subject)
        }
        return true
    }

    private func settle(
        _ note: SyncNote, _ state: SyncNote.State, _ failure: ToolFailure, _ sync: RecordSync
    ) async throws {
        var done = note
        (done.state, done.code) = (state, failure.code)
        let settled = done
        try await job.write { tx in
            try tx.syncNotes.save(settled)
            try tx.syncNotes.alert(of: failure, sync)
        }
    }

    /// Deals with a refusal: false where nothing else is to be tried now.
    private func meet(
        _ failure: ToolFailure, _ note: SyncNote, _ sync: RecordSync, _ history: ConnectorHistory
    ) async throws -> Bool {
        // It may be there: it stays as it is until the service can be asked.
        if failure.mayHaveMade { throw snooze(failure, atLeast: max(Self.doubtPause, history.lag)) }
        if !failure.isRetryable, failure.isOfRecord {
            try await settle(note, .failed, failure, sync)
            return true
        }
        try await reopen(note)
        if failure.isRetryable { throw snooze(failure, atLeast: Self.doubtPause) }
        try await job.write { try $0.syncNotes.alert(of: failure, sync) }
        return false
    }

    private func leave(_ note: SyncNote) async throws {
        var left = note
        left.state = note.state == .sending ? .unknown : .unmatched
        let settled = left
        try await job.write { try $0.syncNotes.save(settled) }
    }

    private func reopen(_ note: SyncNote) async throws {
        var waiting = note
        (waiting.state, waiting.askedAt) = (.waiting, nil)
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
