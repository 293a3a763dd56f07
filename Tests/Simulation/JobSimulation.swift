internal import Database
import Nouns
internal import Synchronization
internal import Telemetry

@testable internal import Jobs
@testable internal import RuntimeTesting

/// The kernel on the real database, one step at a time: a seed decides in which order things happen, which
/// handlers fail, and when the process dies.
final class JobSimulation {
    /// Deliberate mistakes, which the invariants have to find.
    enum Mistake { case none, finishWithoutEpoch }

    static let slots = 4
    private static let cap = 3
    /// Jobs that others may be given while a tenant with work and room for it has none: two turns.
    private static let patience = 8

    private let test: TestRuntime
    private let acme: TenantID, globex: TenantID
    private let mistake: Mistake
    private var random: SeededRandom
    private var kernel = JobSimulation.kernel()
    private var boot = 0
    /// The work under way outside the kernel: any of it may come next, and all of it is lost with the
    /// process.
    private var flights: [Kernel.Command] = []
    private var handlers: [Lease: Claim] = [:]
    /// Handlers whose process the others believe dead.
    private var zombies: [Lease] = []
    private(set) var trace: [String] = []
    private(set) var crashes = 0
    private var faults: [String] = []
    /// The work that has been given to others since a tenant began to wait.
    private var passedOver: [TenantID: Int] = [:]
    /// A reader's place among the events, and what it has seen.
    private var place: [TenantID: Int64] = [:]
    private var seen: [String] = []
    private var jobs: [JobID] = []
    private var batches = 0
    /// The news of commits that the workers have not heard yet.
    private let told = Told()

    private final class Told: Sendable {
        private let events = Mutex<[Kernel.Event]>([])
        var all: [Kernel.Event] { events.withLock { $0 } }
        func add(_ event: Kernel.Event) { events.withLock { $0.append(event) } }
        func removeAll() { events.withLock { $0 = [] } }
    }

    /// The tenants are the story's own: many stories share a database.
    init(seed: UInt64, story: Int = 0, on test: TestRuntime, mistake: Mistake = .none) {
        random = SeededRandom(seed: seed)
        (self.test, self.mistake) = (test, mistake)
        let suffix = "\(seed)_\(story)_\(mistake)"
        (acme, globex) = (TenantID(rawValue: "ten_a_\(suffix)"), TenantID(rawValue: "ten_g_\(suffix)"))
    }

    private static func kernel() -> Kernel {
        Kernel(pools: [Kernel.Pool(queue: "default", slots: slots)])
    }

    /// Returns the faults in the end, empty when there are none.
    func run() throws -> [String] {
        listen()
        defer { test.runtime.signals.disconnect() }
        for number in 0..<9 { try enqueue(number) }
        feed(.started)
        for _ in 0..<160 { try step(mayFail: true) }
        // The trouble ends: everything must come to its end.
        var steps = 0
        while try unfinished() > 0 {
            try step(mayFail: false)
            steps += 1
            guard steps < 3000 else { return faults + ["it does not come to rest"] }
        }
        try check()
        return faults
    }

    private func listen() {
        test.runtime.signals.connect { [told] event in
            told.add(event)
        } timer: { _ in
        } job: { [told] queue, job in
            told.add(.handed(queue: queue, Self.claim(job)))
        }
    }

    private static func claim(_ job: ClaimedJob) -> Claim {
        Claim(
            lease: job.lease, kind: job.kind, attempt: 1, attemptsMax: 1000, timeout: .seconds(20),
            retry: RetryPolicy(), prepared: .success(nil))
    }

    /// A job that comes while others are worked on: it is handed over if there is a free slot. With the process goes
    /// what it was handed and has not begun.
    private func enqueueMore() throws {
        test.runtime.signals.offer(kernel.handsFree)
        // Of those that no limit keeps from running.
        try enqueue(5 * jobs.count + 1)
        test.runtime.signals.offer([:])
        for case .handed(_, let claim) in told.all {
            trace.append("handed \(claim.lease.job == jobs.last)")
            try checkFairness([claim.lease])
        }
        if chance(6) { crash() } else { hear() }
    }

    private func hear() {
        let events = told.all
        told.removeAll()
        for event in events { feed(event) }
    }

    private func enqueue(_ number: Int) throws {
        let tenant: TenantID = number % 4 == 0 ? globex : acme
        let at = chance(4) ? test.clock.now + .seconds(Int64.random(in: 1...60, using: &random)) : nil
        if number % 5 == 0 { return try enqueueLimited(number, tenant, at) }
        jobs.append(
            try test.database.writeAndWait(tenant) {
                try $0.jobs.enqueue(TestJob.self, .init(name: "job \(number)"), JobOptions(runAt: at)).id
            })
    }

