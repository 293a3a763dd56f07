internal import Cryptography
internal import Database
package import HTTPServer
internal import JSON
internal import Records
package import Routing
internal import Synchronization
package import Telemetry
internal import Wire

/// Carries every request from its head to its answer, through the stages below.
package final class Pipeline: Sendable {
    let services: PlatformServices
    let router: Router<Route>
    let paths: KnownPaths
    let keyedPaths: [KeyedPaths]
    /// Whether pages of any origin call a route, by its index.
    let areForPages: [Bool]
    let authentication: Authentication
    let limits: ClientLimits
    let addresses: AddressLimiter
    let metrics: RequestMetrics
    let traceIDs = TraceIDSource()
    let closings = Limiter()
    let isReachedByHTTPS: Bool
    /// Pages and their files: asked when no route matches a GET.
    let pages: @Sendable (RequestHead) -> Response?

    package init(
        _ services: PlatformServices, _ routes: Routes, metrics: Metrics,
        pages: @escaping @Sendable (RequestHead) -> Response?
    ) {
        self.services = services
        isReachedByHTTPS = services.settings.publicURL.hasPrefix("https://")
        var router = Router<Route>()
        for route in routes.all { router.add(route.method, route.pattern, route) }
        self.router = router
        limits = ClientLimits(routes)
        let keyedPaths = routes.keyedPaths
        self.keyedPaths = keyedPaths
        areForPages = routes.all.map { route in
            keyedPaths.contains { $0.isOpenToPages && $0.contains(route) }
        }
        paths = KnownPaths(routes.all.map(\.pattern))
        authentication = Authentication(services, routes.rules)
        addresses = AddressLimiter(
            Allowance(
                perMinute: services.settings.anonymousRequestsPerMinute,
                burst: services.settings.anonymousBurst))
        self.metrics = RequestMetrics(metrics, routes)
        self.pages = pages
    }

    /// Checks a request before its body is read: returns a rejection, or how to go on.
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
            return .reject(finish(visit, answer(to: noRoute(head), visit)))
        }
        return .proceed(policy(route)) { [self] request in handle(request, visit, route) }
    }

    private func policy(_ route: Route) -> BodyPolicy {
        switch route.body {
        case .none: .buffered(limit: 64 * 1024)
        case .json: .buffered(limit: services.settings.jsonBodyMax)
        case .stream: .spooled(limit: services.settings.streamBodyMax)
        case .raw(let limit, _): .buffered(limit: limit)
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
        if visit.credential == nil, visit.route != nil { throw Authentication.refused(.missing) }
    }

    private func limitRate(_ visit: Visit) throws {
        if let credential = visit.credential {
            let verdict = credential.limiter.take(credential.allowance, now: visit.start)
            visit.verdict = verdict
            if !verdict.isAllowed { throw Problem.rateLimited(after: verdict.retryAfter) }
            if credential.isSuspended { throw Problem(.tenantSuspended) }
        } else if let route = visit.route, route.pattern.hasPrefix("/v1/"),
            !keyedPaths.contains(where: { $0.contains(route) })
        {
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
            throw noRoute(visit.head)
        }
    }

    private func authorise(_ visit: Visit) throws {
        guard let route = visit.route else { return }
        let principal = visit.credential?.principal
        switch route.access {
        case .anyone, .signedIn: break
        case .tenant:
            guard principal?.tenantID != nil else {
                throw Problem(
                    .forbidden, "This operation belongs to an agency, and you are not signed in to one.")
            }
            // A client's people have the portal, and what is about themselves.
            let isOwn = route.pattern.hasPrefix("/v1/auth/") || route.pattern == "/v1/me"
            guard principal?.portal == nil || isOwn else { throw Problem(.forbidden) }
        case .permission(let permission):
            guard principal?.tenantID != nil, principal?.permissions.contains(permission) == true else {
                throw Problem(.forbidden, "This operation needs the permission \(permission.name).")
            }
        case .portal(let permission):
            guard let principal, principal.portal != nil else {
                throw Problem(
                    .forbidden,
                    "The portal is for clients: this operation needs the permission \(permission.name).")
            }
            guard principal.permissions.contains(permission) else {
                throw Problem(.forbidden, "This operation needs the permission \(permission.name).")
            }
        case .platformAdmin:
            // Whether the path exists is the platform's own affair.
            guard principal?.isPlatformAdmin == true else {
                throw Problem(.forbidden, "This operation needs the role platform_admin.")
            }
        }
        try limits.authorise(route, principal)
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
            throw Problem(
                .unsupportedMediaType,
                "The content type is not supported: send \(accepted.joined(separator: " or ")).")
        }
    }

    /// Refuses parameters that the operation does not have. Lists tell their unknown filters themselves.
    private func checkQuery(_ visit: Visit) throws {
        guard let route = visit.route, !visit.head.query.isEmpty, !route.takesFilters,
            route.pattern.hasPrefix("/v1/") || route.pattern.hasPrefix("/api/"),
            // Services may add parameters of their own to the addresses of hooks.
            !route.pattern.hasPrefix("/v1/hooks/")
        else { return }
        for item in visit.head.query where !route.query.contains(where: { $0.name == item.name }) {
            throw Problem(
                .invalidParameter, "This operation has no parameter \(item.name.prefix(64)): leave it out.")
        }
    }
}

/// A page in answer to a path that is no route.
private struct PageAnswer: Error {
    let response: Response
}
