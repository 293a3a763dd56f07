import StandIns
import Testing
import Waiting

@testable import HTTPClient

@Suite struct StreamTests {
    private func open(_ client: HTTPClient, _ text: String) async throws -> HTTPClientStream {
        try await client.stream(HTTPClientRequest("GET", try OutboundURL(text)))
    }

    @Test func `parts come as they are sent`() async throws {
        let next = Signal()
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for index in 0..<3 {
                next.wait()
                try conversation.send("data: \(index)\n\n")
            }
        }
        let stream = try await open(makeClient(), server.url)
        #expect(stream.status == 200)
        var parts: [String] = []
        next.open()
        for try await part in stream.body {
            parts.append(String(decoding: part, as: UTF8.self))
            next.open()
        }
        #expect(parts == ["data: 0\n\n", "data: 1\n\n", "data: 2\n\n"])
    }

    @Test func `a slow reader makes the server wait, and misses nothing`() async throws {
        let sent = Shared(0)
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send("HTTP/1.1 200 OK\r\n\r\n")
            for index in 0..<400 {
                try conversation.send([UInt8](repeating: UInt8(index % 251), count: 100_000))
                sent.set(index + 1)
            }
        }
        var request = HTTPClientRequest("GET", try OutboundURL(server.url))
        request.bodyLimit = .fail(100_000_000)
        let stream = try await makeClient().stream(request)
        var (count, sum) = (0, 0)
        for try await part in stream.body {
            // Sockets hold some megabytes at most, and the pipe a quarter of one.
            #expect(sent.value * 100_000 - count < 20_000_000)
            count += part.count
            sum += part.reduce(0) { $0 + Int($1) }
        }
        #expect(count == 40_000_000)
        #expect(sum == (0..<400).reduce(0) { $0 + $1 % 251 } * 100_000)
    }

    @Test func `a reader that leaves ends the transfer`() async throws {
        let ended = Signal()
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send("HTTP/1.1 200 OK\r\n\r\nfirst")
            conversation.waitForEnd()
            ended.open()
        }
        let client = makeClient()
        do {
            let stream = try await open(client, server.url)
            for try await part in stream.body {
                #expect(part == Array("first".utf8))
                break
            }
        }
        await onThread { ended.wait() }
    }

    @Test func `a stream that breaks off says so, after what came`() async throws {
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst")
        }
        let stream = try await open(makeClient(), server.url)
        let got = Shared<[UInt8]>([])
        await #expect(throws: HTTPClientError.disconnected) {
            for try await part in stream.body { got.change { $0 += part } }
        }
        #expect(got.value == Array("first".utf8))
    }

    @Test func `a cancelled reader stops waiting`() async throws {
        let server = try StandIn { conversation in
            _ = try conversation.readRequest()
            try conversation.send("HTTP/1.1 200 OK\r\n\r\n")
            conversation.waitForEnd()
        }
        let client = makeClient()
        let url = server.url
        let task = Task { try await open(client, url).body.collect() }
        #expect(await yields(until: { !server.requests.isEmpty }))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a stream is not asked for compressed, follows redirects, and has a limit`() async throws {
        let server = try StandIn { request in
            request.target == "/end"
                ? StandInAnswer(200, String(repeating: "x", count: 2000))
                : StandInAnswer(302, headers: [("Location", "/end")])
        }
        var request = HTTPClientRequest("GET", try OutboundURL(server.url))
        request.bodyLimit = .fail(1000)
        let stream = try await makeClient().stream(request)
        #expect(stream.status == 200)
        await #expect(throws: HTTPClientError.tooLarge(limit: 1000)) { try await stream.body.collect() }
        #expect(server.requests.allSatisfy { $0.header("Accept-Encoding") == nil })
    }
}
