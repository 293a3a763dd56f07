internal import Agents
internal import Database
package import JSON
internal import Nouns
internal import Records
internal import Telemetry

extension Flow {
    /// Calls a tool, through the gate that every call passes: policy, quota, budget, breaker. One that works on our own
    /// data does so in the transaction of the record; one that goes outside carries the same key on every attempt.
    package func tool(
        _ name: String, _ arguments: JSON, attempts: StepAttempts = StepAttempts()
    ) async throws -> JSON {
        try await tool(step: name, name, arguments, attempts)
    }

    func tool(
        step node: String, _ name: String, _ arguments: JSON, _ attempts: StepAttempts
    ) async throws -> JSON {
        let step: FlowStep
        switch try enter(.tool, node, ["tool": .string(name), "input": arguments]) {
        case .done(let output): return output.map(JSON.init(stored:)) ?? .null
        case .open(let open):
            step = open
            // The signal says that a brake was released.
            _ = activation.takeSignal(EventWait.signal(step.path), for: step.path)
        case .attempt(let new): step = new
        }
        let run = activation.run
        do {
            let (start, begun) = try await activation.commit { [flow = self] tx in
                let start = try tx.runs.booked {
                    try tx.tools.begin(run.request(name, arguments, step, in: tx))
                }
                var begun = step
                switch start {
                case .success(.done(let result)): begun = try flow.completed(step, result.serialized)
                case .failure(let refusal as ToolRefusal) where refusal.isHeld:
                    begun.status = .waiting
                    let released = EventWait(
                        event: TenantQuestions.brakeReleased, path: step.path, matching: [:])
                    try tx.workflowJournal.await(released, by: run.id)
                default: begun.status = .running
                }
                try tx.workflowJournal.store(begun, of: run.id)
                return (start, begun)
            }
            activation.hasStored(begun)
            if case .failure(let refusal as ToolRefusal) = start, refusal.isHeld {
                throw leave(until: activation.now + Self.brakeLookInterval, waitingFor: refusal.detail)
            }
            switch try start.get() {
            case .done(let result): return result
            case .awaitsApproval: throw leave(until: nil, waitingFor: "a person's answer")
            case .proceed(let execution):
                let outcome = await runtime.performTool(execution)
                return try await settle(execution, outcome, step)
            }
        } catch { try failed(step, error, attempts) }
    }

    /// The interval at which a call that a brake holds is tried again without a signal.
    private static var brakeLookInterval: Duration { .seconds(300) }

    private func settle(
        _ execution: ToolExecution, _ outcome: ToolOutcome, _ step: FlowStep
    ) async throws -> JSON {
        try Task.checkCancellation()
        let run = runID
        let (settled, done) = try await activation.commit { [flow = self] tx in
            let settled = try tx.runs.booked { try tx.tools.settle(execution, outcome) }
            guard case .success(let result) = settled else { return (settled, step) }
            let done = try flow.completed(step, result.serialized)
            try tx.workflowJournal.store(done, of: run)
            return (settled, done)
        }
        activation.hasStored(done)
        return try settled.get()
    }
}

extension WorkflowRun {
    /// Returns the request of a step's call, which is made in the name of the workflow's client.
    fileprivate func request(
        _ tool: String, _ arguments: JSON, _ step: FlowStep, in tx: Transaction
    ) throws -> ToolRequest {
        let client = try workflowID.flatMap { workflow in
            try tx.first(clientOfWorkflow, [tx.tenant.sqlValue, workflow.sqlValue]) {
                $0.id(0, of: Nouns.Client.self)
            }
        }
        return ToolRequest(
            tool: tool, arguments: arguments,
            caller: ToolCaller(
                actor: starter, runID: .workflow(id), subject: subject, clientID: client.flatMap { $0 }),
            key: "\(id):\(step.path)", attempt: step.attempt)
    }
}

private let clientOfWorkflow = Statement(
    "SELECT client_id FROM workflows WHERE tenant_id = $1 AND id = $2")
