import JSON
import Synchronization
import Telemetry
import Testing

@testable import Intelligence

/// A model's server as a list of what it will say; it remembers what it was asked.
final class ScriptedModels: Sendable {
    struct Said: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body: String
    }

    private let script: Mutex<[Said]>
    private let bodies = Mutex<[(route: String, body: JSON)]>([])
    let pauses = Mutex<[Duration]>([])

    init(_ script: [Said]) { self.script = Mutex(script) }

    var asked: [(route: String, body: JSON)] { bodies.withLock { $0 } }

    func gateway(cache: ModelCache? = nil, answering: (@Sendable (JSON) -> Said)? = nil) -> ModelGateway {
        let counter = Mutex(UInt64(41))
        let transport = ModelTransport { [self] route, _, body in
            let said = try note(route, body, answering)
            return .init(status: said.status, header: { said.headers[$0] }, body: Array(said.body.utf8))
        } stream: { [self] route, _, body, receive in
            let said = try note(route, body, answering)
            guard said.status == 200 else {
                return .init(status: said.status, header: { said.headers[$0] }, body: Array(said.body.utf8))
            }
            for part in said.body.split(separator: "\n") { try await receive(String(part)) }
            return .init(status: 200, header: { _ in nil }, body: [])
        }
        return ModelGateway(
            transport, cache: cache,
            random: {
                counter.withLock {
                    $0 = $0 &* 6_364_136_223_846_793_005 &+ 1; return $0
                }
            },
            wait: { [self] pause in pauses.withLock { $0.append(pause) } })
    }

    private func note(
        _ route: ModelRoute, _ body: [UInt8], _ answering: (@Sendable (JSON) -> Said)?
    ) throws -> Said {
        let json = try JSONParser.parse(body)
        bodies.withLock { $0.append((route.name, json)) }
        if let answering { return answering(json) }
        return try script.withLock { script in
            guard !script.isEmpty else { throw ModelFailure.unreachable("the script is at its end") }
            return script.removeFirst()
        }
    }
}

func completion(_ text: String, end: String = "stop", input: Int = 10, output: Int = 5) -> ScriptedModels.Said
{
    let body: JSON = [
        "model": "m",
        "choices": [["message": ["content": .string(text)], "finish_reason": .string(end)]],
        "usage": ["prompt_tokens": .integer(Int64(input)), "completion_tokens": .integer(Int64(output))],
    ]
    return .init(body: body.serialized)
}

func wish(_ name: String, _ arguments: String) -> ScriptedModels.Said {
    let body: JSON = [
        "choices": [
            [
                "finish_reason": "tool_calls",
                "message": [
                    "content": nil,
                    "tool_calls": [
                        ["id": "c1", "function": ["name": .string(name), "arguments": .string(arguments)]]
                    ],
                ],
            ]
        ]
    ]
    return .init(body: body.serialized)
}

func routes(_ names: String...) -> [ModelRoute] {
    names.map { name in
        var route = ModelRoute(name: name, baseURL: "https://\(name).example/v1", key: "k", model: name)
        route.price = ModelPrice(input: 1_000_000, output: 2_000_000)
        return route
    }
}

@Suite struct ModelGatewayTests {
    private func busy(_ status: Int, after: String? = nil) -> ScriptedModels.Said {
        .init(status: status, headers: after.map { ["Retry-After": $0] } ?? [:], body: "{}")
    }

    private static let schema: JSON = [
        "type": "object", "required": ["score"], "properties": ["score": ["type": "integer"]],
    ]

    private func structured() -> ChatRequest {
        var request = ChatRequest([.user("Score it.")])
        request.format = .json(name: "score", schema: Self.schema)
        return request
    }

    @Test func `an answer comes with its use and cost`() async throws {
        let models = ScriptedModels([completion("Hi", input: 100, output: 10)])
        let answer = try await models.gateway().answer(ChatRequest([.user("Hello")]), for: "t", routes("a"))
        #expect(answer.reply.text == "Hi" && answer.route == "a")
        #expect(answer.usage == ModelUsage(input: 100, output: 10) && answer.cost == 120)
    }

    @Test func `a busy server is asked again after the time it wants`() async throws {
        let models = ScriptedModels([busy(429, after: "3"), busy(500), completion("at last")])
        let answer = try await models.gateway().answer(ChatRequest([.user("x")]), for: "t", routes("a", "b"))
        #expect(answer.reply.text == "at last" && answer.route == "a" && answer.attempts.count == 3)
        let pauses = models.pauses.withLock { $0 }
        #expect(pauses.count == 2 && pauses[0] == .seconds(3) && pauses[1] < .seconds(2))
    }

    @Test(arguments: [
        (429, #"{"error":{"code":"insufficient_quota"}}"#), (401, "{}"), (404, "{}"), (400, "{}"),
        (413, "{}"),
    ])
    func `a failure that will not pass goes to the next model at once`(
        _ status: Int, _ body: String
    ) async throws {
        let models = ScriptedModels([.init(status: status, body: body), completion("from b")])
        let answer = try await models.gateway().answer(ChatRequest([.user("x")]), for: "t", routes("a", "b"))
        #expect(answer.route == "b" && models.asked.map(\.route) == ["a", "b"])
        #expect(models.pauses.withLock { $0.isEmpty })
    }

    @Test func `a server that wants to be left alone for long is left alone`() async throws {
        let models = ScriptedModels([busy(429, after: "3600"), completion("from b")])
        #expect(
            try await models.gateway().answer(ChatRequest([.user("x")]), for: "t", routes("a", "b")).route
                == "b")
    }

