import HTTPClient
import Integrations
import Intelligence
import JSON
import Records
import StandIns
import Synchronization
import Telemetry
import Testing
import Waiting
@testable import Agents

/// The gateway over real sockets, against a server that misbehaves.
@Suite struct ModelHTTPTests {
    private func gateway() -> ModelGateway {
        let client = HTTPClient(HTTPClientConfiguration(AddressGuard(allowsPrivate: true)))
        let counter = Mutex(UInt64(1))
        let permit = Permit(
            request: ToolRequest(
                tool: "call_model", arguments: .null, caller: ToolCaller(actor: .system), key: "k"),
            connector: Connector("model_a", name: "a", priority: 1), round: 1, estimate: ToolUsage(),
            beganAt: Instant(seconds: 0), steadyStart: Instant(seconds: 0))
        return ModelGateway(
            ModelTransport.http(client, permit),
            random: {
                counter.withLock {
                    $0 += 1; return $0
                }
            }, wait: { _ in })
    }

    private func route(_ server: StandIn, _ name: String = "a") -> ModelRoute {
        ModelRoute(name: name, baseURL: "\(server.url)/v1", key: "sk-test", model: "m")
    }

    private static let good = #"{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}"#

    @Test func `a request goes to the completions of its server, with its key`() async throws {
        let server = try StandIn { _ in StandInAnswer(200, Self.good) }
        let answer = try await gateway().answer(ChatRequest([.user("Hello")]), for: "t", [route(server)])
        #expect(answer.reply.text == "Hi")
        let request = try #require(server.requests.first)
        #expect((request.method, request.target) == ("POST", "/v1/chat/completions"))
        #expect(request.header("Authorization") == "Bearer sk-test")
        #expect(try JSONParser.parse(request.body)["model"] == "m")
    }

    @Test(arguments: [
        "{\"choices\":[{\"message\":{\"content\":\"Hi", "<html>Bad gateway</html>", "",
    ])
    func `an answer that is cut off leads to the next model`(_ body: String) async throws {
        let broken = try StandIn { _ in StandInAnswer(200, body) }
        let good = try StandIn { _ in StandInAnswer(200, Self.good) }
        let answer = try await gateway().answer(
            ChatRequest([.user("x")]), for: "t", [route(broken), route(good, "b")])
        #expect(answer.route == "b")
    }

    @Test func `a server that hangs, resets or refuses leads to the next model`() async throws {
        let hanging = try StandIn { conversation in
            _ = try conversation.readRequest()
            conversation.waitForEnd()
        }
        let resetting = try StandIn { conversation in
            _ = try conversation.readRequest()
            conversation.reset()
        }
        let closed = try StandIn { _ in }
        closed.stop()
        let good = try StandIn { _ in StandInAnswer(200, Self.good) }
        var slow = route(hanging, "slow")
        slow.deadline = .milliseconds(100)
        let answer = try await gateway().answer(
            ChatRequest([.user("x")]), for: "t",
            [slow, route(resetting, "reset"), route(closed, "closed"), route(good, "good")])
        #expect(answer.route == "good" && answer.attempts.count == 10)
        #expect(hanging.requests.count == 3 && resetting.requests.count >= 3)
    }

    @Test func `a stream is heard as it comes`() async throws {
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: hello\r\n\r\n")
            for text in ["Gr", "üß", " Gott"] {
                try conversation.send("data: {\"choices\":[{\"delta\":{\"content\":\"\(text)\"}}]}\r\n\r\n")
            }
            try conversation.send(
                "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
        }
        let heard = Mutex("")
        let answer = try await gateway().stream(ChatRequest([.user("x")]), [route(server)]) { text in
            heard.withLock { $0 += text }
        }
        #expect(answer.reply.text == "Grüß Gott" && heard.withLock { $0 } == "Grüß Gott")
    }

    @Test func `a stream that is refused falls back before a word was heard`() async throws {
        let poor = try StandIn { _ in StandInAnswer(429, #"{"error":{"code":"insufficient_quota"}}"#) }
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send(
                "HTTP/1.1 200 OK\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},")
            try conversation.send("\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
        }
        let answer = try await gateway().stream(
            ChatRequest([.user("x")]), [route(poor), route(server, "b")]
        ) { _ in }
        #expect(answer.route == "b" && answer.attempts[0].failure == .outOfCredit)
    }

    @Test func `a cancelled request is cancelled, not failed`() async throws {
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            conversation.waitForEnd()
        }
        let (gateway, route) = (gateway(), route(server))
        let task = Task { try await gateway.answer(ChatRequest([.user("x")]), for: "t", [route]) }
        #expect(await yields(until: { !server.requests.isEmpty }))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
