import Foundation
import Glibc
import Testing
import Waiting

@testable import HTTPServer

@Suite struct BodyTests {
    @Test func `a body with a length arrives whole, and the connection is kept`() async throws {
        let server = try serve { _ in .proceed(.buffered(limit: 1 << 20), countBody) }
        try await onThread {
            let client = try Client(server.port)
            for size in [1, 1000, 100_000, 1 << 20] {
                try client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: \(size)\r\n\r\n")
                try client.send([UInt8](repeating: 120, count: size))
                #expect(try client.receive().text == "\(size)")
            }
        }
    }

    @Test func `a chunked body arrives whole, its pieces in order`() async throws {
        let server = try serve { _ in
            .proceed(.buffered(limit: 1000)) { request in
                guard case .bytes(let bytes) = request.body else { return .now(text("empty")) }
                return .now(text(String(decoding: bytes, as: UTF8.self)))
            }
        }
        try await onThread {
            let client = try Client(server.port)
            for _ in 0..<2 {
                try client.send(
                    "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n")
                try client.send("5\r\npedia\r\n0\r\n\r\n")
                #expect(try client.receive().text == "Wikipedia")
            }
        }
    }

    @Test func `100-continue is said once the head is accepted, and not when it is refused`() async throws {
        let server = try serve { head in
            head.path == "/no"
                ? .reject(text("no", status: 403)) : .proceed(.buffered(limit: 100), countBody)
        }
        try await onThread {
            let client = try Client(server.port)
            try client.send(
                "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.receive().status == 100)
            try client.send("hello")
            #expect(try client.receive().text == "5")
            for path in ["/no", "/"] {
                let client = try Client(server.port)
                try client.send(
                    "POST \(path) HTTP/1.1\r\nHost: t\r\nContent-Length: 500\r\nExpect: 100-continue\r\n\r\n"
                )
                #expect(try client.receive().status == (path == "/" ? 413 : 403))
                #expect(client.bytesUntilClosed() == 0)
            }
        }
    }

    @Test func `an unknown expectation is 417`() async throws {
        let server = try serve { _ in .proceed(.buffered(limit: 100), countBody) }
        try await onThread {
            let client = try Client(server.port)
            try client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nExpect: a miracle\r\n\r\n")
            #expect(try client.receive().status == 417)
        }
    }

    @Test func `a little too much is read and refused, and the connection is kept`() async throws {
        let server = try serve { _ in .proceed(.buffered(limit: 100), countBody) }
        try await onThread {
            let client = try Client(server.port)
            try client.send(
                "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 101\r\n\r\n"
                    + String(repeating: "x", count: 101))
            #expect(try client.receive().status == 413)
            let chunk = "60\r\n" + String(repeating: "x", count: 0x60) + "\r\n"
            try client.send(
                "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\(chunk)0\r\n\r\n")
            #expect(try client.receive().status == 413)
            try client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc")
            #expect(try client.receive().text == "3")
        }
    }

    @Test func `a client that sends far too much before it listens still learns why it was refused`()
        async throws
    {
        let called = Shared(false)
        let server = try serve { _ in
            .proceed(.buffered(limit: 1000)) { _ in
                called.withLock { $0 = true }
                return .now(text("read it all"))
            }
        }
        try await onThread { () throws in
            let size = 8 << 20
            let known = try Client(server.port)
            try known.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: \(size)\r\n\r\n")
            try known.send([UInt8](repeating: 120, count: size))
            let refused = try known.receive()
            #expect(refused.status == 413)
            #expect(refused.header("Connection") == "close")

            let unknown = try Client(server.port)
            try unknown.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk =
                Array("10000\r\n".utf8) + [UInt8](repeating: 120, count: 0x10000) + Array("\r\n".utf8)
            for _ in 0..<100 { try unknown.send(chunk) }
            #expect(try unknown.receive().status == 413)
        }
        let wasCalled = called.value
        #expect(!wasCalled)
    }

    @Test func `a rejected request's small body is dropped and the connection kept`() async throws {
        let server = try serve { head in
            head.header("Authorization") == nil
                ? .reject(text("who?", status: 401)) : .proceed(.buffered(limit: 9), countBody)
        }
        try await onThread {
            let client = try Client(server.port)
            try client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello")
            #expect(try client.receive().status == 401)
            try client.send(
                "POST / HTTP/1.1\r\nHost: t\r\nAuthorization: x\r\nContent-Length: 5\r\n\r\nhello")
            #expect(try client.receive().text == "5")
        }
    }

    @Test func `a spooled upload of 50 MB stays out of memory, and its digest and size are right`()
        async throws
    {
        let folder = try temporaryFolder()
        let kept = folder + "/kept"
        let size = 50 << 20
        let bodies = Shared<[SpooledBody]>([])
        let server = try serve({
            $0.spoolDirectory = folder
            $0.makeBodyDigest = { Sum() }
        }) { _ in
            .proceed(.spooled(limit: 64 << 20)) { request in
                guard case .spooled(let body) = request.body else { return .now(text("none", status: 500)) }
                bodies.withLock { $0.append(body) }
                return .now(text("\(body.size)"))
            }
        }
        let growth = try await onThread {
            let client = try Client(server.port)
            let part = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            // Other tests run beside this one, and take memory, too: one calm upload of several will do.
            var smallest = Int.max
            for _ in 0..<5 where smallest >= 40 << 20 {
                bodies.withLock { $0 = [] }
                let before = residentBytes()
                try client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: \(size)\r\n\r\n")
                for _ in 0..<50 { try client.send(part) }
                #expect(try client.receive().text == "\(size)")
                smallest = min(smallest, residentBytes() - before)
            }
            return smallest
        }
        #expect(growth < 40 << 20)
        var sum = Sum()
        let part = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for _ in 0..<50 { part.withUnsafeBytes { sum.update($0) } }
        do {
            let body = try #require(bodies.withLock { $0.popLast() })
            #expect(body.size == Int64(size))
            #expect(body.digest == sum.finalize())
            try body.keep(at: kept)
            try body.synchronize()
            #expect(body.path == kept)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["kept"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: kept)).count == size)
    }

    @Test func `a spooled file goes with its body, and with a client that leaves halfway`() async throws {
        let folder = try temporaryFolder()
        let server = try serve({ $0.spoolDirectory = folder }) { _ in
            .proceed(.spooled(limit: 1 << 20), countBody)
        }
        try await onThread {
            do {
                let client = try Client(server.port)
                try client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 6\r\n\r\nspooly")
                #expect(try client.receive().text == "6")
                // Else the wait for the next request could end with this one.
                #expect(sleeps(until: { server.requestsInFlight == 0 }))
                try client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 600000\r\n\r\nspooly")
                #expect(sleeps(until: { server.requestsInFlight > 0 }))
                withExtendedLifetime(client) {}
            }
            #expect(sleeps(until: { server.openConnections == 0 }))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test(arguments: [BodyPolicy.buffered(limit: 1 << 20), .spooled(limit: 1 << 20)])
    func `a client that leaves before its bytes are looked at is not waited for`(
        policy: BodyPolicy
    )
        async throws
    {
        let folder = try temporaryFolder()
        let (held, release) = (Signal(), Signal())
        let server = try serve({
            ($0.threads, $0.spoolDirectory) = (1, folder)
            $0.limits.readTimeout = .seconds(1)
        }) { head in
            guard head.path == "/hold" else { return .proceed(policy, countBody) }
            held.open()
            _ = release.wait()
            return .reject(text("held"))
        }
        try await onThread {
            let holder = try Client(server.port)
            let leaver = try Client(server.port)
            #expect(try leaver.get("/").status == 200)
            try holder.send("GET /hold HTTP/1.1\r\nHost: t\r\n\r\n")
            #expect(held.wait())
            // The head, a part of the body and the end of the connection arrive as one.
            try leaver.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 600\r\n\r\npart")
            shutdown(leaver.socket, Int32(SHUT_WR))
            release.open()
            let begun = ContinuousClock.now
            #expect(sleeps(until: { server.requestsInFlight == 0 && server.openConnections <= 1 }))
            #expect(ContinuousClock.now - begun < .seconds(15))
            withExtendedLifetime((holder, leaver)) {}
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func `an upload that cannot be stored is 503`() async throws {
        let server = try serve({ $0.spoolDirectory = "/nowhere/at/all" }) { _ in
            .proceed(.spooled(limit: 100), countBody)
        }
        try await onThread {
            let client = try Client(server.port)
            try client.send("PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 6\r\n\r\nspooly")
            let answer = try client.receive()
            #expect(answer.status == 503)
            #expect(answer.text.contains("upload_not_stored"))
        }
    }
}

private struct Sum: BodyDigest {
    var value: UInt64 = 14_695_981_039_346_656_037

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 1_099_511_628_211 }
    }

    mutating func finalize() -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
}

private func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
}
