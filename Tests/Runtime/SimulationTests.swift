import Database
import Glibc
import JSON
import Telemetry
import Testing

@testable import Runtime

/// The kernel on the real database, one step at a time: a seed decides in which order things happen, which
/// handlers fail, and when the process dies.
private final class Simulation {
    private let test: TestRuntime
    private var random: SeededRandom
    private var kernel = Simulation.kernel()
    private var boot = 0
    /// What is under way outside the kernel: any of it may come next, and all of it is lost with the process.
    private var flights: [Kernel.Command] = []
    private var handlers: [Lease: Claim] = [:]
    /// Handlers whose process the others believe dead.
    private var zombies: [Lease] = []
    private(set) var trace: [String] = []
    private(set) var crashes = 0
    private var jobs: [String] = []

    init(seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        test = try TestRuntime(kinds: [TestJob()])
    }

    private static func kernel() -> Kernel {
        Kernel(pools: [Kernel.Pool(queue: "default", slots: 4)])
    }

    func run() throws {
        for number in 0..<40 { try enqueue(number) }
        feed(.started)
        for _ in 0..<600 { try step(mayFail: true) }
        // The trouble ends: everything must come to its end.
        var steps = 0
        while try unfinished() > 0 {
            try step(mayFail: false)
            steps += 1
            try #require(steps < 5000, "it does not come to rest")
        }
        try check()
    }

    private func enqueue(_ number: Int) throws {
        let tenant: TenantID = number % 4 == 0 ? .globex : .acme
        let at = chance(4) ? test.clock.now + .seconds(Int64.random(in: 1...60, using: &random)) : nil
        jobs.append(
            try test.database.writeAndWait(tenant) {
                try $0.enqueue(TestJob.self, .init(name: "job \(number)"), JobOptions(runAt: at)).id
            })
    }

