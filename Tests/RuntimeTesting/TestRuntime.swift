internal import Cryptography
internal import Database
internal import Glibc
internal import JSON
import Nouns
internal import Synchronization
internal import Telemetry
internal import TestDatabases

@testable internal import Agents
@testable internal import Jobs
@testable internal import Workflows

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
    let settled = Signal<JobID>()
    let failures = Signal<String>()
    private let folder: String
    private let server: String?
    /// The owner of the database, when this one has borrowed it.
    private let earlier: TestRuntime?
    private let working = Mutex<Task<Void, Never>?>(nil)

    init(
        boot: String = "boot-1", agents: [any AgentDefinition] = [], start: String = "2027-01-05T10:00:00Z",
        on earlier: TestRuntime? = nil, beside other: TestRuntime? = nil, kinds: [any JobKind] = [],
        workflows: [any Workflow] = [],
        observer: (@Sendable (String) -> Void)? = nil,
        open: (inout DatabaseConfiguration) -> Void = { _ in },
        register: (inout JobRegistration) -> Void = { _ in },
        configure: (inout RuntimeConfiguration) -> Void = { _ in }
    ) throws {
        self.earlier = earlier
        if let earlier {
            (clock, clocks, database, folder, server) = (
                earlier.clock, earlier.clocks, earlier.database, earlier.folder, earlier.server
            )
        } else {
            let clock = other?.clock ?? SimulatedClock(Instant(start)!)
            self.clock = clock
            clocks = TenantClocks { clock.now }
            var template = Array("/dev/shm/runtime-test-XXXXXX".utf8CString)
            folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
            var configuration = DatabaseConfiguration(folder: folder, clock: clocks.now)
            configuration.statementObserver = observer
            configuration.repeatsClosures = TestDatabases.repeatsClosures
            open(&configuration)
            server = other == nil ? try serveTests(&configuration) : nil
            if let other { configuration.server = other.server }
            database = try Database.open(configuration)
            try database.migrate(testMigrations)
        }
        var configuration = RuntimeConfiguration(seed: 7, boot: boot, auditKey: HMACKey([1, 2, 3]))
        (configuration.wait, configuration.steadyClock) = (clock.wait, { [clock] in clock.now })
        // A test that is not about the orchestrator has no jobs of its.
        configuration.watchInterval = nil
        let (settled, failures) = (settled, failures)
        configuration.observer.attemptSettled = { settled.send($1) }
        configuration.observer.attemptFailed = { failures.send("\($2): \($3)") }
        configuration.observer.troubled = { failures.send("\($0): \($1)") }
        configure(&configuration)
        runtime = try Runtime(database, configuration, clocks: clocks) { registration in
            registration.addAgents(AgentRegistry(agents))
            registration.questions = .alone
            registration.addWorkflows()
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
        TestDatabases.drop(server)
    }

    @discardableResult func write<T: Sendable>(
        _ tenant: TenantID = .acme, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T { try await database.write(tenant, .request, body) }

    func read<T>(_ tenant: TenantID = .acme, _ body: (Reader) throws -> T) throws -> T {
        try database.read(tenant, body)
    }

    func job(_ id: JobID, _ tenant: TenantID = .acme) throws -> Job? {
        try read(tenant) { try $0.jobs.find(id) }
    }

    /// Claims as a worker would, without a runner.
    func claim(
        _ limit: Int, queue: String = "default", cap: Int = 100, owner: String = "boot-1"
    ) async throws -> [ClaimedJob] {
        let runtime = runtime
        return try await database.acrossTenantsWrite(.request, .readCommitted) { tx in
            try ClaimStore(tx: tx, runtime: runtime).claim(
                queue, limit: limit, cap: cap, owner: owner, leaseUntil: tx.now + .seconds(30)
            ).jobs
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

/// Gives the test a database of its own, migrated, on the server that the tests run on, if they do: its address.
func serveTests(
    _ configuration: inout DatabaseConfiguration,
    migrations: [Migration] = testMigrations
) throws -> String? {
    // Many tests run at once.
    (configuration.writerConnections, configuration.readerConnections) = (2, 2)
    let template = migrations.map { "\($0.number)" }.joined(separator: " ")
    let server = try TestDatabases.make(from: template) { url in
        var template = Array("/dev/shm/runtime-test-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        var configuration = DatabaseConfiguration(folder: folder)
        configuration.server = url
        let database = try Database.open(configuration)
        try database.migrate(migrations)
        database.close()
        removeFolder(folder)
    }
    configuration.server = server
    return server
}
