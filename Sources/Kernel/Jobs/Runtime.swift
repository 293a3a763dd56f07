package import Cryptography
package import Database
internal import Glibc
package import Nouns
package import Records
internal import Synchronization
package import Telemetry

/// The settings of the runtime in this process. They hold what a test changes: the time, the waiting, the seed.
package struct RuntimeConfiguration: Sendable {
    /// Jobs that run at once, by queue.
    package var slots: [String: Int] = ["default": 64, "agents": 16, "workflows": 32, interactiveQueue: 8]
    /// Work that someone waits for, of whatever kind: it has slots of its own.
    package static let interactiveQueue = "interactive"
    /// The share of a queue's slots that one tenant may take, so that another's job finds a free one.
    package var tenantShare = 0.75
    package var lease: Duration = .seconds(30)
    package var maintenanceInterval: Duration = .seconds(5)
    /// The time between cancelling an overdue handler and giving it up.
    package var grace: Duration = .seconds(5)
    /// Branches of a workflow that work at once.
    package var branchesMax = 16
    /// The depth to which workflows may start one another: a run that was started by hand is at depth 0.
    package var workflowDepthMax = 16
    /// The most runs that one run may start, counting those that these start in turn.
    package var workflowRunsMax = 2_000
    /// A job is quarantined when its process has died under it more often than this.
    package var deathsMax = 3
    package var retention = Retention()
    /// The delay after which the orchestrator looks at a tenant once work begins; `nil` when it never does.
    package var watchInterval: Duration? = .seconds(300)
    /// The hours in which work is done that is not urgent.
    package var offPeak = OffPeak()
    /// The interval at which expired records are removed.
    package var sweepInterval: Duration = .seconds(60)
    /// Seeds the jitter of retries.
    package var seed: UInt64
    /// Distinguishes this start of the process from every other: the owner of its leases.
    package var boot: String
    /// The key that chains every tenant's audit. It is stored outside the database, and is the same after every start.
    package var auditKey: HMACKey
    /// Waits until that time of the steady clock; returns early when the task is cancelled.
    package var wait: @Sendable (Instant) async -> Void
    /// Time that never jumps; the pool's own deadlines follow it.
    package var steadyClock: @Sendable () -> Instant
    package var observer = RuntimeObserver()

    package init(
        seed: UInt64, boot: String, auditKey: HMACKey,
        wait: @escaping @Sendable (Instant) async -> Void = systemWait,
        steadyClock: @escaping @Sendable () -> Instant = systemSteadyClock
    ) {
        (self.seed, self.boot, self.auditKey) = (seed, boot, auditKey)
        (self.wait, self.steadyClock) = (wait, steadyClock)
    }
}

@Sendable package func systemWait(until instant: Instant) async {
    let duration = instant - systemSteadyClock()
    // It throws when it is cancelled: then there is nothing to wait for.
    if duration > .zero { try? await Task.sleep(for: duration, tolerance: .zero) }
}

@Sendable package func systemSteadyClock() -> Instant {
    .steadyClock()
}

/// The closures that feed the log and the metrics.
package struct RuntimeObserver: Sendable {
    /// An attempt ended: the kind, how, and how long it took.
    package var attemptEnded: @Sendable (_ kind: String, _ outcome: StaticString, _ time: Duration) -> Void =
        { _, _, _ in }
    /// An attempt failed; the text is for the log only.
    package var attemptFailed:
        @Sendable (_ tenant: TenantID, _ job: JobID, _ kind: String, _ error: String) -> Void = {
            _, _, _, _ in
        }
    /// The runtime could not do something and will try again.
    package var troubled: @Sendable (_ doing: StaticString, _ error: any Error) -> Void = { _, _ in }
    package var orphansFound: @Sendable (_ count: Int) -> Void = { _ in }
    /// A tool was called outside: its name, how that ended, and how long it took.
    package var toolCalled: @Sendable (_ tool: String, _ outcome: StaticString, _ time: Duration) -> Void =
        { _, _, _ in }
    /// An attempt's outcome is stored; the runner is done with it.
    package var attemptSettled: @Sendable (_ tenant: TenantID, _ job: JobID) -> Void = { _, _ in }

    package init() {}
}

