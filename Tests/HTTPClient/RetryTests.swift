import StandIns
import Testing

@testable import HTTPClient

@Suite struct RetryTests {
    /// Counts pauses instead of making them.
    private func patient(
        _ pauses: Shared<[Duration]>, _ change: (inout HTTPClientConfiguration) -> Void = { _ in }
    )
        -> HTTPClient
    {
        makeClient {
            $0.wait = { pause in pauses.change { $0.append(pause) } }
            change(&$0)
        }
    }

    private func failing(_ times: Int, with answer: StandInAnswer) throws -> StandIn {
        let count = Shared(0)
        return try StandIn { _ in
            count.change { $0 += 1 }
            return count.value <= times ? answer : StandInAnswer(200, "at last")
        }
    }

    @Test(arguments: [429, 502, 503, 504])
    func `a read is repeated until it is answered`(_ status: Int) async throws {
        let pauses = Shared<[Duration]>([])
        let server = try failing(2, with: StandInAnswer(status))
        let answer = try await patient(pauses).get(server.url) { $0.retry = OutboundRetry(attemptsMax: 3) }
        #expect(answer.text == "at last")
        try #require(pauses.value.count == 2)
        #expect(pauses.value[0] <= .milliseconds(250) && pauses.value[1] <= .milliseconds(500))
    }

    @Test func `the last answer stands`() async throws {
        let pauses = Shared<[Duration]>([])
        let server = try failing(9, with: StandInAnswer(503, "busy"))
        let answer = try await patient(pauses).get(server.url) { $0.retry = OutboundRetry(attemptsMax: 3) }
        #expect((answer.status, server.requests.count) == (503, 3))
        let none = try await patient(pauses).get(server.url)
        #expect((none.status, server.requests.count) == (503, 4))
    }

    @Test func `the server says how long to wait`() async throws {
        let pauses = Shared<[Duration]>([])
        let server = try failing(1, with: StandInAnswer(429, headers: [("Retry-After", "3")]))
        _ = try await patient(pauses).get(server.url) { $0.retry = OutboundRetry(attemptsMax: 3) }
        #expect(pauses.value == [.seconds(3)])
        // Too long to wait here: the caller is told.
        let long = try failing(1, with: StandInAnswer(429, headers: [("Retry-After", "3600")]))
        let answer = try await patient(pauses).get(long.url) { $0.retry = OutboundRetry(attemptsMax: 3) }
        #expect((answer.status, answer.retryAfter, long.requests.count) == (429, .seconds(3600), 1))
    }

    @Test(arguments: [400, 401, 404, 409, 422, 500, 501])
    func `other answers stand`(_ status: Int) async throws {
        let server = try failing(1, with: StandInAnswer(status))
        let answer = try await patient(Shared([])).get(server.url) {
            $0.retry = OutboundRetry(attemptsMax: 3)
        }
        #expect((answer.status, server.requests.count) == (status, 1))
    }

    @Test func `a post is repeated only under a key`() async throws {
        let server = try failing(2, with: StandInAnswer(503))
        var request = HTTPClientRequest("POST", try OutboundURL(server.url), body: [1])
        request.retry = OutboundRetry(attemptsMax: 3)
        #expect(try await patient(Shared([])).send(request).status == 503)
        #expect(server.requests.count == 1)
        request.headers = [("Idempotency-Key", "k1")]
        #expect(try await patient(Shared([])).send(request).status == 200)
        #expect(server.requests.count == 3)
        #expect(server.requests.suffix(2).allSatisfy { $0.header("Idempotency-Key") == "k1" })
    }

    @Test func `a post that reached nobody is repeated without`() async throws {
        let names = Names(["late.example": [[], ["127.0.0.1"]]])
        let server = try StandIn { _ in StandInAnswer(200, "at last") }
        var request = HTTPClientRequest(
            "POST", try OutboundURL("http://late.example:\(server.port)/"), body: [1])
        request.retry = OutboundRetry(attemptsMax: 3)
        #expect(try await patient(Shared([])) { $0.lookUp = names.lookUp }.send(request).text == "at last")
        #expect(server.requests.count == 1)
    }

    @Test func `pauses never lead past the deadline`() async throws {
        let pauses = Shared<[Duration]>([])
        let server = try failing(9, with: StandInAnswer(503, headers: [("Retry-After", "9")]))
        let answer = try await patient(pauses).get(server.url) {
            $0.retry = OutboundRetry(attemptsMax: 5)
            $0.deadline = .seconds(5)
        }
        #expect((answer.status, pauses.value, server.requests.count) == (503, [], 1))
    }
}
