internal import CMicroHTTPD
internal import Glibc
internal import Synchronization
internal import Telemetry

/// One socket and, one after the other, its requests.
///
/// Unchecked: what is not `let`, atomic or under `gate` is touched by the connection's thread only,
/// and `notes` by the sweep's only.
final class Connection: @unchecked Sendable {
    /// Where the request is, as far as deadlines go.
    enum Phase: UInt64 { case head, body, spooling, busy, streaming }

    private enum Stage {
        case waiting
        /// The body is dropped, then this is answered.
        case refusing(Response)
        case receiving(@Sendable (Request) -> Reply)
        case suspended
        case answered
        /// The refusal is on the wire and the client still sends: closing now would reset the
        /// connection, and the client might never see the refusal.
        case lingering
    }

    private enum Collector {
        case drop
        case buffer
        case spool(SpoolWriter)
    }

    /// The state that other threads may touch.
    struct Gate: ~Copyable {
        var isOpen = true
        var suspended: ConnectionHandle?
        var serial: UInt64 = 0
        var answer: (@Sendable () -> Response)?
        var stream: ResponseStream?
    }

    /// Bytes of a refused body that are read to keep the connection.
    private static let dropMax: Int64 = 256 * 1024
    /// Bytes of a refused body that are read so that the refusal arrives.
    private static let lingerMax: Int64 = 64 * 1024 * 1024

    let core: ServerCore
    let socket: Int32
    let peer: RemoteAddress
    let gate = Mutex(Gate())
    /// The request's number and its phase.
    let progress = Atomic<UInt64>(0)
    /// Bytes of the present body.
    let received = Atomic<Int64>(0)
    var notes: SweepNotes
    /// The reader that checks the bytes before the library sees them.
    var framing: FramingReader

    private var stage = Stage.waiting
    private var collector = Collector.drop
    private var head: RequestHead?
    private var serial: UInt64 = 0
    private var target: [UInt8] = []
    private var buffer: [UInt8] = []
    private var bodyBytes: Int64 = 0
    private var bodyBytesMax: Int64 = 0
    private var hasUsedGate = false
    /// The number of requests whose head has been handed to the handler.
    private var begun = 0

    init(core: ServerCore, socket: Int32, peer: RemoteAddress) {
        (self.core, self.socket, self.peer) = (core, socket, peer)
        notes = SweepNotes(openedAt: monotonicNow())
        framing = FramingReader(core.configuration.limits)
    }

    var phase: Phase { Phase(rawValue: progress.load(ordering: .relaxed) & 7)! }

    private func enter(_ phase: Phase) { progress.store(serial << 3 | phase.rawValue, ordering: .relaxed) }

    /// The raw target, before the library decodes it in place (it takes %00 for the end of the path).
    func noteTarget(_ text: UnsafePointer<CChar>) {
        target.removeAll(keepingCapacity: true)
        unsafe target.append(contentsOf: UnsafeRawBufferPointer(start: text, count: strlen(text)))
        for place in target.indices where target[place] == FramingReader.questionMark {
            target[place] = UInt8(ascii: "?")
        }
    }

