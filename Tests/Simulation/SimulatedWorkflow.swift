internal import Database
internal import JSON
internal import Records

@testable internal import Agents
@testable internal import Workflows

/// Runs the program of the simulation that has its input as the seed.
struct SimulatedWorkflow: Workflow {
    static let name = "simulated"
    let simulation: @Sendable (Int) -> WorkflowSimulation?

    func run(_ input: Int, _ flow: Flow) async throws -> Nothing {
        try await simulation(input)?.body(flow)
        return Nothing()
    }
}

/// Goes outside, to a provider whose answers are lost, and counts against the budget.
struct SimulatedTool: OutsideTool {
    struct Input: Declared {
        var word = ""
        static let schema = Schema<Input>("SimulatedToolInput", [.text("word", \.word, max: 20, .required)])
    }

    static let name = "simulated_tool"
    let title = "Simulated", summary = "Sends a word."
    let effect = ToolClass.sends
    let simulation: @Sendable () -> WorkflowSimulation?

    func providers(for input: Input) -> [ToolProvider] { [ToolProvider("provider")] }
    func perform(_ input: Input, _ call: ToolCall) async throws -> ToolAnswer {
        guard let simulation = simulation() else { throw ToolFailure("gone", "no story", isRetryable: false) }
        return try simulation.answer(call)
    }
    func captured(_ input: Input) -> JSON { [:] }
}

extension Flow {
    /// The mistake of many engines: the effect commits, and what records it commits later.
    func stepWithJournalAfterCommit(
        _ name: String, _ body: @escaping @Sendable (Transaction) throws -> Void
    ) async throws {
        switch try enter(.step, name) {
        case .done: return
        case .open(let step), .attempt(let step):
            do {
                try await activation.commit(.request, body)
                activation.note(try completed(step, "{}"))
                try await activation.save()
            } catch { try failed(step, error, StepAttempts(100)) }
        }
    }
}
