internal import Database
internal import HTTPServer
internal import Records
internal import Routing

/// Decides what callers who are limited to some clients may call: the routes of records that belong to clients, for
/// their own clients' records, and the lists and records of the agency, for reading. Everything else is refused,
/// unless its module has opened it (`Routes.openToLimited`).
struct ClientLimits: Sendable {
    private enum Reach {
        case refused
        /// The path names no record.
        case open
        /// The path names a row of the table, which must be within the limit.
        case row(table: String, RowLimit.Use)
    }

    let rules: RowRules
    private var reaches: [Int: Reach] = [:]

    init(_ routes: Routes) {
        rules = routes.rules
        for route in routes.all { reaches[route.index] = reach(of: route, routes) }
    }

    private func reach(of route: Route, _ routes: Routes) -> Reach {
        if routes.closedToLimited.contains(route.name) { return .refused }
        let isOpened = routes.openToLimited.contains(route.name)
        let parts = route.pattern.split(separator: "/").map(String.init)
        guard parts.count >= 2, parts[0] == "v1" else { return isOpened ? .open : .refused }
        let table = String(parts[1].map { $0 == "-" ? "_" : $0 })
        guard let rule = rules.tables[table] else { return isOpened ? .open : .refused }
        let namesRow = parts.count > 2 && parts[2].hasPrefix("{id}")
        let isReading = route.method == "GET"
        switch rule {
        case .hidden: return isOpened ? .open : .refused
        case .everyone:
            guard isOpened || isReading && parts.count == (namesRow ? 3 : 2) else { return .refused }
        default:
            guard isOpened || namesRow || parts.count == 2 else { return .refused }
        }
        return namesRow ? .row(table: table, isReading || isOpened ? .read : .change) : .open
    }

    /// Returns whether a caller may call the route at all, whatever records it is about.
    func isOpen(_ route: Route, to principal: Principal?) -> Bool {
        if principal?.limit != nil, case .refused? = reaches[route.index] { return false }
        return true
    }

    /// Returns the permissions that open nothing to limited callers: whatever asks for one of them reaches beyond their
    /// clients.
    func closed(_ routes: Routes) -> Set<Permission> {
        var (asked, open) = (Set<Permission>(), Set<Permission>())
        for route in routes.all {
            guard let permission = route.permission else { continue }
            asked.insert(permission)
            if case .refused? = reaches[route.index] { continue }
            open.insert(permission)
        }
        return asked.subtracting(open)
    }

    /// Refuses routes that are closed to limited callers, before anything else of the request is read.
    func authorise(_ route: Route, _ principal: Principal?) throws(Problem) {
        if case .anyone = route.access { return }
        guard isOpen(route, to: principal) else {
            throw Problem(
                .forbidden,
                "You are limited to some clients, and this operation reaches beyond them: ask an administrator."
            )
        }
    }

    /// Runs a handler within the caller's limit: the record that the path names must be within it, and the handler
    /// sees nothing beyond it.
    func wrap(_ outcome: Outcome, _ call: Call) throws(Problem) -> Outcome {
        guard let limit = call.principal?.limit else { return outcome }
        let check: @Sendable (any Queryable) throws -> Void = { reader in try require(call, limit, reader) }
        switch outcome {
        case .response(let response):
            guard case .row? = reaches[call.route.index] else { return outcome }
            return .read { reader in
                try check(reader)
                return response
            }
        case .read(let body):
            return .read { reader in
                try check(reader)
                return try body(reader.limited(by: limit))
            }
        case .write(let body):
            return .write { tx in
                try check(tx)
                return try body(tx.limited(by: limit))
            }
        case .prepare(let body):
            return .prepare { reader in
                try check(reader)
                let write = try body(reader.limited(by: limit))
                return { tx in try write(tx.limited(by: limit)) }
            }
        case .task(let body):
            return .task {
                try call.read { try check($0) }
                return try await body()
            }
        case .later:
            // Routes with this kind of answer are called by strangers, who have no limit.
            throw Problem(.forbidden)
        }
    }

    private func require(_ call: Call, _ limit: RowLimit, _ reader: some Queryable) throws {
        guard case .row(let table, let use)? = reaches[call.route.index], let id = call.parameters["id"]
        else {
            return
        }
        if try limit.holds(table, id, use, in: reader) { return }
        guard use == .change, try limit.holds(table, id, .read, in: reader) else { throw Problem(.notFound) }
        throw Problem(
            .forbidden,
            "You are limited to some clients, and this record belongs to the whole agency: ask an administrator."
        )
    }
}
