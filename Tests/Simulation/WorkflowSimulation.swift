internal import Database
internal import JSON
import Nouns
internal import Records
internal import Synchronization
internal import Telemetry

@testable internal import Agents
@testable internal import Jobs
@testable internal import RuntimeTesting
@testable internal import Workflows

/// A random workflow on the real runtime and database, one worker at a time, in which a seed decides what goes wrong:
/// workers die before and after their commits, commits fail, leases run out under live workers, the clock jumps, and a
/// provider's answers are lost.
final class WorkflowSimulation: Sendable {
    /// The parts of a simulated program.
    indirect enum Operation: Sendable {
        case step(String), call(String), tool(String), sleep(Int64), signal(String, timeout: Int64?)
        case parallel([[Operation]]), compensate(String), fail
    }

    /// Deliberate mistakes, which the invariants have to find.
    enum Mistake: Sendable { case none, journalAfterCommit }

    struct Died: Error {}

    private struct State {
        var random: SeededRandom
        var trace: [String] = []
        var faultsLeft = 14
        var depth = 0
        var worker = 0
        /// The provider's books: how often each key took effect there.
        var effects: [String: Int] = [:]
        var signalsSent: [String: Int] = [:]
        /// Attempts of the tool's calls that reached its provider. One that a worker died over comes again, under its
        /// key, and is paid for once.
        var arrivals: Set<String> = []
    }

    let seed: UInt64, mistake: Mistake
    let program: [Operation]
    private let test: TestRuntime
    private let tenant: TenantID
    private let state: Mutex<State>

    init(seed: UInt64, story: Int = 0, on test: TestRuntime, mistake: Mistake = .none) {
        (self.seed, self.test, self.mistake) = (seed, test, mistake)
        tenant = TenantID(rawValue: "ten_\(seed)_\(story)_\(mistake)")
        var random = SeededRandom(seed: seed)
        var names = 0
        program = Self.program(&random, &names, depth: 0)
        state = Mutex(State(random: random))
    }

    var trace: [String] { state.withLock { $0.trace } }

    private static func program(
        _ random: inout SeededRandom, _ names: inout Int, depth: Int
    ) -> [Operation] {
        (0..<Int.random(in: 1...(depth == 0 ? 6 : 3), using: &random)).map { _ in
            names += 1
            let name = "n\(names)"
            switch Int.random(in: 0..<(depth < 2 ? 14 : 11), using: &random) {
            case 0...3: return .step(name)
            case 4...5: return .call(name)
            case 6: return .tool(name)
            case 7: return .sleep(Int64.random(in: 0...100_000, using: &random))
            case 8: return .signal(name, timeout: Int64.random(in: 1...100_000, using: &random))
            case 9: return depth == 0 ? .compensate(name) : .step(name)
            case 10: return depth == 0 && names > 4 ? .fail : .call(name)
            default:
                return .parallel(
                    (0..<Int.random(in: 1...3, using: &random)).map { _ in
                        program(&random, &names, depth: depth + 1)
                    })
            }
        }
    }

    // MARK: The body

    func body(_ flow: Flow) async throws {
        try await perform(program, flow)
    }

    private func perform(_ operations: [Operation], _ flow: Flow) async throws {
        for operation in operations {
            switch operation {
            case .step(let name):
                if mistake == .journalAfterCommit {
                    try await flow.stepWithJournalAfterCommit(name) { tx in try tx.effect(name) }
                } else {
                    try await flow.step(name, attempts: StepAttempts(100)) { tx in try tx.effect(name) }
                }
            case .call(let name):
                try await flow.call(name, attempts: StepAttempts(100)) { [self] call in try provide(call.key)
                }
            case .tool(let name):
                do {
                    _ = try await flow.tool(
                        step: name, SimulatedTool.name, ["word": .string(name)], StepAttempts(100))
                } catch let failed as StepFailed { note("\(name) failed: \(failed.failure.code)") }
            case .sleep(let seconds): try await flow.sleep(for: .seconds(seconds))
            case .signal(let name, let timeout):
                _ = try await flow.signal(name, timeout: timeout.map { .seconds($0) })
            case .compensate(let name): flow.compensate(name) { tx in try tx.effect("undo \(name)") }
            case .fail:
                try await flow.step("fail", attempts: StepAttempts(1)) { _ in
                    throw JobFailure.terminal("meant", "it is meant to fail")
                }
            case .parallel(let branches):
                _ = try await flow.parallel(
                    branches.map { branch in { @Sendable flow in try await self.perform(branch, flow) } })
            }
        }
    }

    /// Takes effect once for a key; the answer may be lost, and the call may not even arrive.
    private func provide(_ key: String) throws -> Nothing {
        try state.withLock { state in
            let fate = state.faultsLeft > 0 ? Int.random(in: 0..<10, using: &state.random) : 9
            if fate < 2 { state.faultsLeft -= 1 }
            if fate == 0 { throw JobFailure.retryable("lost", "it did not arrive") }
            if state.effects[key] == nil { state.effects[key] = 1 }
            if fate == 1 { throw JobFailure.retryable("lost", "the answer was lost") }
            return Nothing()
        }
    }

