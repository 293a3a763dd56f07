internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Synchronization
internal import Telemetry

/// The open event streams: each sends its tenant's events as they are committed, and is closed when what it
/// was opened with is no longer good.
final class EventStreams: Sendable {
    /// Streams of one tenant; one more is refused.
    private static let perTenantMax = 5000
    private static let checkInterval: Duration = .seconds(15)

    private struct Open {
        let stream: ResponseStream
        let principal: Principal
    }

    private struct State {
        var open: [TenantID: [ObjectIdentifier: Open]] = [:]
        var isWatching = false
    }

    private let runtime: Runtime
    private let isStillSignedIn: @Sendable (Principal) -> Bool
    private let state = Mutex(State())
    private let latest = Mutex(LatestFrame())

    init(_ runtime: Runtime, isStillSignedIn: @escaping @Sendable (Principal) -> Bool) {
        (self.runtime, self.isStillSignedIn) = (runtime, isStillSignedIn)
        runtime.database.listen("credentials") { [weak self] tenant in
            self?.credentialsChanged(of: TenantID(rawValue: tenant))
        }
    }

    /// Subscribed before it answers: once the headers are sent, no later event is missed.
    func open(_ call: Call) throws -> Response {
        guard let principal = call.principal else { throw Problem(.unauthenticated) }
        let types = try EventTypes(call.query("types"))
        let (tenant, runtime) = (call.tenant, runtime)
        let last = call.request.head.header("Last-Event-ID") ?? call.query("last_event_id")
        let subscription = try runtime.events.subscribe(tenant, lastEventID: last)
        let stream = ResponseStream(heartbeat: .init()) { subscription.cancel() }
        do {
            try add(stream, of: principal, tenant)
        } catch {
            subscription.cancel()
            throw error
        }
        Task { [self] in
            await send(
                subscription, of: tenant, to: stream, types, EventReading(principal), principal.limit)
            remove(stream, tenant)
        }
        return Response(
            status: 200,
            headers: [
                ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"),
                ("X-Accel-Buffering", "no"),
            ], body: .stream(stream))
    }

    /// Until either side ends. Each write waits until the reader has taken most of what came before; what
    /// happens meanwhile waits in the table.
    private func send(
        _ subscription: EventSubscription, of tenant: TenantID, to stream: ResponseStream,
        _ types: EventTypes,
        _ reading: EventReading, _ limit: RowLimit?
    ) async {
        do {
            // A reader learns at once that it is connected, and proxies pass the headers on.
            try await stream.write(Array("retry: 2000\n\n".utf8))
            while let events = try await subscription.next() {
                var shown = events.filter { types.contains($0.type) }
                if let limit, !shown.isEmpty {
                    shown = try runtime.database.read(tenant) { reader in
                        try shown.filter {
                            try limit.sees(subject: $0.subject.type, $0.subject.id, in: reader)
                        }
                    }
                }
                let frames = try shown.flatMap { try frame(of: $0, tenant, reading) }
                if !frames.isEmpty { try await stream.write(frames) }
            }
        } catch is ResponseStream.Closed {
            // The reader has gone, its credential is no longer good, or the server ends.
        } catch {
            runtime.configuration.observer.troubled("sending events to a stream", error)
        }
        stream.finish()
        subscription.cancel()
    }

    /// All who follow an agency ask for the frame of an event within a moment: it is made for the first of them. Two
    /// sandboxes of one seed have events of the same ids.
    private func frame(of event: Event, _ tenant: TenantID, _ reading: EventReading) throws -> [UInt8] {
        if event.isPassing { return event.frame(nil) }
        let key = LatestFrame.Key(tenant: tenant, id: event.id, reading: reading)
        if let last = latest.withLock({ $0.key == key ? $0.frame : nil }) { return last }
        let record = try runtime.database.read(tenant) { reader in
            try runtime.eventCatalog?.records(of: [event], for: reading, in: reader)[event.subject.id]
        }
        let frame = event.frame(record)
        latest.withLock { $0 = LatestFrame(key: key, frame: frame) }
        return frame
    }

    private struct LatestFrame {
        struct Key: Equatable {
            let tenant: TenantID, id: String
            let reading: EventReading
        }

        var key: Key?
        var frame: [UInt8] = []
    }

    // MARK: Whose they are

    private func add(_ stream: ResponseStream, of principal: Principal, _ tenant: TenantID) throws(Problem) {
        let startsWatch = try state.withLock { state throws(Problem) in
            guard state.open[tenant, default: [:]].count < Self.perTenantMax else {
                throw Problem(
                    .rateLimited, "The agency has \(Self.perTenantMax) streams open already: close one first."
                ).with(
                    header: "Retry-After", "15")
            }
            state.open[tenant, default: [:]][ObjectIdentifier(stream)] = Open(
                stream: stream, principal: principal)
            defer { state.isWatching = true }
            return !state.isWatching
        }
        if startsWatch { Task { [self] in await watch() } }
        // The credential was good when the request came; a revocation since then was not told to this stream.
        guard isStillSignedIn(principal) else {
            remove(stream, tenant)
            throw Problem(.unauthenticated)
        }
    }

    private func remove(_ stream: ResponseStream, _ tenant: TenantID) {
        state.withLock { state in
            state.open[tenant]?[ObjectIdentifier(stream)] = nil
            if state.open[tenant]?.isEmpty == true { state.open[tenant] = nil }
        }
    }

    /// On the writer's thread: the looking up happens elsewhere.
    private func credentialsChanged(of tenant: TenantID) {
        guard state.withLock({ $0.open[tenant] != nil }) else { return }
        Task { [self] in check(state.withLock { Array($0.open[tenant, default: [:]].values) }) }
    }

    /// Checks the open streams at intervals: what expires does so without a notification. Ends when no stream is open.
    private func watch() async {
        while true {
            await runtime.configuration.wait(runtime.configuration.steadyClock() + Self.checkInterval)
            let open = state.withLock { state in
                if state.open.isEmpty { state.isWatching = false }
                return state.open.values.flatMap(\.values)
            }
            if open.isEmpty { return }
            check(open)
        }
    }

    private func check(_ open: [Open]) {
        for one in open where !isStillSignedIn(one.principal) { one.stream.finish() }
    }
}

extension Event {
    fileprivate func frame(_ record: JSON?) -> [UInt8] {
        var writer = JSONWriter()
        write(into: &writer, record: record)
        return ServerSentEvent(
            id: isPassing ? nil : id, event: type, data: String(decoding: writer.bytes, as: UTF8.self)
        ).bytes
    }
}
