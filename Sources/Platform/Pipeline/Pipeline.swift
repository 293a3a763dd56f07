internal import Cryptography
internal import Database
package import HTTPServer
internal import JSON
package import Records
internal import Runtime
internal import Synchronization
package import Telemetry

/// Carries every request from its head to its answer, through the stages below.
package final class Pipeline: Sendable {
    let services: PlatformServices
    let router: Router<Route>
    let authentication: Authentication
    let addresses: AddressLimiter
    let metrics: RequestMetrics
    let traceIDs = TraceIDSource()
    private let closings = Limiter()
    private static let closingsAllowed = Allowance(perMinute: 1200, burst: 100)
    /// Pages and their files: asked when no route matches a GET.
    let pages: @Sendable (RequestHead) -> Response?

    package init(
        _ services: PlatformServices, _ routes: Routes, metrics: Metrics,
        pages: @escaping @Sendable (RequestHead) -> Response?
    ) {
        self.services = services
        var router = Router<Route>()
        for route in routes.all { router.add(route.method, route.pattern, route) }
        self.router = router
        authentication = Authentication(services)
        addresses = AddressLimiter(
            Allowance(
                perMinute: services.settings.anonymousRequestsPerMinute,
                burst: services.settings.anonymousBurst))
        self.metrics = RequestMetrics(metrics, routes)
        self.pages = pages
    }

    /// What happens to a request before its body is read.
    package func accept(_ head: RequestHead) -> Acceptance {
        let visit = Visit(head, traceIDs: traceIDs, now: services.now())
        do {
            if head.method == "OPTIONS" { return .reject(finish(visit, preflight(visit))) }
            findRoute(visit)
            try authenticate(visit)
            try limitRate(visit)
            try requireRoute(visit)
            try authorise(visit)
            try checkContentType(visit)
            try checkQuery(visit)
        } catch let page as PageAnswer {
            return .reject(finish(visit, page.response))
        } catch {
            return .reject(finish(visit, answer(to: error, visit)))
        }
        guard let route = visit.route else {
            return .reject(finish(visit, answer(to: Problem(.notFound), visit)))
        }
        return .proceed(policy(route)) { [self] request in handle(request, visit, route) }
    }

    private func policy(_ route: Route) -> BodyPolicy {
        switch route.body {
        case .none: .buffered(limit: 64 * 1024)
        case .json: .buffered(limit: services.settings.jsonBodyMax)
        case .stream: .spooled(limit: services.settings.streamBodyMax)
        case .raw(let limit): .buffered(limit: limit)
        }
    }

    // MARK: Stages

    private func findRoute(_ visit: Visit) {
        visit.match = router.match(visit.head.method, visit.head.segments)
        if case .found(let route, let parameters) = visit.match {
            visit.route = route
            visit.parameters = parameters
        }
    }

    /// Public routes take no notice of a credential: a stale one must not keep anyone from signing in.
    private func authenticate(_ visit: Visit) throws {
        if case .anyone? = visit.route?.access { return }
        visit.credential = try authentication.credential(of: visit.head, now: visit.start)
        if visit.credential == nil, visit.route != nil { throw Authentication.refused }
    }

    private func limitRate(_ visit: Visit) throws {
        if let credential = visit.credential {
            let verdict = credential.limiter.take(credential.allowance, now: visit.start)
            visit.verdict = verdict
            if !verdict.isAllowed { throw Problem.rateLimited(after: verdict.retryAfter) }
            if credential.isSuspended { throw Problem(.tenantSuspended) }
        } else if let pattern = visit.route?.pattern, pattern.hasPrefix("/v1/"),
            !pattern.hasPrefix("/v1/hooks/"), !pattern.hasPrefix(PublicKeys.chatPath)
        {
            // Doors and chats are limited by integration: a provider sends everyone's from few addresses.
            try addresses.take(visit.head.remoteAddress, now: visit.start)
        }
    }

    private func requireRoute(_ visit: Visit) throws {
        switch visit.match {
        case .found: return
        case .methodNotAllowed(let allowed):
            let methods = allowed.contains("GET") ? allowed + ["HEAD"] : allowed
            throw Problem(.methodNotAllowed).with(
                header: "Allow", (methods + ["OPTIONS"]).joined(separator: ", "))
        case .notFound:
            if visit.head.method == "GET", let page = pages(visit.head) { throw PageAnswer(response: page) }
            throw Problem(.notFound)
        }
    }

    private func authorise(_ visit: Visit) throws {
        guard let route = visit.route else { return }
        let principal = visit.credential?.principal
        switch route.access {
        case .anyone, .signedIn: return
        case .tenant:
            guard principal?.tenantID != nil else {
                throw Problem(.forbidden, "This belongs to an agency; you are signed in to none.")
            }
            // A client's people have the portal, and what is about themselves.
            let isOwn = route.pattern.hasPrefix("/v1/auth/") || route.pattern == "/v1/me"
            guard principal?.portal == nil || isOwn else { throw Problem(.forbidden) }
        case .permission(let permission):
            guard principal?.tenantID != nil, principal?.permissions.contains(permission) == true else {
                throw Problem(.forbidden, "It needs the permission \(permission.name).")
            }
        case .portal(let permission):
            guard let principal, principal.portal != nil else {
                throw Problem(
                    .forbidden, "The portal is for clients: it needs the permission \(permission.name).")
            }
            guard principal.permissions.contains(permission) else {
                throw Problem(.forbidden, "It needs the permission \(permission.name).")
            }
        case .platformAdmin:
            // Whether the path exists is the platform's own affair.
            guard principal?.isPlatformAdmin == true else {
                throw Problem(.forbidden, "It needs the role platform_admin.")
            }
        }
    }

    private func checkContentType(_ visit: Visit) throws {
        guard let route = visit.route else { return }
        let accepted: [String]
        switch route.body {
        case .none, .raw: return
        case .json where route.method == "PATCH":
            accepted = ["application/json", "application/merge-patch+json"]
        case .json: accepted = ["application/json"]
        case .stream(let types): accepted = types
        }
        let type = visit.head.header("Content-Type").map {
            String($0.prefix { $0 != ";" }).trimmed.lowercased()
        }
        let hasBody =
            visit.head.header("Content-Length").map { $0 != "0" }
            ?? (visit.head.header("Transfer-Encoding") != nil)
        if type == nil, !hasBody { return }
        guard let type, accepted.contains(type) else {
            throw Problem(.unsupportedMediaType, "Send \(accepted.joined(separator: " or ")).")
        }
    }

    /// Refuses parameters that the operation does not have. Lists tell their unknown filters themselves.
    private func checkQuery(_ visit: Visit) throws {
        guard let route = visit.route, !visit.head.query.isEmpty, !route.takesFilters,
            route.pattern.hasPrefix("/v1/") || route.pattern.hasPrefix("/api/"),
            // What services add to the addresses of hooks is their own affair.
            !route.pattern.hasPrefix("/v1/hooks/")
        else { return }
        for item in visit.head.query where !route.query.contains(where: { $0.name == item.name }) {
            throw Problem(.invalidParameter, "There is no parameter \(item.name.prefix(64)).")
        }
    }

    // MARK: Handling

    private func handle(_ request: Request, _ visit: Visit, _ route: Route) -> Reply {
        let principal = visit.credential?.principal
        let tenant = principal?.tenantID
        let commit:
            @Sendable (@escaping @Sendable (Transaction) throws -> Response) async throws -> Response = {
                [services] work in
                guard let tenant else { throw Problem(.forbidden) }
                let idempotency = try Idempotency(request, route, principal, secrets: services.secrets)
                return try await services.database.write(tenant) { tx in
                    try idempotency?.answer(in: tx, work) ?? work(tx)
                }
            }
        let call = Call(
            request: request, route: route, parameters: visit.parameters ?? .empty, principal: principal,
            requestID: visit.requestID, database: services.database, commit: commit)
        do {
            switch try route.handler(call) {
            case .response(let response): return .now(finish(visit, response))
            case .read(let body): return try read(body, visit, tenant ?? .platform)
            case .write(let body): return try write(body, call, visit, tenant ?? .platform)
            case .prepare(let body): return try prepare(body, call, visit, tenant ?? .platform)
            case .later(let start): return .later { exchange in start { self.respond(exchange, visit, $0) } }
            case .task(let body): return try run(body, call, visit, tenant)
            }
        } catch {
            return .now(finish(visit, answer(to: error, visit)))
        }
    }

    /// At once where the database is a file; on a thread that may wait where it is a server's.
    private func read(
        _ body: @escaping @Sendable (Reader) throws -> Response, _ visit: Visit, _ tenant: TenantID
    ) throws -> Reply {
        guard services.database.isOnServer else {
            return .now(finish(visit, try services.database.read(tenant) { try body($0) }))
        }
        return .later { [self] exchange in
            let isRun = services.database.whereReadsMayWait { [self] in
                do {
                    exchange.respond(finish(visit, try services.database.read(tenant) { try body($0) }))
                } catch {
                    exchange.respond(finish(visit, answer(to: error, visit)))
                }
            }
            if !isRun {
                exchange.respond(finish(visit, answer(to: DatabaseError.unavailable(.queueFull), visit)))
            }
        }
    }

    private func write(
        _ body: @escaping @Sendable (Transaction) throws -> Response, _ call: Call, _ visit: Visit,
        _ tenant: TenantID
    ) throws -> Reply {
        let idempotency = try Idempotency(call.request, call.route, call.principal, secrets: services.secrets)
        return .later { [self] in submit(body, idempotency, $0, visit, tenant) }
    }

    private func prepare(
        _ body: @escaping @Sendable (Reader) throws -> @Sendable (Transaction) throws -> Response,
        _ call: Call, _ visit: Visit, _ tenant: TenantID
    ) throws -> Reply {
        let idempotency = try Idempotency(call.request, call.route, call.principal, secrets: services.secrets)
        return .later { [self] exchange in
            let isRun = services.database.whereReadsMayWait { [self] in
                do {
                    let write = try services.database.read(tenant) {
                        reader -> @Sendable (Transaction) throws -> Response in
                        if let known = try idempotency?.stored(in: reader) { return { _ in known } }
                        return try body(reader)
                    }
                    submit(write, idempotency, exchange, visit, tenant)
                } catch {
                    respond(exchange, visit, .failure(error))
                }
            }
            if !isRun { respond(exchange, visit, .failure(DatabaseError.unavailable(.queueFull))) }
        }
    }

    private func submit(
        _ body: @escaping @Sendable (Transaction) throws -> Response, _ idempotency: Idempotency?,
        _ exchange: Exchange, _ visit: Visit, _ tenant: TenantID
    ) {
        services.database.submit(tenant) { tx in
            try idempotency?.answer(in: tx, body) ?? body(tx)
        } completion: { [self] result in
            respond(exchange, visit, result)
        }
    }

    /// On the connection's thread: the writer's has the next commit to make.
    private func respond(_ exchange: Exchange, _ visit: Visit, _ result: Result<Response, any Error>) {
        exchange.respond { [self] in
            switch result {
            case .success(let response): finish(visit, response)
            case .failure(let error): finish(visit, answer(to: error, visit))
            }
        }
    }

    private func run(
        _ body: @escaping @Sendable () async throws -> Response, _ call: Call, _ visit: Visit,
        _ tenant: TenantID?
    ) throws -> Reply {
        if let tenant,
            let idempotency = try Idempotency(
                call.request, call.route, call.principal, secrets: services.secrets),
            let known = try services.database.read(tenant, { try idempotency.stored(in: $0) })
        {
            return .now(finish(visit, known))
        }
        return .later { [self] exchange in
            Task {
                do {
                    exchange.respond(finish(visit, try await body()))
                } catch {
                    exchange.respond(finish(visit, answer(to: error, visit)))
                }
            }
        }
    }

    // MARK: Answering

    /// The problem document for whatever went wrong; the cause of what is our own fault is logged.
    private func answer(to error: any Error, _ visit: Visit) -> Response {
        let problem = (error as? any ProblemConvertible)?.problem ?? Problem(.internalError)
        if problem.type.status >= 500 {
            services.log.error(
                "a request failed",
                [
                    "request_id": .init(visit.requestID), "route": .init(visit.route?.name ?? "none"),
                    "error": .init(error),
                ])
        }
        return problem.response(requestID: visit.requestID)
    }

    /// What the server itself refuses, as a problem document.
    package func fault(_ fault: HTTPFault, _ head: RequestHead?) -> Response {
        let type: ProblemType =
            switch fault.status {
            case _ where fault == .badTarget: .notFound
            case 408: .requestTimeout
            case 413: .bodyTooLarge
            case 414: .uriTooLong
            case 431: .headersTooLarge
            case 503: .unavailable
            case 500...: .internalError
            default: .badRequest
            }
        let visit = Visit(head, traceIDs: traceIDs, now: services.now())
        return finish(visit, Problem(type, fault.detail).response(requestID: visit.requestID))
    }

    private func preflight(_ visit: Visit) -> Response {
        let found = ["GET", "POST", "PUT", "PATCH", "DELETE"].compactMap { method -> Route? in
            if case .found(let route, _) = router.match(method, visit.head.segments) { route } else { nil }
        }
        // `/v1/leads/bulk` is no lead: methods of `/v1/leads/{id}` are not its own.
        let literal = found.filter { !$0.pattern.hasSuffix("}") }
        let allowed = (literal.isEmpty ? found : literal).map(\.method)
        guard !allowed.isEmpty else { return Problem(.notFound).response(requestID: visit.requestID) }
        let methods = (allowed.contains("GET") ? allowed + ["HEAD", "OPTIONS"] : allowed + ["OPTIONS"])
            .joined(separator: ", ")
        var response = Response(status: 204, headers: [("Allow", methods)])
        if let origin = visit.head.header("Origin"),
            visit.head.header("Access-Control-Request-Method") != nil,
            found.contains(where: \.isForPages) || isAllowedAnywhere(origin)
        {
            response.headers += [
                ("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Methods", methods),
                (
                    "Access-Control-Allow-Headers",
                    "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-API-Key, X-Request-Id"
                ),
                ("Access-Control-Max-Age", "600"), ("Vary", "Origin"),
            ]
        }
        return response
    }

    /// A preflight has no credential, so it cannot say for which agency it asks; the request itself does.
    private func isAllowedAnywhere(_ origin: String) -> Bool {
        (try? services.database.acrossTenantsRead { try $0.acrossTenantsAllow(origin: origin) }) ?? false
    }

    /// Changes should not land on a connection that a restart has left half dead (docs/decisions/0006).
    private func endsConnection(_ visit: Visit) -> Bool {
        guard let head = visit.knownHead, head.method != "GET", let route = visit.route else { return false }
        if head.method == "POST", head.header("Idempotency-Key") != nil { return true }
        if case (.anyone, .json) = (route.access, route.body) { return true }
        return closings.take(Self.closingsAllowed, now: visit.start).isAllowed
    }

    private func finish(_ visit: Visit, _ given: Response) -> Response {
        var response = given
        response.settle()
        response.headers.reserveCapacity(response.headers.count + 8)
        if response.status == 200, let known = visit.knownHead?.header("If-None-Match"),
            visit.knownHead?.method == "GET", let tag = response.header("ETag"),
            known == "*" || known.contains(tag)
        {
            response = Response(status: 304, headers: [("ETag", tag)])
        }
        response.headers.append(("X-Request-Id", visit.requestID))
        response.headers.append(("X-Content-Type-Options", "nosniff"))
        if endsConnection(visit) { response.headers.append(("Connection", "close")) }
        if response.header("Cache-Control") == nil { response.headers.append(("Cache-Control", "no-store")) }
        if let verdict = visit.verdict, let credential = visit.credential {
            response.headers.append(("RateLimit-Limit", String(credential.allowance.perMinute)))
            response.headers.append(("RateLimit-Remaining", String(verdict.remaining)))
            response.headers.append(("RateLimit-Reset", String(verdict.reset)))
            if !credential.allowedOrigins.isEmpty, let origin = visit.knownHead?.header("Origin"),
                credential.allowedOrigins.contains(origin)
            {
                response.headers.append(("Access-Control-Allow-Origin", origin))
                response.headers.append(
                    ("Access-Control-Expose-Headers", "ETag, Location, X-Request-Id, Idempotency-Replayed"))
                response.headers.append(("Vary", "Origin"))
            }
        }
        if visit.route?.isForPages == true {
            response.headers.append(("Access-Control-Allow-Origin", "*"))
        }
        let duration = services.now() - visit.start
        metrics.count(visit.route, response.status, duration)
        if services.log.hasAccessLines {
            services.log.access(
                AccessLine(
                    method: visit.knownHead?.method ?? "-", route: visit.route?.pattern ?? "-",
                    status: response.status,
                    duration: duration, size: response.body.count ?? 0, requestID: visit.requestID,
                    tenant: visit.credential?.principal.tenantID?.rawValue))
        }
        return response
    }
}

/// A page in answer to a path that is no route.
private struct PageAnswer: Error {
    let response: Response
}

/// What is known of a request on its way. It is handed from thread to thread, never shared: the
/// connection's thread fills it before the handler's lane reads it.
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

extension SystemReader {
    func acrossTenantsAllow(origin: String) throws -> Bool {
        try exists("SELECT 1 FROM tenants WHERE \(dialect.jsonArray("allowed_origins", contains: origin))")
    }
}

extension Route {
    /// Pages of any origin call it, without a credential.
    fileprivate var isForPages: Bool { pattern.hasPrefix(PublicKeys.chatPath) }
}
