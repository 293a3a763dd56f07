internal import Database
internal import Nouns
internal import Telemetry

/// The worker pool as a synchronous state machine: events, the time and randomness in, commands out. It
/// touches neither database nor task, so that a seeded simulation can drive it.
struct Kernel {
    private enum Phase {
        /// The handler runs.
        case running
        /// It was told to stop at its deadline; it has until the deadline's end.
        case overdue
        case storing(Disposition)
        /// The disposition could not be stored; again at the deadline.
        case storeWaits(Disposition)
    }

    private struct Work {
        let claim: Claim
        let pool: Int
        var phase = Phase.running
        /// When the phase must be left.
        var deadline: Instant
    }

    private struct PoolState {
        let pool: Pool
        /// Slots that are taken or asked for.
        var taken = 0
        var asked: Int?
        /// Whether there may be more to claim.
        var mayHaveMore = false
        /// Whether the last claim passed over tenants at their limit: the end of any job may let them in again.
        var areTenantsAtLimit = false
        /// Whether a job has ended while a claim is made, which may have counted it as running.
        var hasFreedMeanwhile = false
        var pausedUntil: Instant?
    }

    private enum Life { case created, starting(retryAt: Instant?), open, draining, halted, drained }

    private var life = Life.created
    private var pools: [PoolState]
    private let poolIndex: [String: Int]
    private var work: [Lease: Work] = [:]
    private var isPumping = false, isMaintaining = false, isSweeping = false
    private var pumpAt: Instant?, maintainAt: Instant?, sweepAt: Instant?, pollAt: Instant?
    private let limits: Limits

    init(pools: [Pool], limits: Limits = Limits()) {
        self.pools = pools.map { PoolState(pool: $0) }
        poolIndex = Dictionary(uniqueKeysWithValues: pools.enumerated().map { ($1.queue, $0) })
        self.limits = limits
    }

    var runningCount: Int { work.count }

    /// The number of jobs of each queue that may be handed over: as many as have a free slot while, as far as
    /// is known here, no job waits for one.
    var handsFree: [String: Int] {
        guard isOpen else { return [:] }
        var hands: [String: Int] = [:]
        for state in pools where !state.mayHaveMore && state.asked == nil && state.taken < state.pool.slots {
            hands[state.pool.queue] = state.pool.slots - state.taken
        }
        return hands
    }

    /// In a fixed order, so that a seed always gives the same commands.
    private var leases: [Lease] { work.keys.sorted() }

    mutating func handle(
        _ event: Event, now: Instant, random: inout some RandomNumberGenerator
    ) -> [Command] {
        var commands: [Command] = []
        switch event {
        case .started:
            // It may have been stopped before it began.
            guard case .created = life else { break }
            life = .starting(retryAt: nil)
            commands.append(.takeOver)
        case .tookOver:
            guard case .starting = life else { break }
            life = .open
            for index in pools.indices { pools[index].mayHaveMore = true }
            (pumpAt, maintainAt, sweepAt) = (now, now + limits.maintenance, now + limits.sweep)
            setPoll(now: now, &random)
        case .takeOverFailed:
            if case .starting = life { life = .starting(retryAt: now + limits.failurePause) }
        case .woken(let queue):
            if let index = poolIndex[queue] { pools[index].mayHaveMore = true }
        case .timerSet(let due):
            pumpAt = min(pumpAt ?? due, due)
        case .tick: break
        case .claimed(let queue, let claims, let areTenantsAtLimit):
            guard let index = poolIndex[queue] else { break }
            if claims.count >= giveBack(index) { pools[index].mayHaveMore = true }
            pools[index].areTenantsAtLimit = areTenantsAtLimit
            if areTenantsAtLimit, pools[index].hasFreedMeanwhile { pools[index].mayHaveMore = true }
            start(claims, of: index, now: now, &commands)
        case .handed(let queue, let claim):
            if let index = poolIndex[queue] { start([claim], of: index, now: now, &commands) }
        case .claimFailed(let queue):
            guard let index = poolIndex[queue] else { break }
            giveBack(index)
            pools[index].mayHaveMore = true
            pools[index].pausedUntil = now + limits.failurePause
        case .pumped(let next):
            isPumping = false
            // A timer that was set meanwhile is not in the pump's answer.
            pumpAt = [pumpAt, next, now + limits.pumpInterval].compactMap { $0 }.min()
        case .pumpFailed:
            isPumping = false
            pumpAt = now + limits.failurePause
        case .maintained(let lost):
            isMaintaining = false
            maintainAt = now + limits.maintenance
            for lease in lost { revoke(lease, &commands) }
        case .maintenanceFailed:
            isMaintaining = false
            maintainAt = now + limits.failurePause
        case .swept:
            isSweeping = false
            sweepAt = now + limits.sweep
        case .ended(let lease, let ending): end(lease, ending, now: now, &random, &commands)
        case .stored(let lease): free(lease)
        case .storeFailed(let lease):
            guard case .storing(let disposition)? = work[lease]?.phase else { break }
            work[lease]?.phase = .storeWaits(disposition)
            work[lease]?.deadline = now + limits.failurePause
        case .revoked(let tenant, let job):
            for lease in leases where lease.tenant == tenant && lease.job == job { revoke(lease, &commands) }
        case .drain:
            switch life {
            case .created, .starting, .open: life = .draining
            case .draining, .halted, .drained: break
            }
        case .halt:
            life = .halted
            for lease in leases { commands.append(.cancel(lease)) }
        }
        advance(now: now, &random, &commands)
        return commands
    }

