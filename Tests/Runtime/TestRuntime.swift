import Database
import Glibc
import JSON
import Synchronization
import Telemetry

@testable import Runtime

/// Time that moves only when a test moves it.
final class SimulatedClock: Sendable {
    private struct Sleeper { let until: Instant, continuation: CheckedContinuation<Void, Never> }
    private struct State {
        var now: Instant
        var sleepers: [Int: Sleeper] = [:]
        var count = 0
    }
    private let state: Mutex<State>

    init(_ start: Instant) { state = Mutex(State(now: start)) }

    var now: Instant { state.withLock { $0.now } }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.sorted { $0.until < $1.until }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Returns once as many wait.
    func sleepers(_ count: Int) async {
        while state.withLock({ $0.sleepers.count }) < count { await Task.yield() }
    }

    @Sendable func wait(until instant: Instant) async {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    guard instant > state.now, !Task.isCancelled else { return true }
                    state.sleepers[number] = Sleeper(until: instant, continuation: continuation)
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.continuation.resume()
        }
    }
}

/// Values that a test waits for.
final class Signal<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    var values: [Value] { state.withLock { $0.values } }

    func send(_ value: Value) {
        let ready = state.withLock { state in
            state.values.append(value)
            let count = state.values.count
            defer { state.waiters.removeAll { $0.count <= count } }
            return state.waiters.filter { $0.count <= count }.map(\.continuation)
        }
        for waiter in ready { waiter.resume() }
    }

    /// The values, once there are `count`.
    @discardableResult
    func values(_ count: Int) async -> [Value] {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.values.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
        return values
    }
}

/// A door that stands closed until a test opens it.
final class Gate: Sendable {
    private let signal = Signal<Bool>()
    func open() { signal.send(true) }
    func pass() async { await signal.values(1) }
    var isOpen: Bool { !signal.values.isEmpty }
}

/// Something that becomes true once.
final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
}

extension TenantID {
    static let acme = TenantID(rawValue: "ten_acme"), globex = TenantID(rawValue: "ten_globex")
}

/// A migrated database in a folder of its own, with a runtime that works by the test's clock.
final class TestRuntime: Sendable {
    let clock: SimulatedClock
    let clocks: TenantClocks
    let database: Database
    let runtime: Runtime
    let runner: Runner
    let settled = Signal<String>()
    let failures = Signal<String>()
    private let folder: String
    /// The owner of the database, when this one has borrowed it.
    private let earlier: TestRuntime?
    private let working = Mutex<Task<Void, Never>?>(nil)

    init(
        boot: String = "boot-1", agents: [any AgentDefinition] = [], start: String = "2027-01-05T10:00:00Z",
        on earlier: TestRuntime? = nil, kinds: [any JobKind] = [], workflows: [any Workflow] = [],
        observer: (@Sendable (String) -> Void)? = nil,
        open: (inout DatabaseConfiguration) -> Void = { _ in },
        register: (inout JobRegistration) -> Void = { _ in },
        configure: (inout RuntimeConfiguration) -> Void = { _ in }
    ) throws {
        self.earlier = earlier
        if let earlier {
            (clock, clocks, database, folder) = (
                earlier.clock, earlier.clocks, earlier.database, earlier.folder
            )
        } else {
            let clock = SimulatedClock(Instant(start)!)
            self.clock = clock
            clocks = TenantClocks { clock.now }
            var template = Array("/dev/shm/runtime-test-XXXXXX".utf8CString)
            folder = String(cString: mkdtemp(&template)!)
            var configuration = DatabaseConfiguration(folder: folder, clock: clocks.now)
            configuration.statementObserver = observer
            open(&configuration)
            database = try Database.open(configuration)
            try database.migrate(runtimeMigrations + [testMigration])
        }
        var configuration = RuntimeConfiguration(seed: 7, boot: boot)
        (configuration.wait, configuration.steadyClock) = (clock.wait, { [clock] in clock.now })
        let (settled, failures) = (settled, failures)
        configuration.observer.attemptSettled = { settled.send($1) }
        configuration.observer.attemptFailed = { failures.send("\($2): \($3)") }
        configuration.observer.troubled = { failures.send("\($0): \($1)") }
        configure(&configuration)
        runtime = try Runtime(
            database, configuration, clocks: clocks, agents: AgentRegistry(agents)
        ) { registration in
            for kind in kinds { registration.add(kind) }
            for workflow in workflows { registration.add(workflow: workflow) }
            register(&registration)
        }
        runner = Runner(runtime)
    }

