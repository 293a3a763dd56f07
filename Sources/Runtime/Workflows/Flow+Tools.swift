internal import Database
package import JSON
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
        case .open(let open): step = open
        case .attempt(let new): step = new
        }
        let run = activation.run
        let request = ToolRequest(
            tool: name, arguments: arguments,
            caller: ToolCaller(actor: run.starter, runID: run.id, subject: run.subject),
            key: "\(run.id):\(step.path)", attempt: step.attempt)
        do {
            let (start, begun) = try await activation.commit { [flow = self] tx in
                let start = try tx.booked { try tx.beginTool(request) }
                var begun = step
                if case .success(.done(let result)) = start {
                    begun = try flow.completed(step, result.serialized)
                }
                try tx.store(begun, ofWorkflowRun: run.id)
                return (start, begun)
            }
            activation.hasStored(begun)
            switch try start.get() {
            case .done(let result): return result
            case .awaitsApproval: throw leave(until: nil, waitingFor: "a person's answer")
            case .proceed(let execution):
                let outcome = await runtime.performTool(execution)
                return try await settle(execution, outcome, step)
            }
        } catch { try failed(step, error, attempts) }
    }

    private func settle(
        _ execution: ToolExecution, _ outcome: ToolOutcome, _ step: FlowStep
    ) async throws -> JSON {
        try Task.checkCancellation()
        let run = runID
        let (settled, done) = try await activation.commit { [flow = self] tx in
            let settled = try tx.booked { try tx.settleTool(execution, outcome) }
            guard case .success(let result) = settled else { return (settled, step) }
            let done = try flow.completed(step, result.serialized)
            try tx.store(done, ofWorkflowRun: run)
            return (settled, done)
        }
        activation.hasStored(done)
        return try settled.get()
    }
}
