import CTLS
import Foundation
import Glibc
import Synchronization

/// A server that says what a test tells it to, byte for byte, on a real socket.
package final class StandIn: Sendable {
    /// Answers on one connection, on a thread of its own; the connection ends when it returns.
    package typealias Script = @Sendable (Conversation) throws -> Void

    package let port: Int
    package let host: String
    private let listener: Int32
    private let script: Script
    private let state = Mutex(State())

    private struct State {
        var connections = 0
        var requests: [ReceivedRequest] = []
    }

    /// Listens on a free port of an address of this machine; 127.0.0.2 is one, too. One that is not up yet refuses
    /// every connection until it is started.
    package init(host: String = "127.0.0.1", isUp: Bool = true, _ script: @escaping Script) throws {
        (self.host, self.script) = (host, script)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, host, &name.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        port = try withUnsafeMutablePointer(to: &name) { name in
            try name.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard bind(listener, address, size) == 0,
                    getsockname(listener, address, &size) == 0
                else { throw StandInFailure("listen: \(errno)") }
            }
            return Int(in_port_t(bigEndian: name.pointee.sin_port))
        }
        if isUp { try start() }
    }

    /// Takes connections from now on.
    package func start() throws {
        guard listen(listener, 128) == 0 else { throw StandInFailure("listen: \(errno)") }
        // It listens until the process ends: a test lets go of it before the last answer has come.
        Thread { [self] in
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { break }
                state.withLock { $0.connections += 1 }
                serve(socket)
            }
            // Here and not in `stop`: the number may be another socket's the moment after.
            close(listener)
        }.start()
    }

    /// Takes no connection any more. The port stays taken until the process ends, so that no other server is met there.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        let keeper = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(keeper, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, host, &name.sin_addr)
        withUnsafePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                // It is refused while connections of the port are open, which keep it just as well.
                _ = bind(keeper, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// One answer to every request, over kept connections.
    package convenience init(
        host: String = "127.0.0.1", answering answer: @escaping @Sendable (ReceivedRequest) -> StandInAnswer
    ) throws {
        try self.init(host: host) { conversation in
            while let request = try conversation.readRequest() { try conversation.send(answer(request)) }
        }
    }

    package var url: String { "http://\(host):\(port)" }
    package var connections: Int { state.withLock { $0.connections } }
    package var requests: [ReceivedRequest] { state.withLock { $0.requests } }

    private func serve(_ socket: Int32) {
        Thread { [self] in
            let conversation = Conversation(socket) { request in
                self.state.withLock { $0.requests.append(request) }
            }
            // A client that leaves is part of many a test.
            try? script(conversation)
            close(socket)
        }.start()
    }
}

package struct StandInFailure: Error, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}

package struct ReceivedRequest: Sendable {
    package var method = "", target = ""
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8] = []

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
    package var text: String { String(decoding: body, as: UTF8.self) }
}

package struct StandInAnswer: Sendable {
    package var status: Int
    package var headers: [(String, String)]
    package var body: [UInt8]

    package init(_ status: Int = 200, _ text: String = "", headers: [(String, String)] = []) {
        (self.status, self.headers, body) = (status, headers, Array(text.utf8))
    }
}

/// One connection, as its script sees it. Its calls block.
package final class Conversation {
    private let socket: Int32
    private let note: (ReceivedRequest) -> Void
    private var pending: [UInt8] = []
    private var start = 0
    private var tls: OpaquePointer?

    init(_ socket: Int32, note: @escaping (ReceivedRequest) -> Void) {
        (self.socket, self.note) = (socket, note)
        // A test that would hang fails instead.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        // Short answers do not wait for one another.
        var isOn: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        // Writing to who has left must not end the tests.
        var broken = sigset_t()
        sigemptyset(&broken)
        sigaddset(&broken, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &broken, nil)
    }

    deinit { SSL_free(tls) }

    /// Speaks TLS from here on.
    package func secure(_ certificate: TestCertificate) throws {
        tls = SSL_new(certificate.context)
        SSL_set_fd(tls, socket)
        guard SSL_accept(tls) == 1 else { throw StandInFailure("no TLS") }
    }

    /// `nil` when the client has closed.
    package func readRequest() throws -> ReceivedRequest? {
        guard let first = try readLine() else { return nil }
        let words = first.split(separator: " ")
        guard words.count == 3 else { throw StandInFailure("no request: \(first)") }
        var request = ReceivedRequest(method: String(words[0]), target: String(words[1]))
        while let line = try readLine(), !line.isEmpty {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            let value = line[colon...].dropFirst().drop { $0 == " " }
            request.headers.append((String(line[..<colon]), String(value)))
        }
        if let count = request.header("Content-Length").flatMap({ Int($0) }) {
            request.body = try read(count)
        }
        note(request)
        return request
    }

    /// Sends an answer; more than once: in one go, though nobody has asked again.
    package func send(_ answer: StandInAnswer, times: Int = 1) throws {
        var head = "HTTP/1.1 \(answer.status) Status\r\n"
        for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
        let whole = Array("\(head)Content-Length: \(answer.body.count)\r\n\r\n".utf8) + answer.body
        try send((0..<times).flatMap { _ in whole })
    }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                let (place, left) = (bytes.baseAddress! + sent, bytes.count - sent)
                return tls == nil
                    ? Glibc.send(socket, place, left, Int32(MSG_NOSIGNAL))
                    : Int(SSL_write(tls, place, Int32(left)))
            }
            guard count > 0 else { throw StandInFailure("send: \(errno)") }
            sent += count
        }
    }

    /// The client learns at once that the connection is no more.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    /// Until the first byte has come, which is left unread.
    package func waitForByte() throws {
        var byte: UInt8 = 0
        guard start < pending.count || recv(socket, &byte, 1, Int32(MSG_PEEK)) > 0 else {
            throw StandInFailure("nothing came")
        }
    }

    /// Until the client closes.
    package func waitForEnd() { while (try? fill()) == true { (pending, start) = ([], 0) } }

    /// Returns the line without its end; `nil` when the client has closed.
    package func readLine() throws -> String? {
        try readBytesOfLine().map { String(decoding: $0.filter { $0 != 13 }, as: UTF8.self) }
    }

    /// A line as it came, but for the LF.
    package func readBytesOfLine() throws -> ArraySlice<UInt8>? {
        while true {
            if let end = pending[start...].firstIndex(of: 10) {
                defer { start = end + 1 }
                return pending[start..<end]
            }
            guard try fill() else { return nil }
        }
    }

    package func read(_ count: Int) throws -> [UInt8] {
        while pending.count - start < count {
            guard try fill() else { throw StandInFailure("closed within a body") }
        }
        defer { start += count }
        return Array(pending[start..<start + count])
    }

    private func fill() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count =
            tls == nil
            ? recv(socket, &buffer, buffer.count, 0) : Int(SSL_read(tls, &buffer, Int32(buffer.count)))
        guard count >= 0 else { throw StandInFailure("recv: \(errno)") }
        pending.removeSubrange(..<start)
        start = 0
        pending += buffer[..<count]
        return count > 0
    }
}
