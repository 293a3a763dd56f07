package import JSON

/// What a model has answered.
package struct ChatReply: Hashable, Sendable {
    package enum End: String, Sendable {
        case stop, length
        case toolCalls = "tool_calls"
        case contentFilter = "content_filter"
    }

    package var text = ""
    /// Why it declined, in its words.
    package var refusal: String?
    package var calls: [ChatToolCall] = []
    package var end = End.stop
    /// As the backend names it, which may be more exact than what was asked for.
    package var model = ""
    package var usage = ModelUsage()

    package init() {}

    /// The answer to a request that was not streamed.
    package init(_ body: [UInt8]) throws(ModelFailure) {
        guard let json = try? JSONParser.parse(body), let choice = json["choices"]?.array?.first,
            let message = choice["message"]
        else { throw .malformed("the answer is not a chat completion") }
        text = message["content"]?.text ?? ""
        refusal = message["refusal"]?.text
        model = json["model"]?.text ?? ""
        usage = ModelUsage(json["usage"])
        for (index, call) in (message["tool_calls"]?.array ?? []).enumerated() {
            calls.append(ChatToolCall(call, index))
        }
        end = Self.end(choice["finish_reason"]?.text, hasCalls: !calls.isEmpty)
    }

    /// The same again, for a journal: `init(_:)` reads it.
    package var completion: JSON {
        [
            "model": .string(model),
            "choices": [
                [
                    "message": message { $0 }.merging(["refusal": JSON(refusal)]),
                    "finish_reason": .string(end.rawValue),
                ]
            ],
        ]
    }

    /// Backends differ in what they say; that there are calls is what counts.
    static func end(_ reason: String?, hasCalls: Bool) -> End {
        if hasCalls, reason != "length", reason != "content_filter" { return .toolCalls }
        let end = reason.flatMap(End.init(rawValue:)) ?? .stop
        return end == .toolCalls ? .stop : end
    }

    /// As it is sent back when the conversation goes on.
    func message(_ change: (String) -> String) -> JSON {
        var message: JSONObject = [
            "role": "assistant", "content": text.isEmpty ? .null : .string(change(text)),
        ]
        if !calls.isEmpty {
            message["tool_calls"] = .array(
                calls.map { call in
                    [
                        "id": .string(call.id), "type": "function",
                        "function": [
                            "name": .string(call.name), "arguments": .string(change(call.arguments)),
                        ],
                    ]
                })
        }
        return .object(message)
    }
}

/// A wish of a model to have a tool called: no more than that.
package struct ChatToolCall: Hashable, Sendable {
    package var id: String, name: String
    /// As it came: perhaps no JSON, perhaps not of the schema.
    package var arguments: String

    package init(id: String, name: String, arguments: String) {
        (self.id, self.name, self.arguments) = (id, name, arguments)
    }

    /// Local models leave the id out, or use it twice.
    init(_ json: JSON, _ index: Int) {
        let id = json["id"]?.text ?? ""
        let arguments = json["function"]?["arguments"]
        self.init(
            id: id.isEmpty ? "call_\(index)" : id, name: json["function"]?["name"]?.text ?? "",
            arguments: arguments?.text ?? arguments?.serialized ?? "")
    }

    /// The arguments as JSON, where they are that.
    package var json: JSON? {
        arguments.allSatisfy(\.isWhitespace) ? [:] : try? JSONParser.parse(arguments)
    }
}

/// What was used.
package struct ModelUsage: Hashable, Sendable {
    package var input = 0, cachedInput = 0, output = 0

    package init(input: Int = 0, cachedInput: Int = 0, output: Int = 0) {
        (self.input, self.cachedInput, self.output) = (input, cachedInput, output)
    }

    init(_ json: JSON?) {
        input = Self.count(json?["prompt_tokens"])
        cachedInput = min(input, Self.count(json?["prompt_tokens_details"]?["cached_tokens"]))
        output = Self.count(json?["completion_tokens"])
    }

    private static func count(_ json: JSON?) -> Int { Int(max(0, min(json?.int ?? 0, 1_000_000_000))) }

    package static func + (a: ModelUsage, b: ModelUsage) -> ModelUsage {
        ModelUsage(
            input: a.input + b.input, cachedInput: a.cachedInput + b.cachedInput, output: a.output + b.output)
    }

    package var tokens: Int { input + output }
}

/// What a million tokens cost, in millionths of the currency's minor unit: prices of a cent's fractions stay exact.
package struct ModelPrice: Hashable, Sendable {
    package var input: Int64, cachedInput: Int64, output: Int64

    package init(input: Int64, cachedInput: Int64? = nil, output: Int64) {
        (self.input, self.cachedInput, self.output) = (input, cachedInput ?? input, output)
    }

    /// In the same unit, rounded up: a budget is never spent unnoticed.
    package func cost(of usage: ModelUsage) -> Int64 {
        let total =
            Int128(usage.input - usage.cachedInput) * Int128(input) + Int128(usage.cachedInput)
            * Int128(cachedInput)
            + Int128(usage.output) * Int128(output)
        return Int64(clamping: (total + 999_999) / 1_000_000)
    }
}
