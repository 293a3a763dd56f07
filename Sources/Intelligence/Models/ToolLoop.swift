package import JSON

/// A model that may use tools, turn by turn. It only ever wishes: a wish for a tool that it was not shown, or with
/// arguments that do not fit, is answered without anything having happened; every other goes to `gate`, which asks the
/// agent's own policy, budget and autonomy. Nothing that a text says can add a tool.
package struct ToolLoop: Sendable {
    /// What came of a wish.
    package enum Outcome: Sendable {
        case result(JSON)
        case refused(code: String, String)
        /// A person has to agree first: the conversation rests.
        case waits(String)
    }

    package enum End: Sendable {
        case answered(ModelAnswer)
        case waits(approval: String, ModelAnswer)
        /// It went round in circles, or did not come to an end.
        case stuck(String)
    }

    package let turnsMax: Int
    /// The same call with the same arguments this often is no progress.
    private static let repeatsMax = 2
    private static let callsPerTurnMax = 8
    private static let resultBytesMax = 16 * 1024

    private let gateway: ModelGateway
    private let gate: @Sendable (ChatToolCall, JSON) async throws -> Outcome

    package init(
        _ gateway: ModelGateway, turnsMax: Int = 8,
        gate: @escaping @Sendable (_ call: ChatToolCall, _ arguments: JSON) async throws -> Outcome
    ) {
        (self.gateway, self.turnsMax, self.gate) = (gateway, turnsMax, gate)
    }

    /// Until the model answers without a further wish.
    package func run(
        _ request: ChatRequest, for owner: String, _ routes: [ModelRoute], redacts: Bool = false
    ) async throws -> End {
        var request = request
        var seen: [String: Int] = [:]
        for _ in 0..<turnsMax {
            let answer = try await gateway.answer(request, for: owner, routes, redacts: redacts)
            guard !answer.reply.calls.isEmpty else { return .answered(answer) }
            request.messages.append(.reply(answer.reply))
            for (index, call) in answer.reply.calls.enumerated() {
                guard index < Self.callsPerTurnMax else {
                    return .stuck("it wished for too many tools at once")
                }
                let arguments = call.json
                let same = "\(call.name) \((arguments ?? .string(call.arguments)).canonical.serialized)"
                seen[same, default: 0] += 1
                guard seen[same, default: 0] <= Self.repeatsMax else {
                    return .stuck("it asked for \(call.name) with the same arguments again and again")
                }
                let outcome = try await outcome(of: call, arguments, request.tools)
                if case .waits(let approval) = outcome { return .waits(approval: approval, answer) }
                request.messages.append(.tool(call: call.id, Self.text(outcome, call)))
            }
        }
        return .stuck("it did not come to an end in \(turnsMax) turns")
    }

    private func outcome(
        of call: ChatToolCall, _ arguments: JSON?, _ tools: [ChatTool]
    ) async throws -> Outcome {
        guard let tool = tools.first(where: { $0.name == call.name }) else {
            return .refused(code: "unknown_tool", "There is no such tool.")
        }
        guard let arguments else { return .refused(code: "invalid_arguments", "The arguments are no JSON.") }
        let faults = SchemaCheck.faults(arguments, tool.parameters)
        guard faults.isEmpty else {
            let list = faults.map { "\($0.pointer) \($0.detail)" }.joined(separator: "; ")
            return .refused(code: "invalid_arguments", list)
        }
        return try await gate(call, arguments)
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
