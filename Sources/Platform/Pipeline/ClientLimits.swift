internal import Database
internal import HTTPServer
internal import Records

/// What callers who are limited to some clients may call. Routes of records that belong to clients are theirs, for
/// their clients' records; lists and records that are the agency's own they may read; everything else is refused,
/// unless its module has opened it (`Routes.openToLimited`).
struct ClientLimits: Sendable {
    private enum Reach {
        case refused
        /// Nothing in the path names a record.
        case open
        /// The path names a row of the table, which has to be within the limit.
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
        guard parts.count >= 2, parts[0] == "v1", let rule = rules.tables[parts[1].replacing("-", with: "_")]
        else { return isOpened ? .open : .refused }
        let table = parts[1].replacing("-", with: "_")
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

    /// Refuses what is beyond limited callers before anything of the request is looked at.
    func authorise(_ route: Route, _ principal: Principal?) throws(Problem) {
        guard principal?.limit != nil else { return }
        if case .anyone = route.access { return }
        if case .refused? = reaches[route.index] {
            throw Problem(.forbidden, "You are limited to some clients, and this reaches beyond them.")
        }
    }

    /// Wraps what a handler does: what its path names has to be within the limit, and it sees nothing else.
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
            // What answers so is called by strangers, who are not limited.
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
        throw Problem(.forbidden, "You are limited to some clients, and this belongs to the whole agency.")
    }
}
