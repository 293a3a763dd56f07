import Foundation
import Glibc
import Telemetry
import Testing
import Waiting

@testable import HTTPServer

@Suite struct StreamTests {
    @Test func `a stream arrives in order, and its connection is kept`() async throws {
        let closed = Signal()
        let server = try serve { _ in
            .proceed(.none) { _ in
                let stream = ResponseStream(onClose: { closed.open() })
                Task {
                    for line in 0..<1000 { try await stream.write(Array("line \(line)\n".utf8)) }
                    stream.finish()
                }
                return .now(Response(status: 200, body: .stream(stream)))
            }
        }
        try await onThread {
            let client = try Client(server.port)
            let expected = (0..<1000).map { "line \($0)\n" }.joined()
            #expect(try client.get("/").text == expected)
            #expect(closed.wait())
            #expect(try client.get("/").text == expected)
        }
    }

    @Test func `a stream of text is compressed, an event stream is not`() async throws {
        let server = try serve { head in
            .proceed(.none) { _ in
                let stream = ResponseStream()
                Task {
                    for line in 0..<50_000 { try await stream.write(Array("line \(line)\n".utf8)) }
                    stream.finish()
                }
                let type = head.path == "/events" ? "text/event-stream" : "text/csv"
                return .now(Response(status: 200, headers: [("Content-Type", type)], body: .stream(stream)))
            }
        }
        try await onThread {
            let client = try Client(server.port)
            let expected = Array((0..<50_000).map { "line \($0)\n" }.joined().utf8)
            let packed = try client.get("/csv", "Accept-Encoding: gzip\r\n")
            #expect(packed.header("Content-Encoding") == "gzip")
            #expect(packed.body.count < expected.count / 3)
            #expect(try gunzip(packed.body) == expected)
            let events = try client.get("/events", "Accept-Encoding: gzip\r\n")
            #expect(events.header("Content-Encoding") == nil)
            #expect(events.body == expected)
        }
    }

    @Test func `a reader that stops stops the producer, and one that leaves ends it`() async throws {
        let written = Shared(0)
        let failed = Signal()
        let server = try serve { _ in
            .proceed(.none) { _ in
                let stream = ResponseStream()
                Task {
                    do {
                        while true {
                            try await stream.write([UInt8](repeating: 120, count: 16 * 1024))
                            written.withLock { $0 += 16 * 1024 }
                        }
                    } catch { failed.open() }
                }
                return .now(Response(status: 200, body: .stream(stream)))
            }
        }
        try await onThread {
            do {
                let client = try Client(server.port, receiveBuffer: 16 * 1024)
                try client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                // The producer has stopped when nothing was written for a while.
                var last = -1
                var rounds = 0
                while last != written.value || last == 0, rounds < 300 {
                    last = written.value
                    rounds += 1
                    usleep(200_000)
                }
                #expect(rounds < 300)
                // The kernel's buffers and our quarter of a megabyte.
                #expect(last < 8 << 20)
                // Reading on lets it write on.
                _ = try client.receiveHead()
                var read = 0
                while read < 8 << 20 { read += try client.receiveChunk()?.count ?? 0 }
                let now = written.value
                #expect(now > last)
            }
            #expect(failed.wait())
        }
    }

    @Test(arguments: ["HTTP/1.1\r\nHost: t", "HTTP/1.1\r\nHost: t\r\nConnection: close", "HTTP/1.0"])
    func `each bit comes to a reader who waits for it, and the whole is as it was written`(
        request: String
    ) async throws {
        // The longest is more than is sent past the library.
        let words = (0..<60).map { "word \($0) \(String(repeating: "x", count: $0 * 80))\n" }
        let (turns, next) = AsyncStream.makeStream(of: Int.self)
        let server = try serve { _ in
            .proceed(.none) { _ in
                let stream = ResponseStream()
                Task {
                    for await turn in turns { try await stream.write(Array(words[turn].utf8)) }
                    stream.finish()
                }
                return .now(Response(status: 200, body: .stream(stream)))
            }
        }
        try await onThread {
            let client = try Client(server.port)
            try client.send("GET / \(request)\r\n\r\n")
            for turn in words.indices {
                next.yield(turn)
                try client.wait(for: "word \(turn) ")
            }
            next.finish()
            #expect(try client.receive().text == words.joined())
        }
    }

