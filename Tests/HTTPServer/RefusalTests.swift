import Foundation
import Glibc
import Testing

@testable import HTTPServer

@Suite struct RefusalTests {
    /// Returns the answer to a raw request, of a server that must not be asked; the connection must end.
    private func refusal(
        _ request: String,
        _ configure: @escaping @Sendable (inout HTTPServerConfiguration) -> Void = { _ in }
    ) async throws -> (status: Int, text: String) {
        let server = try serve(configure) { _ in
            Issue.record("the handler was asked")
            return .reject(text("asked", status: 299))
        }
        return try await onThread {
            let client = try Client(server.port)
            try client.send(request)
            let answer = try client.receive()
            #expect(client.bytesUntilClosed() == 0)
            return (answer.status, answer.text)
        }
    }

    @Test(arguments: [
        (
            "ambiguous_length",
            "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        ),
        (
            "ambiguous_length",
            "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
        ),
        (
            "duplicate_header",
            "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"
        ),
        (
            "duplicate_header",
            "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n"
        ),
        ("duplicate_header", "GET / HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n"),
        ("missing_host", "GET / HTTP/1.1\r\n\r\n"),
        (
            "unsupported_transfer_encoding",
            "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
        ),
        ("unsupported_transfer_encoding", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("bad_header", "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding : chunked\r\n\r\n"),
        ("bad_method", "GE(T / HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_target", "GET /%zz HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_target", "GET /% HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_target", "GET /a%00b HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_target", "GET /%c3%28 HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_target", "GET /?q=%ff HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bad_target", "GET nothing HTTP/1.1\r\nHost: t\r\n\r\n"),
    ])
    func `a request that says two things, or nothing that can be read, is 400 and the end`(
        code: String, request: String
    ) async throws {
        let answer = try await refusal(request)
        #expect(answer.status == 400)
        #expect(answer.text.contains("\"\(code)\""))
    }

    @Test(arguments: [9000, 20_000, 100_000])
    func `a target that is too long is 414`(length: Int) async throws {
        let server = try serve { _ in .reject(text("asked", status: 299)) }
        let status = try await onThread {
            let client = try Client(server.port)
            try client.send("GET /\(String(repeating: "a", count: length)) HTTP/1.1\r\nHost: t\r\n\r\n")
            return try client.receive().status
        }
        #expect(status == 414)
    }

    @Test(arguments: [17_000, 22_000, 100_000])
    func `headers that are too large are 431`(length: Int) async throws {
        let server = try serve { _ in .reject(text("asked", status: 299)) }
        let status = try await onThread {
            let client = try Client(server.port)
            try client.send(
                "GET / HTTP/1.1\r\nHost: t\r\nX-Long: \(String(repeating: "a", count: length))\r\n\r\n")
            return try client.receive().status
        }
        #expect(status == 431)
    }

    @Test
    func `a target and headers just below their limits are served, and just above are ours to refuse`()
        async throws
    {
        let server = try serve { _ in .proceed(.none) { _ in .now(text("ok")) } }
        try await onThread {
            let client = try Client(server.port)
            #expect(try client.get("/" + String(repeating: "a", count: 8191)).status == 200)
            #expect(
                try client.get("/", "X-Long: \(String(repeating: "a", count: 12_000))\r\n").status == 200)
            #expect(try client.get("/", (0..<99).map { "X-\($0): 1\r\n" }.joined()).status == 200)
            let many = try client.get("/", (0..<150).map { "X-\($0): 1\r\n" }.joined())
            #expect(many.status == 431)
            #expect(many.text.contains("headers_too_large"))
            let long = try Client(server.port).get("/" + String(repeating: "a", count: 8192))
            #expect(long.text.contains("target_too_long"))
        }
    }

    @Test func `refusals are made by the configuration`() async throws {
        let answer = try await refusal("GET / HTTP/1.1\r\n\r\n") {
            $0.fault = { fault, _ in text("mine: \(fault.code)", status: fault.status) }
        }
        #expect(answer.text == "mine: missing_host")
    }

    @Test func `HTTP 1.0 needs no Host and gets no chunks`() async throws {
        let server = try serve { head in
            .proceed(.none) { _ in
                let stream = ResponseStream()
                Task {
                    try await stream.write(Array("streamed".utf8))
                    stream.finish()
                }
                return .now(Response(status: 200, body: .stream(stream)))
            }
        }
        try await onThread {
            let client = try Client(server.port)
            try client.send("GET / HTTP/1.0\r\n\r\n")
            let answer = try client.receive()
            #expect(answer.header("Transfer-Encoding") == nil)
            #expect(answer.text == "streamed")
        }
    }
}

@Suite struct SlowClientTests {
    @Test func `two hundred connections that drip a byte of their head each are cut off, idle ones live`()
        async throws
    {
        let server = try serve({ $0.limits.readTimeout = .milliseconds(600) }) { _ in
            .proceed(.none) { _ in .now(text("ok")) }
        }
        try await onThread {
            let idle = try Client(server.port)
            #expect(try idle.get("/").status == 200)
            let clients = try (0..<200).map { _ in try Client(server.port) }
            // Half of them have had an answer before they begin to drip.
            for client in clients.prefix(100) { _ = try client.get("/") }
            let begun = ContinuousClock.now
            var open = clients
            let request = Array(
                "GET /drip HTTP/1.1\r\nHost: t\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                    .utf8)
            var index = 0
            while !open.isEmpty, ContinuousClock.now - begun < .seconds(15) {
                open = open.filter { client in
                    let byte = [request[min(index, request.count - 1)]]
                    return Glibc.send(client.socket, byte, 1, Int32(MSG_NOSIGNAL)) == 1
                }
                index += 1
                usleep(20_000)
            }
            let took = ContinuousClock.now - begun
            #expect(open.isEmpty)
            #expect(took > .milliseconds(500))
            #expect(took < .seconds(12))
            #expect(try idle.get("/").status == 200)
        }
    }

    @Test func `a head that stops halfway is answered 408`() async throws {
        let server = try serve({ $0.limits.readTimeout = .milliseconds(200) }) { _ in .reject(text("asked"))
        }
        try await onThread {
            let client = try Client(server.port)
            try client.send("GET / HTTP/1.1\r\nHost:")
            #expect(try client.receive().status == 408)
            #expect(client.bytesUntilClosed() == 0)
        }
    }

    @Test func `a connection that says nothing at all is closed without a word`() async throws {
        let server = try serve({ $0.limits.readTimeout = .milliseconds(200) }) { _ in .reject(text("asked"))
        }
        try await onThread {
            let client = try Client(server.port)
            #expect(client.bytesUntilClosed() == 0)
        }
    }

    @Test func `a buffered body that drips is cut off`() async throws {
        let server = try serve({ $0.limits.bodyTimeout = .milliseconds(300) }) { _ in
            .proceed(.buffered(limit: 1000), countBody)
        }
        try await onThread {
            let client = try Client(server.port)
            try client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n")
            let begun = ContinuousClock.now
            while Glibc.send(client.socket, [120], 1, Int32(MSG_NOSIGNAL)) == 1,
                ContinuousClock.now - begun < .seconds(15)
            { usleep(20_000) }
            #expect(ContinuousClock.now - begun < .seconds(12))
        }
    }

    @Test func `a spooled body may take its time at a decent rate, and is cut off below it`() async throws {
        let folder = try temporaryFolder()
        let server = try serve({
            $0.limits.bodyTimeout = .milliseconds(500)
            $0.limits.bodyRateMin = 4000
            $0.spoolDirectory = folder
        }) { _ in .proceed(.spooled(limit: 1 << 20), countBody) }
        try await onThread {
            let decent = try Client(server.port)
            try decent.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 200000\r\n\r\n")
            for _ in 0..<50 {
                try decent.send([UInt8](repeating: 120, count: 4000))
                usleep(20_000)
            }
            #expect(try decent.receive().text == "200000")

            let slow = try Client(server.port)
            try slow.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 200000\r\n\r\n")
            let begun = ContinuousClock.now
            while Glibc.send(slow.socket, [120], 1, Int32(MSG_NOSIGNAL)) == 1,
                ContinuousClock.now - begun < .seconds(15)
            { usleep(20_000) }
            #expect(ContinuousClock.now - begun < .seconds(12))
        }
    }

    @Test func `an idle connection ends after the idle timeout`() async throws {
        let server = try serve({ $0.limits.idleTimeout = .seconds(1) }) { _ in
            .proceed(.none) { _ in .now(text("ok")) }
        }
        try await onThread {
            let client = try Client(server.port)
            #expect(try client.get("/").status == 200)
            #expect(client.bytesUntilClosed() == 0)
        }
    }
}
