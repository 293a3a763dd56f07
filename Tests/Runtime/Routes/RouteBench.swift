import Cryptography
import Database
import Glibc
import HTTPServer
import JSON
import Nouns
import Routing
import Synchronization
import Telemetry
import TestDatabases
import Testing
import Wire

@testable import Agents
@testable import Jobs
@testable import Records
@testable import RuntimeRoutes
@testable import RuntimeTesting
@testable import Workflows

/// The routes over a runtime that works, called as the pipeline calls them. Every answer is checked against
/// the schema that its route declares.
final class RouteBench: Sendable {
    let database: Database
    let runtime: Runtime
    let runner: Runner
    let routes: [Route]
    let schemas: [String: JSON]
    let sessions = EndedSessions()
    private let router: Router<Route>
    private let folder: String
    private let server: String?
    private let working = Mutex<Task<Void, Never>?>(nil)

    static let agency = TenantID(rawValue: "tenant_routes")

    init(_ agents: [any AgentDefinition] = [Doubler(), Sleeper()]) throws {
        var template = Array("/dev/shm/routes-test-XXXXXX".utf8CString)
        folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        let clocks = TenantClocks()
        var opening = DatabaseConfiguration(folder: folder, clock: clocks.now)
        opening.repeatsClosures = TestDatabases.repeatsClosures
        server = try serveTests(&opening)
        database = try Database.open(opening)
        try database.migrate(testMigrations)
        var configuration = RuntimeConfiguration(seed: 7, boot: "boot-routes", auditKey: HMACKey([1, 2, 3]))
        configuration.watchInterval = nil
        runtime = try Runtime(database, configuration, clocks: clocks) { registration in
            registration.addAgents(AgentRegistry(agents))
            registration.questions = .alone
            registration.addWorkflows()
            registration.add(DoomedJob())
        }
        runner = Runner(runtime)
        var routes = Routes()
        let ended = sessions
        runtimeRoutes(
            &routes, runtime,
            RuntimeQuestions(
                isStillSignedIn: { !ended.contains($0.sessionID ?? .unset) },
                timeZone: { _ in "Europe/Berlin" }))
        self.routes = routes.all
        schemas = Dictionary(routes.schemas.map { ($0.name, $0.schema.value) }) { first, _ in first }
        var router = Router<Route>()
        for route in routes.all { router.add(route.method, route.pattern, route) }
        self.router = router
        working.withLock { $0 = Task { [runner] in await runner.run() } }
    }

    deinit {
        let (runner, database, folder, server) = (runner, database, folder, server)
        let work = working.withLock { $0 }
        runner.drain()
        Task {
            await work?.value
            database.close()
            for name in ["bureau.db", "bureau.db-wal", "bureau.db-shm"] { unlink("\(folder)/\(name)") }
            rmdir(folder)
            TestDatabases.drop(server)
        }
    }

    struct Reply {
        let status: Int
        let body: JSON
        let response: Response

        func header(_ name: String) -> String? { response.header(name) }
        var codes: [String: String] {
            Dictionary(
                (body["errors"]?.array ?? []).map { ($0["pointer"]?.text ?? "", $0["code"]?.text ?? "") }
            ) { a, _ in a }
        }
    }

    func principal(_ session: SessionID = .numbered(1)) -> Principal {
        Principal(
            actor: Actor(.user, id: "user_1"), tenantID: Self.agency, role: "owner", permissions: [],
            sessionID: session)
    }

