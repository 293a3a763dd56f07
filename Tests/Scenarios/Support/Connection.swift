import Glibc
import JSON

/// One TCP connection to a server on this machine. Its calls block, so it belongs on a thread of its own;
/// whoever uses it from several sees to the order.
final class Connection: @unchecked Sendable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
        /// Nothing of an answer had come: the request may be repeated on a fresh connection.
        var isEarly = false
        /// The other side said nothing for too long; it may still be at work.
        var isTimeout = false
    }

    private let socket: Int32
    private var pending: [UInt8] = []
    private var place = 0
    private(set) var isUsed = false

    /// `patience` bounds each wait for the other side.
    init(port: Int, patience: Int = 300, receiveBuffer: Int32? = nil) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var wait = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
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
        guard code == 0 else { throw Failure(description: "connect: \(errno)", isEarly: true) }
    }

    deinit { Glibc.close(socket) }

    /// Ends the connection for whichever thread reads it.
    func shutdown() { Glibc.shutdown(socket, Int32(SHUT_RDWR)) }

    /// Says that nothing more comes.
    func endSending() { Glibc.shutdown(socket, Int32(SHUT_WR)) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "send: \(errno)", isEarly: true) }
            sent += count
        }
    }

    /// The answer that comes next; `100 Continue` is passed over.
    func receive(toHEAD isHEAD: Bool = false) throws -> Answer {
        var answer = try receiveHead()
        while answer.status == 100 { answer = try receiveHead() }
        isUsed = true
        if isHEAD || answer.status == 204 || answer.status == 304 { return answer }
        if answer.header("Transfer-Encoding")?.lowercased() == "chunked" {
            while let chunk = try receiveChunk() { answer.body += chunk }
        } else if let length = answer.header("Content-Length").flatMap({ Int($0) }) {
            answer.body = try take(length)
        } else {
            while try fill() {}
            answer.body = try take(pending.count - place)
        }
        return answer
    }

    /// The status line and headers alone.
    func receiveHead() throws -> Answer {
        let first: String
        do {
            first = try takeLine()
        } catch let failure as Failure {
            throw Failure(
                description: failure.description, isEarly: pending.isEmpty && !failure.isTimeout,
                isTimeout: failure.isTimeout)
        }
        let parts = first.split(separator: " ")
        guard parts.count > 1, let status = Int(parts[1]) else {
            throw Failure(description: "no HTTP answer: \(first.prefix(100))")
        }
        var headers: [(String, String)] = []
        while true {
            let line = try takeLine()
            if line.isEmpty { return Answer(status: status, headers: headers, body: []) }
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append((line[..<colon].lowercased(), String(value)))
        }
    }

    /// `nil` for the last one.
    func receiveChunk() throws -> [UInt8]? {
        let line = try takeLine()
        guard let size = Int(line, radix: 16) else { throw Failure(description: "no chunk: \(line)") }
        let chunk = try take(size)
        _ = try take(2)
        return size == 0 ? nil : chunk
    }

    /// Returns the bytes until the end or until `limit` bytes; empty when the other side resets.
    func drain(limit: Int = .max) -> [UInt8] {
        while pending.count - place < limit, (try? fill()) == true {}
        defer { (pending, place) = ([], 0) }
        return Array(pending[place...])
    }

    /// Whether the other side has closed; does not wait.
    var isClosed: Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let got = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if got == 0 { return true }
            if got < 0 { return errno != EAGAIN }
        }
    }

    private func takeLine() throws -> String {
        var searched = place
        while true {
            if let end = pending[searched...].firstIndex(of: 10) {
                let line = pending[place..<end].filter { $0 != 13 }
                place = end + 1
                return String(decoding: line, as: UTF8.self)
            }
            searched = pending.count
            let before = place
            guard try fill() else { throw Failure(description: "closed within a line") }
            searched -= before - place
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while pending.count - place < count {
            guard try fill() else { throw Failure(description: "closed within a body") }
        }
        let taken = Array(pending[place..<place + count])
        place += count
        return taken
    }

    private func fill() throws -> Bool {
        if place == pending.count { (pending, place) = ([], 0) }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let got = recv(socket, &buffer, buffer.count, 0)
        guard got >= 0 else { throw Failure(description: "recv: \(errno)", isTimeout: errno == EAGAIN) }
        pending += buffer[..<got]
        return got > 0
    }
}

/// The server's answer.
struct Answer: Sendable, CustomStringConvertible {
    var status: Int
    /// Names in lower case.
    var headers: [(String, String)]
    var body: [UInt8]
    var duration: Duration = .zero

    var text: String { String(decoding: body, as: UTF8.self) }
    func header(_ name: String) -> String? { headers.first { $0.0 == name.lowercased() }?.1 }
    /// `null` when the body is no JSON.
    var json: JSON { (try? JSONParser.parse(body)) ?? .null }
    var code: String? { json["code"]?.text }
    var description: String { "<\(status) \(text.prefix(400))>" }
}