    @Test func `a quiet stream has a heartbeat`() async throws {
        let stream = ResponseStream(heartbeat: .init(interval: .milliseconds(100)))
        let server = try serve({ $0.limits.readTimeout = .milliseconds(200) }) { _ in
            .proceed(.none) { _ in
                .now(
                    Response(
                        status: 200, headers: [("Content-Type", "text/event-stream")], body: .stream(stream)
                    ))
            }
        }
        try await onThread {
            let client = try Client(server.port)
            try client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
            _ = try client.receiveHead()
            #expect(try client.receiveChunk() == ServerSentEvent.comment)
            #expect(try client.receiveChunk() == ServerSentEvent.comment)
            stream.finish()
            while let chunk = try client.receiveChunk() { #expect(chunk == ServerSentEvent.comment) }
        }
    }

    @Test func `a reader that leaves a quiet stream is noticed`() async throws {
        let closed = Signal()
        let stream = ResponseStream(onClose: { closed.open() })
        let server = try serve({ $0.limits.readTimeout = .milliseconds(200) }) { _ in
            .proceed(.none) { _ in .now(Response(status: 200, body: .stream(stream))) }
        }
        try await onThread {
            do {
                let client = try Client(server.port)
                try client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                _ = try client.receiveHead()
                #expect(!stream.isClosed)
            }
            #expect(closed.wait())
            #expect(stream.isClosed)
        }
        await #expect(throws: ResponseStream.Closed.self) { try await stream.write([1]) }
        _ = server
    }

    @Test func `a write that waits for a reader can be cancelled`() async throws {
        let stream = ResponseStream(waitingMax: 10)
        let task = Task { try await stream.write([UInt8](repeating: 1, count: 100)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `the answer to HEAD closes its stream at once`() async throws {
        let closed = Signal()
        let server = try serve { _ in
            .proceed(.none) { _ in
                .now(Response(status: 200, body: .stream(ResponseStream(onClose: { closed.open() }))))
            }
        }
        try await onThread {
            let client = try Client(server.port)
            try client.send("HEAD / HTTP/1.1\r\nHost: t\r\n\r\n")
            #expect(try client.receive(isHead: true).status == 200)
            #expect(closed.wait())
        }
    }

    @Test func `an event is written field by field, its data line by line`() {
        let event = ServerSentEvent(id: "7\nevent: x", event: "deal.won", data: "a\r\nb\nc")
        #expect(
            String(decoding: event.bytes, as: UTF8.self)
                == "id: 7\nevent: deal.won\ndata: a\ndata: b\ndata: c\n\n")
        #expect(String(decoding: ServerSentEvent(data: "").bytes, as: UTF8.self) == "data: \n\n")
    }
}

@Suite(.serialized) struct DrainTests {
    @Test func `a drain under load loses no answer`() async throws {
        let served = Shared(0)
        let server = try serve { head in
            .proceed(.none) { _ in
                served.withLock { $0 += 1 }
                if head.path == "/now" { return .now(text("now")) }
                return .later { exchange in
                    Thread {
                        usleep(2000)
                        exchange.respond(text("later"))
                    }.start()
                }
            }
        }
        let port = server.port
        let warm = Signal()
        let lost = Shared<[String]>([])
        let counted = Shared(0)
        let clients = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<16 {
                    group.addTask {
                        try await onThread {
                            var client: Client?
                            while true {
                                // A refused connection is not a lost request.
                                if client == nil { client = try? Client(port) }
                                guard let open = client else { return }
                                do {
                                    let answer = try open.get(index % 2 == 0 ? "/now" : "/later")
                                    if answer.status != 200 {
                                        lost.withLock { $0.append("status \(answer.status)") }
                                    }
                                    let count = counted.withLock {
                                        $0 += 1
                                        return $0
                                    }
                                    if count == 500 { warm.open() }
                                    if answer.header("Connection") == "close" { client = nil }
                                } catch {
                                    lost.withLock { $0.append("\(error)") }
                                    return
                                }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(try await onThread { warm.wait() })
        #expect(await server.drain(deadline: .seconds(300)), "it came to its deadline")
        try await clients.value
        #expect(lost.withLock { $0 } == [])
        let (sent, received) = (served.value, counted.value)
        #expect(sent == received)
        #expect(server.openConnections == 0)
    }

    @Test func `a drain loses nobody who has just connected`() async throws {
        let lost = Shared<[String]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { try await drainUnderConnections(lost) } }
            try await group.waitForAll()
        }
        #expect(lost.withLock { $0 } == [])
    }

    /// Each request has a connection of its own; appends how those ended that have no answer.
    private func drainUnderConnections(_ lost: Shared<[String]>) async throws {
        let server = try serve { _ in .proceed(.none) { _ in .now(text("now")) } }
        let port = server.port
        let (warm, answered) = (Signal(), Shared(0))
        async let clients: Void = withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await onThread {
                        // A refused connection is not a lost request.
                        while let client = try? Client(port) {
                            do { _ = try client.get("/", "Connection: close\r\n") } catch {
                                lost.withLock { $0.append("\(error)") }
                            }
                            let count = answered.withLock {
                                $0 += 1
                                return $0
                            }
                            if count == 20 { warm.open() }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await onThread { warm.wait() })
        await server.drain(deadline: .seconds(300))
        try await clients
    }

    @Test func `a drain does not wait for idle connections`() async throws {
        let server = try serve { _ in .proceed(.none) { _ in .now(text("ok")) } }
        let clients = try await onThread {
            let clients = try (0..<10).map { _ in try Client(server.port) }
            for client in clients.prefix(5) { _ = try client.get("/") }
            #expect(sleeps(until: { server.openConnections >= 10 }))
            return clients
        }
        #expect(await server.drain(deadline: .seconds(300)), "it came to its deadline")
        try await onThread { () throws in
            for client in clients { #expect(client.bytesUntilClosed() == 0) }
        }
    }

    @Test func `a drain ends open streams, after what they have written`() async throws {
        let stream = ResponseStream()
        let server = try serve { _ in
            .proceed(.none) { _ in .now(Response(status: 200, body: .stream(stream))) }
        }
        let client = try Client(server.port)
        try await onThread {
            try client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
            _ = try client.receiveHead()
        }
        try await stream.write(Array("last words".utf8))
        await server.drain(deadline: .seconds(300))
        try await onThread { () throws in
            #expect(try client.receiveChunk() == Array("last words".utf8))
            #expect(try client.receiveChunk() == nil)
        }
        #expect(stream.isClosed)
    }

    @Test func `a request that is not answered by the deadline gets 503`() async throws {
        let held = Shared<Exchange?>(nil)
        let arrived = Signal()
        let server = try serve { _ in
            .proceed(.none) { _ in
                .later { exchange in
                    held.withLock { $0 = exchange }
                    arrived.open()
                }
            }
        }
        let client = try Client(server.port)
        try await onThread {
            try client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
            #expect(arrived.wait())
            #expect(server.requestsInFlight == 1)
        }
        await server.drain(deadline: .milliseconds(200))
        try await onThread {
            let answer = try client.receive()
            #expect(answer.status == 503)
            #expect(answer.header("Connection") == "close")
        }
        // Too late, and harmless.
        let exchange = held.withLock { $0.take() }
        exchange?.respond(text("late"))
    }

    @Test func `a drained server no longer listens, and may be stopped again`() async throws {
        let server = try serve { _ in .reject(text("x")) }
        let port = server.port
        await server.drain(deadline: .seconds(1))
        server.stop()
        #expect(throws: Client.Failure.self) { try Client(port) }
    }

    @Test func `a taken port is an error`() throws {
        let first = try serve { _ in .reject(text("x")) }
        let port = first.port
        #expect(throws: HTTPServerError.cannotListen("127.0.0.1:\(port)", SystemFault(EADDRINUSE))) {
            _ = try serve({ $0.port = port }) { _ in .reject(text("x")) }
        }
        #expect(throws: HTTPServerError.badHost("nowhere:0")) {
            _ = try serve({ $0.host = "nowhere" }) { _ in .reject(text("x")) }
        }
    }
}