    @discardableResult
    func call(
        _ method: String, _ target: String, _ body: JSON? = nil, headers: [(String, String)] = [],
        location: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        let head = try #require(RequestHead(method: method, target: target, headers: headers))
        let request = Request(head: head, body: body.map { .bytes($0.bytes) } ?? .empty)
        let response = try await respond(to: request)
        let bytes: [UInt8] =
            switch response.body {
            case .bytes(let bytes): bytes
            case .output(let output): output.bytes
            case .deferred(let make): make().bytes
            case .empty, .stream: []
            }
        let json = bytes.isEmpty ? JSON.null : try JSONParser.parse(bytes)
        if response.status < 400, head.queryValue("fields") == nil,
            case .found(let route, _) = router.match(method, head.segments)
        {
            let faults = check(json, against: route, status: response.status)
            #expect(faults.isEmpty, "\(method) \(target)", sourceLocation: location)
        }
        return Reply(status: response.status, body: json, response: response)
    }

    func respond(to request: Request) async throws -> Response {
        guard
            case .found(let route, let parameters) = router.match(request.head.method, request.head.segments)
        else {
            return Problem(.notFound).response(requestID: "req_1")
        }
        let database = database
        let call = Call(
            request: request, route: route, parameters: parameters,
            principal: principal(request.head.header("X-Session").flatMap { SessionID($0) } ?? .numbered(1)),
            requestID: "req_1",
            database: database,
            commit: { work in try await database.write(Self.agency) { try work($0) } })
        do {
            switch try route.handler(call) {
            case .response(let response): return response
            case .read(let body): return try database.read(Self.agency) { try body($0) }
            case .write(let body): return try await database.write(Self.agency) { try body($0) }
            case .prepare(let body):
                let write = try database.read(Self.agency) { try body($0) }
                return try await database.write(Self.agency) { try write($0) }
            case .later(let start):
                return try await withCheckedThrowingContinuation { answer in start { answer.resume(with: $0) }
                }
            case .task(let body): return try await body()
            }
        } catch let error as any ProblemConvertible {
            return error.problem.response(requestID: "req_1")
        }
    }

    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await database.write(Self.agency, .request, body)
    }

    /// Starts a run of the doubler and waits for its decision about `lead_1`.
    func decide(_ value: Int64 = 4) async throws -> Reply {
        let run = try await call(
            "POST", "/v1/agents/doubler/runs?wait=PT60S", ["parameters": ["value": .integer(value)]])
        #expect(run.status == 200 && run.body["status"] == "succeeded", "\(run.body.serialized)")
        return run
    }

    // MARK: Schemas

    private func check(_ json: JSON, against route: Route, status: Int) -> [String] {
        guard let answer = route.answers.first(where: { $0.status == status }) else {
            return ["\(status) is not declared"]
        }
        guard let schema = answer.schema, answer.mediaType == "application/json" else { return [] }
        var faults: [String] = []
        check(json, schema, at: "", &faults)
        return faults
    }

    private func check(_ json: JSON, _ schema: JSON, at place: String, _ faults: inout [String]) {
        if let reference = schema["$ref"]?.text {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let named = schemas[name] else { return faults.append("\(place): no schema \(name)") }
            return check(json, named, at: place, &faults)
        }
        if let type = schema["type"] {
            let types = type.array?.compactMap(\.text) ?? [type.text ?? ""]
            guard types.contains(where: { json.isOf($0) }) else {
                return faults.append("\(place): not \(types): \(json.serialized)")
            }
        }
        if let choices = schema["enum"]?.array, !choices.contains(json) {
            faults.append("\(place): not a choice")
        }
        if let minimum = schema["minimum"]?.double, let value = json.double, value < minimum {
            faults.append("\(place): small")
        }
        if let maximum = schema["maximum"]?.double, let value = json.double, value > maximum {
            faults.append("\(place): large")
        }
        if schema["format"]?.text == "date-time", let text = json.text, Instant(text) == nil {
            faults.append("\(place): no instant")
        }
        if let items = schema["items"], let array = json.array {
            for (index, item) in array.enumerated() { check(item, items, at: "\(place)/\(index)", &faults) }
        }
        guard let object = json.object, let properties = schema["properties"]?.object else { return }
        for name in schema["required"]?.array?.compactMap(\.text) ?? [] where object[name] == nil {
            faults.append("\(place)/\(name): missing")
        }
        for (name, value) in object.members {
            if let property = properties[name] {
                check(value, property, at: "\(place)/\(name)", &faults)
            } else if schema["required"] != nil {
                faults.append("\(place)/\(name): undeclared")
            }
        }
    }
}