    /// Does what the tool's provider does with a call.
    func answer(_ call: ToolCall) throws(ToolFailure) -> ToolAnswer {
        state.withLock { _ = $0.arrivals.insert("\(call.key) \(call.attempt)") }
        do { _ = try provide(call.key) } catch {
            throw ToolFailure("lost", "\(error)", isRetryable: true, isAmbiguous: true)
        }
        return ToolAnswer([:])
    }

    // MARK: The world

    /// Runs the workflow to its end; what is wrong with what it left, empty when nothing is.
    func run() async throws -> [String] {
        let amount = Int64(seed % 4)
        let id = try await test.write(tenant) { [seed] tx in
            let budget = Budget(
                id: tx.makeID(), agent: nil, kind: .calls, amount: amount, currency: nil, per: .day,
                now: tx.now)
            _ = try tx.budgets.create(budget, by: .system)
            return try tx.workflows.start(SimulatedWorkflow.self, Int(seed), by: .system).id
        }
        var rounds = 0
        while try !workflow(id).status.isFinished {
            rounds += 1
            guard rounds < 3000 else { return ["it does not come to its end"] }
            try await sendSignal(id)
            if mayBeCancelled, rounds == seed / 10 % 12 + 1 { try await cancel(id) }
            if try mostTaken() > amount { return ["the budget of \(amount) was overspent"] }
            if try await !workOnce() { try await passTime() }
        }
        return try faults(of: id)
    }

    private var mayBeCancelled: Bool { seed % 10 == 0 }

    private func cancel(_ id: WorkflowRunID) async throws {
        note("cancelled")
        _ = try await test.write(tenant) { try $0.workflows.cancel(id, by: .system) }
    }

    private func workflow(_ id: WorkflowRunID) throws -> WorkflowRun {
        guard let run = try test.read(tenant, { try $0.workflows.run(id) }) else {
            throw RuntimeError.notFound
        }
        return run
    }

    private func sendSignal(_ id: WorkflowRunID) async throws {
        let name = state.withLock { state -> String? in
            guard Int.random(in: 0..<6, using: &state.random) == 0 else { return nil }
            let name = "n\(Int.random(in: 1...12, using: &state.random))"
            state.signalsSent[name, default: 0] += 1
            return name
        }
        guard let name else { return }
        _ = try await test.write(tenant) { try $0.workflows.signal(id, name, [:]) }
    }

    /// Claims and works; false when there is nothing to claim.
    private func workOnce() async throws -> Bool {
        let worker = state.withLock { state in
            state.worker += 1
            return state.worker
        }
        guard let claimed = try await test.claim(1, queue: "workflows", owner: "worker-\(worker)").first
        else { return false }
        let entry = test.runtime.kinds[claimed.kind]
        let claim = Claim(
            lease: claimed.lease, kind: claimed.kind, attempt: claimed.attempt,
            attemptsMax: claimed.attemptsMax, timeout: .seconds(60), retry: RetryPolicy(),
            prepared: Result { try entry?.prepare(claimed.payload) })
        note("worker \(worker) epoch \(claimed.lease.epoch)")
        try await attempt(claim)
        return true
    }

    /// As the runner does it, but for the failpoint. Nothing that a dead worker still does reaches the database.
    private func attempt(_ claim: Claim) async throws {
        let isDead = Mutex(false)
        let job = JobContext(claim, test.runtime) { [self] point in
            if isDead.withLock({ $0 }) { throw Died() }
            do {
                try await reach(point)
            } catch let death as Died {
                isDead.withLock { $0 = true }
                throw death
            }
        }
        var disposition = Disposition.completed
        do {
            try await claim.prepared.get()?.run(job)
        } catch let snooze as JobSnooze {
            disposition = .snoozed(snooze)
        } catch {
            disposition = .retry(after: .seconds(1), .retryable("internal_error", "\(error)"))
            if error is LeaseLost { return note("lease lost") }
        }
        if isDead.withLock({ $0 }) || job.isCompleted { return }
        do {
            try await test.write(tenant) { [disposition] in try $0.jobs.settle(claim.lease, disposition) }
        } catch is LeaseLost { note("late") }
    }

    private func reach(_ point: CommitPoint) async throws {
        let fate = state.withLock { state -> Int in
            guard state.faultsLeft > 0, state.depth < 2 else { return 99 }
            let fate = Int.random(in: 0..<24, using: &state.random)
            if fate < 5 { state.faultsLeft -= 1 }
            return fate
        }
        switch fate {
        case 0:
            note("death \(point)")
            throw Died()
        case 1 where point == .beforeCommit:
            note("the commit fails")
            throw DatabaseError.unavailable(.inputOutput("simulated"))
        case 2:
            note("overtaken")
            test.clock.advance(by: .seconds(31))
            try await reap()
            state.withLock { $0.depth += 1 }
            defer { state.withLock { $0.depth -= 1 } }
            _ = try await workOnce()
        case 3: test.clock.advance(by: .seconds(3600))
        case 4: test.clock.advance(by: .seconds(-3600))
        default: break
        }
    }

