internal import Database
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Schedules of sandboxes, which fire at the sandbox's time.
struct ScheduleTimers: DueSource {
    func nextDue(in tx: Transaction) throws -> Instant? {
        try tx.first(nextSandboxSchedule, [tx.tenant.sqlValue]) { $0.instant(1) }
    }

    func fireFirst(in tx: Transaction) throws {
        let found = try tx.first(nextSandboxSchedule, [tx.tenant.sqlValue]) {
            (ID<Schedule>($0, 0), $0.instant(1))
        }
        guard let (id, due) = found, due <= tx.now else { return }
        do {
            try tx.attempt { _ = try tx.schedules.fire(id) }
        } catch let error as RuntimeError {
            // Its rhythm cannot be read any more. It must not hold up the others.
            try tx.run("UPDATE schedules SET next_at = NULL WHERE tenant_id = \(tx.tenant) AND id = \(id)")
            let observer = tx.runtime.configuration.observer
            tx.onCommit { observer.troubled("firing a schedule", error) }
        }
    }
}

private let nextSandboxSchedule = Statement(
    """
    SELECT id, next_at FROM schedules
    WHERE tenant_id = $1 AND realm = \(literal: Realm.sandbox) AND enabled = 1 AND next_at IS NOT NULL
    ORDER BY next_at, id LIMIT 1
    """)
