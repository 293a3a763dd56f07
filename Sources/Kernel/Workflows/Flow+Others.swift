internal import Agents
internal import Database
package import JSON
internal import Nouns
internal import Jobs
internal import Records
internal import Telemetry

extension Flow {
    /// Starts another workflow and waits for its output.
    package func child<W: Workflow>(_ workflow: W.Type, _ input: W.Input) async throws -> W.Output {
        let text = try encodePayload(input)
        let output = try await child(W.name, JSON(stored: text)) { tx, start in
            try tx.workflows.start(W.self, input, by: .system, start)
        }
        return try decodePayload(W.Output.self, output ?? "null")
    }

    /// The child's output as JSON text.
    func child(
        _ name: String, _ arguments: JSON,
        start: @escaping @Sendable (Transaction, WorkflowStart) throws -> WorkflowRun
    ) async throws -> String? {
        let step: FlowStep
        switch try enter(.child, name, arguments) {
        case .done(let output): return output
        case .open(let open): step = open
        case .attempt(let new):
            var beginning = WorkflowStart()
            beginning.parentID = runID
            try await begin(new, for: "the workflow \(name)") { [beginning] tx in
                try start(tx, beginning).id.untyped
            }
        }
        guard let id = step.reference.flatMap({ WorkflowRunID($0) }),
            let run = try activation.job.read({ try $0.workflows.run(id) })
        else {
            try failed(
                step, JobFailure.terminal("not_found", "the workflow that was started no longer exists"),
                StepAttempts(1))
        }
        switch run.status {
        case .running, .waiting, .paused: throw leave(until: nil, waitingFor: "the workflow \(name)")
        case .completed:
            activation.note(try completed(step, run.output))
            return run.output
        case .failed, .cancelled:
            try failed(step, JobFailure(stored: run.error), StepAttempts(1))
        }
    }

    /// Starts a run of an agent and waits for its result.
    package func agent(
        _ name: String, _ parameters: JSON, attempts: StepAttempts = StepAttempts()
    ) async throws -> JSON {
        try await agent(step: name, name, parameters, attempts)
    }

    func agent(
        step node: String, _ name: String, _ parameters: JSON, _ attempts: StepAttempts
    ) async throws -> JSON {
        let step: FlowStep
        switch try enter(.agent, node, parameters) {
        case .done(let output): return output.map(JSON.init(stored:)) ?? .null
        case .open(let open): step = open
        case .attempt(let new):
            let (run, path) = (runID, new.path)
            try await begin(new, attempts, for: "the agent \(name)") { tx in
                try tx.runs.start(
                    agent: name, parameters: parameters, by: .system,
                    cause: ["workflow_run": JSON(run), "step": .string(path)]
                ).id.untyped
            }
        }
        guard let id = step.reference.flatMap({ AgentRunID($0) }),
            let run = try activation.job.read({ try $0.runs.find(id) })
        else {
            try failed(
                step, JobFailure.terminal("not_found", "the agent's run no longer exists"), StepAttempts(1))
        }
        switch run.status {
        case .queued, .running, .waiting: throw leave(until: nil, waitingFor: "the agent \(name)")
        case .succeeded:
            activation.note(try completed(step, run.result))
            return run.result.map(JSON.init(stored:)) ?? .null
        case .failed, .cancelled: try failed(step, JobFailure(stored: run.error, retryable: true), attempts)
        }
    }

    /// Begins something that goes on by itself; the step waits for its end and knows it by its identifier.
    func begin(
        _ step: FlowStep, _ attempts: StepAttempts = StepAttempts(), for reason: String,
        _ body: @escaping @Sendable (Transaction) throws -> UntypedID
    ) async throws -> Never {
        do {
            let run = runID
            let waiting = try await activation.commit { tx in
                var waiting = step
                waiting.status = .waiting
                waiting.output = JSON.object(["id": .string(try body(tx).description)]).serialized
                try tx.workflowJournal.store(waiting, of: run)
                return waiting
            }
            activation.hasStored(waiting)
        } catch { try failed(step, error, attempts) }
        throw leave(until: nil, waitingFor: reason)
    }
}

extension FlowStep {
    /// The id of what a waiting step has begun.
    var reference: String? { output.map(JSON.init(stored:))?["id"]?.text }
}

/// Runs whose workflow, or its version, this release does not know.
package struct UnknownWorkflows: Error, Equatable, Sendable, CustomStringConvertible {
    /// The first ten of each.
    package let runs: [String: [String]]

    package var description: String {
        let lines = runs.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.joined(separator: ", "))" }
        return """
            runs have not ended whose workflow this release does not have: \(lines.joined(separator: "; ")). Start the \
            release that has it until they have ended, or cancel them there.
            """
    }
}

extension Runtime {
    /// Throws when a run that has not ended is at a version that is not registered here.
    package func checkWorkflows() throws {
        let runs = try database.acrossTenantsRead { reader in
            let live = try reader.all(
                "SELECT DISTINCT workflow, code_version FROM workflow_runs WHERE finished_at IS NULL"
            ) { (name: $0.text(0), version: $0.int(1)) }
            var unknown: [String: [String]] = [:]
            for (name, version) in live where workflows[name, version] == nil {
                unknown["\(name), version \(version)"] = try reader.all(
                    """
                    SELECT id FROM workflow_runs
                    WHERE workflow = \(name) AND code_version = \(version) AND finished_at IS NULL LIMIT 10
                    """
                ) { $0.text(0) }
            }
            return unknown
        }
        if !runs.isEmpty { throw UnknownWorkflows(runs: runs) }
    }
}
