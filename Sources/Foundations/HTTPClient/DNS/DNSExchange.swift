internal import CCurl
internal import CResolv
internal import Glibc
internal import Telemetry

/// A question over the wire, and its answer (RFC 1035 §4.2): by datagrams, and by a stream where the answer is too
/// long for one. Not the library's own way of asking, which counts in seconds, waits for streams without limit, and
/// tells a server that fails from one that is silent by chance only.
struct DNSExchange {
    private static let headSize = 12
    private static let passes = 2

    let question: [UInt8]
    let servers: [sockaddr_storage]
    let deadline: Instant

    /// `nil` where the name cannot be asked for.
    init?(_ name: String, _ type: Int32, _ servers: [sockaddr_storage], until deadline: Instant) {
        var bytes = [UInt8](repeating: 0, count: 512)
        let size = unsafe bureau_resolv_question(name, type, &bytes, Int32(bytes.count))
        guard size > Self.headSize else { return nil }
        (question, self.servers, self.deadline) = (Array(bytes[..<Int(size)]), servers, deadline)
    }

    /// Asks one server after the other, and each once more.
    func answer() throws(DNSError) -> [UInt8] {
        let start = Instant.steadyClock()
        let tries = Self.passes * servers.count
        var last = DNSError.timeout
        for index in 0..<tries {
            let share = (deadline - start).microseconds / Int64(tries)
            let until = start + .microseconds(share * Int64(index + 1))
            switch ask(servers[index % servers.count], until: until) {
            case .success(let answer) where answer[3] & 15 == 0: return answer
            case .success(let answer) where answer[3] & 15 == 3: throw .noSuchDomain
            case .success, .failure(.serverFailure): last = .serverFailure
            case .failure: break
            }
        }
        throw tries == 0 ? .serverFailure : last
    }

    private func ask(_ server: sockaddr_storage, until: Instant) -> Result<[UInt8], DNSError> {
        do throws(DNSError) {
            let answer = try datagram(DNSSocket(SOCK_DGRAM, server, until))
            // It was cut: a stream has room.
            return .success(answer[2] & 2 == 0 ? answer : try stream(DNSSocket(SOCK_STREAM, server, until)))
        } catch {
            return .failure(error)
        }
    }

    private func datagram(_ socket: DNSSocket) throws(DNSError) -> [UInt8] {
        try socket.write(question)
        while true {
            let answer = try socket.read(upTo: 65_535)
            // Others may send something here, too.
            if isAnswer(answer) { return answer }
        }
    }

    private func stream(_ socket: DNSSocket) throws(DNSError) -> [UInt8] {
        let size = UInt16(question.count)
        try socket.write([UInt8(size >> 8), UInt8(size & 0xFF)] + question)
        var bytes: [UInt8] = []
        while bytes.count < 2 || bytes.count < 2 + (Int(bytes[0]) << 8 | Int(bytes[1])) {
            let part = try socket.read(upTo: 65_535)
            guard !part.isEmpty else { throw .serverFailure }
            bytes += part
        }
        let answer = Array(bytes[2..<(2 + (Int(bytes[0]) << 8 | Int(bytes[1])))])
        guard isAnswer(answer) else { throw .serverFailure }
        return answer
    }

    /// It has the question's number, is an answer, and repeats the question, whose letters may have changed size.
    private func isAnswer(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= question.count, bytes[..<2] == question[..<2], bytes[2] & 0x80 != 0 else {
            return false
        }
        func folded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
            bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        }
        let (head, end) = (Self.headSize, question.count)
        return folded(bytes[head..<end]) == folded(question[head..<end])
    }
}

/// A socket that is connected to one server, and has its time.
private final class DNSSocket {
    private let socket: Int32
    private let until: Instant

    init(_ kind: __socket_type, _ server: sockaddr_storage, _ until: Instant) throws(DNSError) {
        self.until = until
        let flags = Int32(kind.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        socket = Glibc.socket(Int32(server.ss_family), flags, 0)
        let size =
            Int32(server.ss_family) == AF_INET6
            ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        let code = unsafe withUnsafeBytes(of: server) { bytes in
            unsafe bytes.withMemoryRebound(to: sockaddr.self) {
                unsafe connect(socket, $0.baseAddress, socklen_t(size))
            }
        }
        guard socket >= 0, code == 0 || errno == EINPROGRESS else { throw .serverFailure }
        if code != 0 { try wait(POLLOUT) }
    }

    deinit { close(socket) }

    /// Writes bytes at once, or not at all: they are few here.
    func write(_ bytes: [UInt8]) throws(DNSError) {
        let count = unsafe send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        guard count == bytes.count else { throw .serverFailure }
    }

    func read(upTo max: Int) throws(DNSError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: max)
        while true {
            let count = unsafe recv(socket, &buffer, buffer.count, 0)
            if count >= 0 { return Array(buffer[..<count]) }
            guard errno == EAGAIN || errno == EINTR else { throw .serverFailure }
            try wait(POLLIN)
        }
    }

    private func wait(_ events: Int32) throws(DNSError) {
        let left = (until - .steadyClock()).milliseconds
        var waited = pollfd(fd: socket, events: Int16(events), revents: 0)
        guard left > 0, unsafe poll(&waited, 1, Int32(min(left, 600_000))) != 0 else { throw .timeout }
    }
}
