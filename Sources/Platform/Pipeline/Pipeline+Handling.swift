internal import Database
internal import HTTPServer
internal import Records

/// Does what a route's handler says is to be done with a request, there where that is done.
extension Pipeline {
    func handle(_ request: Request, _ visit: Visit, _ route: Route) -> Reply {
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
}
