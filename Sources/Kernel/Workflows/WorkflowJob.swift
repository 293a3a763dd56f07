internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// A stretch of a run's work. The run keeps one job for its whole life: it is parked while the run sleeps, and
/// completed, dead or cancelled when the run is.
struct WorkflowJob: JobKind {
    struct Payload: Codable, Sendable { let run: WorkflowRunID }

    static let kind = "workflow"
    static let queue = "workflows"
    static let beginsEarly = true

    /// Of the whole stretch; steps have limits of their own.
    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let found = try job.read { reader -> (Activation, WorkflowRun)? in
            guard let run = try reader.workflows.run(payload.run), !run.status.isFinished else { return nil }
            return (
                Activation(
                    run, try reader.workflowJournal.steps(of: run.id),
                    try reader.workflowJournal.unusedSignals(of: run.id), job), run
            )
        }
        guard let (activation, run) = found else { return }
        guard let entry = job.runtime.workflows[run.workflow, run.codeVersion] else {
            throw JobSnooze(
                for: .seconds(60),
                waitingFor: "a release that knows \(run.workflow), version \(run.codeVersion)")
        }
        let flow = Flow(activation)
        var result = await Self.result { try await entry.run(run.input, flow) }
        if case .success = result, !flow.isLeft { activation.findMissing() }
        if let mismatch = activation.mismatch { return try await stop(activation, mismatch) }
        if flow.isLeft { return try await sleep(activation) }
        if case .failure(let error) = result {
            if Flow.isOfTheAttempt(error) { throw error }
            activation.cancelOpen()
            if let unmade = await makeGood(activation) {
                if unmade is FlowDeparture { return try await sleep(activation) }
                if Flow.isOfTheAttempt(unmade) { throw unmade }
                result = .failure(unmade)
            }
        }
        try await end(activation, result)
    }

    private static func result<T: Sendable>(
        _ body: () async throws -> T
    ) async -> Result<T, any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    /// Runs what was registered to make good, the last first; what kept it from its end.
    private func makeGood(_ activation: Activation) async -> (any Error)? {
        let flow = Flow(activation, prefix: Flow.compensationPrefix)
        for compensation in activation.compensations.reversed() {
            if case .failure(let error) = await Self.result({ try await compensation.body(flow) }) {
                return error
            }
        }
        return nil
    }

    // MARK: Ends

    private func sleep(_ activation: Activation) async throws {
        let run = activation.run
        let parking = activation.parking
        let status: WorkflowStatus = activation.pausedAt == nil ? .waiting : .paused
        let document = activation.document
        try await activation.conclude { tx in
            let sleeps = try tx.workflows.sleep(workflowRun: run, status, document: document)
            return .parked(sleeps ? parking : Parking(until: tx.now))
        }
    }

    /// The code does not make the calls that the journal has: the run stops until a person has seen to it.
    private func stop(_ activation: Activation, _ mismatch: Activation.Mismatch) async throws {
        let run = activation.run
        let error: JSON = [
            "code": "nondeterminism", "step": .string(mismatch.path), "recorded": .string(mismatch.recorded),
            "made": .string(mismatch.made),
            "detail": .string(
                "At step \(mismatch.path) the journal has \(mismatch.recorded) and the code makes \(mismatch.made)."
            ),
            "recommended_action": """
            Register the code that it began with as a version of its own, then resume the run; or cancel it.
            """,
        ]
        try await activation.conclude { tx in
            _ = try tx.workflows.sleep(workflowRun: run, .paused, error: error, document: nil)
            try tx.publish("workflow_run.stuck", run.subject, error)
            return .parked(Parking(until: nil, waitingFor: "code that fits its journal"))
        }
    }

    private func end(_ activation: Activation, _ result: Result<String, any Error>) async throws {
        let (run, document) = (activation.run, activation.document)
        switch result {
        case .success(let output):
            try await activation.conclude { tx in
                try tx.workflows.finish(workflowRun: run, .completed, output: output, document: document)
                return .completed
            }
        case .failure(let cancelled as FlowCancelled):
            try await activation.conclude { tx in
                try tx.workflows.finish(
                    workflowRun: run, .cancelled, error: JobFailure.cancelled(cancelled.reason).json,
                    document: document)
                return .completed
            }
        case .failure(let error):
            let failed = error as? StepFailed
            let failure = JobFailure(of: error)
            let attempts = activation.attempts
            try await activation.conclude { tx in
                try tx.workflows.finish(
                    workflowRun: run, .failed, error: failure.json.adding("step", JSON(failed?.step)),
                    document: document)
                if let attempts { try tx.jobs.tell(attempts: attempts, of: run.jobID) }
                return .dead(failure)
            }
        }
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        guard let run = try tx.workflows.run(payload.run) else { return }
        switch end {
        case .retried, .snoozed: break
        case .dead(let failure): try tx.workflows.finish(workflowRun: run, .failed, error: failure.json)
        case .cancelled:
            try tx.workflows.finish(
                workflowRun: run, .cancelled, error: JobFailure.cancelled("the run's job was cancelled").json)
            try tx.workflowJournal.cancelOpenSteps(of: run.id)
        case .revived: try tx.workflows.revive(workflowRun: run.id)
        }
    }
}

extension JSON {
    fileprivate func adding(_ name: String, _ value: JSON) -> JSON {
        var object = object ?? [:]
        object[name] = value
        return .object(object)
    }
}
