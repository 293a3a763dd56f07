internal import CCurl
internal import CResolv
internal import Glibc
internal import Synchronization
internal import Telemetry

/// The reason why a name has no records of a kind.
package enum DNSError: Error, Hashable, Sendable {
    /// It cannot be asked for.
    case invalidName
    /// There is no such name at all.
    case noSuchDomain
    /// The name has no record of this kind.
    case noData
    case timeout
    /// The servers did not answer the question, or could not be reached.
    case serverFailure
    /// More questions at once than this client asks.
    case busy
    case cancelled
}

/// A host that takes mail for a domain; a smaller preference comes first. An empty host says that the domain takes no
/// mail (RFC 7505).
package struct DNSMailExchange: Hashable, Sendable {
    package var preference: UInt16
    package var host: String
}

/// Asks the domain name system what stands there: other than `getaddrinfo`, no file of this machine. Names are in
/// ASCII (`xn--…`) and whole.
package final class DNSClient: Sendable {
    /// A server to ask instead of the system's.
    package struct Server: Sendable {
        package var address: IPAddress
        package var port: UInt16

        package init(_ address: IPAddress, port: UInt16 = 53) { (self.address, self.port) = (address, port) }

        fileprivate var name: sockaddr_storage {
            var name = sockaddr_storage()
            unsafe withUnsafeMutableBytes(of: &name) { bytes in
                if address.isIPv4 {
                    var v4 = sockaddr_in()
                    v4.sin_family = sa_family_t(AF_INET)
                    v4.sin_port = port.bigEndian
                    v4.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.bits).bigEndian
                    unsafe bytes.storeBytes(of: v4, as: sockaddr_in.self)
                } else {
                    var v6 = sockaddr_in6()
                    v6.sin6_family = sa_family_t(AF_INET6)
                    v6.sin6_port = port.bigEndian
                    unsafe withUnsafeMutableBytes(of: &v6.sin6_addr) {
                        unsafe $0.storeBytes(of: address.bits.bigEndian, as: UInt128.self)
                    }
                    unsafe bytes.storeBytes(of: v6, as: sockaddr_in6.self)
                }
            }
            return name
        }
    }

    private static let questionsMax = 32
    private static let waitingMax = 4096

    private struct State {
        var running = 0
        var waiting: [DNSQuestion] = []
    }

    private let servers: [Server]
    private let deadline: Duration
    private let state = Mutex(State())

    /// Makes a client; without servers, those of /etc/resolv.conf are asked. `deadline` is for an answer, whoever gives
    /// it.
    package init(servers: [Server] = [], deadline: Duration = .seconds(10)) {
        (self.servers, self.deadline) = (servers, deadline)
    }

    /// Each record's text, its parts put together (RFC 7208 §3.3).
    package func txt(_ name: String) async throws(DNSError) -> [String] {
        try await ask(name, ns_t_txt, \.text)
    }

    /// Returns the hosts that take a domain's mail, by preference.
    package func mx(_ name: String) async throws(DNSError) -> [DNSMailExchange] {
        try await ask(name, ns_t_mx, \.exchange).sorted {
            ($0.preference, $0.host) < ($1.preference, $1.host)
        }
    }

    /// Returns the addresses of a name, those of IPv4 first.
    package func addresses(_ name: String) async throws(DNSError) -> [IPAddress] {
        var found: [IPAddress] = []
        for type in [ns_t_a, ns_t_aaaa] {
            do throws(DNSError) {
                found += try await ask(name, type, \.address)
            } catch {
                guard error == .noData else { throw error }
            }
        }
        guard !found.isEmpty else { throw .noData }
        return found
    }

    /// The names that an address has.
    package func pointer(_ address: IPAddress) async throws(DNSError) -> [String] {
        let zone = address.isIPv4 ? "in-addr.arpa" : "ip6.arpa"
        return try await ask("\(address.reversed).\(zone)", ns_t_ptr, \.name)
    }

    // MARK: Asking

    /// Records of that type alone, whatever leads to them.
    private func ask<Value>(
        _ name: String, _ type: ns_type, _ read: (DNSRecord) -> Value?
    ) async throws(DNSError) -> [Value] {
        let name = name.hasSuffix(".") ? String(name.dropLast()) : name
        guard isDNSName(name) else { throw .invalidName }
        let question = DNSQuestion(name, Int32(type.rawValue), until: .steadyClock() + deadline)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                question.await(continuation)
                start(question)
            }
        } onCancel: {
            question.finish(.failure(.cancelled))
        }
        let values = try result.get().compactMap(read)
        guard !values.isEmpty else { throw .noData }
        return values
    }

    private func start(_ question: DNSQuestion) {
        enum Step { case start, wait, refuse }
        let step: Step = state.withLock { state in
            if state.running < Self.questionsMax {
                state.running += 1
                return .start
            }
            guard state.waiting.count < Self.waitingMax else { return .refuse }
            state.waiting.append(question)
            return .wait
        }
        switch step {
        case .start: OwnThread { [self] in work(question) }.start()
        case .wait: break
        case .refuse: question.finish(.failure(.busy))
        }
    }

    /// On a thread of its own, which then takes what waits.
    private func work(_ first: DNSQuestion) {
        var next: DNSQuestion? = first
        while let question = next {
            question.finish(answer(question))
            next = state.withLock { state in
                if state.waiting.isEmpty {
                    state.running -= 1
                    return nil
                }
                return state.waiting.removeFirst()
            }
        }
    }

    private func answer(_ question: DNSQuestion) -> Result<[DNSRecord], DNSError> {
        do throws(DNSError) {
            let names = servers.isEmpty ? systemServers() : servers.map(\.name)
            guard let exchange = DNSExchange(question.name, question.type, names, until: question.deadline)
            else {
                throw .invalidName
            }
            guard let records = DNSRecord.read(try exchange.answer(), question.type) else {
                throw .serverFailure
            }
            return .success(records)
        } catch {
            return .failure(error)
        }
    }
}

