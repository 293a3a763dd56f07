package import JSON
package import Nouns

/// A model that may use tools, turn by turn. It only ever wishes: a wish for a tool that it was not shown, or with
/// arguments that do not fit, is answered without anything having happened, and noted as `refused`; every other goes to
/// `gate`, which asks the agent's own policy, budget and autonomy. Nothing that a text says can add a tool.
package struct ToolLoop: Sendable {
    /// The result of a wish.
    package enum Outcome: Sendable {
        case result(JSON)
        case refused(code: String, String)
        /// A person has to agree first: the conversation rests.
        case waits(ApprovalID)
    }

    package enum End: Sendable {
        case answered(ModelAnswer)
        case waits(approval: ApprovalID, ModelAnswer)
        /// It went round in circles, or did not come to an end.
        case stuck(String)
    }

    package let turnsMax: Int
    /// The number of times that the same call with the same arguments may be made; more is no progress.
    private static let repeatsMax = 2
    private static let callsPerTurnMax = 8
    private static let resultBytesMax = 16 * 1024

    private let ask: @Sendable (ChatRequest, Int) async throws -> ModelAnswer
    private let refused: @Sendable (ChatToolCall, String, String) async throws -> Void
    private let gate: @Sendable (ChatToolCall, JSON, Int) async throws -> Outcome

    /// `ask` is one turn, the first has number 1; `repetition` tells apart calls that are the same in all else.
    package init(
        turnsMax: Int = 8,
        ask: @escaping @Sendable (_ request: ChatRequest, _ turn: Int) async throws -> ModelAnswer,
        refused:
            @escaping @Sendable (
                _ call: ChatToolCall, _ code: String, _ detail: String
            ) async throws -> Void,
        gate:
            @escaping @Sendable (
                _ call: ChatToolCall, _ arguments: JSON, _ repetition: Int
            ) async throws -> Outcome
    ) {
        (self.turnsMax, self.ask, self.refused, self.gate) = (turnsMax, ask, refused, gate)
    }

    /// Runs the loop until the model answers without a further wish.
    package func run(_ request: ChatRequest) async throws -> End {
        var request = request
        var seen: [String: Int] = [:]
        for turn in 1...turnsMax {
            let answer = try await ask(request, turn)
            guard !answer.reply.calls.isEmpty else { return .answered(answer) }
            request.messages.append(.reply(answer.reply))
            for (index, call) in answer.reply.calls.enumerated() {
                guard index < Self.callsPerTurnMax else {
                    return .stuck("the model asked for too many tools at once")
                }
                let arguments = call.json
                let same = "\(call.name) \((arguments ?? .string(call.arguments)).canonical.serialized)"
                let repetition = (seen[same] ?? 0) + 1
                seen[same] = repetition
                guard repetition <= Self.repeatsMax else {
                    return .stuck("the model asked for \(call.name) with the same arguments again and again")
                }
                let outcome = try await outcome(of: call, arguments, repetition, request.tools)
                if case .waits(let approval) = outcome { return .waits(approval: approval, answer) }
                request.messages.append(.tool(call: call.id, Self.text(outcome, call)))
            }
        }
        return .stuck("the model did not finish within \(turnsMax) turns")
    }

    private func outcome(
        of call: ChatToolCall, _ arguments: JSON?, _ repetition: Int, _ tools: [ChatTool]
    ) async throws -> Outcome {
        guard let tool = tools.first(where: { $0.name == call.name }) else {
            return try await refuse(call, "unknown_tool", "The tool does not exist.")
        }
        guard let arguments else {
            return try await refuse(call, "invalid_arguments", "The arguments are not valid JSON.")
        }
        let faults = SchemaCheck.faults(arguments, tool.parameters)
        guard faults.isEmpty else {
            let list = faults.map { "\($0.pointer) \($0.detail)" }.joined(separator: "; ")
            return try await refuse(call, "invalid_arguments", list)
        }
        return try await gate(call, arguments, repetition)
    }

    private func refuse(_ call: ChatToolCall, _ code: String, _ detail: String) async throws -> Outcome {
        try await refused(call, code, detail)
        return .refused(code: code, detail)
    }

    private static func text(_ outcome: Outcome, _ call: ChatToolCall) -> OutsideText {
        let json: JSON =
            switch outcome {
            case .result(let result): result
            case .refused(let code, let detail): ["error": .string(code), "detail": .string(detail)]
            case .waits: .null
            }
        return OutsideText(String(json.serialized.prefix(resultBytesMax)), from: "tool \(call.name)")
    }
}
