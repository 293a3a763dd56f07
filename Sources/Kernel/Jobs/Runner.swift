internal import Database
internal import Nouns
internal import Synchronization
internal import Telemetry

/// The shell around the kernel: carries its commands out on the database and on tasks, and feeds it what
/// comes of them. It works for all live tenants, or for one sandbox until nothing is due there.
package final class Runner: Sendable {
    private let runtime: Runtime
    private let sandbox: SandboxWork?
    private let inbox: AsyncStream<Kernel.Event>
    private let send: AsyncStream<Kernel.Event>.Continuation

    package convenience init(_ runtime: Runtime) {
        self.init(runtime, for: nil)
        let (send, clocks, kinds) = (send, runtime.clocks, runtime.kinds)
        let steady = runtime.configuration.steadyClock
        runtime.signals.connect {
            send.yield($0)
        } timer: { due in
            // Timers are stored by the wall's clock; the kernel counts by the one that never jumps.
            send.yield(.timerSet(steady() + (due - clocks.now(nil))))
        } job: { queue, job in
            send.yield(.handed(queue: queue, kinds.claim(job)))
        }
    }

    init(_ runtime: Runtime, for sandbox: SandboxWork?) {
        (self.runtime, self.sandbox) = (runtime, sandbox)
        (inbox, send) = AsyncStream.makeStream(of: Kernel.Event.self)
    }

    /// Works until `drain` has ended it, or the task is cancelled.
    package func run() async {
        if sandbox == nil { runtime.sandboxes.open(runtime) }
        await withTaskCancellationHandler {
            await loop()
        } onCancel: {
            if sandbox == nil { runtime.sandboxes.close(halt: true) }
            send.yield(.drain)
            send.yield(.halt)
        }
        if sandbox == nil {
            await runtime.sandboxes.ended()
            runtime.signals.disconnect()
        }
        send.finish()
    }

    /// Claims nothing more, and lets what runs finish until the deadline; then it is cancelled, and given back
    /// for the next process.
    package func drain(deadline: Duration) async {
        drain()
        await runtime.configuration.wait(runtime.configuration.steadyClock() + deadline)
        if sandbox == nil { runtime.sandboxes.close(halt: true) }
        halt()
    }

    /// Stops claiming; `run` returns once what runs has ended.
    package func drain() {
        if sandbox == nil { runtime.sandboxes.close(halt: false) }
        send.yield(.drain)
    }

    /// Cancels what runs, and gives it back.
    func halt() { send.yield(.halt) }

    /// Someone has cancelled that job.
    func revoke(_ tenant: TenantID, _ job: JobID) { send.yield(.revoked(tenant: tenant, job: job)) }

    @concurrent private func loop() async {
        let configuration = runtime.configuration
        let slots = sandbox == nil ? configuration.slots : [SandboxWork.queue: 1]
        let pools = slots.sorted { $0.key < $1.key }.map { Kernel.Pool(queue: $0.key, slots: $0.value) }
        var limits = Kernel.Limits()
        (limits.lease, limits.maintenance, limits.grace, limits.sweep) = (
            configuration.lease, configuration.maintenanceInterval, configuration.grace,
            configuration.sweepInterval
        )
        if runtime.database.isOnServer {
            (limits.pollInterval, limits.pumpInterval) = (.seconds(1), .seconds(2))
            runtime.database.announce(configuration.boot)
        }
        var kernel = Kernel(pools: pools, limits: limits)
        var random = SeededRandom(seed: configuration.seed)
        var tasks: [Lease: Task<Void, Never>] = [:]
        var alarm = Alarm(configuration, send)
        defer { alarm.cancel() }
        send.yield(.started)
        for await event in inbox {
            if case .ended(let lease, _) = event {
                tasks[lease] = nil
                if let sandbox { random = sandbox.chance(of: lease) }
            }
            if case .tick = event { alarm.fired() }
            for command in kernel.handle(event, now: configuration.steadyClock(), random: &random) {
                switch command {
                case .run(let claim): tasks[claim.lease] = Task { await self.execute(claim) }
                case .cancel(let lease): tasks[lease]?.cancel()
                case .wait(let until): alarm.set(until)
                case .drained: return
                case .takeOver: takeOver()
                case .claim(let queue, let limit):
                    if let sandbox { step(sandbox) } else { claim(queue, limit) }
                case .store(let lease, let disposition): store(lease, disposition)
                case .pump where sandbox != nil: send.yield(.pumped(next: nil))
                case .pump: pump()
                case .maintain(let leases): maintain(leases)
                case .sweep: sweep()
                }
            }
            // With a server, other processes claim for the same tenants: their limits are kept where jobs are claimed.
            if sandbox == nil, !runtime.database.isOnServer { runtime.signals.offer(kernel.handsFree) }
        }
    }

    // MARK: Commands

    private func takeOver() {
        let runtime = runtime
        Task {
            do {
                var count = 0
                while true {
                    let part = try await runtime.database.acrossTenantsWrite(.request, .alone) { tx in
                        try ClaimStore(tx: tx, runtime: runtime).reap(
                            .ownersOtherThan(runtime.configuration.boot),
                            deathsMax: runtime.configuration.deathsMax)
                    }
                    count += part
                    if part == 0 { break }
                }
                if count > 0 { runtime.configuration.observer.orphansFound(count) }
                send.yield(.tookOver)
            } catch { fail("taking over", error, .takeOverFailed) }
        }
    }

    private func claim(_ queue: String, _ limit: Int) {
        let runtime = runtime
        let configuration = runtime.configuration
        // Rows that others are at are left to them; a claim is decided by those it has locked.
        let priority: WritePriority = runtime.kinds.earlyQueues.contains(queue) ? .early : .request
        runtime.database.acrossTenantsSubmit(priority, .readCommitted) { tx in
            try ClaimStore(tx: tx, runtime: runtime).claim(
                queue, limit: limit, cap: runtime.cap(of: queue), owner: configuration.boot,
                leaseUntil: tx.now + configuration.lease)
        } completion: { [self] result in
            switch result {
            case .success(let claimed):
                // Payloads are read off the writer's thread.
                Task {
                    send.yield(
                        .claimed(
                            queue: queue, claimed.jobs.map(runtime.kinds.claim),
                            areTenantsAtLimit: claimed.areTenantsAtLimit))
                }
            case .failure(let error): fail("claiming jobs", error, .claimFailed(queue: queue))
            }
        }
    }

    /// A sandbox's claim: it fires what is due, and moves the clock as far as it may, to come to a job.
    private func step(_ sandbox: SandboxWork) {
        let step = SandboxStep(runtime: runtime, until: sandbox.until)
        runtime.database.submit(sandbox.tenant, .lazy) {
            try step.run(in: $0)
        } completion: { [self] result in
            switch result {
            case .success(.job(let job, let seed)):
                sandbox.seed(seed)
                send.yield(.claimed(queue: SandboxWork.queue, [runtime.kinds.claim(job)]))
            case .success(.unfinished): self.step(sandbox)
            case .success(.quiet):
                sandbox.becameQuiet()
                send.yield(.claimed(queue: SandboxWork.queue, []))
                send.yield(.drain)
            case .failure(let error):
                fail("moving a sandbox on", error, .claimFailed(queue: SandboxWork.queue))
            }
        }
    }

    private func execute(_ claim: Claim) async {
        let configuration = runtime.configuration
        let start = configuration.steadyClock()
        let ending = await attempt(claim)
        configuration.observer.attemptEnded(claim.kind, ending.word, configuration.steadyClock() - start)
        sandbox?.count(claim.kind)
        send.yield(.ended(claim.lease, ending))
        if case .settled = ending {
            configuration.observer.attemptSettled(claim.lease.tenant, claim.lease.job)
        }
    }

    private func attempt(_ claim: Claim) async -> Ending {
        let context = JobContext(claim, runtime)
        do {
            guard let prepared = try claim.prepared.get() else {
                // Another release may know it.
                return .failed(
                    .retryable(
                        "unknown_kind", "the server does not know jobs of the kind \(claim.kind)",
                        after: .seconds(60)))
            }
            try await prepared.run(context)
            return context.isCompleted ? .settled : .completed
        } catch let snooze as JobSnooze {
            return .snoozed(snooze)
        } catch {
            if context.isCompleted || error is LeaseLost { return .settled }
            let failure = failure(of: error, isPrepared: (try? claim.prepared.get()) != nil)
            let observer = runtime.configuration.observer
            observer.attemptFailed(claim.lease.tenant, claim.lease.job, claim.kind, "\(error)")
            return .failed(failure)
        }
    }

    /// The error's own text stays in the log: it may hold what people must not see.
    private func failure(of error: any Error, isPrepared: Bool) -> JobFailure {
        switch error {
        case let failing as any JobFailing: failing.jobFailure
        case _ where !isPrepared: .terminal("invalid_payload", "the job's payload cannot be read")
        case is CancellationError: .retryable("interrupted", "the job was interrupted")
        case is DatabaseError: .retryable("database_unavailable", "the database did not answer")
        default: .retryable("internal_error", "an unexpected error occurred; see the server's log")
        }
    }

    private func store(_ lease: Lease, _ disposition: Disposition) {
        runtime.database.submit(lease.tenant, sandbox == nil ? .request : .lazy) { tx in
            try tx.jobs.settle(lease, disposition)
        } completion: { [self] result in
            switch result {
            // With a lost lease someone else has the job: there is nothing to store.
            case .success, .failure(is LeaseLost):
                send.yield(.stored(lease))
                runtime.configuration.observer.attemptSettled(lease.tenant, lease.job)
            case .failure(let error): fail("storing a job's end", error, .storeFailed(lease))
            }
        }
    }

    private func pump() {
        let runtime = runtime
        Task {
            do {
                // Read first: time that passes from here on makes the next pump early, never late.
                let steady = runtime.configuration.steadyClock()
                var due: [Instant] = []
                for part in runtime.parts {
                    if let next = try await part.fireDue(runtime) { due.append(next) }
                }
                let jobs = try await runtime.database.acrossTenantsWrite { tx in
                    let next = try ClaimStore(tx: tx, runtime: runtime).wakeDue(limit: 500)
                    return (next: next, now: tx.now)
                }
                if let next = jobs.next { due.append(next) }
                send.yield(.pumped(next: due.min().map { steady + max($0 - jobs.now, .zero) }))
            } catch { fail("firing timers", error, .pumpFailed) }
        }
    }

    private func maintain(_ leases: [Lease]) {
        let (runtime, isSandbox) = (runtime, sandbox != nil)
        let configuration = runtime.configuration
        var selections = [ClaimStore.Selection.expired]
        if runtime.database.isOnServer { selections.append(.ownersOtherThan(configuration.boot)) }
        runtime.database.acrossTenantsSubmit { [selections] tx in
            let store = ClaimStore(tx: tx, runtime: runtime)
            // Our own leases first: after a jump of the clock they must not look expired.
            let lost = try store.prolong(leases, until: tx.now + configuration.lease)
            let abandoned = isSandbox ? [] : try selections.filter { try store.hasOrphans($0) }
            return (lost: lost, abandoned: abandoned)
        } completion: { [self] result in
            switch result {
            case .success((let lost, let abandoned)) where abandoned.isEmpty:
                send.yield(.maintained(lost: lost))
            case .success((let lost, let abandoned)): reap(abandoned, lost)
            case .failure(let error): fail("prolonging leases", error, .maintenanceFailed)
            }
        }
    }

    private func reap(_ selections: [ClaimStore.Selection], _ lost: [Lease]) {
        let (runtime, configuration) = (runtime, runtime.configuration)
        runtime.database.acrossTenantsSubmit(.request, .alone) { tx in
            let store = ClaimStore(tx: tx, runtime: runtime)
            return try selections.reduce(0) {
                try $0 + store.reap($1, deathsMax: configuration.deathsMax)
            }
        } completion: { [self] result in
            switch result {
            case .success(let count):
                if count > 0 { configuration.observer.orphansFound(count) }
                send.yield(.maintained(lost: lost))
            case .failure(let error): fail("taking back what was abandoned", error, .maintenanceFailed)
            }
        }
    }

    private func sweep() {
        let runtime = runtime
        Task {
            do {
                try await Sweep(runtime).removeOld()
                send.yield(.swept)
            } catch { fail("removing what is old", error, .swept) }
        }
    }

    private func fail(_ doing: StaticString, _ error: any Error, _ event: Kernel.Event) {
        runtime.configuration.observer.troubled(doing, error)
        send.yield(event)
    }
}

/// The one timer that the kernel asks for: a later wish is covered by an earlier alarm.
private struct Alarm {
    private let wait: @Sendable (Instant) async -> Void
    private let send: AsyncStream<Kernel.Event>.Continuation
    private var until: Instant?
    private var task: Task<Void, Never>?

    init(_ configuration: RuntimeConfiguration, _ send: AsyncStream<Kernel.Event>.Continuation) {
        (wait, self.send) = (configuration.wait, send)
    }

    mutating func set(_ instant: Instant) {
        if let until, until <= instant { return }
        task?.cancel()
        until = instant
        let (wait, send) = (wait, send)
        task = Task {
            await wait(instant)
            if !Task.isCancelled { send.yield(.tick) }
        }
    }

    mutating func fired() { until = nil }
    func cancel() { task?.cancel() }
}

extension Ending {
    var word: StaticString {
        switch self {
        case .completed: "completed"
        case .settled: "settled"
        case .failed: "failed"
        case .snoozed: "snoozed"
        case .released: "released"
        }
    }
}
