internal import CCurl
internal import Synchronization
internal import Telemetry

/// The one thread on which the library works. It starts with the first transfer and ends with the client;
/// everybody else leaves it messages.
final class TransferLoop: Sendable {
    private enum Message {
        case start(Transfer)
        case resolved(Transfer, Result<[IPAddress], HTTPClientError>)
        case resume(Transfer)
        case cancel(Transfer)
    }

    private struct Inbox {
        var messages: [Message] = []
        var isStarted = false
        var isStopped = false
        /// While the thread works; waking it is possible under this lock only.
        var multi: Multi?
    }

    private let configuration: HTTPClientConfiguration
    let resolver: NameResolver
    private let inbox = Mutex(Inbox())

    init(_ configuration: HTTPClientConfiguration) {
        self.configuration = configuration
        resolver = NameResolver(lookUp: configuration.lookUp)
    }

    /// The answer to a transfer, or its head where it is streamed.
    func run(_ request: HTTPClientRequest, until deadline: Instant) async throws -> HTTPClientResponse {
        try await run(Transfer(request, deadline: deadline, isStreamed: false, configuration))
    }

    /// The answer's head; the transfer goes on.
    func begin(
        _ request: HTTPClientRequest, until deadline: Instant
    ) async throws -> (HTTPClientResponse, Transfer) {
        let transfer = Transfer(request, deadline: deadline, isStreamed: true, configuration)
        return (try await run(transfer), transfer)
    }

    private func run(_ transfer: Transfer) async throws -> HTTPClientResponse {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                transfer.await(continuation)
                post(.start(transfer))
            }
        } onCancel: {
            cancel(transfer)
        }
    }

    func resume(_ transfer: Transfer) { post(.resume(transfer)) }

    /// Ends a transfer, if it has not ended.
    func cancel(_ transfer: Transfer) {
        transfer.isCancelled.store(true, ordering: .relaxed)
        post(.cancel(transfer))
    }

    func stop() {
        inbox.withLock { inbox in
            inbox.isStopped = true
            inbox.multi?.wake()
        }
    }

    private func post(_ message: Message) {
        enum Step { case none, start, refuse }
        let step: Step = inbox.withLock { inbox in
            if inbox.isStopped, !inbox.isStarted { return .refuse }
            if inbox.isStopped, inbox.multi == nil { return .refuse }
            inbox.messages.append(message)
            inbox.multi?.wake()
            defer { inbox.isStarted = true }
            return inbox.isStarted ? .none : .start
        }
        if case .refuse = step, case .start(let transfer) = message {
            transfer.finish(.failure(HTTPClientError.closed))
        }
        if case .start = step { OwnThread { [self] in work() }.start() }
    }

    // MARK: On the thread

    private func work() {
        let multi = Multi()
        multi.limit(connections: configuration.connectionsMax, perHost: configuration.connectionsPerHostMax)
        inbox.withLock { $0.multi = multi }
        var active: [ObjectIdentifier: Transfer] = [:]
        while true {
            let (messages, isStopped) = inbox.withLock { inbox in
                defer { inbox.messages = [] }
                if inbox.isStopped { inbox.multi = nil }
                return (inbox.messages, inbox.isStopped)
            }
            for message in messages { handle(message, multi, &active) }
            if isStopped { break }
            multi.perform()
            while let (context, result) = unsafe multi.nextEnded() {
                let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                let hasSent = transfer.easy?.hasSent ?? false
                remove(transfer, multi, &active)
                transfer.end(result, hasSent: hasSent)
            }
            multi.wait(until: expireLookups(multi, &active))
        }
        for transfer in active.values {
            if let easy = transfer.easy.take() { multi.remove(easy.curl) }
            transfer.finish(.failure(HTTPClientError.closed))
        }
    }

    private func handle(_ message: Message, _ multi: Multi, _ active: inout [ObjectIdentifier: Transfer]) {
        switch message {
        case .start(let transfer):
            active[ObjectIdentifier(transfer)] = transfer
            if transfer.isCancelled.load(ordering: .relaxed) {
                finish(transfer, CancellationError(), multi, &active)
            } else {
                start(transfer, multi, &active)
            }
        case .resolved(let transfer, let result):
            // It may have ended meanwhile.
            guard active[ObjectIdentifier(transfer)] != nil else { return }
            connect(transfer, result, multi, &active)
        case .resume(let transfer): transfer.easy?.resume()
        case .cancel(let transfer):
            guard active[ObjectIdentifier(transfer)] != nil else { return }
            finish(transfer, CancellationError(), multi, &active)
        }
    }

    private func start(_ transfer: Transfer, _ multi: Multi, _ active: inout [ObjectIdentifier: Transfer]) {
        guard transfer.request.url.address == nil, transfer.route == nil else {
            add(transfer, pinned: nil, multi, &active)
            return
        }
        let request = transfer.request
        transfer.lookupDeadline = min(transfer.deadline, .steadyClock() + request.connectDeadline)
        resolver.resolve(request.url.host) { [self] result in post(.resolved(transfer, result)) }
    }

    private func connect(
        _ transfer: Transfer, _ found: Result<[IPAddress], HTTPClientError>, _ multi: Multi,
        _ active: inout [ObjectIdentifier: Transfer]
    ) {
        transfer.lookupDeadline = Instant(microseconds: .max)
        do {
            let addresses = try found.get()
            try transfer.check(addresses)
            add(transfer, pinned: addresses, multi, &active)
        } catch {
            finish(transfer, error, multi, &active)
        }
    }

    private func add(
        _ transfer: Transfer, pinned: [IPAddress]?, _ multi: Multi,
        _ active: inout [ObjectIdentifier: Transfer]
    ) {
        guard let easy = EasyHandle(transfer, configuration, pinned: pinned) else {
            return finish(transfer, HTTPClientError.protocol("the system is out of memory"), multi, &active)
        }
        transfer.easy = easy
        multi.add(easy.curl)
    }

    private func finish(
        _ transfer: Transfer, _ error: any Error, _ multi: Multi, _ active: inout [ObjectIdentifier: Transfer]
    ) {
        remove(transfer, multi, &active)
        transfer.finish(.failure(error))
    }

    private func remove(_ transfer: Transfer, _ multi: Multi, _ active: inout [ObjectIdentifier: Transfer]) {
        active[ObjectIdentifier(transfer)] = nil
        if let easy = transfer.easy.take() { multi.remove(easy.curl) }
    }

    /// Ends those that have waited too long for their name; answers when the next will have.
    private func expireLookups(_ multi: Multi, _ active: inout [ObjectIdentifier: Transfer]) -> Instant {
        let now = Instant.steadyClock()
        var next = Instant(microseconds: .max)
        for transfer in active.values where transfer.easy == nil {
            if transfer.lookupDeadline <= now {
                finish(transfer, HTTPClientError.dns(host: transfer.request.url.host), multi, &active)
            } else {
                next = min(next, transfer.lookupDeadline)
            }
        }
        return next
    }
}
