internal import Cryptography
package import JSON

/// A request to a model.
package struct ChatRequest: Sendable {
    package enum Message: Sendable {
        /// The model's role and tasks, in text of ours alone.
        case system(String)
        case user(PromptText)
        /// An answer that the model gave before, as it came.
        case reply(ChatReply)
        /// The answer of a tool, which counts as from outside.
        case tool(call: String, OutsideText)
    }

    package enum Format: Hashable, Sendable {
        case text
        /// JSON of a schema, which is asked for and then checked.
        case json(name: String, schema: JSON)
    }

    package var messages: [Message]
    /// The pictures that stand with the last of the user's messages.
    package var images: [ChatImage] = []
    package var tools: [ChatTool] = []
    package var format = Format.text
    package var temperature: Double?
    package var tokensMax: Int
    package var seed: Int?
    /// The prompt that it was made of, for whoever wants to know later.
    package var prompt: String?

    package init(_ messages: [Message], tokensMax: Int = 1000) {
        (self.messages, self.tokensMax) = (messages, tokensMax)
    }
}

/// A tool as models see it.
package struct ChatTool: Hashable, Sendable {
    package var name: String, about: String
    package var parameters: JSON

    package init(_ name: String, _ about: String, parameters: JSON) {
        (self.name, self.about, self.parameters) = (name, about, parameters)
    }
}

/// The features that a backend understands; found out once and stored with its configuration.
package struct ModelAbilities: Hashable, Sendable {
    /// OpenAI's own refuse `max_tokens`; most others know nothing else.
    package var takesCompletionTokens = false
    package var takesTemperature = true
    package var hasTools = true
    /// Output of a schema; without it the schema goes into the prompt.
    package var hasSchemas = true
    package var hasUsageInStreams = true

    package init() {}
}

extension ChatRequest {
    /// The body of `POST /chat/completions`.
    func body(
        _ model: String, _ abilities: ModelAbilities, _ fence: Fence, _ redactor: Redactor?, streams: Bool
    ) -> JSON {
        var body: JSONObject = [
            "model": .string(model), "messages": .array(messages(abilities, fence, redactor)),
            (abilities.takesCompletionTokens ? "max_completion_tokens" : "max_tokens"): .integer(
                Int64(tokensMax)),
        ]
        if let temperature, abilities.takesTemperature { body["temperature"] = .number(temperature) }
        if let seed { body["seed"] = .integer(Int64(seed)) }
        if !tools.isEmpty, abilities.hasTools {
            body["tools"] = .array(tools.map(\.json))
            body["tool_choice"] = "auto"
            body["parallel_tool_calls"] = false
        }
        if case .json(let name, let schema) = format {
            body["response_format"] =
                abilities.hasSchemas
                ? [
                    "type": "json_schema",
                    "json_schema": ["name": .string(name), "strict": true, "schema": schema],
                ] : ["type": "json_object"]
        }
        if streams {
            body["stream"] = true
            if abilities.hasUsageInStreams { body["stream_options"] = ["include_usage": true] }
        }
        return .object(body)
    }

    /// A hash of the request's content, apart from its fence: equal for equal requests.
    package var fingerprint: String {
        let body = body("", ModelAbilities(), Fence(nonce: 0), nil, streams: false)
        return Hex.encode(SHA256.hash(body.canonical.serialized))
    }

    /// The use to expect, before anybody has counted: three bytes to a token are fewer than most texts have.
    package var estimate: ModelUsage {
        var words = self
        words.images = []
        let body = words.body("", ModelAbilities(), Fence(nonce: 0), nil, streams: false)
        return ModelUsage(
            input: body.bytes.count / 3 + images.count * ChatImage.tokens, output: tokensMax)
    }

    private func messages(_ abilities: ModelAbilities, _ fence: Fence, _ redactor: Redactor?) -> [JSON] {
        var system = messages.compactMap { if case .system(let text) = $0 { text } else { nil } }
        if hasOutside { system.append(fence.explanation) }
        if case .json(_, let schema) = format, !abilities.hasSchemas {
            system.append("Answer with JSON of this schema, and with nothing else:\n\(schema.serialized)")
        }
        let change = { (text: String) in redactor?.redact(text) ?? text }
        let head: [JSON] =
            system.isEmpty
            ? [] : [["role": "system", "content": .string(system.joined(separator: "\n\n"))]]
        let last = messages.lastIndex { if case .user = $0 { true } else { false } }
        return head
            + messages.enumerated().compactMap { place, message in
                switch message {
                case .system: nil
                case .user(let text):
                    ["role": "user", "content": content(text.fenced(fence, change), isLast: place == last)]
                case .reply(let reply): reply.message(change)
                case .tool(let call, let outside):
                    [
                        "role": "tool", "tool_call_id": .string(call),
                        "content": .string(
                            fence.around(OutsideText(change(outside.text), from: outside.source))),
                    ]
                }
            }
    }

    /// A text alone, or with the pictures behind it.
    private func content(_ text: String, isLast: Bool) -> JSON {
        guard isLast, !images.isEmpty else { return .string(text) }
        let words: JSON = ["type": "text", "text": .string(text)]
        return .array([words] + images.map(\.part))
    }

    private var hasOutside: Bool {
        messages.contains { message in
            switch message {
            case .user(let text): text.hasOutside
            case .tool: true
            case .system, .reply: false
            }
        }
    }
}

extension ChatTool {
    fileprivate var json: JSON {
        [
            "type": "function",
            "function": ["name": .string(name), "description": .string(about), "parameters": parameters],
        ]
    }
}
