package import Agents
internal import Cryptography
package import Database
internal import Glibc
package import JSON
package import Jobs
package import Nouns
internal import Records
internal import Synchronization
package import Telemetry
internal import TestDatabases
internal import Workflows

/// Agents at work on given records at a given time, in a database of their own: what a test of an agent asks is
/// what it decided, what it changed, and what it left alone.
///
///     let test = try AgentTest([LeadScoringAgent()], migrations: …, at: "2027-01-05T10:00:00Z")
///     let lead = try await test.given { tx in … }
///     let run = try await test.run("lead_scoring", ["lead_id": .string(lead.id.text)])
///     #expect(run.decisions.count == 1 && run.events.map(\.type) == ["lead.scored"])
package final class AgentTest: Sendable {
    package let database: Database
    package let runtime: Runtime
    private let clock: SimulatedClock
    private let runner: Runner
    private let folder: String
    private let server: String?
    private let settlements = Settlements()
    private let working = Mutex<Task<Void, Never>?>(nil)

    package static let tenant = TenantID(rawValue: "tenant_00000000000000000000000000")

    /// With `leaps`, a pause before another attempt passes at once, whatever else is due before its end; otherwise
    /// time stands still until `passPauses` is called.
    package init(
        _ agents: [any AgentDefinition], migrations: [Migration] = [], at start: String,
        slots: [String: Int] = [:], leaps: Bool = true, register: (inout JobRegistration) -> Void = { _ in },
        services: (inout JobRegistration, Database) -> Void = { _, _ in }
    ) throws {
        guard let start = Instant(start) else { preconditionFailure("not an instant: \(start)") }
        var template = Array("/dev/shm/agent-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("no folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let clock = SimulatedClock(start)
        let clocks = TenantClocks { clock.now }
        self.clock = clock
        var opening = DatabaseConfiguration(folder: folder, clock: clocks.now)
        let all = jobMigrations + agentMigrations + workflowMigrations + migrations
        server = try serveTests(&opening, migrations: all)
        database = try Database.open(opening)
        try database.migrate(all)
        var configuration = RuntimeConfiguration(seed: 7, boot: "agent-test", auditKey: HMACKey([1, 2, 3]))
        configuration.slots.merge(slots) { $1 }
        configuration.steadyClock = { clock.now }
        configuration.wait = clock.wait
        // The pause before another attempt passes by itself.
        configuration.observer.attemptSettled = { [database, settlements] tenant, id in
            let job = try? database.read(tenant) { try $0.jobs.find(id) }
            if leaps, let job, job.state == .retrying || job.state == .scheduled {
                // Time may have passed since; it never goes back.
                clock.advance(by: max(job.runAt - clock.now, .zero))
            }
            settlements.add(id, epoch: job?.epoch ?? 0)
        }
        let database = database
        runtime = try Runtime(database, configuration, clocks: clocks) { registration in
            registration.addAgents(AgentRegistry(agents))
            registration.questions = .alone
            registration.addWorkflows()
            register(&registration)
            services(&registration, database)
        }
        runner = Runner(runtime)
        working.withLock { $0 = Task { [runner] in await runner.run() } }
    }

    deinit {
        let (runner, database, folder, work) = (runner, database, folder, working.withLock { $0 })
        let server = server
        runner.drain()
        Task {
            await work?.value
            database.close()
            removeFolder(folder)
            TestDatabases.drop(server)
        }
    }

    package var now: Instant { clock.now }

    /// Time passes; returns when everything that has fallen due is done.
    package func advance(by duration: Duration) async throws {
        clock.advance(by: duration)
        try await settle()
    }

    /// Returns when nothing that is due is left to do.
    package func settle() async throws {
        while true {
            let seen = settlements.count
            let (isBusy, pausing) = try read { reader in
                (
                    try reader.exists(
                        """
                        SELECT 1 FROM jobs WHERE tenant_id = \(reader.tenant)
                            AND (state IN (1, 2) OR (state IN (0, 3) AND run_at <= \(reader.now)))
                        """),
                    // Between the end of an attempt and the passing of the pause that it asked for.
                    try reader.all(
                        """
                        SELECT id, epoch FROM jobs WHERE tenant_id = \(reader.tenant) AND state IN (0, 3) AND epoch > 0
                        """
                    ) { (id: JobID($0, 0), epoch: $0.int(1)) }
                )
            }
            // An attempt that ended between the two readings may have made its job due.
            let isSettled = settlements.haveSeen(pausing) && settlements.count == seen
            guard isBusy || !isSettled else { return }
            guard await settlements.wait(beyond: seen) else { throw NotSettled() }
        }
    }

    /// Thrown when something that is due is not done within two minutes.
    package struct NotSettled: Error {}

    /// Lets the pauses that attempts asked for pass one after the other, each once everything due before its end is
    /// done; returns when none is left.
    package func passPauses() async throws {
        while true {
            try await settle()
            let next: Instant? = try read { reader in
                try reader.first(
                    """
                    SELECT min(run_at) FROM jobs
                    WHERE tenant_id = \(reader.tenant) AND state IN (0, 3) AND epoch > 0
                    """
                ) { $0.optionalInstant(0) }.flatMap { $0 }
            }
            guard let next else { return }
            clock.advance(by: max(next - clock.now, .zero))
        }
    }

    /// Writes what is there before the agent runs, and what people do in between.
    @discardableResult
    package func given<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await database.write(Self.tenant, .request, body)
    }

    package func read<T>(_ body: (Reader) throws -> T) throws -> T { try database.read(Self.tenant, body) }

    /// Runs an agent to its end, and gathers all that came of it.
    package func run(
        _ agent: String, _ parameters: JSON = [:], trigger: RunTrigger = .manual
    ) async throws -> Outcome {
        let before = try read { try $0.events.lastRow() }
        let started = try await given {
            try $0.runs.start(agent: agent, trigger: trigger, parameters: parameters, by: .system)
        }
        return try await outcome(ofRun: started.id, since: before)
    }

    /// Returns the outcome of a run that something else has started, once it has ended.
    package func outcome(ofRun id: AgentRunID, since row: Int64 = 0) async throws -> Outcome {
        guard let record = try await runtime.run(Self.tenant, id, waitingFor: .seconds(1_000_000)),
            record.status.isFinished
        else { throw NotEnded(run: id) }
        return try read { reader in
            let decisions = try reader.runs.decisionIDs(ofRun: id).compactMap {
                try reader.decisions.find($0)
            }
            return Outcome(
                run: record, decisions: decisions,
                events: try reader.events.after(row, limit: 1000).filter { !$0.type.hasPrefix("agent_run.") },
                refusals: try reader.refusals().filter { $0.runID == .agent(id) },
                steps: try reader.runs.steps(ofRun: id))
        }
    }

    package struct NotEnded: Error { let run: AgentRunID }

    /// All that came of a run.
    package struct Outcome: Sendable {
        package let run: AgentRunRecord
        package let decisions: [Decision]
        /// The events since the run was started, but for the run's own.
        package let events: [Event]
        /// The run's refusals.
        package let refusals: [Refusal]
        package let steps: [RunStep]

        package var result: JSON { run.result.map { JSON(stored: $0) } ?? .null }
        package var error: JSON { run.error.map { JSON(stored: $0) } ?? .null }
        /// The outcome of the one decision; of the first when there are several.
        package var conclusion: JSON { decisions.first.map { JSON(stored: $0.outcome) } ?? .null }
    }
}

extension Queryable {
    /// Oldest first.
    package func refusals() throws -> [Refusal] {
        try all(
            "SELECT \(Refusal.columns) FROM refusals WHERE tenant_id = \(tenant) ORDER BY id",
            Refusal.init)
    }
}

/// Counts the attempts that have come to an end.
private final class Settlements: Sendable {
    private struct State {
        var count = 0
        var epochs: [JobID: Int] = [:]
    }
    private let state = Mutex(State())
    private let waiters = Waiters()

    var count: Int { state.withLock { $0.count } }

    func haveSeen(_ jobs: [(id: JobID, epoch: Int)]) -> Bool {
        state.withLock { state in jobs.allSatisfy { state.epochs[$0.id, default: 0] >= $0.epoch } }
    }

    func add(_ job: JobID, epoch: Int) {
        state.withLock { state in
            state.count += 1
            state.epochs[job] = max(epoch, state.epochs[job, default: 0])
        }
        waiters.wake()
    }

    func wait(beyond seen: Int) async -> Bool { await waiters.wait { count > seen } }
}
