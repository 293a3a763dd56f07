internal import Database
internal import JSON
internal import Jobs
internal import Synchronization
internal import Telemetry

/// One stretch of a run's work: from the claim of its job until the run sleeps or ends. Holds what the journal has
/// and what is still to be written to it; every write is fenced by the job's lease.
final class Activation: Sendable {
    static let stepsMax = 2_000
    static let outputMax = 256 * 1024

    let run: WorkflowRun
    let job: JobContext
    private let state: Mutex<State>

    struct Signal: Sendable {
        let number: Int
        let name: String, data: String
    }

    struct Mismatch: Sendable {
        let path: String, recorded: String, made: String
    }

    struct Compensation: Sendable {
        let name: String
        let body: @Sendable (Flow) async throws -> Void
    }

    /// The changes that are not in the database yet.
    private struct Unsaved: Sendable {
        var paths: [String] = []
        var usedSignals: [(number: Int, path: String)] = []
        var waits: [EventWait] = []
    }

    private struct State {
        var steps: [String: FlowStep]
        var visited: Set<String> = []
        var number: Int
        var signals: [Signal]
        var unsaved = Unsaved()
        var isMarkedRunning: Bool
        /// Whether the last commit may not be on the disk yet: at first its claim, the stretch before, or its start.
        var mayBeLost = true
        var mismatch: Mismatch?
        var compensations: [Compensation] = []
        var wakeAt: Instant?
        /// The step that waits, for the words of why the job does.
        var waitingFor: String?
        var pausedAt: String?
        var document: String?
        var failure: JobFailure?, attempts: Parking.Attempts?
    }

    init(_ run: WorkflowRun, _ steps: [FlowStep], _ signals: [Signal], _ job: JobContext) {
        (self.run, self.job) = (run, job)
        state = Mutex(
            State(
                steps: Dictionary(uniqueKeysWithValues: steps.map { ($0.path, $0) }),
                number: steps.last?.number ?? 0, signals: signals,
                isMarkedRunning: run.status == .running && run.startedAt != nil))
    }

    var now: Instant { job.now }

    // MARK: The journal

    /// Returns the step that was recorded at a place of the code; throws when it was something else.
    func recorded(
        _ path: String, _ kind: FlowStep.Kind, _ name: String, _ hash: String
    ) throws -> FlowStep? {
        try state.withLock { state in
            state.visited.insert(path)
            guard let step = state.steps[path] else {
                if state.steps.count >= Self.stepsMax {
                    throw JobFailure.terminal("too_many_steps", "a run has at most \(Self.stepsMax) steps")
                }
                return nil
            }
            guard step.kind == kind, step.name == name, step.hash == hash else {
                state.mismatch =
                    state.mismatch
                    ?? Mismatch(
                        path: path, recorded: "\(step.kind.rawValue) \(step.name)",
                        made: "\(kind.rawValue) \(name)")
                throw FlowDeparture()
            }
            return step
        }
    }

    /// Returns the step that is recorded there, whatever it is.
    func step(_ path: String) -> FlowStep? { state.withLock { $0.steps[path] } }

    func begin(
        _ path: String, _ kind: FlowStep.Kind, _ name: String, _ hash: String, _ status: FlowStep.Status
    ) -> FlowStep {
        let now = now
        return state.withLock { state in
            state.number += 1
            return FlowStep(
                path: path, number: state.number, kind: kind, name: name, hash: hash, status: status, at: now)
        }
    }

    /// Records a step in memory; it is written with the next commit.
    func note(_ step: FlowStep) {
        state.withLock { state in
            state.steps[step.path] = step
            if !state.unsaved.paths.contains(step.path) { state.unsaved.paths.append(step.path) }
        }
    }

    /// Records a step that is in the database already.
    func hasStored(_ step: FlowStep) { state.withLock { $0.steps[step.path] = step } }

    func note(wait: EventWait) { state.withLock { $0.unsaved.waits.append(wait) } }

    /// The oldest signal of that name that no step has taken; it is taken by this one.
    func takeSignal(_ name: String, for path: String) -> Signal? {
        state.withLock { state in
            guard let index = state.signals.firstIndex(where: { $0.name == name }) else { return nil }
            let signal = state.signals.remove(at: index)
            state.unsaved.usedSignals.append((signal.number, path))
            return signal
        }
    }

    /// Steps that the journal has and the body did not come to: it has changed.
    func findMissing() {
        state.withLock { state in
            let missing = state.steps.values.filter {
                !state.visited.contains($0.path) && $0.kind != .pause && $0.status != .cancelled
            }
            guard state.mismatch == nil, let first = missing.min(by: { $0.number < $1.number }) else {
                return
            }
            state.mismatch = Mismatch(
                path: first.path, recorded: "\(first.kind.rawValue) \(first.name)", made: "nothing")
        }
    }