    /// Nothing can be claimed: time passes to the next thing that is due.
    private func passTime() async throws {
        let tenant = tenant
        let due = try test.read(tenant) { reader in
            try reader.first(
                """
                SELECT min(CASE WHEN state = 2 THEN lease_until ELSE run_at END) FROM jobs
                WHERE tenant_id = \(tenant) AND state IN (0, 2, 3)
                """
            ) { $0.optionalInstant(0) } ?? nil
        }
        let wait = due.map { $0 - test.clock.now } ?? .zero
        note("time")
        // A wait without a time is for a signal, which comes.
        test.clock.advance(by: min(max(wait, .zero), .seconds(200_000)) + .seconds(1))
        try await reap()
        let runtime = test.runtime
        _ = try await test.database.acrossTenantsWrite {
            try ClaimStore(tx: $0, runtime: runtime).wakeDue(limit: 100)
        }
    }

    private func reap() async throws {
        let runtime = test.runtime
        _ = try await test.database.acrossTenantsWrite {
            try ClaimStore(tx: $0, runtime: runtime).reap(.expired, deathsMax: 1000)
        }
    }

    private func note(_ line: String) { state.withLock { $0.trace.append(line) } }

    // MARK: Invariants

    private func faults(of id: WorkflowRunID) throws -> [String] {
        let run = try workflow(id)
        let (steps, effects) = try test.read(tenant) {
            (try $0.workflowJournal.steps(of: id), try $0.effects())
        }
        var faults: [String] = []
        let twice = Dictionary(grouping: effects) { $0 }.filter { $1.count > 1 }.keys.sorted()
        if !twice.isEmpty { faults.append("effective twice: \(twice)") }
        let recorded = Set(steps.filter { $0.status == .completed }.map(\.name))
        for operation in flat(program) {
            switch operation {
            case .step(let name) where recorded.contains(name) != effects.contains(name):
                faults.append("\(name) has \(recorded.contains(name) ? "a record" : "effects") alone")
            case .step(let name), .call(let name):
                if run.status == .completed, !recorded.contains(name) {
                    faults.append("\(name) was left out")
                }
            default: break
            }
        }
        let (calls, arrivals) = state.withLock { ($0.effects, Int64($0.arrivals.count)) }
        let (spent, held) = try taken("sum(spent)", "sum(held)")
        if arrivals > spent + held { faults.append("\(arrivals) calls went out, and \(spent) were paid for") }
        // The call of a cancelled run may be out: its hold is booked after a day.
        if held > 0, run.status != .cancelled { faults.append("\(held) calls are held for ever") }
        if run.status == .cancelled, !mayBeCancelled { faults.append("it was cancelled by nobody") }
        if calls.values.contains(where: { $0 != 1 }) { faults.append("a provider's key took effect twice") }
        if run.status == .failed { faults += unmade(effects) }
        if steps.contains(where: \.isOpen) { faults.append("an open step in a run that has ended") }
        let job = try test.job(run.jobID, tenant)
        let expected: JobState = run.status == .failed ? .dead : .completed
        if job?.state != expected { faults.append("the job is \(job?.state.name ?? "gone")") }
        let told = try test.read(tenant) { try $0.events.after(0, limit: 100) }.filter {
            $0.subject == run.subject
        }
        if told.map(\.type) != ["workflow_run.\(run.status.rawValue)"] {
            faults.append("its end was not told once")
        }
        return faults
    }

    private func mostTaken() throws -> Int64 { try taken("max(spent + held)", "0").0 }

    private func taken(_ first: StaticString, _ second: StaticString) throws -> (Int64, Int64) {
        let tenant = tenant
        return try test.read(tenant) { reader in
            try reader.first(
                "SELECT coalesce(\(raw: first), 0), coalesce(\(raw: second), 0) FROM budget_use WHERE tenant_id = \(tenant)"
            ) { ($0.int64(0), $0.int64(1)) } ?? (0, 0)
        }
    }

    /// Steps that were registered before the failure are made good, and nothing else.
    private func unmade(_ effects: [String]) -> [String] {
        var registered: Set<String> = []
        for operation in program {
            if case .compensate(let name) = operation { registered.insert("undo \(name)") }
            if case .fail = operation { break }
        }
        let made = Set(effects.filter { $0.hasPrefix("undo") })
        return made == registered ? [] : ["made good: \(made.sorted()), not \(registered.sorted())"]
    }

    private func flat(_ operations: [Operation]) -> [Operation] {
        operations.flatMap { operation -> [Operation] in
            if case .parallel(let branches) = operation { return branches.flatMap(flat) }
            return [operation]
        }
    }
}
