internal import Cryptography
package import Database
internal import JSON
package import Jobs
package import Nouns
internal import Records
internal import Synchronization
internal import Telemetry

/// The interface that a workflow's body works with. Every call has its place in the code, and what came of it is
/// recorded there; when the body runs again, the record is returned and nothing is done twice. A flow is used by one
/// task; branches have flows of their own.
package final class Flow: Sendable {
    let activation: Activation
    private let prefix: String
    private let position = Mutex(0)
    private let hasLeft = Mutex(false)

    init(_ activation: Activation, prefix: String = "") {
        (self.activation, self.prefix) = (activation, prefix)
    }

    package var runID: WorkflowRunID { activation.run.id }
    package var tenant: TenantID { activation.job.tenant }
    var runtime: Runtime { activation.job.runtime }
    var isLeft: Bool { hasLeft.withLock { $0 } }
    /// Whether this is the body's own flow, not a branch's.
    var isRoot: Bool { prefix.isEmpty }
    /// The place that the body comes to next.
    var nextPath: String { "\(prefix)\(position.withLock { $0 } + 1)" }

    // MARK: Places

    /// The next place in the code.
    func advance() throws -> String {
        guard !isLeft else { throw FlowDeparture() }
        return position.withLock { position in
            position += 1
            return "\(prefix)\(position)"
        }
    }

    /// Ends this stretch of work: the run sleeps until then, or until something comes.
    func leave(until due: Instant?, waitingFor reason: String) -> FlowDeparture {
        hasLeft.withLock { $0 = true }
        activation.waits(until: due, for: reason)
        return FlowDeparture()
    }

    /// The state of the next place, and so what is to be done there.
    enum Entry {
        /// It is done: the output as JSON text.
        case done(String?)
        /// It waits already.
        case open(FlowStep)
        /// An attempt is to be made.
        case attempt(FlowStep)
    }

    func enter(_ kind: FlowStep.Kind, _ name: String, _ arguments: JSON? = nil) throws -> Entry {
        let path = try advance()
        return try enter(at: path, kind, name, arguments)
    }

    func enter(
        at path: String, _ kind: FlowStep.Kind, _ name: String, _ arguments: JSON? = nil
    ) throws -> Entry {
        let hash = arguments.map { String(Hex.encode(SHA256.hash($0.canonical.serialized)).prefix(16)) } ?? ""
        guard var step = try recorded(path, kind, name, hash) else {
            try refuseWhenCancelling()
            return .attempt(activation.begin(path, kind, name, hash, .running))
        }
        switch step.status {
        case .completed: return .done(step.output)
        case .failed: throw StepFailed(step: name, failure: JobFailure(stored: step.error))
        case .cancelled, .paused: throw FlowCancelled("cancelled")
        case .retrying:
            try refuseWhenCancelling()
            if let due = step.dueAt, due > activation.now {
                throw leave(until: due, waitingFor: "the next attempt of \(name)")
            }
            step.attempt += 1
            (step.status, step.dueAt) = (.running, nil)
            return .attempt(step)
        case .waiting:
            try refuseWhenCancelling()
            return .open(step)
        case .running:
            try refuseWhenCancelling()
            return .attempt(step)
        }
    }

    private func recorded(
        _ path: String, _ kind: FlowStep.Kind, _ name: String, _ hash: String
    ) throws -> FlowStep? {
        do {
            return try activation.recorded(path, kind, name, hash)
        } catch let departure as FlowDeparture {
            hasLeft.withLock { $0 = true }
            throw departure
        }
    }

    /// A run that is being cancelled begins nothing new; what it makes good again still runs.
    private func refuseWhenCancelling() throws {
        if activation.run.isCancelling, prefix != Self.compensationPrefix {
            throw FlowCancelled("cancelled by a person")
        }
    }

    static let compensationPrefix = "c"

    // MARK: Ends of steps

    func completed(_ step: FlowStep, _ output: String?) throws -> FlowStep {
        if let output, output.utf8.count > Activation.outputMax {
            throw JobFailure.terminal(
                "output_too_large", "a step's output has at most \(Activation.outputMax / 1024) KB")
        }
        var done = step
        (done.status, done.output, done.error) = (.completed, output, nil)
        (done.dueAt, done.finishedAt) = (nil, activation.now)
        return done
    }

    /// Notes a failed attempt: another one follows after a while, or the step has failed for good.
    func failed(_ step: FlowStep, _ error: any Error, _ attempts: StepAttempts) throws -> Never {
        if Self.isOfTheRun(error) { throw error }
        let failure = JobFailure(of: error)
        var ended = step
        ended.error = failure.json.serialized
        activation.fails(failure, after: Parking.Attempts(made: step.attempt, max: attempts.max))
        if case .retryable(let after) = failure.course, step.attempt < attempts.max {
            // The jitter is the same whenever the run is looked at again.
            var random = SeededRandom(seed: Self.seed("\(runID) \(step.path)"))
            let delay = after ?? attempts.retry.delay(afterAttempt: step.attempt, using: &random)
            (ended.status, ended.dueAt) = (.retrying, activation.now + delay)
            activation.note(ended)
            throw leave(until: ended.dueAt, waitingFor: "the next attempt of \(step.name)")
        }
        (ended.status, ended.finishedAt) = (.failed, activation.now)
        activation.note(ended)
        throw StepFailed(step: step.name, failure: failure)
    }

    /// Errors that say nothing about the step: the lease is lost, the process ends, the database does not answer.
    private static func isOfTheRun(_ error: any Error) -> Bool {
        isOfTheAttempt(error) || error is FlowDeparture || error is FlowCancelled
    }

    /// It says nothing about the workflow: the run goes on from its journal in another attempt.
    static func isOfTheAttempt(_ error: any Error) -> Bool {
        if case DatabaseError.unavailable = error { return true }
        return error is LeaseLost || error is CancellationError
    }

    static func seed(_ text: String) -> UInt64 {
        SHA256.hash(text).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The number of attempts of a step, and the pauses between them.
package struct StepAttempts: Hashable, Sendable {
    package var max: Int
    package var retry: RetryPolicy

    package init(_ max: Int = 5, retry: RetryPolicy = RetryPolicy()) { (self.max, self.retry) = (max, retry) }
}

extension JobFailure {
    /// As it was recorded.
    init(stored text: String?, retryable: Bool = false) {
        let json = text.map(JSON.init(stored:))
        self.init(
            code: json?["code"]?.text ?? "failed", detail: json?["detail"]?.text ?? "the step failed",
            course: retryable ? .retryable(after: nil) : .terminal)
    }
}
