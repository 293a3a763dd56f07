package import Database
package import HTTPServer
package import JSON
package import Jobs
internal import Records
package import Routing
internal import Synchronization
internal import Telemetry

/// Streams for readers who get to see some of a tenant's events, each in a form that is made for them.
package final class EventFollowers: Sendable {
    private let runtime: Runtime
    /// Streams of one tenant; one more is refused.
    private let perTenantMax: Int
    private let open = Mutex<[TenantID: Int]>([:])

    package init(_ runtime: Runtime, perTenantMax: Int = 5000) {
        (self.runtime, self.perTenantMax) = (runtime, perTenantMax)
    }

    /// Subscribed before it answers: once the headers are sent, no later event is missed. `frame` says what the reader
    /// sees of an event, if anything; where it throws, the stream ends, and the reader may come again. What passes is
    /// sent under the last part of its type's name, and without an id.
    package func open(
        _ call: Call, of tenant: TenantID, as name: String = "message",
        frame: @escaping @Sendable (Event) throws -> JSON?
    ) throws -> Response {
        try enter(tenant)
        let last = call.request.head.header("Last-Event-ID") ?? call.query("last_event_id")
        let subscription: EventSubscription
        do {
            subscription = try runtime.events.subscribe(tenant, lastEventID: last)
        } catch {
            leave(tenant)
            throw error
        }
        let stream = ResponseStream(heartbeat: .init()) { subscription.cancel() }
        let runtime = runtime
        Task { [self] in
            do {
                try await stream.write(Array("retry: 2000\n\n".utf8))
                while let events = try await subscription.next() {
                    for event in events {
                        guard let data = try frame(event) else { continue }
                        let sent =
                            event.isPassing
                            ? ServerSentEvent(event: event.type.lastPart, data: data.serialized)
                            : ServerSentEvent(id: event.id, event: name, data: data.serialized)
                        try await stream.write(sent.bytes)
                    }
                }
            } catch is ResponseStream.Closed {
                // The reader has gone, or the server ends.
            } catch {
                runtime.configuration.observer.troubled("sending events to a follower", error)
            }
            stream.finish()
            subscription.cancel()
            leave(tenant)
        }
        return Response(
            status: 200,
            headers: [
                ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"),
                ("X-Accel-Buffering", "no"),
            ], body: .stream(stream))
    }

    private func enter(_ tenant: TenantID) throws(Problem) {
        let isFull = open.withLock { open in
            guard open[tenant, default: 0] < perTenantMax else { return true }
            open[tenant, default: 0] += 1
            return false
        }
        if isFull {
            throw Problem(
                .rateLimited, "The agency has \(perTenantMax) streams open already: close one first."
            ).with(
                header: "Retry-After", "15")
        }
    }

    private func leave(_ tenant: TenantID) {
        open.withLock { open in
            open[tenant, default: 1] -= 1
            if open[tenant] == 0 { open[tenant] = nil }
        }
    }
}

extension String {
    /// `typing` of `conversation.typing`.
    fileprivate var lastPart: String { split(separator: ".").last.map(String.init) ?? self }
}