    private func chance(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &random) == 0 }

    private func feed(_ event: Kernel.Event) {
        flights += kernel.handle(event, now: test.clock.now, random: &random).filter {
            if case .run(let claim) = $0 {
                handlers[claim.lease] = claim
                return false
            }
            if case .wait = $0 { return false }
            return true
        }
    }

    private func step(mayFail: Bool) throws {
        if mayFail, chance(40) { return crash() }
        if mayFail, !zombies.isEmpty, chance(5) {
            let zombie = zombies.removeFirst()
            return try complete(zombie, isAlive: false)
        }
        let choices = flights.count + handlers.count + 1
        let choice = Int.random(in: 0..<choices, using: &random)
        if choice < flights.count {
            try carryOut(flights.remove(at: choice), mayFail: mayFail)
        } else if choice < choices - 1 {
            let lease = handlers.keys.sorted()[choice - flights.count]
            try end(lease, mayFail: mayFail)
        } else {
            test.clock.advance(by: .milliseconds(Int64.random(in: 1...8000, using: &random)))
            feed(.tick)
            feed(.woken(queue: "default"))
        }
    }

    private func crash() {
        trace.append("crash")
        crashes += 1
        zombies += handlers.keys.sorted()
        (flights, handlers) = ([], [:])
        boot += 1
        kernel = Self.kernel()
        feed(.started)
    }

    private func end(_ lease: Lease, mayFail: Bool) throws {
        guard handlers.removeValue(forKey: lease) != nil else { return }
        switch mayFail ? Int.random(in: 0..<6, using: &random) : 5 {
        case 0: feed(.ended(lease, .failed(.retryable("busy", "", after: .seconds(1)))))
        case 1: feed(.ended(lease, .snoozed(JobSnooze(for: .seconds(2), waitingFor: "luck"))))
        case 2: feed(.ended(lease, .completed))
        default:
            try complete(lease, isAlive: true)
            feed(.ended(lease, .settled))
        }
    }

    /// The handler's effects and its job's completion in one transaction.
    private func complete(_ lease: Lease, isAlive: Bool) throws {
        do {
            try test.database.writeAndWait(lease.tenant) { tx in
                try tx.jobs.complete(lease)
                try tx.effect(lease.job)
            }
            trace.append("effect \(lease.epoch) \(isAlive)")
        } catch is LeaseLost {
            trace.append("refused \(lease.epoch) \(isAlive)")
        }
    }

    private func carryOut(_ command: Kernel.Command, mayFail: Bool) throws {
        let fails = mayFail && chance(12)
        let owner = "boot-\(boot)", runtime = test.runtime
        func across<T: Sendable>(_ body: @escaping @Sendable (ClaimStore) throws -> T) throws -> T {
            try test.database.acrossTenantsWriteAndWait { try body(ClaimStore(tx: $0, runtime: runtime)) }
        }
        switch command {
        case .takeOver:
            if fails { return feed(.takeOverFailed) }
            while try across({ try $0.reap(.ownersOtherThan(owner), deathsMax: 1000) }) > 0 {}
            feed(.tookOver)
        case .claim(let queue, let limit):
            if fails { return feed(.claimFailed(queue: queue)) }
            let claimed = try across {
                try $0.claim(queue, limit: limit, cap: 3, owner: owner, leaseUntil: $0.tx.now + .seconds(30))
            }
            trace.append("claimed \(claimed.map { "\($0.payload) \($0.lease.epoch)" })")
            feed(
                .claimed(
                    queue: queue,
                    claimed.map {
                        Claim(
                            lease: $0.lease, kind: $0.kind, attempt: 1, attemptsMax: 1000,
                            timeout: .seconds(20),
                            retry: RetryPolicy(), prepared: .success(nil))
                    }))
        case .store(let lease, let disposition):
            if fails { return feed(.storeFailed(lease)) }
            do {
                try test.database.writeAndWait(lease.tenant) { tx in
                    if disposition == .completed { try tx.effect(lease.job) }
                    try tx.jobs.settle(lease, disposition)
                }
            } catch is LeaseLost { trace.append("late \(lease.epoch)") }
            feed(.stored(lease))
        case .cancel(let lease):
            if handlers.removeValue(forKey: lease) != nil {
                feed(.ended(lease, .failed(.retryable("interrupted", ""))))
            }
        case .pump:
            if fails { return feed(.pumpFailed) }
            feed(.pumped(next: try across { try $0.wakeDue(limit: 5) }))
        case .maintain(let leases):
            if fails { return feed(.maintenanceFailed) }
            let lost = try across { store in
                let lost = try store.prolong(leases, until: store.tx.now + .seconds(30))
                _ = try store.reap(.expired, deathsMax: 1000)
                return lost
            }
            feed(.maintained(lost: lost))
        case .run, .wait, .drained: break
        }
    }

    private func unfinished() throws -> Int {
        try test.database.acrossTenantsRead {
            Int(try $0.int("SELECT count(*) FROM jobs WHERE state <> 4") ?? 0)
        }
    }

    private func check() throws {
        let effects = try test.read { try $0.effects() } + test.read(.globex) { try $0.effects() }
        #expect(effects.sorted() == jobs.sorted(), "every job once, none twice")
        #expect(kernel.runningCount <= 4)
    }
}

struct Simulated {
    /// BUREAU_SEEDS=1000 tries more of them.
    private static let seeds =
        UInt64(1)...(getenv("BUREAU_SEEDS").flatMap { UInt64(String(cString: $0)) } ?? 24)

    @Test(arguments: seeds)
    func `whatever dies and fails, every job is effective once`(seed: UInt64) throws {
        let simulation = try Simulation(seed: seed)
        try simulation.run()
        #expect(simulation.crashes > 0)
    }

    @Test func `a seed gives the same story twice`() throws {
        let stories = try (0..<2).map { _ in
            let simulation = try Simulation(seed: 99)
            try simulation.run()
            return simulation.trace
        }
        #expect(stories[0] == stories[1])
    }
}