    /// Ends what is still open below a place of the code, or everywhere.
    func cancelOpen(below prefix: String = "") {
        let now = now
        state.withLock { state in
            for (path, step) in state.steps where step.isOpen && path.hasPrefix(prefix) {
                var ended = step
                (ended.status, ended.dueAt, ended.finishedAt) = (.cancelled, nil, now)
                state.steps[path] = ended
                if !state.unsaved.paths.contains(path) { state.unsaved.paths.append(path) }
            }
            state.unsaved.paths.sort()
        }
    }

    // MARK: What the body leaves behind

    func waits(until due: Instant?, for reason: String) {
        state.withLock { state in
            if let due { state.wakeAt = min(state.wakeAt ?? due, due) }
            state.waitingFor = state.waitingFor ?? reason
        }
    }

    func fails(_ failure: JobFailure, after attempts: Parking.Attempts) {
        state.withLock { ($0.failure, $0.attempts) = (failure, attempts) }
    }

    func pauses(before node: String) { state.withLock { $0.pausedAt = node } }
    func compensate(_ compensation: Compensation) { state.withLock { $0.compensations.append(compensation) } }
    func keep(document: String) { state.withLock { $0.document = document } }

    var mismatch: Mismatch? { state.withLock { $0.mismatch } }
    var compensations: [Compensation] { state.withLock { $0.compensations } }
    var pausedAt: String? { state.withLock { $0.pausedAt } }
    var document: String? { state.withLock { $0.document } }
    var attempts: Parking.Attempts? { state.withLock { $0.attempts } }

    /// The way in which the job waits for what the body waits for.
    var parking: Parking {
        state.withLock { state in
            Parking(
                until: state.wakeAt, waitingFor: state.waitingFor, failure: state.failure,
                attempts: state.attempts)
        }
    }

    // MARK: Commits

    /// Writes what is noted together with the body's own effects. Nothing of it is there when the body throws.
    @discardableResult
    func commit<T: Sendable>(
        _ priority: WritePriority = .request, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let (flush, unsaved) = takeUnsaved()
        do {
            let run = run
            let result = try await job.write(priority) { tx in
                try tx.workflows.acting(for: run) {
                    try flush(tx)
                    return try body(tx)
                }
            }
            state.withLock { $0.mayBeLost = priority == .early }
            return result
        } catch {
            putBack(unsaved)
            throw error
        }
    }

    /// Has all that was done on the disk: before something goes outside.
    func save() async throws {
        let (mayBeLost, isNoted) = state.withLock { ($0.mayBeLost, !$0.unsaved.paths.isEmpty) }
        guard mayBeLost || isNoted else { return }
        let id = run.id
        // A commit that writes nothing takes nothing along to the disk.
        try await commit { tx in if !isNoted { try tx.workflowJournal.touch(id) } }
    }

    /// Commits what is not saved yet, with the end of this stretch of work.
    func conclude(_ body: @escaping @Sendable (Transaction) throws -> Disposition) async throws {
        let (flush, _) = takeUnsaved()
        let run = run
        try await job.conclude { tx in
            try tx.workflows.acting(for: run) {
                try flush(tx)
                return try body(tx)
            }
        }
    }

    private func takeUnsaved() -> (@Sendable (Transaction) throws -> Void, Unsaved) {
        let (unsaved, steps, isFirst) = state.withLock { state in
            defer { (state.unsaved, state.isMarkedRunning) = (Unsaved(), true) }
            return (state.unsaved, state.unsaved.paths.compactMap { state.steps[$0] }, !state.isMarkedRunning)
        }
        let id = run.id
        return (
            { tx in
                if isFirst { try tx.workflowJournal.markRunning(id) }
                for step in steps { try tx.workflowJournal.store(step, of: id) }
                for signal in unsaved.usedSignals {
                    try tx.workflowJournal.use(signal: signal.number, of: id, by: signal.path)
                }
                for wait in unsaved.waits { try tx.workflowJournal.await(wait, by: id) }
            }, unsaved
        )
    }

    private func putBack(_ unsaved: Unsaved) {
        state.withLock { state in
            state.unsaved.paths.insert(contentsOf: unsaved.paths, at: 0)
            state.unsaved.usedSignals += unsaved.usedSignals
            state.unsaved.waits += unsaved.waits
        }
    }
}

/// A step's wish to hear of an event.
struct EventWait: Sendable {
    let event: String, path: String
    /// Members that the event must have: `{"subject": {"id": "lead_…"}}`.
    let matching: JSON
}