extension IPAddress {
    /// The address as the domain name system has it in names: `1.2.0.192` of 192.0.2.1, an IPv6 address by its digits.
    package var reversed: String {
        guard isIPv4 else {
            let digits = (0..<32).map {
                String(UInt8(truncatingIfNeeded: bits >> UInt128(4 * $0)) & 15, radix: 16)
            }
            return digits.joined(separator: ".")
        }
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt128(8 * $0)) }
        return bytes.map { "\($0)" }.joined(separator: ".")
    }
}

/// They are read each time: the network may have changed.
private func systemServers() -> [sockaddr_storage] {
    var names = [sockaddr_storage](repeating: sockaddr_storage(), count: Int(MAXNS))
    let count = unsafe bureau_resolv_servers(&names, Int32(names.count))
    return Array(names[..<Int(count)])
}

/// One question, answered once: by whoever is first.
private final class DNSQuestion: Sendable {
    typealias Answer = Result<[DNSRecord], DNSError>

    private enum State {
        case new
        case asked(CheckedContinuation<Answer, Never>)
        case answered(Answer)
    }

    let name: String
    let type: Int32
    let deadline: Instant
    private let state = Mutex(State.new)

    init(_ name: String, _ type: Int32, until deadline: Instant) {
        (self.name, self.type, self.deadline) = (name, type, deadline)
    }

    func await(_ continuation: CheckedContinuation<Answer, Never>) {
        let early: Answer? = state.withLock { state in
            if case .answered(let answer) = state { return answer }
            state = .asked(continuation)
            return nil
        }
        if let early { continuation.resume(returning: early) }
    }

    func finish(_ answer: Answer) {
        let continuation: CheckedContinuation<Answer, Never>? = state.withLock { state in
            defer { if case .answered = state {} else { state = .answered(answer) } }
            if case .asked(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume(returning: answer)
    }
}

/// Labels of up to 63 characters that a domain's name can have, underscores included.
private func isDNSName(_ name: String) -> Bool {
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return name.utf8.count <= 253
        && labels.allSatisfy { label in
            (1...63).contains(label.count)
                && label.allSatisfy { byte in
                    switch byte | 0x20 {
                    case 0x61...0x7A: true
                    default: (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
                    }
                }
        }
}
