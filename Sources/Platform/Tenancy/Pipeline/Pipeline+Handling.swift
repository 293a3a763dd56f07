internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing

/// Does what a route's handler says is to be done with a request, there where that is done.
extension Pipeline {
    func handle(_ request: Request, _ visit: Visit, _ route: Route) -> Reply {
        let principal = visit.credential?.principal
        let tenant = principal?.tenantID
        let commit:
            @Sendable (@escaping @Sendable (Transaction) throws -> Response) async throws -> Response = {
                [services] work in
                let own = principal?.isPlatformAdmin == true ? TenantID.platform : nil
                guard let tenant = tenant ?? own else { throw Problem(.forbidden) }
                let idempotency = try Idempotency(request, route, principal, secrets: services.secrets)
                return try await services.database.write(tenant) { tx in
                    let tx = tx.limited(by: principal?.limit)
                    return try idempotency?.answer(in: tx, work) ?? work(tx)
                }
            }
        let call = Call(
            request: request, route: route, parameters: visit.parameters ?? .empty, principal: principal,
            requestID: visit.requestID, database: services.database, commit: commit)
        do {
            switch try limits.wrap(try outcome(of: route, call), call) {
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

    /// Runs the handler, where every record that the body refers to exists. A body that is refused is also told which
    /// of its references are unknown. Requests of a client's people have narrower checks of their own.
    private func outcome(of route: Route, _ call: Call) throws -> Outcome {
        try refuseBody(of: route, call)
        guard let principal = call.principal, let tenant = principal.tenantID, principal.portal == nil else {
            return try route.handler(call)
        }
        let outcome: Outcome, named = call.named
        do {
            outcome = try route.handler(call)
        } catch var problem as Problem where !problem.faults.isEmpty {
            problem.references += named.inBody
            guard !problem.references.isEmpty else { throw problem }
            return .read { [problem] reader in throw try problem.complete(in: reader) }
        }
        switch outcome {
        case .read(let body):
            return .read { reader in try reader.answering(named) { try body(reader) } }
        case .write(let body):
            return .write { tx in try tx.answering(named) { try body(tx) } }
        case .prepare(let body):
            return .prepare { reader in
                let write = try reader.answering(named) { try body(reader) }
                return { tx in try tx.answering(named) { try write(tx) } }
            }
        case .task, .response, .later:
            if !named.inBody.isEmpty {
                try services.database.read(tenant) { try named.check(in: $0.limited(by: principal.limit)) }
            }
            return outcome
        }
    }

    /// Refuses a body that has fields where the route takes no body.
    private func refuseBody(of route: Route, _ call: Call) throws {
        guard case .none = route.body, route.pattern.hasPrefix("/v1/"), !call.request.bytes.isEmpty,
            let fields = try? call.object(), !fields.isEmpty
        else { return }
        throw Problem(
            faults: fields.keys.map {
                Fault(
                    "/\($0.pointerToken)", "unknown_field",
                    "This operation takes no body: leave out \($0.prefix(64)).")
            })
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

extension Queryable {
    /// Does `work` where every record that the body refers to exists. Where `work` refuses the body, the unknown
    /// references are reported beside its other faults.
    fileprivate func answering<T>(_ named: NamedRecords, _ work: () throws -> T) throws -> T {
        try named.check(in: self)
        do { return try work() } catch let problem as Problem where !problem.references.isEmpty {
            throw try problem.complete(in: self)
        }
    }
}
