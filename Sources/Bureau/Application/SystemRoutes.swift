internal import Cryptography
internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import Synchronization
internal import Telemetry
internal import Tenancy

/// The parts of the system that the routes below look at.
struct SystemParts: Sendable {
    let configuration: Configuration
    let metrics: Metrics
    let database: Database
    let pulse: Pulse
    let backups: Backups
    let permissions: PermissionCatalog
    let startedAt: Instant
    let work: WorkCounts

    package init(
        _ configuration: Configuration, _ metrics: Metrics, _ database: Database, _ pulse: Pulse,
        _ backups: Backups, _ permissions: PermissionCatalog, startedAt: Instant, _ work: WorkCounts
    ) {
        (self.configuration, self.metrics, self.database, self.pulse, self.backups) = (
            configuration, metrics, database, pulse, backups
        )
        (self.permissions, self.startedAt, self.work) = (permissions, startedAt, work)
    }
}

/// Routes of the installation itself. Added last: `/openapi.json` tells of every route before it, and of these.
func systemRoutes(_ routes: inout Routes, _ parts: SystemParts) {
    let readiness = Readiness(parts)
    routes.get(
        "/healthz", .anyone, "Get the liveness of the process", named: "get_health",
        .json(.schema(["status": ["type": "string"], "version": ["type": "string"]], required: ["status"]))
    ) { _ in .response(.json(["status": "ok", "version": .string(bureauVersion)])) }
    routes.get(
        "/readyz", .anyone,
        "Get the readiness of the installation; 503 with the reasons where it is not ready",
        named: "get_readiness",
        .json(
            .schema(
                ["status": ["type": "string"], "checks": ["type": "array", "items": ["type": "object"]]],
                required: ["status"]))
    ) { _ in
        .task {
            let checks = await readiness.checks()
            let isReady = checks.allSatisfy { $0.state != .failing }
            return .json(
                [
                    "status": isReady ? "ready" : "not_ready", "version": .string(bureauVersion),
                    "libraries": ["database": .string(parts.database.engineVersion)],
                    "checks": .array(checks.map(\.json)),
                ], status: isReady ? 200 : 503)
        }
    }
    routes.get(
        "/metrics", .anyone, "Get metrics for Prometheus, from this machine or with the token metrics.token",
        named: "get_prometheus_metrics",
        .media("text/plain", "The text exposition format, version 0.0.4.")
    ) { call in
        try requireWatcher(call.request.head, parts.configuration)
        return .response(
            Response(
                status: 200, headers: [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")],
                body: .bytes(parts.metrics.render())))
    }
    routes.get(
        "/problems/{code}", .anyone, "Get the explanation of a problem's code",
        .media("text/html", "The meaning of the code, and what to do.")
    ) { call in
        let code = call.parameters["code"] ?? ""
        guard let type = (ProblemType.general + ProblemType.faultCodes).first(where: { $0.code == code })
        else {
            throw Problem(.notFound)
        }
        return .response(problemPage(type))
    }
    searchRoutes(&routes)
    routes.describeResources()
    let resources = Deferred { [routes] in routes.describedResources }
    routes.get(
        "/v1/meta/resources", .tenant, "List the resources with their fields, for forms and tables",
        named: "list_resources", query: ParameterDoc.page, .list(of: .reference("ResourceDescription"))
    ) { call in .response(try call.window().page(of: resources.value)) }
    routes.schema("EventType", eventTypeSchema)
    let events = Deferred { [routes] in routes.describedEvents.map(eventType) }
    routes.get(
        "/v1/meta/events", .tenant,
        "List the types of events, each with its meaning and the schema of its data",
        named: "list_event_types", query: ParameterDoc.page, .list(of: .reference("EventType"))
    ) { call in .response(try call.window().page(of: events.value)) }
    let document = LazyDocument()
    routes.get(
        "/openapi.json", .anyone, "Get this description of the API", named: "get_openapi_document",
        .json(["type": "object"], "OpenAPI 3.1.")
    ) { call in .response(document.response(call.request.head)) }
    document.describe(routes, parts.permissions)
}

private let eventTypeSchema: JSON = .record([
    "name": ["type": "string", "description": "The name of the type in webhooks and streams."],
    "about": ["type": "string", "description": "The kind of its subject."],
    "description": ["type": "string"],
    "stored": [
        "type": "boolean",
        "description":
            "Whether the event is stored; others reach only those who follow the stream at that moment.",
    ],
    "data": ["type": "object", "description": "The JSON Schema of data."],
])

private func eventType(_ event: (doc: EventDoc, data: JSON)) -> JSON {
    [
        "name": .string(event.doc.name), "about": .string(event.doc.about),
        "description": .string(event.doc.summary), "stored": .bool(!event.doc.isPassing), "data": event.data,
    ]
}

/// Metrics tell much of an installation: they are for whoever has the token, or, where there is none, for
/// this machine. What a proxy passes on does not come from this machine.
private func requireWatcher(_ head: RequestHead, _ configuration: Configuration) throws {
    if configuration.metricsToken.isEmpty {
        let isForwarded = ["X-Forwarded-For", "Forwarded"].contains { head.header($0) != nil }
        guard head.remoteAddress.isLoopback, !isForwarded else {
            throw Problem(
                .forbidden, "Only this machine may read the metrics: set metrics.token to let others.")
        }
    } else {
        let given = head.header("Authorization") ?? ""
        guard constantTimeEqual(given, "Bearer \(configuration.metricsToken)") else {
            throw Problem(.unauthenticated, "This route needs the token metrics.token.").with(
                header: "WWW-Authenticate", "Bearer")
        }
    }
}

extension RemoteAddress {
    var isLoopback: Bool {
        let ranges = ["127.0.0.0/8", "::1/128"].compactMap { AddressRange($0) }
        return ranges.contains(self)
    }
}

private func problemPage(_ type: ProblemType) -> Response {
    .page(
        type.title,
        """
        <p>Code <code>\(escaped(type.code))</code>\(type.reference.map { " (\($0))" } ?? ""), status \(type.status).</p><p>\(escaped(type.remedy))</p>\
        <p><a href="/docs">The API</a></p>
        """)
}

/// The OpenAPI document: made when it is first asked for, then kept.
private final class LazyDocument: Sendable {
    private struct State {
        var routes = Routes()
        var permissions = PermissionCatalog([])
        var bytes: [UInt8] = []
        var tag = ""
    }

    private let state = Mutex(State())

    func describe(_ routes: Routes, _ permissions: PermissionCatalog) {
        state.withLock { ($0.routes, $0.permissions) = (routes, permissions) }
    }

    func response(_ head: RequestHead) -> Response {
        let (bytes, tag) = state.withLock { state in
            if state.bytes.isEmpty {
                state.bytes =
                    OpenAPI.document(
                        state.routes, permissions: state.permissions.json, version: bureauVersion
                    ).bytes
                state.tag = "\"\(Hex.encode(SHA256.hash(state.bytes).prefix(8)))\""
            }
            return (state.bytes, state.tag)
        }
        let headers = [("Content-Type", "application/json"), ("ETag", tag), ("Cache-Control", "no-cache")]
        return Response(status: 200, headers: headers, body: .bytes(bytes))
    }
}
