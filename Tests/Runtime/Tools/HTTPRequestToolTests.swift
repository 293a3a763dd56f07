import JSON
import Records
import Synchronization
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

/// Answers as a test says, and keeps what it was asked.
private final class StandInWeb: OutboundHTTP {
    let answer: @Sendable (OutboundRequest) throws(OutboundFailure) -> OutboundResponse
    let requests = Mutex<[OutboundRequest]>([])

    init(_ answer: @escaping @Sendable (OutboundRequest) throws(OutboundFailure) -> OutboundResponse) {
        self.answer = answer
    }

    func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
        requests.withLock { $0.append(request) }
        return try answer(request)
    }
}

struct `The tool http_request` {
    private func test(_ web: StandInWeb?) throws -> TestRuntime {
        try TestRuntime(register: { $0.outbound = web })
    }

    private func request(_ arguments: JSON, key: String = "k1") -> ToolRequest {
        ToolRequest(
            tool: "http_request", arguments: arguments, caller: ToolCaller(actor: .system), key: key)
    }

    private let post: JSON = ["method": "POST", "url": "https://example.com/hook", "body": ["n": 1]]

    @Test func `sends JSON with the key of the call, and answers what came`() async throws {
        let web = StandInWeb { _ in
            OutboundResponse(
                status: 201, headers: [("Content-Type", "application/json"), ("Set-Cookie", "secret=1")],
                body: Array("{\"id\":7}".utf8))
        }
        let test = try test(web)
        #expect(
            try await test.call(request(post)) == [
                "status": 201, "headers": ["content-type": "application/json"], "body": ["id": 7],
            ])
        let sent = try #require(web.requests.withLock { $0.first })
        #expect(sent.method == "POST" && sent.url == "https://example.com/hook")
        #expect(sent.body.map { String(decoding: $0, as: UTF8.self) } == "{\"n\":1}")
        let headers = Dictionary(uniqueKeysWithValues: sent.headers.map { ($0.name, $0.value) })
        #expect(headers["Idempotency-Key"] == "k1" && headers["Content-Type"] == "application/json")
    }

    @Test(arguments: [
        (500, true), (503, true), (429, true), (408, true), (400, false), (404, false), (422, false),
        (302, false),
    ])
    func `fails by what the other side answers`(_ status: Int, _ isRetryable: Bool) async throws {
        let test = try test(
            StandInWeb { _ in OutboundResponse(status: status, headers: [("retry-after", "7")]) })
        let failure = await #expect(throws: ToolFailure.self) { try await test.call(request(post)) }
        #expect(failure?.code == "http_\(status)" && failure?.isRetryable == isRetryable)
        #expect(failure?.retryAfter == .seconds(7))
        #expect(failure?.blamesProvider == (status >= 500))
    }

    @Test(arguments: [("GET", true), ("POST", false)])
    func `fails where what is called JSON is none`(_ method: String, _ isRead: Bool) async throws {
        for (type, body) in [
            ("application/json", #"{"id":7"#), ("Application/JSON; charset=utf-8", "<html>"),
            ("application/hal+json", "no"),
        ] {
            let test = try test(
                StandInWeb { _ in
                    OutboundResponse(status: 200, headers: [("Content-Type", type)], body: Array(body.utf8))
                })
            let failure = await #expect(throws: ToolFailure.self) {
                try await test.call(request(["method": .string(method), "url": "https://example.com/x"]))
            }
            #expect(failure?.code == "malformed_answer" && failure?.blamesProvider == true, "\(type)")
            #expect(failure?.isRetryable == isRead && failure?.isAmbiguous == !isRead, "\(type)")
        }
    }

    @Test(arguments: [("application/x-ndjson", "{}\n{}"), ("text/html", "{"), ("application/json", "")])
    func `answers as text what is not one document of JSON`(_ type: String, _ body: String) async throws {
        let test = try test(
            StandInWeb { _ in
                OutboundResponse(status: 200, headers: [("Content-Type", type)], body: Array(body.utf8))
            })
        #expect(try await test.call(request(post))["body"] == .string(body))
    }

    @Test func `fails by why there is no answer`() async throws {
        let cases: [(OutboundFailure, String, Bool, Bool)] = [
            (.refused("it is private"), "address_refused", false, false),
            (.unreachable("no route"), "unreachable", true, false),
            (.broken("reset"), "connection_broken", true, true),
            (.timeout, "timeout", true, true), (.tooLarge, "answer_too_large", false, false),
        ]
        for (reason, code, isRetryable, isAmbiguous) in cases {
            let test = try test(StandInWeb { _ throws(OutboundFailure) in throw reason })
            let failure = await #expect(throws: ToolFailure.self) { try await test.call(request(post)) }
            #expect(failure?.code == code && failure?.isRetryable == isRetryable, "\(reason)")
            #expect(failure?.isAmbiguous == isAmbiguous, "\(reason)")
        }
    }

    @Test func `breaks the circuit of one host, not of others`() async throws {
        let web = StandInWeb { OutboundResponse(status: $0.url.contains("sick") ? 500 : 200) }
        let test = try test(web)
        for number in 1...CircuitBreaker.failuresMax {
            await #expect(throws: ToolFailure.self) {
                try await test.call(
                    request(["url": .string("http://sick.example/\(number)")], key: "k\(number)"))
            }
        }
        await #expect(throws: ToolRefusal.self) {
            try await test.call(request(["url": "http://SICK.example/x"], key: "x"))
        }
        #expect(try await test.call(request(["url": "http://well.example/"], key: "y"))["status"] == 200)
    }

    @Test func `names every fault`() throws {
        let tools = try test(StandInWeb { _ in OutboundResponse(status: 200) }).runtime.tools
        func faults(_ arguments: JSON) -> [String: String] {
            Dictionary(
                uniqueKeysWithValues: (tools.faults("http_request", arguments: arguments) ?? []).map {
                    ($0.pointer, $0.code)
                })
        }
        #expect(faults(["method": "BREW"]) == ["/method": "invalid_choice", "/url": "required"])
        for url in [
            "ftp://example.com/", "example.com", "http://", "https://user:word@example.com/", "http://a b/",
            "javascript:alert(1)", "http://example.com\\@evil.example/", "http:///x",
        ] {
            #expect(faults(["url": .string(url)]) == ["/url": "invalid_url"], "\(url)")
        }
        #expect(
            faults([
                "url": "https://example.com",
                "headers": [
                    "Host": "evil", "X-Fine": "yes", "X-Split": "a\r\nB: c", "Idempotency-Key": "mine",
                ],
            ]) == [
                "/headers/Host": "invalid_key", "/headers/X-Split": "wrong_type",
                "/headers/Idempotency-Key": "invalid_key",
            ])
    }

    @Test func `is refused, clearly, where there is no way out`() async throws {
        let test = try test(nil)
        let refusal = await #expect(throws: ToolRefusal.self) { try await test.call(request(post)) }
        #expect(refusal?.code == "tool_unavailable" && refusal?.retryAfter == nil)
    }
}