    /// Works until the fixture is stopped.
    func work() { working.withLock { $0 = Task { await runner.run() } } }

    /// Lets what runs finish.
    func stop() async {
        runner.drain()
        await working.withLock { $0 }?.value
    }

    deinit {
        guard earlier == nil else { return }
        database.close()
        removeFolder(folder)
    }

    @discardableResult func write<T: Sendable>(
        _ tenant: TenantID = .acme, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T { try await database.write(tenant, .request, body) }

    func read<T>(_ tenant: TenantID = .acme, _ body: (Reader) throws -> T) throws -> T {
        try database.read(tenant, body)
    }

    func job(_ id: String, _ tenant: TenantID = .acme) throws -> Job? { try read(tenant) { try $0.job(id) } }

    /// Claims as a worker would, without a runner.
    func claim(
        _ limit: Int, queue: String = "default", cap: Int = 100, owner: String = "boot-1"
    ) async throws -> [ClaimedJob] {
        let runtime = runtime
        return try await database.acrossTenantsWrite { tx in
            try ClaimStore(tx: tx, runtime: runtime).claim(
                queue, limit: limit, cap: cap, owner: owner, leaseUntil: tx.now + .seconds(30))
        }
    }

    func reap(_ selection: ClaimStore.Selection) async throws -> Int {
        let runtime = runtime
        return try await database.acrossTenantsWrite { tx in
            try ClaimStore(tx: tx, runtime: runtime).reap(
                selection, deathsMax: runtime.configuration.deathsMax)
        }
    }
}

func removeFolder(_ path: String) {
    if let directory = opendir(path) {
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { unlink("\(path)/\(name)") }
        }
        closedir(directory)
    }
    rmdir(path)
}

/// What the handlers of tests have done: a row for each time.
private let testMigration = Migration(number: 900, name: "effects") { dialect in
    ["CREATE TABLE effects (tenant_id TEXT NOT NULL, name TEXT NOT NULL) \(dialect.tableOptions)"]
}

extension Transaction {
    func effect(_ name: String) throws {
        try run("INSERT INTO effects (tenant_id, name) VALUES (\(tenant), \(name))")
    }
}

extension Queryable {
    func effects() throws -> [String] {
        try all("SELECT name FROM effects WHERE tenant_id = \(tenant) ORDER BY name") { $0.text(0) }
    }
}

/// A kind whose work is a closure of the test.
struct TestJob: JobKind {
    struct Payload: Codable, Sendable { var name: String }
    static let kind = "test"
    static let attemptsMax = 3
    static let retry = RetryPolicy(base: .seconds(10), cap: .seconds(3600))
    let time: Duration
    let ends = Signal<String>()
    let work: @Sendable (Payload, JobContext) async throws -> Void

    init(
        time: Duration = .seconds(60),
        _ work: @escaping @Sendable (Payload, JobContext) async throws -> Void = { _, _ in }
    ) {
        (self.time, self.work) = (time, work)
    }

    func timeout(_ payload: Payload) -> Duration { time }
    func run(_ payload: Payload, _ job: JobContext) async throws { try await work(payload, job) }
    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        let (ends, text) = (ends, "\(payload.name) \(end.word)")
        tx.onCommit { ends.send(text) }
    }
}

extension AttemptEnd {
    var word: String {
        switch self {
        case .retried(let failure): "retried \(failure?.code ?? "-")"
        case .snoozed(let reason): "snoozed \(reason)"
        case .dead(let failure): "dead \(failure.code)"
        case .cancelled: "cancelled"
        case .revived: "revived"
        }
    }
}