/// The kernel that agents, schedules and every other deferred work run on: what it knows is fixed at start,
/// what it does is in the database. One per database; `run` works until it is told to drain.
package final class Runtime: Sendable {
    package let database: Database
    package let configuration: RuntimeConfiguration
    package let clocks: TenantClocks
    package let events: EventHub
    package let sandboxes = SandboxDrivers()
    /// The parts that the modules above have added, in their order.
    package let parts: [any RuntimePart]
    package let signals: Signals
    let kinds: JobKinds
    let dueSources: [any DueSource]
    let eventConsumers: [any EventConsumer]
    let failureConsumers: [any FailureConsumer]
    private let rules = Mutex(RowRules())
    private let ids = UniqueIDGenerator()
    private let knownEvents = AtomicLazyReference<EventCatalog>()

    /// The database is migrated already. Transactions that begin from now on find the runtime.
    package init(
        _ database: Database, _ configuration: RuntimeConfiguration, clocks: TenantClocks,
        register: (inout JobRegistration) throws -> Void
    ) throws {
        (self.database, self.configuration, self.clocks) = (database, configuration, clocks)
        (events, signals) = (EventHub(database), Signals(database))
        var registration = JobRegistration(database)
        try register(&registration)
        parts = registration.finishParts()
        (kinds, dueSources) = (registration.kinds, registration.dueSources)
        (eventConsumers, failureConsumers) = (registration.eventConsumers, registration.failureConsumers)
        for queue in kinds.queues where configuration.slots[queue] == nil {
            preconditionFailure("no slots are configured for the queue \(queue)")
        }
        try clocks.load(database)
        database.own(self)
        for consumer in eventConsumers { consumer.begin(self) }
    }

    /// The rows that limited members see of each table, as the routes' resources say; set at the start.
    package var rowRules: RowRules {
        get { rules.withLock { $0 } }
        set { rules.withLock { $0 = newValue } }
    }

    /// A new id: the prefix, then 26 characters that sort by the time of their making. What belongs to a tenant
    /// takes its ids from the transaction: a sandbox has its own.
    package func makeID(_ prefix: StaticString) -> String {
        var text = Array(prefix.description.utf8)
        ids.next(at: clocks.now(nil)).write(into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Returns a new id as a value, without a prefix.
    package func nextID() -> UniqueID { ids.next(at: clocks.now(nil)) }

    /// The types of events; `nil` until the routes are declared.
    package var eventCatalog: EventCatalog? { knownEvents.load() }

    /// Takes over the types of events and of records, once every module has declared its own.
    package func know(
        _ records: [any Record.Type], events: [String: EventDoc], shown: [String: ShownRecord]
    ) {
        let catalog = knownEvents.storeIfNil(EventCatalog(events, shown: shown))
        for name in parts.flatMap(\.eventTypes) where !catalog.knows(name) {
            preconditionFailure("an agent or a workflow waits for \(name), which is not an event")
        }
        for part in parts { part.know(records) }
    }

    /// Stops, or resumes, the claiming of a tenant's jobs; what runs goes on.
    package func suspend(_ tenant: TenantID, _ isSuspended: Bool) async throws {
        try await database.acrossTenantsWrite { [self] tx in
            try ClaimStore(tx: tx, runtime: self).suspend(tenant, isSuspended)
        }
    }

    /// Tells a job's kind how an attempt has ended. A kind that this process does not know is left alone.
    func ended(_ kind: String, _ payload: String, _ end: AttemptEnd, in tx: Transaction) throws {
        try kinds[kind]?.ended(payload, end, tx)
    }

    func cap(of queue: String) -> Int {
        let slots = configuration.slots[queue] ?? 1
        return max(1, Int(Double(slots) * configuration.tenantShare))
    }
}

extension WriteScope {
    /// The runtime of the transaction's database.
    package var runtime: Runtime {
        guard let runtime = pending.owner as? Runtime else {
            preconditionFailure("a Runtime must be made for the database before its transactions use it")
        }
        return runtime
    }
}