    /// The library's handler: called with the head, then with each part of the body, then at its end.
    /// False breaks the connection off.
    func handle(
        _ mhd: OpaquePointer, _ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>,
        _ bytes: UnsafePointer<CChar>?, _ size: UnsafeMutablePointer<Int>
    ) -> Bool {
        if case .waiting = stage { return unsafe begin(mhd, method, version) }
        let count = unsafe size.pointee
        guard count > 0 else { return unsafe complete(mhd) }
        unsafe size.pointee = 0
        return unsafe receive(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// The request is over, answered or not.
    func end() {
        stage = .waiting
        collector = .drop
        head = nil
        if !buffer.isEmpty { buffer = [] }
        if hasUsedGate {
            hasUsedGate = false
            let unsent = gate.withLock {
                $0.stream = nil
                $0.suspended = nil
                return $0.answer.take()
            }
            unsent?().abandon()
        }
        serial += 1
        enter(.head)
    }

    /// The socket is about to be closed: its number may soon be another's.
    func close() { gate.withLock { $0.isOpen = false } }

    // MARK: Head

    private func begin(
        _ mhd: OpaquePointer, _ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>
    ) -> Bool {
        enter(.busy)
        let number = begun
        begun += 1
        // A head that the framing reader has not seen is not to be trusted.
        guard let framing = self.framing.takeFraming() else {
            return unsafe refuseAndClose(mhd, .unanswered, nil)
        }
        if let refusal = self.framing.refusal, refusal.request == number, !refusal.isInBody {
            return unsafe refuseAndClose(mhd, refusal.fault, nil)
        }
        let captured = unsafe target.withUnsafeBytes {
            unsafe mhd_capture(mhd, $0.baseAddress, UInt32($0.count))
        }
        let version: RequestHead.HTTPVersion = unsafe strcmp(version, "HTTP/1.1") == 0 ? .http11 : .http10
        let head = unsafe RequestHead(
            captured: captured, method: methodName(method), version: version, peer: peer,
            trusting: core.configuration.trustedProxies)
        if let fault = head.targetFault { return unsafe refuseAndClose(mhd, fault, nil) }
        let limit = core.configuration.limits.queryItemsMax
        guard head.query.count <= limit else {
            return unsafe refuseAndClose(mhd, .tooManyParameters(limit: limit), head)
        }
        self.head = head

        switch core.accept(head) {
        case .reject(let response): return unsafe refuse(mhd, response, framing)
        case .proceed(let policy, let handler):
            if framing.hasBody {
                let limit = policy.limit ?? Self.dropMax
                if let length = framing.length, length > limit {
                    return unsafe refuse(
                        mhd, core.configuration.fault(.bodyTooLarge(limit: limit), head), framing)
                }
                expectBody(policy, limit: limit, length: framing.length)
            } else if case .buffered = policy {
                collector = .buffer
            }
            stage = .receiving(handler)
            return true
        }
    }

    /// Queues a response that closes the connection; one that is queued on the handler's first call would end the
    /// connection anyway.
    private func refuseAndClose(_ mhd: OpaquePointer, _ fault: HTTPFault, _ head: RequestHead?) -> Bool {
        unsafe send(mhd, core.prepare(core.configuration.fault(fault, head), head, closing: true))
    }

    private func refuse(_ mhd: OpaquePointer, _ response: Response, _ framing: Framing) -> Bool {
        if framing.hasBody {
            if framing.expectsContinue {
                return unsafe send(mhd, core.prepare(response, head, closing: true))
            }
            expectBody(.none, limit: Self.dropMax, length: nil)
            if let length = framing.length, length > Self.dropMax { return refuseOnTheWire(response) }
        }
        stage = .refusing(response)
        return true
    }

    // MARK: Body

    /// The fault of the chunks of the present request's body, as far as they have arrived.
    private var bodyFault: HTTPFault? {
        guard let refusal = framing.refusal, refusal.isInBody, refusal.request == begun - 1 else {
            return nil
        }
        return refusal.fault
    }

    private func expectBody(_ policy: BodyPolicy, limit: Int64, length: Int64?) {
        bodyBytes = 0
        bodyBytesMax = limit
        received.store(0, ordering: .relaxed)
        switch policy {
        case .none: collector = .drop
        case .buffered:
            collector = .buffer
            // Not all of it: the client has only said that it will send so much.
            if let length { buffer.reserveCapacity(Int(min(length, 65_536))) }
        case .spooled:
            let digest = core.configuration.makeBodyDigest?()
            collector = .spool(SpoolWriter(directory: core.configuration.spoolDirectory, digest: digest))
            return enter(.spooling)
        }
        enter(.body)
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bodyBytes += Int64(bytes.count)
        received.store(bodyBytes, ordering: .relaxed)
        if let fault = bodyFault {
            if case .lingering = stage { return true }
            collector = .drop
            return refuseOnTheWire(core.configuration.fault(fault, head))
        }
        guard bodyBytes <= bodyBytesMax else { return exceed() }
        switch collector {
        case .drop: break
        case .buffer: unsafe buffer.append(contentsOf: bytes)
        case .spool(let writer): unsafe writer.write(bytes)
        }
        return true
    }

    /// Only a body that did not tell its length comes here: a little more may end it, and the
    /// connection lives.
    private func exceed() -> Bool {
        switch stage {
        case .receiving:
            let refusal = core.configuration.fault(.bodyTooLarge(limit: bodyBytesMax), head)
            buffer = []
            collector = .drop
            bodyBytesMax += Self.dropMax
            enter(.body)
            guard bodyBytes <= bodyBytesMax else { return refuseOnTheWire(refusal) }
            stage = .refusing(refusal)
            return true
        case .refusing(let refusal): return refuseOnTheWire(refusal)
        case .waiting, .suspended, .answered, .lingering: return false
        }
    }

    /// Answers in the middle of a body, past the library, which would wait for its end.
    private func refuseOnTheWire(_ response: Response) -> Bool {
        guard sendRaw(core.render(response, head)) else { return false }
        shutdown(socket, Int32(SHUT_WR))
        stage = .lingering
        bodyBytes = 0
        bodyBytesMax = Self.lingerMax
        return true
    }

    /// Sends what fits the socket's buffer at once; false where it does not.
    func sendRaw(_ bytes: [UInt8]) -> Bool {
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        return unsafe bytes.withUnsafeBytes { unsafe Glibc.send(socket, $0.baseAddress, $0.count, flags) }
            == bytes.count
    }

    // MARK: Answer

    private func complete(_ mhd: OpaquePointer) -> Bool {
        if let fault = bodyFault, let head {
            if case .suspended = stage {} else { return unsafe refuseAndClose(mhd, fault, head) }
        }
        switch stage {
        case .refusing(let response): return unsafe send(mhd, core.prepare(response, head))
        case .receiving(let handler):
            guard let head else { return false }
            let body: RequestBody
            switch collector {
            case .drop: body = .empty
            case .buffer: body = buffer.isEmpty ? .empty : .bytes(exchange(&buffer, with: []))
            case .spool(let writer):
                guard let spooled = writer.finish() else {
                    let fault = HTTPFault.spoolFailed(writer.failure ?? SystemFault(0))
                    return unsafe send(mhd, core.prepare(core.configuration.fault(fault, head), head))
                }
                body = .spooled(spooled)
            }
            enter(.busy)
            switch handler(Request(head: head, body: body)) {
            case .now(let response): return unsafe send(mhd, core.prepare(response, head))
            case .later(let work): return unsafe suspend(mhd, head, work)
            }
        case .suspended:
            guard let answer = gate.withLock({ $0.answer.take() }) else { return false }
            return unsafe send(mhd, core.prepare(answer(), head))
        case .waiting, .answered, .lingering: return false
        }
    }

    private func suspend(_ mhd: OpaquePointer, _ head: RequestHead, _ work: (Exchange) -> Void) -> Bool {
        hasUsedGate = true
        let handle = unsafe ConnectionHandle(mhd)
        let isSuspended = gate.withLock { gate in
            // The daemon must not stop over a suspended connection: from here on none is.
            guard !core.isStopping.load(ordering: .sequentiallyConsistent) else { return false }
            gate.serial = serial
            gate.suspended = handle
            handle.suspend()
            return true
        }
        guard isSuspended else {
            return unsafe send(mhd, core.prepare(core.configuration.fault(.draining, head), head))
        }
        stage = .suspended
        work(Exchange(head: head, connection: self, serial: serial))
        return true
    }

    /// From any thread. An answer that comes too late is dropped.
    func answer(_ serial: UInt64, _ response: @escaping @Sendable () -> Response) {
        let isInTime = gate.withLock { gate in
            guard gate.serial == serial, let handle = gate.suspended else { return false }
            gate.answer = response
            gate.suspended = nil
            handle.resume()
            return true
        }
        if !isInTime { response().abandon() }
    }

    /// The server cannot wait any longer: 503 for a handler that has not answered, the end for a stream.
    func abandon() {
        let (serial, stream) = gate.withLock { gate in
            (gate.suspended == nil ? nil : gate.serial, gate.stream)
        }
        stream?.abort()
        guard let serial else { return }
        answer(serial) { [core] in core.configuration.fault(.draining, nil) }
    }

    private func send(_ mhd: OpaquePointer, _ prepared: consuming PreparedResponse) -> Bool {
        stage = .answered
        if let stream = prepared.stream {
            hasUsedGate = true
            let chunked = head?.httpVersion == .http11 ? socket : nil
            stream.attach(to: unsafe ConnectionHandle(mhd, chunked: chunked))
            enter(.streaming)
            let isStopping = gate.withLock { gate in
                gate.stream = stream
                return core.isStopping.load(ordering: .sequentiallyConsistent)
            }
            if isStopping {
                stream.abort()
            } else if core.isDraining.load(ordering: .relaxed) {
                stream.finish()
            }
        }
        return unsafe mhd_queue(mhd, prepared.status, prepared.response) != 0
    }
}

extension BodyPolicy {
    fileprivate var limit: Int64? {
        switch self {
        case .none: nil
        case .buffered(let limit): Int64(limit)
        case .spooled(let limit): limit
        }
    }
}

/// Returns the method; the usual ones need no allocation.
private func methodName(_ text: UnsafePointer<CChar>) -> String {
    for name in ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"] as [StaticString] {
        let known = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        if unsafe strcmp(text, known) == 0 { return name.description }
    }
    return unsafe String(cString: text)
}
