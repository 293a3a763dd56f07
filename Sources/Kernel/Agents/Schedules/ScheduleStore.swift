package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry

/// Schedules, and the times at which they fire: `tx.schedules`.
package struct ScheduleStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var schedules: ScheduleStore<Self> { ScheduleStore(tx: self) }
}

extension ScheduleStore {
    package func find(_ id: ID<Schedule>) throws -> Schedule? {
        try tx.first(
            "SELECT \(Schedule.columns) FROM schedules WHERE tenant_id = \(tx.tenant) AND id = \(id)"
        ) {
            try Schedule($0)
        }
    }

    /// Returns an agent's schedules in the order in which they were made.
    package func all(ofAgent agent: String) throws -> [Schedule] {
        try tx.all(
            """
            SELECT \(Schedule.columns) FROM schedules
            WHERE tenant_id = \(tx.tenant) AND agent = \(agent) ORDER BY id
            """
        ) { try Schedule($0) }
    }

    /// Returns the time of the agent's next run by itself. It does not use the database's `min`: a server would walk
    /// the tenant's times in their order for it, past all that have gone by.
    package func nextRun(ofAgent agent: String) throws -> Instant? {
        try tx.all(
            """
            SELECT next_at FROM schedules WHERE tenant_id = \(tx.tenant) AND agent = \(agent) AND enabled = 1
                AND next_at IS NOT NULL
            """
        ) { $0.instant(0) }.min()
    }
}

extension ScheduleStore where Base == Transaction {
    /// Makes a schedule. Throws `unknownAgent`, `invalidCron` and `invalidTimeZone`.
    package func make(
        agent: String, name: String, cron: String, timeZone: String, by actor: Actor = .system,
        change: (inout Schedule) throws -> Void = { _ in }
    ) throws -> Schedule {
        _ = try tx.runtime.agents.definition(agent)
        var schedule = Schedule(
            id: tx.makeID(), agent: agent, name: name, cron: cron, timeZone: timeZone, now: tx.now)
        try change(&schedule)
        try store(&schedule)
        try tell("created", schedule, by: actor)
        return schedule
    }

    /// Changes a schedule. When its rhythm changes, or it is enabled, it goes on from now.
    package func change(
        _ id: ID<Schedule>, ifVersion: Int? = nil, by actor: Actor = .system,
        _ change: (inout Schedule) throws -> Void
    ) throws -> Schedule {
        guard var schedule = try find(id) else { throw RuntimeError.notFound }
        if let ifVersion, ifVersion != schedule.version { throw RuntimeError.versionMismatch }
        try change(&schedule)
        schedule.version += 1
        schedule.updatedAt = tx.now
        try store(&schedule)
        try tell("updated", schedule, by: actor)
        return schedule
    }

    package func delete(_ id: ID<Schedule>, by actor: Actor = .system) throws {
        guard let schedule = try find(id) else { throw RuntimeError.notFound }
        try tx.run("DELETE FROM schedules WHERE tenant_id = \(tx.tenant) AND id = \(id)")
        try tx.run("DELETE FROM schedule_fires WHERE tenant_id = \(tx.tenant) AND schedule_id = \(id)")
        try tell("deleted", schedule, by: actor)
    }

    private func tell(_ verb: String, _ schedule: Schedule, by actor: Actor) throws {
        let subject = schedule.subject
        try tx.auditLog.add(actor, "schedule.\(verb)", subject, schedule.settings)
        try tx.publish("schedule.\(verb)", subject, ["agent": .string(schedule.agent)])
    }

    private func store(_ schedule: inout Schedule) throws {
        let rhythm = try Rhythm(schedule, tx.runtime.agents)
        schedule.nextAt = schedule.enabled ? rhythm.cron.next(after: tx.now, in: rhythm.zone) : nil
        let realm = tx.runtime.clocks.realm(of: tx.tenant)
        try tx.run(
            """
            INSERT INTO schedules (tenant_id, id, realm, agent, name, cron, time_zone, enabled, missed, catch_up,
                jitter, after_agent, blackouts, parameters, maintenance, next_at, version, created_at, updated_at)
            VALUES (\(tx.tenant), \(schedule.id), \(realm), \(schedule.agent), \(schedule.name), \(schedule.cron),
                \(schedule.timeZone), \(schedule.enabled), \(schedule.missed.rawValue),
                \(schedule.catchUp.microseconds), \(schedule.jitter.microseconds), \(schedule.after),
                \(JSON.array(schedule.blackouts.map(\.json)).serialized), \(schedule.parameters.serialized),
                \(schedule.isMaintenance), \(schedule.nextAt), \(schedule.version), \(schedule.createdAt), \(schedule.updatedAt))
            ON CONFLICT (tenant_id, id) DO UPDATE SET agent = excluded.agent, name = excluded.name,
                cron = excluded.cron, time_zone = excluded.time_zone, enabled = excluded.enabled,
                missed = excluded.missed, catch_up = excluded.catch_up, jitter = excluded.jitter,
                after_agent = excluded.after_agent, blackouts = excluded.blackouts,
                parameters = excluded.parameters, maintenance = excluded.maintenance, next_at = excluded.next_at, version = excluded.version,
                updated_at = excluded.updated_at
            """)
        if let next = schedule.nextAt { tx.jobs.becomesDue(at: next) }
    }
}

