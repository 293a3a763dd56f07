import Foundation
import Testing
import Wire

@testable import HTTPServer

@Suite struct AnswerTests {
    @Test func `an inline answer carries its headers and its body, and the connection is kept`()
        async throws
    {
        let server = try serve { head in
            .proceed(.none) { _ in .now(text(head.path, headers: [("X-A", "1")])) }
        }
        try await onThread {
            let client = try Client(server.port)
            for path in ["/one", "/two", "/three"] {
                let answer = try client.get(path)
                #expect(answer.status == 200)
                #expect(answer.text == path)
                #expect(answer.header("X-A") == "1")
                #expect(answer.header("Connection") != "close")
            }
            #expect(server.openConnections == 1)
        }
    }

    @Test func `a later answer from another thread resumes the connection, which is kept`() async throws {
        let server = try serve { head in
            .proceed(.none) { _ in
                .later { exchange in
                    Thread { exchange.respond(text("later " + exchange.head.path)) }.start()
                }
            }
        }
        try await onThread {
            let client = try Client(server.port)
            for index in 0..<50 {
                let answer = try client.get("/\(index)")
                #expect(answer.text == "later /\(index)")
            }
        }
    }

    @Test func `an answer given before the handler has returned counts, and the second one does not`()
        async throws
    {
        let server = try serve { _ in
            .proceed(.none) { _ in
                .later { exchange in
                    exchange.respond(text("first"))
                    exchange.respond(text("second"))
                }
            }
        }
        try await onThread {
            let client = try Client(server.port)
            #expect(try client.get("/").text == "first")
            #expect(try client.get("/").text == "first")
        }
    }

    @Test func `an exchange that is dropped answers 500`() async throws {
        let server = try serve { _ in .proceed(.none) { _ in .later { _ in } } }
        try await onThread {
            let client = try Client(server.port)
            let answer = try client.get("/")
            #expect(answer.status == 500)
            #expect(answer.text.contains("internal_error"))
            #expect(try client.get("/").status == 500)
        }
    }

    @Test func `requests that are sent at once are answered in their order`() async throws {
        let server = try serve { head in
            .proceed(.none) { _ in
                head.path == "/slow"
                    ? .later { exchange in Thread { exchange.respond(text("slow")) }.start() }
                    : .now(text(head.path))
            }
        }
        try await onThread {
            let client = try Client(server.port)
            let one = "GET /slow HTTP/1.1\r\nHost: t\r\n\r\n"
            let two = "GET /two HTTP/1.1\r\nHost: t\r\n\r\n"
            try client.send(one + two + one + two)
            #expect(try (0..<4).map { _ in try client.receive().text } == ["slow", "/two", "slow", "/two"])
        }
    }

    @Test func `HEAD is told as GET and answered with GET's headers alone`() async throws {
        let server = try serve { head in
            #expect(head.method == "GET")
            return .proceed(.none) { _ in
                .now(text("twelve bytes", headers: [("X-Head", "\(head.isHead)")]))
            }
        }
        try await onThread {
            let client = try Client(server.port)
            try client.send("HEAD / HTTP/1.1\r\nHost: t\r\n\r\n")
            let answer = try client.receive(isHead: true)
            #expect(answer.status == 200)
            #expect(answer.header("Content-Length") == "12")
            #expect(answer.header("X-Head") == "true")
            #expect(try client.get("/").text == "twelve bytes")
        }
    }

    @Test func `a rejection leaves a request without a body its connection`() async throws {
        let server = try serve { _ in .reject(text("no", status: 401)) }
        try await onThread {
            let client = try Client(server.port)
            #expect(try client.get("/").status == 401)
            #expect(try client.get("/").status == 401)
        }
    }

    @Test func `every response is decorated, the server's own too`() async throws {
        let server = try serve({ $0.decorate = { _, response in response.setHeader("X-Request-Id", "7") } }) {
            _ in
            .proceed(.none) { _ in .now(text("fine")) }
        }
        try await onThread {
            #expect(try Client(server.port).get("/").header("X-Request-Id") == "7")
            let bad = try Client(server.port).get("/%zz")
            #expect(bad.status == 400)
            #expect(bad.header("X-Request-Id") == "7")
        }
    }

