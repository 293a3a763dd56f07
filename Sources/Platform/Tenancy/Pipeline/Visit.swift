internal import HTTPServer
internal import Records
internal import Routing
internal import Telemetry

/// The state of a request on its way. It is handed from thread to thread, never shared: the connection's thread fills
/// it before the handler's lane reads it.
final class Visit: @unchecked Sendable {
    /// `nil` where the server could read none.
    let knownHead: RequestHead?
    let requestID: String
    let start: Instant
    var match: Router<Route>.Match = .notFound
    var route: Route?
    var parameters: PathParameters?
    var credential: Credential?
    var verdict: Limiter.Verdict?

    var head: RequestHead {
        guard let knownHead else { preconditionFailure("a stage has run without a head") }
        return knownHead
    }

    init(_ head: RequestHead?, traceIDs: TraceIDSource, now: Instant) {
        knownHead = head
        start = now
        let trace = TraceContext(continuing: head?.header("traceparent"), ids: traceIDs)
        requestID = trace.requestID(incoming: head?.header("X-Request-Id"))
    }
}