/// The outcome of one slot of a schedule.
package struct ScheduleFire: Hashable, StoredRow {
    package let slot: Instant
    package let runID: AgentRunID?
    /// The reason why there was no run.
    package let skipped: String?
    /// Earlier slots that were missed and that this one stands for.
    package let missed: Int
    package let firedAt: Instant

    package static let columns = Columns(of: Self.self)

    init(slot: Instant, runID: AgentRunID?, skipped: String?, missed: Int, firedAt: Instant) {
        (self.slot, self.runID, self.skipped) = (slot, runID, skipped)
        (self.missed, self.firedAt) = (missed, firedAt)
    }

    package init(_ row: inout ColumnReader) {
        (slot, runID) = (row.instant("slot"), row.optionalID("run_id"))
        (skipped, missed) = (row.optionalText("skipped"), row.int("missed"))
        firedAt = row.instant("fired_at")
    }
}

extension ScheduleStore {
    /// The slots that a schedule has had, newest first.
    package func fires(ofSchedule id: ID<Schedule>, limit: Int = 50) throws -> [ScheduleFire] {
        try tx.all(
            """
            SELECT \(ScheduleFire.columns) FROM schedule_fires
            WHERE tenant_id = \(tx.tenant) AND schedule_id = \(id) ORDER BY slot DESC LIMIT \(limit)
            """, ScheduleFire.init)
    }
}

extension ScheduleStore where Base == Transaction {
    /// Fires a schedule that is due: the slot's row, the run with its job, and the next time, in this one
    /// transaction. Two that try at once find the slot's row taken, or the schedule moved on.
    @discardableResult
    package func fire(_ id: ID<Schedule>) throws -> ScheduleFire? {
        guard let schedule = try find(id), schedule.enabled, let due = schedule.nextAt, due <= tx.now else {
            return nil
        }
        let rhythm = try Rhythm(schedule, tx.runtime.agents)
        let (slot, missed) = latestSlot(from: due, rhythm)
        let next = rhythm.cron.next(after: slot, in: rhythm.zone)
        try tx.run("UPDATE schedules SET next_at = \(next) WHERE tenant_id = \(tx.tenant) AND id = \(id)")
        let inserted = try tx.run(
            insertFire,
            [
                tx.tenant.sqlValue, id.sqlValue, slot.sqlValue, "pending".sqlValue, missed.sqlValue,
                tx.now.sqlValue,
            ])
        guard inserted == 1 else { return nil }
        let (runID, skipped) = try outcome(of: slot, missed: missed, schedule, rhythm)
        try tx.orchestration.tellMissed(missed, skipped, schedule)
        try tx.run(
            """
            UPDATE schedule_fires SET run_id = \(runID), skipped = \(skipped)
            WHERE tenant_id = \(tx.tenant) AND schedule_id = \(id) AND slot = \(slot)
            """)
        // The agent itself says that it is not built; its schedule does not repeat it at each of its times.
        if let skipped, (tx.runtime.agents[schedule.agent]?.buildState ?? .ready) == .ready {
            try tx.refusals.refuse(
                .run, agent: schedule.agent, schedule.subject, code: skipped,
                "\(schedule.name), due at \(slot), was skipped: \(words(for: skipped, schedule)).")
        }
        return ScheduleFire(slot: slot, runID: runID, skipped: skipped, missed: missed, firedAt: tx.now)
    }

    private func words(for skipped: String, _ schedule: Schedule) throws -> String {
        switch skipped {
        case "missed": "its time had passed while the server was not running"
        case "too_late": "the delay exceeded its catch-up"
        case "blackout": "the time lies in one of its blackouts"
        case "unknown_agent": "the agent \(schedule.agent) does not exist"
        case "still_running": "the run before it has not ended"
        case "invalid_parameters": "its parameters have faults"
        default: try tx.runtime.agents[schedule.agent].map { try tx.agents.status($0).whyNot } ?? skipped
        }
    }

    /// The newest slot that is due, and how many came before it.
    private func latestSlot(from due: Instant, _ rhythm: Rhythm) -> (slot: Instant, missed: Int) {
        var (slot, missed) = (due, 0)
        while let next = rhythm.cron.next(after: slot, in: rhythm.zone), next <= tx.now {
            (slot, missed) = (next, missed + 1)
            // After a very long absence of a very quick schedule, the count is cut short.
            if missed == 10_000 {
                slot = newestSlot(after: slot, rhythm)
                break
            }
        }
        return (slot, missed)
    }

