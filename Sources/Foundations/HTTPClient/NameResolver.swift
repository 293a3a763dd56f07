internal import CCurl
internal import Glibc
internal import Synchronization
internal import Telemetry

/// Turns names into addresses: on threads of its own, since the system's call blocks; who asks for a name that
/// is being asked for already waits with the others. What was found is kept for a short while.
final class NameResolver: Sendable {
    typealias Answer = @Sendable (Result<[IPAddress], HTTPClientError>) -> Void

    private static let lookupsMax = 32
    private static let keptMax = 1024
    private static let keptFor: Duration = .seconds(30)

    private struct State {
        var waiting: [String: [Answer]] = [:]
        var found: [String: (addresses: [IPAddress], until: Instant)] = [:]
    }

    private let lookUp: @Sendable (String) -> [IPAddress]
    private let state = Mutex(State())

    /// `lookUp` blocks, and finds nothing where there is nothing.
    init(lookUp: @escaping @Sendable (String) -> [IPAddress]) { self.lookUp = lookUp }

    /// Calls back once, on this thread or another.
    func resolve(_ host: String, _ answer: @escaping Answer) {
        enum Step {
            case found([IPAddress])
            case refuse, wait, ask
        }
        let step: Step = state.withLock { state in
            if let kept = state.found[host], kept.until > .steadyClock() { return .found(kept.addresses) }
            if state.waiting[host] != nil {
                state.waiting[host]?.append(answer)
                return .wait
            }
            guard state.waiting.count < Self.lookupsMax else { return .refuse }
            state.waiting[host] = [answer]
            return .ask
        }
        switch step {
        case .found(let addresses): answer(.success(addresses))
        case .refuse: answer(.failure(.dns(host: host)))
        case .wait: break
        case .ask: OwnThread { [self] in settle(host, lookUp(host)) }.start()
        }
    }

    private func settle(_ host: String, _ addresses: [IPAddress]) {
        let answers = state.withLock { state in
            if !addresses.isEmpty {
                if state.found.count >= Self.keptMax { state.found = [:] }
                state.found[host] = (addresses, .steadyClock() + Self.keptFor)
            }
            return state.waiting.removeValue(forKey: host) ?? []
        }
        for answer in answers { answer(addresses.isEmpty ? .failure(.dns(host: host)) : .success(addresses)) }
    }
}

/// The system's own resolver: its files first, then the name servers.
@Sendable func systemLookUp(_ host: String) -> [IPAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_ADDRCONFIG
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [IPAddress] = []
    var entry = unsafe list
    while let current = unsafe entry {
        if let name = unsafe current.pointee.ai_addr, let address = unsafe IPAddress(name),
            !addresses.contains(address)
        {
            addresses.append(address)
        }
        unsafe entry = current.pointee.ai_next
    }
    return addresses
}

/// A thread for what blocks. No signal is handled on it.
struct OwnThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let body: Body

    init(_ run: @escaping @Sendable () -> Void) { body = Body(run) }

    func start() {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(body).toOpaque()
        let code = unsafe pthread_create(
            &thread, nil,
            { context in
                var all = sigset_t()
                unsafe sigfillset(&all)
                unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
                unsafe Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, context)
        precondition(code == 0, "no thread can be started")
        pthread_detach(thread)
    }
}
