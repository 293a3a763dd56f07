package import Database
internal import Jobs
package import Nouns
internal import Synchronization
internal import Telemetry

/// The callers that wait for runs to end, say requests with `?wait=PT10S`.
package final class RunWaiters: Sendable {
    private struct Key: Hashable { let tenant: TenantID, run: AgentRunID }
    private let waiting = Mutex<[Key: [Int: CheckedContinuation<Void, Never>]]>([:])
    private let numbers = Mutex(0)

    private static let channel = "runs.ended"
    private let database: Database

    init(_ database: Database) {
        self.database = database
        database.listen(Self.channel, missed: { [weak self] in self?.releaseAll() }) { [weak self] text in
            let parts = text.split(separator: " ")
            guard parts.count == 2, let run = AgentRunID(String(parts[1])) else { return }
            self?.release(TenantID(rawValue: String(parts[0])), run)
        }
    }

    func ended(_ tenant: TenantID, _ run: AgentRunID) {
        release(tenant, run)
        database.tellOthers(Self.channel, "\(tenant) \(run)")
    }

    /// They look for themselves.
    private func releaseAll() {
        for key in waiting.withLock({ Array($0.keys) }) { release(key.tenant, key.run) }
    }

    private func release(_ tenant: TenantID, _ run: AgentRunID) {
        let waiters = waiting.withLock { $0.removeValue(forKey: Key(tenant: tenant, run: run)) ?? [:] }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Returns when the run ends, or the task is cancelled; at once when `isOver` says so.
    fileprivate func wait(_ tenant: TenantID, _ run: AgentRunID, unless isOver: () -> Bool) async {
        let key = Key(tenant: tenant, run: run)
        let number = numbers.withLock { number in
            number += 1
            return number
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiting.withLock { $0[key, default: [:]][number] = continuation }
                // Looked at after the waiter is known, so that an end in between is not missed.
                if isOver() || Task.isCancelled { release(key, number) }
            }
        } onCancel: {
            release(key, number)
        }
    }

    private func release(_ key: Key, _ number: Int) {
        let waiter = waiting.withLock { all in
            let waiter = all[key]?.removeValue(forKey: number)
            if all[key]?.isEmpty == true { all[key] = nil }
            return waiter
        }
        waiter?.resume()
    }
}

extension Runtime {
    /// The run once it has ended, or as it stands when the time is over; `nil` when there is none.
    package func run(
        _ tenant: TenantID, _ id: AgentRunID, waitingFor limit: Duration
    ) async throws -> AgentRunRecord? {
        let deadline = configuration.steadyClock() + limit
        if limit > .zero {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { [self] in
                    await runs.wait(tenant, id) {
                        let record = try? database.read(tenant) { try $0.runs.find(id) }
                        return record.map(\.status.isFinished) ?? true
                    }
                }
                group.addTask { [self] in await configuration.wait(deadline) }
                await group.next()
                group.cancelAll()
            }
        }
        return try database.read(tenant) { try $0.runs.find(id) }
    }
}