    private func newestSlot(after start: Instant, _ rhythm: Rhythm) -> Instant {
        var (low, high) = (start, tx.now)
        // Between `low`, a slot, and `high` there is the newest one: halve until no slot follows the middle.
        while high - low > .seconds(1) {
            let middle = low + (high - low) / 2
            if let next = rhythm.cron.next(after: middle, in: rhythm.zone), next <= tx.now {
                low = next
            } else {
                high = middle
            }
        }
        return low
    }

    private func outcome(
        of slot: Instant, missed: Int, _ schedule: Schedule, _ rhythm: Rhythm
    ) throws -> (run: AgentRunID?, skipped: String?) {
        /// The pump's own delay is no lateness.
        let lateness = tx.now - slot
        if schedule.missed == .skip, lateness > .seconds(60) { return (nil, "missed") }
        if lateness > schedule.catchUp { return (nil, "too_late") }
        let local = rhythm.zone.local(of: slot)
        if schedule.blackouts.contains(where: { $0.covers(local) }) { return (nil, "blackout") }
        guard let agent = tx.runtime.agents[schedule.agent] else { return (nil, "unknown_agent") }
        let status = try tx.agents.status(agent)
        guard status.state == .active else { return (nil, "agent_\(status.state.rawValue)") }
        let key = "schedule:\(schedule.id)"
        if try tx.jobs.live(AgentRunJob.self, uniqueKey: key) != nil { return (nil, "still_running") }
        let faults = agent.faults(parameters: schedule.parameters)
        guard faults.isEmpty else { return (nil, "invalid_parameters") }
        var cause: JSONObject = ["schedule": JSON(schedule.id), "slot": .string(slot.description)]
        if let after = schedule.after { cause["after"] = .string(after) }
        if schedule.isMaintenance { cause["maintenance"] = true }
        let run = try tx.runs.insert(
            agent, .schedule, cause: .object(cause), schedule.parameters, by: .system,
            JobOptions(runAt: slot + jitter(schedule, slot), uniqueKey: key))
        return (run.id, nil)
    }

    /// Returns the jitter of a slot: the same for the same slot, however often it is computed.
    private func jitter(_ schedule: Schedule, _ slot: Instant) -> Duration {
        guard schedule.jitter > .zero else { return .zero }
        let seed = "\(schedule.id)".utf8.reduce(UInt64(bitPattern: slot.microseconds)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        var random = SeededRandom(seed: seed)
        return .microseconds(Int64.random(in: 0...schedule.jitter.microseconds, using: &random))
    }
}

private let insertFire = Statement(
    """
    INSERT INTO schedule_fires (tenant_id, schedule_id, slot, skipped, missed, fired_at)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, schedule_id, slot) DO NOTHING
    """)

/// Fires what is due, each schedule in a transaction of its own, so that one that cannot fire holds up no other.
struct SchedulePump {
    private static let pageSize = 100
    private let runtime: Runtime

    init(_ runtime: Runtime) { self.runtime = runtime }

    /// Fires every live schedule that is due now, each once; when the next one will be. What becomes due
    /// meanwhile is the next pump's, for jobs wait to be woken by this one.
    func fireDue() async throws -> Instant? {
        let now = runtime.clocks.now(nil)
        var failed: Set<ID<Schedule>> = []
        while true {
            let earliest = try earliestSchedules(Self.pageSize + failed.count)
                .filter { !failed.contains($0.id) }
            let due = earliest.prefix { $0.nextAt <= now }
            if due.isEmpty {
                // Schedules that did not fire are tried again soon.
                let retry = failed.isEmpty ? nil : now + .seconds(10)
                return [earliest.first?.nextAt, retry].compactMap { $0 }.min()
            }
            for schedule in due {
                do {
                    let fire = try await runtime.database.write(schedule.tenant, .batch) {
                        try $0.schedules.fire(schedule.id)
                    }
                    // Readers may see as due what the writer does not, such as after the data folder was deleted under
                    // the server: asking again at once would spin.
                    if fire == nil { failed.insert(schedule.id) }
                } catch {
                    runtime.configuration.observer.troubled("firing a schedule", error)
                    failed.insert(schedule.id)
                }
            }
        }
    }

    private func earliestSchedules(
        _ count: Int
    ) throws -> [(tenant: TenantID, id: ID<Schedule>, nextAt: Instant)] {
        try runtime.database.acrossTenantsRead { reader in
            try reader.all(nextSchedules, [count.sqlValue]) { row in
                (TenantID(rawValue: row.text(0)), ID(row, 1), row.instant(2))
            }
        }
    }
}

private let nextSchedules = Statement(
    """
    SELECT tenant_id, id, next_at FROM schedules
    WHERE realm = \(literal: Realm.live) AND enabled = 1 AND next_at IS NOT NULL ORDER BY next_at LIMIT $1
    """)
