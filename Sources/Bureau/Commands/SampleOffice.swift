internal import Cryptography
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wire

/// Operations of the API that the sample agency's owner has asked for: `Config/demo/office.json`, and among its sales
/// `relations.json`, one by one. Those of which something would leave are asked for while the agency lives by a
/// sandbox's clock, so that it is captured; before it goes on by the machine's, whatever could still call out is
/// switched off.
struct SampleOffice: Sendable {
    /// The parts of the file, each with its time.
    enum Time: String, Sendable { case past, end, today }

    private let told: JSON

    init(_ text: String) throws { told = try JSONParser.parse(text) }

    func ask(_ app: App, _ tenant: TenantID, at time: Time, by owner: Actor) async throws {
        try await Self.ask(told[time.rawValue]?.array ?? [], app, tenant, by: owner)
    }

    /// Asks for operations, one by one; what an answer is known by is known until the last of them.
    static func ask(_ operations: [JSON], _ app: App, _ tenant: TenantID, by owner: Actor) async throws {
        let zone = try app.database.read(tenant) { TimeZoneRules(named: try $0.agency.tenant().timeZone) }
        let caller = SampleCaller(app, tenant, owner)
        var known: [String: JSON] = [:]
        for asked in operations {
            let texts = SampleTexts(known: known, now: app.services.now(), zone: zone ?? .utc)
            guard let method = ["get", "post", "put", "patch"].first(where: { asked[$0] != nil }),
                case .string(let target) = texts.fill(asked[method] ?? .null)
            else { throw CommandFailure("Config/demo: nothing is asked by \(asked.serialized)") }
            let answer = try await caller.ask(
                method.uppercased(), target, asked["body"].map { texts.fill($0) },
                (asked["headers"]?.object?.members ?? []).map { ($0.key, $0.value.text ?? "") })
            guard let name = asked["as"]?.text else { continue }
            known[name] = answer["data"]?.array.map { $0.first ?? .null } ?? answer["user"] ?? answer
        }
    }
}

/// The texts of what is asked: `{{name}}` is the id of what an earlier answer is known by, `{{name.field}}` a field of
/// it, `{{link name}}` the page that a mail leads to, `{{day 3 at 10:00}}` a moment so many working days from today,
/// and `{{date -30}}` a day so many days from it.
private struct SampleTexts {
    let known: [String: JSON]
    let now: Instant
    let zone: TimeZoneRules

    func fill(_ asked: JSON) -> JSON {
        if let text = asked.text { return .string(fill(text)) }
        if let list = asked.array { return .array(list.map(fill)) }
        guard let object = asked.object else { return asked }
        return .object(JSONObject(object.members.map { ($0.key, fill($0.value)) }))
    }

    private func fill(_ text: String) -> String {
        text.replacing(/\{\{(\w+)(?:\.(\w+))?\}\}/) { found in
            known[String(found.1)]?[String(found.2 ?? "id")]?.text ?? String(found.0)
        }
        .replacing(/\{\{link (\w+)\}\}/) { found in
            known[String(found.1)]?["text"]?.text?.firstMatch(of: /\/c\/[\w.~-]+/).map { String($0.0) }
                ?? String(found.0)
        }
        .replacing(/\{\{date (-?\d+)\}\}/) { found in
            zone.local(of: now).date.adding(days: Int(found.1) ?? 0).iso
        }
        .replacing(/\{\{day (-?\d+) at (\d+):(\d+)\}\}/) { found in
            moment(Int(found.1) ?? 0, hour: Int(found.2) ?? 9, minute: Int(found.3) ?? 0).description
        }
    }

    private func moment(_ days: Int, hour: Int, minute: Int) -> Instant {
        var day = zone.local(of: now).date.daysSinceEpoch, left = abs(days)
        while left > 0 {
            day += days.signum()
            // The first day of all was a Thursday.
            if (day + 3) % 7 < 5 { left -= 1 }
        }
        let local = LocalTime(CivilDate(daysSinceEpoch: day), hour: hour, minute: minute)
        return zone.firstInstant(atOrAfter: local)
    }
}

/// Calls operations of the API from within, as the agency's owner, and as nobody where anybody may call them.
private struct SampleCaller: Sendable {
    private let database: Database
    private let router: Router<Route>
    private let tenant: TenantID
    private let principal: Principal

    init(_ app: App, _ tenant: TenantID, _ owner: Actor) {
        (database, self.tenant) = (app.database, tenant)
        var router = Router<Route>()
        for route in app.routes.all { router.add(route.method, route.pattern, route) }
        self.router = router
        principal = Principal(
            actor: owner, tenantID: tenant, role: BuiltInRole.owner.rawValue,
            permissions: app.services.permissions.held(by: .owner))
    }

    func ask(
        _ method: String, _ target: String, _ body: JSON?, _ headers: [(String, String)]
    ) async throws -> JSON {
        func failure(_ why: String) -> CommandFailure {
            CommandFailure("Config/demo: \(method) \(target): \(why)")
        }
        // An address that an answer told may begin with the installation's own.
        let path = target.firstRange(of: "/v1/").map { String(target[$0.lowerBound...]) } ?? target
        guard
            let head = RequestHead(
                method: method, target: path, headers: headers + [("Content-Type", "application/json")]),
            case .found(let route, let parameters) = router.match(method, head.segments)
        else { throw failure("there is no such operation") }
        let isOpen = if case .anyone = route.access { true } else { false }
        let call = Call(
            request: Request(head: head, body: body.map { .bytes($0.bytes) } ?? .empty), route: route,
            parameters: parameters, principal: isOpen ? nil : principal,
            requestID: RandomToken.make(characters: 16), database: database
        ) { [database, tenant] work in try await database.write(tenant) { try work($0) } }
        do {
            var answer = try await outcome(of: try route.handler(call))
            guard answer.status < 300 else { throw failure("\(answer.status)") }
            answer.settle()
            let bytes = answer.body.bytes
            return bytes.isEmpty ? .null : try JSONParser.parse(bytes)
        } catch let problem as Problem {
            throw failure(
                ([problem.detail] + problem.faults.map { "\($0.pointer): \($0.detail)" }).joined(
                    separator: " ")
            )
        }
    }

    private func outcome(of outcome: Outcome) async throws -> Response {
        switch outcome {
        case .response(let response): return response
        case .read(let body): return try database.read(tenant) { try body($0) }
        case .write(let body): return try await database.write(tenant) { try body($0) }
        case .prepare(let body):
            let write = try database.read(tenant) { try body($0) }
            return try await database.write(tenant) { try write($0) }
        case .later(let start):
            return try await withCheckedThrowingContinuation { answer in
                start { answer.resume(with: $0) }
            }
        case .task(let body): return try await body()
        }
    }
}
