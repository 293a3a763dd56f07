import Glibc
import StandIns
import Telemetry
import Testing
import Wire

@testable import HTTPClient
@testable import HTTPServer

@Suite struct SendingTests {
    @Test func `a request is sent as it was made, and its answer is whole`() async throws {
        let server = try StandIn { _ in
            StandInAnswer(201, "made", headers: [("X-Kind", "b"), ("ETag", "\"7\"")])
        }
        let client = makeClient()
        var request = HTTPClientRequest(
            "POST", try OutboundURL("\(server.url)/a/b?c=%20d"),
            headers: [("Content-Type", "application/json"), ("X-Empty", "")], body: Array("{\"ä\":1}".utf8))
        request.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let answer = try await client.send(request)
        #expect((answer.status, answer.text, answer.header("x-kind")) == (201, "made", "b"))
        let received = try #require(server.requests.first)
        #expect((received.method, received.target) == ("POST", "/a/b?c=%20d"))
        #expect(received.text == "{\"ä\":1}")
        #expect(received.header("Content-Type") == "application/json")
        #expect(received.header("X-Empty") == "")
        #expect(received.header("User-Agent") == "Bureau/1")
        #expect(received.header("traceparent") == request.traceparent)
        #expect(received.header("Host") == "127.0.0.1:\(server.port)")
        #expect(received.header("Expect") == nil)
    }

    @Test(arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
    func `every method works without a body`(_ method: String) async throws {
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send(
                "HTTP/1.1 200 OK\r\nContent-Length: \(method == "HEAD" ? "5" : "0")\r\n\r\n")
        }
        let answer = try await makeClient().send(HTTPClientRequest(method, try OutboundURL(server.url)))
        #expect((answer.status, answer.body) == (200, []))
        #expect(server.requests.map(\.method) == [method])
    }

    @Test func `connections are kept and used again`() async throws {
        let server = try StandIn { _ in StandInAnswer(200, "x") }
        let client = makeClient()
        for index in 0..<20 {
            let answer = try await client.get("\(server.url)/\(index)")
            #expect(answer.isPooled == (index > 0))
        }
        #expect(server.connections == 1)
    }

    @Test func `many requests at once are answered each with its own`() async throws {
        let server = try StandIn { request in StandInAnswer(200, request.target) }
        let client = makeClient { $0.connectionsPerHostMax = 4 }
        let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for index in 0..<200 {
                group.addTask { (index, try await client.get("\(server.url)/\(index)").text) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 200)
        #expect(answers.allSatisfy { $0.1 == "/\($0.0)" })
        #expect(server.connections <= 4)
    }

    @Test func `a proxy of the environment is not heeded`() async throws {
        let server = try StandIn { _ in StandInAnswer(200, "straight") }
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        defer { unsetenv("http_proxy") }
        #expect(try await makeClient().get(server.url).text == "straight")
    }

    @Test(arguments: [
        ("X\r\nY", "v"), ("X", "v\r\nY: z"), ("X", "v\0"), ("", "v"), ("Host", "other"),
        ("Content-Length", "3"), ("Transfer-Encoding", "chunked"),
    ])
    func `a header that could be another is not sent`(_ name: String, _ value: String) async throws {
        let server = try StandIn { _ in StandInAnswer() }
        await #expect(throws: HTTPClientError.self) {
            try await makeClient().get(server.url) { $0.headers = [(name, value)] }
        }
        #expect(server.connections == 0)
    }

    // MARK: Servers that misbehave