final class EndedSessions: Sendable {
    private let ids = Mutex<Set<SessionID>>([])
    func end(_ id: SessionID) { ids.withLock { _ = $0.insert(id) } }
    func contains(_ id: SessionID) -> Bool { ids.withLock { $0.contains(id) } }
}

extension JSON {
    fileprivate func isOf(_ type: String) -> Bool {
        switch (type, self) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer),
            ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        default: false
        }
    }
}

/// Decides about `lead_1` by multiplying.
struct Doubler: AgentDefinition {
    let name = "doubler", title = "Doubler", purpose = "Multiplies"

    struct Settings: AgentSettings {
        var factor = 2
        static let schema = Schema<Settings>(
            "DoublerSettings", [.integer("factor", \.factor, in: 1...10, .about("What is multiplied by."))])
    }

    func faults(parameters: JSON) -> [ValueFault] {
        (parameters.object?.keys ?? []).filter { $0 != "value" }
            .map {
                ValueFault(pointer: "/\($0)", code: "unknown_field", detail: "there is no such parameter")
            }
    }

    func run(_ run: AgentRun) async throws -> JSON {
        let inputs: JSON = ["value": run.parameters["value"] ?? 1]
        let plain = try await run.step("multiply") { product(of: inputs, run.configuration.values) }
        run.processed()
        return try await run.finish { tx in
            let subject = Subject(type: "lead", id: "lead_1")
            var conclusion = Conclusion(
                outcome: plain, confidence: 0.5, factors: [["name": "value", "weight": 100]],
                model: ["name": "times", "version": "1"], inputs: inputs)
            let experiment = try tx.agentExperiments.running(of: name)
            if let experiment, let variant = try run.variant(for: subject, of: experiment, in: tx) {
                conclusion.outcome = product(of: inputs, run.configuration.values.merging(variant.settings))
                conclusion.variant = experiment.reference(to: variant)
            }
            _ = try run.decide(in: tx, subject, conclusion)
            return ["done": true]
        }
    }

    struct Outcome: Declared {
        var product = 0.0
        static let schema = Schema<Outcome>(
            "DoublerOutcome", [.number("product", \.product, in: 0...1000)])
    }

    func apply(_ outcome: Outcome, to subject: Subject, by actor: Actor, in tx: Transaction) throws {
        try tx.publish("product.set", subject, ["product": .number(outcome.product)])
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        product(of: inputs, configuration)
    }

    private func product(of inputs: JSON, _ configuration: JSON) -> JSON {
        ["product": .number((inputs["value"]?.double ?? 0) * (configuration["factor"]?.double ?? 0))]
    }
}

/// Declared, and not able to work.
struct Sleeper: AgentDefinition {
    let name = "sleeper", title = "Sleeper", purpose = "Sleeps"
    let buildState = BuildState.standby(reason: "no provider is set up")
    func run(_ run: AgentRun) async throws -> JSON { [:] }
}

/// Fails for good.
struct DoomedJob: JobKind {
    struct Payload: Codable, Sendable { var name = "doomed" }
    static let kind = "test.doomed"
    func run(_ payload: Payload, _ job: JobContext) async throws {
        throw JobFailure.terminal("doomed", "it always fails")
    }
}

/// Asks again until the answer fits; fails after a minute.
func eventually<T>(
    _ what: String, location: SourceLocation = #_sourceLocation, _ ask: () async throws -> T?
) async throws -> T {
    for _ in 0..<6000 {
        if let answer = try await ask() { return answer }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("it never came: \(what)", sourceLocation: location)
    throw CancellationError()
}