    private mutating func start(
        _ claims: [Claim], of index: Int, now: Instant, _ commands: inout [Command]
    ) {
        pools[index].taken += claims.count
        for claim in claims {
            work[claim.lease] = Work(claim: claim, pool: index, deadline: now + claim.timeout)
            if case .open = life {
                commands.append(.run(claim))
            } else {
                settle(claim.lease, .released, now: now, &commands)
            }
        }
    }

    @discardableResult
    private mutating func giveBack(_ index: Int) -> Int {
        let asked = pools[index].asked ?? 0
        pools[index].taken -= asked
        pools[index].asked = nil
        return asked
    }

    private mutating func end(
        _ lease: Lease, _ ending: Ending, now: Instant, _ random: inout some RandomNumberGenerator,
        _ commands: inout [Command]
    ) {
        guard let work = work[lease] else { return }
        switch work.phase {
        case .storing, .storeWaits: return
        case .running, .overdue: break
        }
        switch ending {
        case .settled: free(lease)
        case .completed: settle(lease, .completed, now: now, &commands)
        case .released: settle(lease, .released, now: now, &commands)
        case .snoozed(let snooze): settle(lease, .snoozed(snooze), now: now, &commands)
        case .failed where isHalted: settle(lease, .released, now: now, &commands)
        case .failed(var failure):
            if case .overdue = work.phase { failure = .timeout(of: work.claim) }
            settle(lease, disposition(of: failure, work.claim, &random), now: now, &commands)
        }
    }

    private func disposition(
        of failure: JobFailure, _ claim: Claim, _ random: inout some RandomNumberGenerator
    ) -> Disposition {
        guard case .retryable(let after) = failure.course, claim.attempt < claim.attemptsMax else {
            return .dead(failure)
        }
        return .retry(after: after ?? claim.retry.delay(afterAttempt: claim.attempt, using: &random), failure)
    }

    private mutating func settle(
        _ lease: Lease, _ disposition: Disposition, now: Instant, _ commands: inout [Command]
    ) {
        work[lease]?.phase = .storing(disposition)
        work[lease]?.deadline = .distantFuture
        commands.append(.store(lease, disposition))
    }

    private mutating func free(_ lease: Lease) {
        guard let done = work.removeValue(forKey: lease) else { return }
        pools[done.pool].taken -= 1
        pools[done.pool].hasFreedMeanwhile = true
        if pools[done.pool].areTenantsAtLimit { pools[done.pool].mayHaveMore = true }
    }

    /// The slot stays taken until the handler has ended: a lost lease does not stop its work at once.
    private func revoke(_ lease: Lease, _ commands: inout [Command]) {
        if work[lease] != nil { commands.append(.cancel(lease)) }
    }