    @Test func `a header with a line break is left out`() async throws {
        let server = try serve { _ in
            .proceed(.none) { _ in .now(text("x", headers: [("X-Bad", "a\r\nX-Evil: 1"), ("X-Good", "b")]))
            }
        }
        try await onThread {
            let answer = try Client(server.port).get("/")
            #expect(answer.header("X-Bad") == nil)
            #expect(answer.header("X-Evil") == nil)
            #expect(answer.header("X-Good") == "b")
        }
    }

    @Test func `an output buffer goes out as it is, and is empty afterwards`() async throws {
        let buffer = OutputBuffer()
        for _ in 0..<5000 { buffer.append("0123456789") }
        let server = try serve { _ in
            .proceed(.none) { _ in .now(Response(status: 200, body: .output(buffer))) }
        }
        try await onThread { () throws in
            #expect(try Client(server.port).get("/").body.count == 50_000)
            #expect(buffer.count == 0)
        }
    }

    @Test func `a client that hangs up while suspended does no harm`() async throws {
        let held = Shared<[Exchange]>([])
        let arrived = Signal()
        let server = try serve { head in
            .proceed(.none) { _ in
                if head.path == "/quick" { return .now(text("quick")) }
                return .later { exchange in
                    held.withLock { $0.append(exchange) }
                    arrived.open()
                }
            }
        }
        try await onThread {
            do {
                let client = try Client(server.port)
                try client.send("GET /held HTTP/1.1\r\nHost: t\r\n\r\n")
                #expect(arrived.wait())
            }
            let exchange = held.withLock { $0.removeLast() }
            exchange.respond(text(String(repeating: "x", count: 1_000_000)))
            #expect(try Client(server.port).get("/quick").text == "quick")
        }
    }

    @Test func `a head outlives its request`() async throws {
        let kept = Shared<RequestHead?>(nil)
        let server = try serve { head in
            kept.withLock { $0 = $0 ?? head }
            return .proceed(.none) { _ in .now(text("ok")) }
        }
        try await onThread {
            let client = try Client(server.port)
            _ = try client.get("/first?a=b", "X-Name: first\r\n")
            _ = try client.get("/secnd?c=d", "X-Name: secnd\r\n")
        }
        let head = try #require(kept.withLock { $0 })
        #expect(head.path == "/first")
        #expect(head.header("x-name") == "first")
        #expect(head.queryValue("a") == "b")
    }

    @Test func `text of more than a kilobyte is compressed for who takes gzip`() async throws {
        let long = String(repeating: "A line of text that repeats itself. ", count: 200)
        let server = try serve { head in
            .proceed(.none) { _ in
                switch head.path {
                case "/text": .now(text(long))
                case "/short": .now(text("short"))
                default:
                    .now(
                        Response(
                            status: 200, headers: [("Content-Type", "image/png")],
                            body: .bytes(Array(long.utf8))))
                }
            }
        }
        try await onThread {
            let client = try Client(server.port)
            let packed = try client.get("/text", "Accept-Encoding: br, gzip\r\n")
            #expect(packed.header("Content-Encoding") == "gzip")
            #expect(packed.header("Vary") == "Accept-Encoding")
            #expect(packed.body.count < 500)
            #expect(try gunzip(packed.body) == Array(long.utf8))
            let plain = try client.get("/text")
            #expect(plain.header("Content-Encoding") == nil)
            #expect(plain.header("Vary") == "Accept-Encoding")
            #expect(plain.text == long)
            #expect(
                try client.get("/text", "Accept-Encoding: gzip;q=0\r\n").header("Content-Encoding") == nil)
            #expect(try client.get("/short", "Accept-Encoding: gzip\r\n").header("Content-Encoding") == nil)
            #expect(try client.get("/image", "Accept-Encoding: gzip\r\n").header("Content-Encoding") == nil)
        }
    }
}

/// The machine's own gzip: it shares no code with ours. Foundation's `Process` would read past the list of the open
/// descriptors when there are more than a thousand, as there are beside these tests.
func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let path = try temporaryFolder() + "/body.gz"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    guard let output = popen("/usr/bin/gzip -dc \(path)", "r") else {
        throw Client.Failure(description: "gzip: \(errno)")
    }
    var data: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&part, 1, part.count, output), count > 0 { data += part[..<count] }
    guard pclose(output) == 0 else { throw Client.Failure(description: "not gzip") }
    return data
}
