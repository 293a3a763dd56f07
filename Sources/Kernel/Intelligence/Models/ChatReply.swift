package import JSON

/// A model's answer.
package struct ChatReply: Hashable, Sendable {
    package enum End: String, Sendable {
        case stop, length
        case toolCalls = "tool_calls"
        case contentFilter = "content_filter"
    }

    package var text = ""
    /// The reason why the model declined, in its words.
    package var refusal: String?
    package var calls: [ChatToolCall] = []
    package var end = End.stop
    /// The model as the backend names it, which may be more exact than what was asked for.
    package var model = ""
    package var usage = ModelUsage()

    package init() {}

    /// The answer to a request that was not streamed.
    package init(_ body: [UInt8]) throws(ModelFailure) {
        guard let json = try? JSONParser.parse(body), let choice = json["choices"]?.array?.first,
            let message = choice["message"], message.object != nil
        else { throw .malformed("the answer is not a chat completion") }
        let content = try message.told("content")
        text = content ?? ""
        refusal = try message.told("refusal")
        model = try json.told("model") ?? ""
        usage = try ModelUsage(json["usage"])
        for (index, call) in try message.toldList("tool_calls").enumerated() {
            calls.append(try ChatToolCall(call, index))
        }
        let reason = try choice.told("finish_reason")
        end = Self.end(reason, hasCalls: !calls.isEmpty)
        try checkParts(hasText: content != nil, reason)
    }

    /// One that holds nothing, or no call though it says that it calls, has lost its parts on the way.
    func checkParts(hasText: Bool, _ reason: String?) throws(ModelFailure) {
        let speaks = reason == End.toolCalls.rawValue ? !text.isEmpty : hasText
        guard speaks || refusal != nil || end != .stop else { throw .malformed("the answer says nothing") }
    }

    /// The answer as JSON again, for a journal: `init(_:)` reads it.
    package var completion: JSON {
        [
            "model": .string(model),
            "choices": [
                [
                    "message": message { $0 }.merging(["refusal": JSON(refusal), "content": .string(text)]),
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
    /// The arguments as they came: perhaps no JSON, perhaps not of the schema.
    package var arguments: String

    package init(id: String, name: String, arguments: String) {
        (self.id, self.name, self.arguments) = (id, name, arguments)
    }

    /// Local models leave the id out, or use it twice, and write the arguments as a document.
    init(_ json: JSON, _ index: Int) throws(ModelFailure) {
        let id = try json.told("id") ?? ""
        guard let function = json["function"], let name = function["name"]?.text, !name.isEmpty,
            let arguments = function["arguments"],
            let written = arguments.text ?? arguments.object.map({ JSON.object($0).serialized })
        else { throw .malformed("a call of a tool has no name, or no arguments") }
        self.init(id: id.isEmpty ? "call_\(index)" : id, name: name, arguments: written)
    }

    /// The arguments as JSON, where they are that.
    package var json: JSON? {
        arguments.allSatisfy(\.isWhitespace) ? [:] : try? JSONParser.parse(arguments)
    }
}

/// The tokens that were used.
package struct ModelUsage: Hashable, Sendable {
    package var input = 0, cachedInput = 0, output = 0

    package init(input: Int = 0, cachedInput: Int = 0, output: Int = 0) {
        (self.input, self.cachedInput, self.output) = (input, cachedInput, output)
    }

    /// Backends may leave it out. What cannot be read would be spent unnoticed.
    init(_ json: JSON?) throws(ModelFailure) {
        guard let json, !json.isNull else { return }
        guard json.object != nil else { throw .malformed("usage is not an object") }
        input = try Self.count(json["prompt_tokens"])
        cachedInput = min(input, try Self.count(json["prompt_tokens_details"]?["cached_tokens"]))
        output = try Self.count(json["completion_tokens"])
    }

    private static func count(_ json: JSON?) throws(ModelFailure) -> Int {
        guard let json, !json.isNull else { return 0 }
        guard let count = json.double else { throw .malformed("a count of tokens is not a number") }
        return Int(max(0, min(count, 1_000_000_000)))
    }

    package static func + (a: ModelUsage, b: ModelUsage) -> ModelUsage {
        ModelUsage(
            input: a.input + b.input, cachedInput: a.cachedInput + b.cachedInput, output: a.output + b.output)
    }

    package var tokens: Int { input + output }
}

/// The price of a million tokens, in millionths of the currency's minor unit: prices of a cent's fractions stay exact.
package struct ModelPrice: Hashable, Sendable {
    package var input: Int64, cachedInput: Int64, output: Int64

    package init(input: Int64, cachedInput: Int64? = nil, output: Int64) {
        (self.input, self.cachedInput, self.output) = (input, cachedInput ?? input, output)
    }

    /// Returns the cost in the same unit, rounded up: a budget is never spent unnoticed.
    package func cost(of usage: ModelUsage) -> Int64 {
        let total =
            Int128(usage.input - usage.cachedInput) * Int128(input) + Int128(usage.cachedInput)
            * Int128(cachedInput)
            + Int128(usage.output) * Int128(output)
        return Int64(clamping: (total + 999_999) / 1_000_000)
    }
}

extension JSON {
    /// A member that is a text; `nil` where it is left out or null. Any other type is no answer of a model.
    func told(_ key: String) throws(ModelFailure) -> String? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let text = value.text else { throw .malformed("\(key) is not a text") }
        return text
    }

    /// A member that is a list; an empty one where it is left out or null.
    func toldList(_ key: String) throws(ModelFailure) -> [JSON] {
        guard let value = self[key], !value.isNull else { return [] }
        guard let list = value.array else { throw .malformed("\(key) is not a list") }
        return list
    }

    /// A member that is an object; `nil` where it is left out or null.
    func toldObject(_ key: String) throws(ModelFailure) -> JSON? {
        guard let value = self[key], !value.isNull else { return nil }
        guard value.object != nil else { throw .malformed("\(key) is not an object") }
        return value
    }
}