    /// Does what is due, claims what can be claimed, and says when to look again.
    private mutating func advance(
        now: Instant, _ random: inout some RandomNumberGenerator, _ commands: inout [Command]
    ) {
        switch life {
        case .created, .drained: return
        case .starting(let retryAt):
            guard let retryAt else { return }
            if retryAt <= now {
                life = .starting(retryAt: nil)
                commands.append(.takeOver)
            } else {
                commands.append(.wait(until: retryAt))
            }
            return
        case .open, .draining, .halted: break
        }
        expireDeadlines(now: now, &random, &commands)
        runTimers(now: now, &commands)
        poll(now: now, &random)
        if case .open = life { claim(now: now, &commands) }
        if isIdle, !isOpen {
            life = .drained
            commands.append(.drained)
        } else if let next = nextDeadline {
            commands.append(.wait(until: next))
        }
    }

    private var isOpen: Bool { if case .open = life { true } else { false } }
    private var isHalted: Bool { if case .halted = life { true } else { false } }
    private var isIdle: Bool {
        work.isEmpty && !isPumping && !isMaintaining && pools.allSatisfy { $0.asked == nil }
    }

    private mutating func expireDeadlines(
        now: Instant, _ random: inout some RandomNumberGenerator, _ commands: inout [Command]
    ) {
        let due = work.filter { $0.value.deadline <= now }
        for (lease, item) in due.sorted(by: { $0.key < $1.key }) {
            switch item.phase {
            case .running:
                work[lease]?.phase = .overdue
                work[lease]?.deadline = now + limits.grace
                commands.append(.cancel(lease))
            case .overdue:
                // The handler does not listen; what it still writes is refused by the fence.
                let failure = JobFailure.timeout(of: item.claim)
                settle(lease, disposition(of: failure, item.claim, &random), now: now, &commands)
            case .storing: break
            case .storeWaits(let disposition): settle(lease, disposition, now: now, &commands)
            }
        }
    }

    private mutating func runTimers(now: Instant, _ commands: inout [Command]) {
        if isOpen, !isPumping, let at = pumpAt, at <= now {
            isPumping = true
            pumpAt = nil
            commands.append(.pump)
        }
        if !isMaintaining, let at = maintainAt, at <= now, isOpen || !work.isEmpty {
            isMaintaining = true
            commands.append(.maintain(leases))
        }
        if isOpen, !isSweeping, let at = sweepAt, at <= now {
            isSweeping = true
            commands.append(.sweep)
        }
    }

    private mutating func poll(now: Instant, _ random: inout some RandomNumberGenerator) {
        guard isOpen, let at = pollAt, at <= now else { return }
        for index in pools.indices { pools[index].mayHaveMore = true }
        setPoll(now: now, &random)
    }

    /// Not at the same moment as the other processes.
    private mutating func setPoll(now: Instant, _ random: inout some RandomNumberGenerator) {
        pollAt = limits.pollInterval.map { interval in
            now + interval * 0.75
                + .microseconds(Int64.random(in: 0...interval.microseconds / 2, using: &random))
        }
    }

    private mutating func claim(now: Instant, _ commands: inout [Command]) {
        for index in pools.indices {
            let state = pools[index]
            let limit = state.pool.slots - state.taken
            if let until = state.pausedUntil, until > now { continue }
            guard state.mayHaveMore, state.asked == nil, limit > 0 else { continue }
            pools[index].mayHaveMore = false
            pools[index].pausedUntil = nil
            pools[index].asked = limit
            pools[index].hasFreedMeanwhile = false
            pools[index].taken += limit
            commands.append(.claim(queue: state.pool.queue, limit: limit))
        }
    }

    private var nextDeadline: Instant? {
        var next = Instant.distantFuture
        for item in work.values { next = min(next, item.deadline) }
        if isOpen, !isPumping, let pumpAt { next = min(next, pumpAt) }
        if !isMaintaining, let maintainAt { next = min(next, maintainAt) }
        if isOpen, !isSweeping, let sweepAt { next = min(next, sweepAt) }
        if isOpen, let pollAt { next = min(next, pollAt) }
        for state in pools { if let until = state.pausedUntil, state.mayHaveMore { next = min(next, until) } }
        return next == .distantFuture ? nil : next
    }
}