    @Test func `without any model the caller hears what it was, and what it cost`() async throws {
        let models = ScriptedModels(
            [completion("half", end: "length")] + Array(repeating: busy(503), count: 3))
        let error = await #expect(throws: ModelsExhausted.self) {
            try await models.gateway().answer(ChatRequest([.user("x")]), for: "t", routes("a", "b"))
        }
        #expect(
            error?.attempts.map(\.failure) == [.truncated]
                + Array(repeating: .busy(status: 503, after: nil), count: 3))
        #expect(error?.usage == ModelUsage(input: 10, output: 5) && error?.cost == 20)
        await #expect(throws: ModelsExhausted.self) {
            try await ScriptedModels([]).gateway().answer(ChatRequest([.user("x")]), for: "t", [])
        }
    }

    @Test(arguments: [
        "{\"score\":7}", "```json\n{\"score\": 7}\n```", "Here you are:\n```\n{\"score\":7}```\nBye.",
    ])
    func `a document is read out of what was written`(_ text: String) async throws {
        let models = ScriptedModels([completion(text)])
        let answer = try await models.gateway().answer(structured(), for: "t", routes("a"))
        #expect(answer.document == ["score": 7])
    }

    @Test func `a document that does not fit is asked for once more, with what was wrong`() async throws {
        let models = ScriptedModels([completion("{\"score\":\"high\"}"), completion("{\"score\":7}")])
        let answer = try await models.gateway().answer(structured(), for: "t", routes("a"))
        #expect(answer.document == ["score": 7] && answer.usage == ModelUsage(input: 20, output: 10))
        let second = try #require(models.asked[1].body["messages"]?.array)
        #expect(
            second[1]["role"] == "assistant"
                && second[2]["content"]?.text?.contains("/score must be integer") == true)
    }

    @Test func `a second misfit goes to the next model`() async throws {
        let models = ScriptedModels([completion("no"), completion("still no"), completion("{\"score\":1}")])
        let answer = try await models.gateway().answer(structured(), for: "t", routes("a", "b"))
        #expect(answer.route == "b" && models.asked.map(\.route) == ["a", "a", "b"])
    }

    @Test func `a model that declines is not pressed`() async throws {
        let declined = ScriptedModels.Said(
            body:
                #"{"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"I will not."}}]}"#)
        let models = ScriptedModels([declined, completion("I will.")])
        #expect(
            try await models.gateway().answer(ChatRequest([.user("x")]), for: "t", routes("a", "b")).route
                == "b")
    }

    @Test func `the same request is answered from memory, for its own tenant and a while`() async throws {
        let now = Mutex(Instant(seconds: 0))
        let cache = ModelCache(entriesMax: 2, lifetime: .seconds(60), now: { now.withLock { $0 } })
        let models = ScriptedModels((1...9).map { completion("answer \($0)") })
        let gateway = models.gateway(cache: cache)
        var request = ChatRequest([.user("About \(OutsideText("it", from: "mail"))")])
        request.temperature = 0
        let first = try await gateway.answer(request, for: "t", routes("a"))
        let again = try await gateway.answer(request, for: "t", routes("a"))
        #expect(again.reply == first.reply && again.isCached && again.cost == 0 && models.asked.count == 1)
        #expect(try await gateway.answer(request, for: "other", routes("a")).reply.text == "answer 2")
        now.withLock { $0 = Instant(seconds: 61) }
        #expect(try await gateway.answer(request, for: "t", routes("a")).reply.text == "answer 3")
        request.temperature = 0.7
        _ = try await gateway.answer(request, for: "t", routes("a"))
        #expect(try await gateway.answer(request, for: "t", routes("a")).isCached == false)
    }

    @Test func `personal data stays here, and comes back in the answer`() async throws {
        let models = ScriptedModels([completion("Write to [email-1] or call [number-1].")])
        let text = "Jane <jane@acme.com>, +49 (0)30 123-4567, met 2026-11-20 for 5000 USD."
        var (plain, discreet) = (routes("a")[0], routes("b")[0])
        (plain.redacts, discreet.redacts) = (false, true)
        let request = ChatRequest([.user("Who? \(OutsideText(text, from: "mail"))")])
        let answer = try await models.gateway().answer(request, for: "t", [discreet, plain])
        let sent = models.asked[0].body.serialized
        #expect(!sent.contains("jane@acme.com") && !sent.contains("123-4567"))
        #expect(sent.contains("2026-11-20") && sent.contains("5000 USD"))
        #expect(answer.reply.text == "Write to jane@acme.com or call +49 (0)30 123-4567.")
        let open = ScriptedModels([.init(status: 401, body: "{}"), completion("Jane.")])
        _ = try await open.gateway().answer(request, for: "t", [discreet, plain])
        #expect(!open.asked[0].body.serialized.contains("jane@"), "each model by its own setting")
        #expect(open.asked[1].body.serialized.contains("jane@acme.com"))
    }

    @Test func `a stream is handed on as it comes, and not begun anew once it was heard`() async throws {
        func part(_ text: String) -> String { #"{"choices":[{"delta":{"content":"\#(text)"}}]}"# }
        let end = #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#
        let heard = Mutex<[String]>([])
        let models = ScriptedModels([
            busy(503), .init(body: [part("Hel"), part("lo"), end, "[DONE]"].joined(separator: "\n")),
        ])
        let answer = try await models.gateway().stream(ChatRequest([.user("x")]), routes("a")) { text in
            heard.withLock { $0.append(text) }
        }
        #expect(answer.reply.text == "Hello" && heard.withLock { $0 } == ["Hel", "lo"])
        #expect(models.asked[0].body["stream"] == true)
        let broken = ScriptedModels([.init(body: part("Hel")), .init(body: part("never"))])
        await #expect(throws: ModelsExhausted.self) {
            try await broken.gateway().stream(ChatRequest([.user("x")]), routes("a", "b")) { _ in }
        }
        #expect(broken.asked.count == 1)
    }
}
