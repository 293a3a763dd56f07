package import Database
internal import Nouns
internal import Synchronization
package import Telemetry

/// Runs the work of sandboxes, which the pools leave alone: one job of a sandbox at a time, in a fixed order, at
/// its own time. What is due there runs at once; time passes only while someone advances it. A sandbox in which
/// nothing is due costs nothing.
package final class SandboxDrivers: Sendable {
    /// A sandbox that is at work, by one runner after the other.
    private struct Drive {
        var runner: Runner?
        /// Something has become due since its runner began.
        var isWoken = false
        /// Someone advances the clock, or is about to.
        var isAdvancing = false
        /// The advance that waits for the work before it to end, or where that has ended already, its leave.
        var waiting: CheckedContinuation<Void, Never>?, mayAdvance = false
    }

    private enum Life { case created, open, closing }

    private struct State {
        var life = Life.created
        var runtime: Runtime?
        var drives: [TenantID: Drive] = [:]
        var onEnd: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    init() {}

    // MARK: At once

    /// From now on, what becomes due in a sandbox runs at once; what is due already does now.
    func open(_ runtime: Runtime) {
        let isOpen = state.withLock { state in
            guard state.life != .closing else { return false }
            (state.life, state.runtime) = (.open, runtime)
            return true
        }
        guard isOpen else { return }
        do {
            let tenants = try runtime.database.acrossTenantsRead { reader in
                try reader.all(sandboxesAtWork, []) { TenantID(rawValue: $0.text(0)) }
            }
            for tenant in tenants { wake(tenant) }
        } catch {
            runtime.configuration.observer.troubled("looking for work in sandboxes", error)
        }
    }

    /// Something is due in a sandbox. Cheap, and never waits: it is called on the writer's thread.
    func wake(_ tenant: TenantID) {
        let runtime: Runtime? = state.withLock { state in
            guard state.life == .open, let runtime = state.runtime else { return nil }
            if state.drives[tenant] != nil {
                state.drives[tenant]?.isWoken = true
                return nil
            }
            state.drives[tenant] = Drive()
            return runtime
        }
        if let runtime { Task { await self.driveAtOnce(runtime, tenant) } }
    }

    private func driveAtOnce(_ runtime: Runtime, _ tenant: TenantID) async {
        repeat { await run(SandboxWork(tenant, until: nil), runtime) } while goesOn(tenant)
    }

    /// Returns whether something has become due meanwhile; otherwise the turn goes to the advance that waits,
    /// or the sandbox is at rest.
    private func goesOn(_ tenant: TenantID) -> Bool {
        let (goesOn, next) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            guard let drive = state.drives[tenant] else { return (false, nil) }
            if drive.isAdvancing {
                state.drives[tenant]?.waiting = nil
                state.drives[tenant]?.mayAdvance = drive.waiting == nil
                return (false, drive.waiting)
            }
            if drive.isWoken, state.life == .open {
                state.drives[tenant]?.isWoken = false
                return (true, nil)
            }
            return (false, Self.rest(&state, tenant))
        }
        next?.resume()
        return goesOn
    }

    /// The sandbox is at rest; who waits for all of them may be told.
    private static func rest(_ state: inout State, _ tenant: TenantID) -> CheckedContinuation<Void, Never>? {
        state.drives[tenant] = nil
        guard state.drives.isEmpty, state.life == .closing else { return nil }
        defer { state.onEnd = nil }
        return state.onEnd
    }

    private func run(_ work: SandboxWork, _ runtime: Runtime) async {
        let runner = Runner(runtime, for: work)
        let mayRun = state.withLock { state in
            guard state.life != .closing else { return false }
            state.drives[work.tenant]?.runner = runner
            return true
        }
        if mayRun { await runner.run() }
        state.withLock { $0.drives[work.tenant]?.runner = nil }
    }

    // MARK: Advancing

    /// Runs everything that is due, in the order of its time, until the clock shows `target`, which is made of
    /// what it shows now. One advance of a sandbox at a time: a second one is refused as a conflict.
    package func advance(
        _ tenant: TenantID, _ runtime: Runtime,
        to target: @Sendable (_ now: Instant) throws -> Instant
    ) async throws -> (now: Instant, ran: SandboxTally) {
        try await takeTurn(tenant)
        defer { handOn(tenant, runtime) }
        let start = runtime.clocks.now(tenant)
        let until = try target(start)
        let work = SandboxWork(tenant, until: until)
        let sent = { @Sendable in
            try runtime.database.read(tenant) { reader in
                try runtime.parts.reduce(0) { try $0 + $1.sent(since: start, in: reader) }
            }
        }
        let before = try sent()
        await run(work, runtime)
        let now = runtime.clocks.now(tenant)
        guard now >= until, work.isQuiet else {
            throw RuntimeError.conflict(
                "The advance was interrupted at \(now): advance the clock again from there.")
        }
        var ran = work.ran
        ran.messages = try sent() - before
        return (now, ran)
    }

    package func isAdvancing(_ tenant: TenantID) -> Bool {
        state.withLock { $0.drives[tenant]?.isAdvancing ?? false }
    }

    private func takeTurn(_ tenant: TenantID) async throws {
        let mustWait = try state.withLock { state in
            guard state.life != .closing else {
                throw RuntimeError.conflict("The server is about to stop: try again once it has restarted.")
            }
            guard let drive = state.drives[tenant] else {
                state.drives[tenant] = Drive(isAdvancing: true)
                return false
            }
            guard !drive.isAdvancing else {
                throw RuntimeError.conflict(
                    "The sandbox's clock is already being advanced: wait until that has ended.")
            }
            state.drives[tenant]?.isAdvancing = true
            return true
        }
        guard mustWait else { return }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                let mayAdvance = state.drives[tenant]?.mayAdvance ?? true
                state.drives[tenant]?.mayAdvance = false
                if !mayAdvance { state.drives[tenant]?.waiting = continuation }
                return mayAdvance
            }
            if isFree { continuation.resume() }
        }
    }

    private func handOn(_ tenant: TenantID, _ runtime: Runtime) {
        let (isWoken, end) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            state.drives[tenant]?.isAdvancing = false
            guard state.life == .open, state.drives[tenant]?.isWoken == true else {
                return (false, Self.rest(&state, tenant))
            }
            state.drives[tenant]?.isWoken = false
            return (true, nil)
        }
        end?.resume()
        if isWoken { Task { await self.driveAtOnce(runtime, tenant) } }
    }

    // MARK: Ending

    func revoked(_ tenant: TenantID, _ job: JobID) {
        state.withLock { $0.drives[tenant]?.runner }?.revoke(tenant, job)
    }

    /// Begins nothing more; with `halt`, what runs is cancelled and given back.
    func close(halt: Bool) {
        let runners = state.withLock { state in
            state.life = .closing
            return state.drives.values.compactMap(\.runner)
        }
        for runner in runners {
            runner.drain()
            if halt { runner.halt() }
        }
    }

    /// Returns when no sandbox is at work any more. For one caller, after `close`.
    func ended() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.drives.isEmpty || state.life != .closing { return true }
                state.onEnd = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// Cancels what runs in a sandbox that is about to be removed.
    package func halt(_ tenant: TenantID) {
        let runner = state.withLock { $0.drives[tenant]?.runner }
        runner?.drain()
        runner?.halt()
    }
}

/// Sandboxes with work that waits for no time.
private let sandboxesAtWork = Statement(
    """
    SELECT tenant_id FROM runtime_tenants WHERE realm = \(literal: Realm.sandbox) AND EXISTS (
        SELECT 1 FROM jobs j WHERE j.tenant_id = runtime_tenants.tenant_id
            AND j.realm = \(literal: Realm.sandbox) AND \(JobCondition.ready))
    """)