    /// One of a key at a time, and three of another in ten seconds; each a batch of two that one more job follows.
    private func enqueueLimited(_ number: Int, _ tenant: TenantID, _ at: Instant?) throws {
        let options =
            number % 10 == 0
            ? JobOptions(runAt: at, limitKey: "one", limits: JobLimits(concurrency: 1))
            : JobOptions(
                runAt: at, limitKey: "three",
                limits: JobLimits(concurrency: 2, rate: JobRate(3, per: .seconds(10))))
        try test.database.writeAndWait(tenant) { tx in
            try tx.jobBatches.enqueue(
                TestJob.self, [BulkJob(.init(name: "a \(number)")), BulkJob(.init(name: "b \(number)"))],
                options,
                then: TestJob.self, .init(name: "after \(number)"))
        }
        batches += 1
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
        if mayFail, chance(20) { return try enqueueMore() }
        if chance(2) { hear() }
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
        told.removeAll()
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
            try test.database.writeAndWait(lease.tenant) { [mistake] tx in
                if mistake == .finishWithoutEpoch {
                    try tx.finishWithoutEpoch(lease.job)
                } else {
                    try tx.jobs.complete(lease)
                }
                try tx.takeEffect(lease.job)
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
            let result = try across {
                try $0.claim(
                    queue, limit: limit, cap: Self.cap, owner: owner, leaseUntil: $0.tx.now + .seconds(30))
            }
            let claimed = result.jobs
            trace.append("claimed \(claimed.map { "\($0.payload) \($0.lease.epoch)" })")
            try checkLimits()
            try checkFairness(claimed.map(\.lease))
            try follow()
            feed(
                .claimed(
                    queue: queue, claimed.map(Self.claim), areTenantsAtLimit: result.areTenantsAtLimit))
        case .store(let lease, let disposition):
            if fails { return feed(.storeFailed(lease)) }
            do {
                try test.database.writeAndWait(lease.tenant) { tx in
                    if disposition == .completed { try tx.takeEffect(lease.job) }
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
        case .sweep: feed(.swept)
        case .run, .wait, .drained: break
        }
    }

    // MARK: Invariants

    private func checkLimits() throws {
        let busiest = try test.database.acrossTenantsRead { [acme, globex] reader in
            try reader.int(
                """
                SELECT max(n) FROM (SELECT count(*) - limit_count AS n FROM jobs WHERE state = 2 AND limit_key IS NOT NULL
                    AND tenant_id IN (\(acme), \(globex)) GROUP BY tenant_id, limit_key, limit_count) AS running
                """)
        }
        if busiest ?? 0 > 0 { faults.append("more run than their key allows") }
    }

    /// A tenant that has work and room for it is not passed over for long, and nobody takes every slot.
    private func checkFairness(_ claimed: [Lease]) throws {
        for tenant in [acme, globex] {
            let (ready, running) = try test.read(tenant) { reader in
                (
                    try reader.exists(
                        "SELECT 1 FROM jobs WHERE tenant_id = \(tenant) AND state = 1 AND permit < 2 LIMIT 1"),
                    try reader.int("SELECT count(*) FROM jobs WHERE tenant_id = \(tenant) AND state = 2") ?? 0
                )
            }
            if running > Self.cap { faults.append("\(running) of one tenant run at once") }
            let others = claimed.count { $0.tenant != tenant }
            let waits = ready && running < Self.cap && !claimed.contains { $0.tenant == tenant }
            passedOver[tenant] = waits ? passedOver[tenant, default: 0] + others : 0
            if passedOver[tenant, default: 0] > Self.patience { faults.append("a tenant was passed over") }
        }
    }

    /// A reader of the events goes on where it was.
    private func follow() throws {
        for tenant in [acme, globex] {
            let events = try test.read(tenant) { try $0.events.after(place[tenant] ?? 0, limit: 1000) }
            place[tenant] = events.last?.row ?? place[tenant]
            seen += events.compactMap { $0.type == "lead.updated" ? $0.subject.id : nil }
        }
    }

    private func unfinished() throws -> Int {
        try test.database.acrossTenantsRead { [acme, globex] reader in
            Int(
                try reader.int(
                    "SELECT count(*) FROM jobs WHERE tenant_id IN (\(acme), \(globex)) AND state <> 4") ?? 0)
        }
    }

    private func check() throws {
        var effects: [String] = [], all: [String] = []
        for tenant in [acme, globex] {
            effects += try test.read(tenant) { try $0.effects() }
            all += try test.read(tenant) { reader in
                try reader.all("SELECT id FROM jobs WHERE tenant_id = \(tenant)") { $0.text(0) }
            }
        }
        let twice = Dictionary(grouping: effects) { $0 }.count { $1.count > 1 }
        if twice > 0 { faults.append("effective twice: \(twice) jobs") }
        if Set(effects) != Set(all) { faults.append("a job was lost") }
        if !Set(jobs.map(\.text)).isSubset(of: all) || all.count != jobs.count + 3 * batches {
            faults.append("not one job follows each batch")
        }
        if kernel.runningCount > Self.slots { faults.append("more run than there are slots") }
        try follow()
        if seen.sorted() != effects.sorted() { faults.append("a reader missed an event, or saw one twice") }
    }
}

extension Transaction {
    /// Does a handler's work in the transaction that ends its job, and tells of it.
    fileprivate func takeEffect(_ job: JobID) throws {
        try effect(job.text)
        try publish("lead.updated", Subject(job))
    }

    /// The mistake of many queues: whoever is done ends the job, even when it was given to another meanwhile.
    fileprivate func finishWithoutEpoch(_ job: JobID) throws {
        let epoch = try int(
            "SELECT epoch FROM jobs WHERE tenant_id = \(tenant) AND id = \(job) AND state = 2")
        if let epoch { try jobs.complete(Lease(tenant: tenant, job: job, epoch: Int(epoch))) }
    }
}