    @Test func `a slow server ends at the deadline, and one that drips after its silence`() async throws {
        let released = Signal()
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nslow")
            conversation.waitForEnd()
            released.open()
        }
        await #expect(throws: HTTPClientError.timeout(.milliseconds(200))) {
            try await makeClient().get(server.url) { $0.deadline = .milliseconds(200) }
        }
        released.wait()
        let start = Instant.steadyClock()
        await #expect(throws: HTTPClientError.self) {
            try await makeClient().get(server.url) { $0.silenceMax = .seconds(1) }
        }
        #expect(Instant.steadyClock() - start < .seconds(20))
    }

    @Test func `a server that never comes to read the request is one that takes no connection`() async throws
    {
        let server = try StandIn { $0.waitForEnd() }
        await #expect(throws: HTTPClientError.connect(host: "127.0.0.1")) {
            try await makeClient().get("https://127.0.0.1:\(server.port)/") {
                $0.connectDeadline = .milliseconds(200)
            }
        }
        #expect(server.connections == 1)
    }

    @Test func `what is sent once is not sent again when a kept connection ends without an answer`()
        async throws
    {
        let server = try StandIn { conversation in
            guard try conversation.readRequest() != nil else { return }
            try conversation.send(StandInAnswer(200, "first"))
            _ = try conversation.readRequest()
        }
        let client = makeClient()
        #expect(try await client.get(server.url).text == "first")
        var request = HTTPClientRequest("POST", try OutboundURL(server.url), body: Array("once".utf8))
        request.isSentOnce = true
        #expect(try await client.send(request).text == "first", "it has a connection of its own")
        #expect(server.connections == 2)
        #expect(try await client.send(request).text == "first", "which nothing uses after it")
        #expect(server.connections == 3 && server.requests.count == 3)
    }

    @Test func `a server that takes no connection is named`() async throws {
        let server = try StandIn { _ in }
        server.stop()
        await #expect(throws: HTTPClientError.connect(host: "127.0.0.1")) {
            try await makeClient().get(server.url)
        }
        await #expect(throws: HTTPClientError.dns(host: "nowhere.example")) {
            try await makeClient().get("http://nowhere.example/")
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "HTTP/1.1 200 OK\r\nX: y", "",
    ])
    func `an answer that is cut off is an error`(_ text: String) async throws {
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send(text)
        }
        await #expect(throws: HTTPClientError.disconnected) { try await makeClient().get(server.url) }
    }

    @Test func `a reset connection is an error`() async throws {
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
            conversation.reset()
        }
        await #expect(throws: HTTPClientError.disconnected) { try await makeClient().get(server.url) }
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/9.7 1\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n"])
    func `an answer that is none is an error`(_ text: String) async throws {
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send(text)
        }
        await #expect(throws: HTTPClientError.self) { try await makeClient().get(server.url) }
    }

    @Test func `a head without end is an error`() async throws {
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send("HTTP/1.1 200 OK\r\n")
            while true { try conversation.send("X-Filler: \(String(repeating: "x", count: 1000))\r\n") }
        }
        await #expect(throws: HTTPClientError.self) { try await makeClient().get(server.url) }
    }

    @Test func `a huge answer ends at the limit`() async throws {
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send("HTTP/1.1 200 OK\r\n\r\n")
            while true { try conversation.send([UInt8](repeating: 65, count: 65536)) }
        }
        await #expect(throws: HTTPClientError.tooLarge(limit: 100_000)) {
            try await makeClient().get(server.url) { $0.bodyLimit = .fail(100_000) }
        }
        let answer = try await makeClient().get(server.url) { $0.bodyLimit = .truncate(1000) }
        #expect((answer.status, answer.body.count, answer.isTruncated) == (200, 1000, true))
    }

    @Test func `a compressed answer is read, and a bomb ends at the limit`() async throws {
        let small = gzip(Array(String(repeating: "again and ", count: 1000).utf8))
        let bomb = gzip([UInt8](repeating: 0, count: 50_000_000))
        #expect(bomb.count < 1_000_000)
        let server = try StandIn { request in
            var answer = StandInAnswer(headers: [("Content-Encoding", "gzip")])
            answer.body = request.target == "/bomb" ? bomb : small
            return answer
        }
        let client = makeClient()
        #expect(try await client.get(server.url).body.count == 10_000)
        #expect(server.requests.first?.header("Accept-Encoding") == "gzip")
        await #expect(throws: HTTPClientError.tooLarge(limit: 1_000_000)) {
            try await client.get("\(server.url)/bomb") { $0.bodyLimit = .fail(1_000_000) }
        }
    }

    @Test func `what is compressed wrongly is an error`() async throws {
        let server = try StandIn { _ in StandInAnswer(200, "plain", headers: [("Content-Encoding", "gzip")]) }
        await #expect(throws: HTTPClientError.self) { try await makeClient().get(server.url) }
    }

    // MARK: Ends

    @Test func `a cancelled task ends its transfer`() async throws {
        let (arrived, ended) = (Signal(), Signal())
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            arrived.open()
            conversation.waitForEnd()
            ended.open()
        }
        let client = makeClient()
        let task = Task { try await client.get(server.url) }
        await onThread { arrived.wait() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await onThread { ended.wait() }
        // One that is cancelled before it begins does not begin.
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.get(server.url)
        }
        await #expect(throws: CancellationError.self) { try await early.value }
        #expect(server.connections == 1)
    }

    @Test func `a closed client ends what is on its way, and begins nothing`() async throws {
        let arrived = Signal()
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            arrived.open()
            conversation.waitForEnd()
        }
        let client = makeClient()
        let task = Task { try await client.get(server.url) }
        await onThread { arrived.wait() }
        client.close()
        await #expect(throws: HTTPClientError.closed) { try await task.value }
        await #expect(throws: HTTPClientError.closed) { try await client.get(server.url) }
        let unused = makeClient()
        unused.close()
        await #expect(throws: HTTPClientError.closed) { try await unused.get(server.url) }
    }
}

private func gzip(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { GzipEncoder.encode($0, level: 9)!.bytes }
}
