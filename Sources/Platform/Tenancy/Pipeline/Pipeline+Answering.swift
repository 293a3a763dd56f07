internal import Database
package import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import Telemetry

/// Makes answers: of what went wrong, and with the headers that every one of them has.
extension Pipeline {
    /// The problem document for whatever went wrong; the cause of what is our own fault is logged.
    func answer(to error: any Error, _ visit: Visit) -> Response {
        var problem = (error as? any ProblemConvertible)?.problem ?? Problem(.internalError)
        if problem.type == .notFound, problem.detail == problem.type.remedy, visit.route != nil {
            problem.detail = Self.nothingWithThatID
        }
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

    /// Returns a refusal of the server itself, as a problem document.
    package func fault(_ fault: HTTPFault, _ head: RequestHead?) -> Response {
        let type: ProblemType =
            switch fault.status {
            case _ where fault == .badTarget: .notFound
            case 408: .requestTimeout
            case 413: .bodyTooLarge
            case 414: .uriTooLong
            case 431: .headersTooLarge
            case 503: .unavailable
            case 505: .unsupportedVersion
            case 500...: .internalError
            default: .badRequest
            }
        let visit = Visit(head, traceIDs: traceIDs, now: services.now())
        var problem = Problem(type, fault.detail)
        if fault.status == 503 { problem = problem.with(header: "Retry-After", "5") }
        return finish(visit, problem.response(requestID: visit.requestID))
    }

    /// The detail is the same whether a record does not exist or belongs to another tenant, so that nobody learns
    /// which.
    private static let nothingWithThatID =
        "The record does not exist, or it belongs to somebody else. Check the identifier in the path."

    /// Returns a 404 for an unknown path, with the path that was most likely meant.
    func noRoute(_ head: RequestHead) -> Problem {
        let near = paths.nearest(to: head.segments).map { " Did you mean \($0)?" } ?? ""
        return Problem(
            .notFound,
            "The route \(head.method) \(head.path.prefix(200)) does not exist.\(near) GET /openapi.json lists all routes."
        )
    }

    func preflight(_ visit: Visit) -> Response {
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
            found.contains(where: isForPages) || isAllowedAnywhere(origin)
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
        return closings.take(closingsAllowed, now: visit.start).isAllowed
    }

    /// Returns whether pages of any origin call it, without a credential.
    private func isForPages(_ route: Route) -> Bool { areForPages[route.index] }

    func finish(_ visit: Visit, _ given: Response) -> Response {
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
        if isReachedByHTTPS || visit.knownHead?.isSecure == true {
            // A browser that was here once asks by nothing else for a year, wherever a link would lead it.
            response.headers.append(("Strict-Transport-Security", "max-age=31536000"))
        }
        if endsConnection(visit) { response.headers.append(("Connection", "close")) }
        if response.header("Cache-Control") == nil { response.headers.append(("Cache-Control", "no-store")) }
        if let verdict = visit.verdict, let credential = visit.credential {
            response.headers.append(("RateLimit-Limit", credential.limitText))
            response.headers.append(("RateLimit-Policy", credential.policyText))
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
        if let route = visit.route, isForPages(route) {
            response.headers.append(("Access-Control-Allow-Origin", "*"))
        }
        if response.status == 403, let route = visit.route, let principal = visit.credential?.principal {
            services.audit(
                .refusal(of: principal.actor, route, from: visit.knownHead?.remoteAddress),
                in: principal.scope)
            if route.isAboutServices { services.noteRefused(principal, "\(route.method) \(route.pattern)") }
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

private let closingsAllowed = Allowance(perMinute: 1200, burst: 100)

extension SystemReader {
    func acrossTenantsAllow(origin: String) throws -> Bool {
        try exists("SELECT 1 FROM tenants WHERE \(dialect.jsonArray("allowed_origins", contains: origin))")
    }
}
