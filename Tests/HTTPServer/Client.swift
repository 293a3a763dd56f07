import Dispatch
import Foundation
import Glibc
import Synchronization

@testable import HTTPServer

/// A socket that says what a test tells it to, byte for byte. Its calls block: use it in `onThread`.
final class Client: @unchecked Sendable {
    struct Answer {
        var status: Int
        var headers: [(String, String)]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? {
            headers.first { $0.0.lowercased() == name.lowercased() }?.1
        }
    }

    struct Failure: Error, CustomStringConvertible { var description: String }

    let socket: Int32
    private var pending: [UInt8] = []

    init(_ port: Int, receiveBuffer: Int32? = nil) throws {
        // Not for the processes that other tests start: they would keep it open.
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        // A test that would hang fails instead.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var yes: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Failure(description: "connect: \(errno)") }
    }

    deinit { close(socket) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "send: \(errno)") }
            sent += count
        }
    }

    /// GET with a Host, kept alive.
    func get(_ target: String, _ headers: String = "") throws -> Answer {
        try send("GET \(target) HTTP/1.1\r\nHost: test\r\n\(headers)\r\n")
        return try receive()
    }

    func receive(isHead: Bool = false) throws -> Answer {
        let lines = try receiveHead()
        let status = Int(lines[0].split(separator: " ")[1])!
        let headers = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":")!
            return (
                String(line[..<colon]),
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            )
        }
        var answer = Answer(status: status, headers: headers, body: [])
        if isHead || status == 100 || status == 204 || status == 304 { return answer }
        if answer.header("Transfer-Encoding") == "chunked" {
            while let chunk = try receiveChunk() { answer.body += chunk }
        } else if let length = answer.header("Content-Length").flatMap({ Int($0) }) {
            answer.body = try take(length)
        } else {
            while try fill() {}
            answer.body = pending
            pending = []
        }
        return answer
    }

    func receiveHead() throws -> [String] {
        var lines: [String] = []
        while true {
            let line = try takeLine()
            if line.isEmpty { return lines }
            lines.append(line)
        }
    }

    /// nil for the last one.
    func receiveChunk() throws -> [UInt8]? {
        let size = Int(try takeLine(), radix: 16)!
        let chunk = try take(size)
        _ = try take(2)
        return size == 0 ? nil : chunk
    }

    /// Waits until it is among what came and was not taken yet.
    func wait(for text: String) throws {
        while !String(decoding: pending, as: UTF8.self).contains(text) {
            guard try fill() else { throw Failure(description: "closed before \(text)") }
        }
    }

    /// Waits for the end of the connection; the number of bytes that still came.
    func bytesUntilClosed() -> Int {
        var buffer = [UInt8](repeating: 0, count: 65536)
        var count = pending.count
        while true {
            let got = recv(socket, &buffer, buffer.count, 0)
            if got <= 0 { return errno == EAGAIN && got < 0 ? -1 : count }
            count += got
        }
    }

    /// Returns everything that arrives until the end of the connection.
    func textUntilClosed() -> String {
        while (try? fill()) == true {}
        return String(decoding: pending, as: UTF8.self)
    }

    private func takeLine() throws -> String {
        while true {
            if let end = pending.firstIndex(of: 10) {
                let line = pending[..<end].filter { $0 != 13 }
                pending.removeSubrange(...end)
                return String(decoding: line, as: UTF8.self)
            }
            guard try fill() else { throw Failure(description: "closed within a line") }
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while pending.count < count {
            guard try fill() else { throw Failure(description: "closed within a body") }
        }
        let taken = Array(pending[..<count])
        pending.removeSubrange(..<count)
        return taken
    }

    private func fill() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let got = recv(socket, &buffer, buffer.count, 0)
        guard got >= 0 else { throw Failure(description: "recv: \(errno)") }
        pending += buffer[..<got]
        return got > 0
    }
}

/// Runs what blocks on a thread of its own: tests share few threads with the tasks they wait for.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
    }
}

/// Opened once, from any thread; waiting for it is bounded.
final class Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func open() { semaphore.signal() }
    /// False after a minute, which is long on the busiest machine.
    func wait() -> Bool { semaphore.wait(timeout: .now() + 60) == .success }
}

/// A value that several threads share.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>
    init(_ value: Value) { mutex = Mutex(value) }
    func withLock<R: Sendable>(_ body: (inout Value) -> R) -> R { mutex.withLock { body(&$0) } }
    var value: Value { withLock { $0 } }
}

/// A started server that stops when the test lets it go.
func serve(
    _ configure: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ accept: @escaping @Sendable (RequestHead) -> Acceptance
) throws -> HTTPServer {
    var configuration = HTTPServerConfiguration()
    configuration.threads = 2
    configure(&configuration)
    let server = HTTPServer(configuration, accept: accept)
    try server.start()
    return server
}

func text(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> Response {
    Response(
        status: status, headers: [("Content-Type", "text/plain")] + headers, body: .bytes(Array(text.utf8)))
}

/// Answers with the body's size.
@Sendable func countBody(_ request: Request) -> Reply {
    switch request.body {
    case .empty: .now(text("0"))
    case .bytes(let bytes): .now(text("\(bytes.count)"))
    case .spooled(let body): .now(text("\(body.size)"))
    }
}

func temporaryFolder() throws -> String {
    var template = Array("/tmp/bureau-http-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Client.Failure(description: "mkdtemp: \(errno)") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
