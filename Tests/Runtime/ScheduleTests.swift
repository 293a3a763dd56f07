import Database
import JSON
import Telemetry
import Testing

@testable import Runtime

struct Schedules {
    private let agents: [any AgentDefinition] = [
        TestAgent(schedules: [DefaultSchedule(name: "Daily", cron: "daily")]),
        TestAgent(name: "outreach", buildState: .standby(reason: "no mail is set up")),
    ]

    private func pump(_ test: TestRuntime) async throws { _ = try await SchedulePump(test.runtime).fireDue() }

    @Test func `a new tenant gets its agents' schedules in its zone`() async throws {
        let test = try TestRuntime(agents: agents)
        try await test.write { try $0.installSchedules(timeZone: "Europe/Berlin") }
        try await test.write { try $0.installSchedules(timeZone: "Europe/Berlin") }
        let schedules = try test.read { reader in
            try reader.all(
                "SELECT \(raw: Schedule.columns) FROM schedules WHERE tenant_id = \(reader.tenant)"
            ) { try Schedule($0) }
        }
        #expect(schedules.count == 1)
        #expect(
            schedules[0].nextAt?.description == "2027-01-06T08:00:00.000Z" && schedules[0].cron == "daily")
        #expect(
            try schedules[0].nextFires(10, after: test.clock.now, agents: test.runtime.agents).count == 10)
        #expect(try test.read { try $0.nextRun(ofAgent: "scoring") } == schedules[0].nextAt)
    }

    @Test func `a slot fires once, whoever pumps`() async throws {
        let test = try TestRuntime(agents: agents)
        let schedule = try await test.write {
            try $0.makeSchedule(agent: "scoring", name: "Hourly", cron: "hourly", timeZone: "UTC")
        }
        test.clock.advance(by: .seconds(3601))
        async let one: Void = pump(test)
        async let two: Void = pump(test)
        _ = try await (one, two)
        // Even a pump that still believes the slot to be due finds it taken.
        try await test.write { tx in
            try tx.run("UPDATE schedules SET next_at = \(schedule.nextAt) WHERE tenant_id = \(tx.tenant)")
        }
        try await pump(test)
        let fires = try test.read { try $0.fires(ofSchedule: schedule.id) }
        #expect(fires.count == 1 && fires[0].slot == schedule.nextAt && fires[0].runID != nil)
        #expect(
            try test.read { try $0.int("SELECT count(*) FROM agent_runs WHERE tenant_id = \($0.tenant)") }
                == 1)
        #expect(
            try test.read { try $0.schedule(schedule.id) }?.nextAt?.description == "2027-01-05T12:00:00.000Z")
    }

    @Test func `schedules fire by themselves, over a daylight-saving night`() async throws {
        let test = try TestRuntime(agents: agents, start: "2027-03-13T12:00:00Z")
        let schedule = try await test.write {
            try $0.makeSchedule(
                agent: "scoring", name: "Night", cron: "30 2 * * *", timeZone: "America/New_York")
        }
        test.work()
        for day in 1...3 {
            let next = try #require(try test.read { try $0.schedule(schedule.id) }?.nextAt)
            await wake(test, past: next)
            await test.settled.values(day)
        }
        await test.stop()
        #expect(
            try test.read { try $0.fires(ofSchedule: schedule.id) }.map(\.slot.description).reversed()
                == ["2027-03-14T07:00:00.000Z", "2027-03-15T06:30:00.000Z", "2027-03-16T06:30:00.000Z"])
    }

    private func wake(_ test: TestRuntime, past instant: Instant) async {
        test.clock.advance(by: instant - test.clock.now + .seconds(1))
    }

    @Test func `missed slots are run once, or skipped, and told`() async throws {
        let test = try TestRuntime(agents: agents)
        let (once, skip, late) = try await test.write { tx in
            let once = try tx.makeSchedule(agent: "scoring", name: "a", cron: "hourly", timeZone: "UTC")
            let skip = try tx.makeSchedule(agent: "scoring", name: "b", cron: "30 * * * *", timeZone: "UTC") {
                $0.missed = .skip
            }
            let late = try tx.makeSchedule(agent: "scoring", name: "c", cron: "30 10 5 1 *", timeZone: "UTC")
            { $0.catchUp = .seconds(3600) }
            return (once, skip, late)
        }
        test.clock.advance(by: .seconds(5 * 3600 + 1200))
        try await pump(test)
        let fires = try test.read { reader in
            try [once, skip, late].map { try reader.fires(ofSchedule: $0.id) }
        }
        #expect(fires[0].count == 1 && fires[0][0].runID != nil && fires[0][0].missed == 4)
        #expect(fires[0][0].slot.description == "2027-01-05T15:00:00.000Z")
        #expect(fires[1].count == 1 && fires[1][0].skipped == "missed" && fires[1][0].missed == 4)
        #expect(fires[2].map(\.skipped) == ["too_late"])
        #expect(try test.read { try $0.schedule(once.id) }?.nextAt?.description == "2027-01-05T16:00:00.000Z")
    }

    @Test func `a fire that cannot run is told with its reason`() async throws {
        let test = try TestRuntime(agents: agents)
        let ids = try await test.write { tx in
            try [
                tx.makeSchedule(agent: "outreach", name: "a", cron: "hourly", timeZone: "UTC"),
                tx.makeSchedule(agent: "scoring", name: "b", cron: "hourly", timeZone: "UTC") {
                    $0.blackouts = [Blackout(from: 22 * 60, to: 12 * 60)]
                },
                tx.makeSchedule(agent: "scoring", name: "c", cron: "hourly", timeZone: "UTC"),
            ].map(\.id)
        }
        test.clock.advance(by: .seconds(3600))
        try await pump(test)
        let reasons = try test.read { reader in
            try ids.map { try reader.fires(ofSchedule: $0).map(\.skipped) }
        }
        #expect(reasons == [["agent_standby"], ["blackout"], [nil]])
        test.clock.advance(by: .seconds(3600))
        try await pump(test)
        #expect(try test.read { try $0.fires(ofSchedule: ids[2]) }.map(\.skipped) == ["still_running", nil])
    }

    @Test func `wrong expressions and zones are refused with the reason`() async throws {
        let test = try TestRuntime(agents: agents)
        await #expect(
            throws: RuntimeError.invalidCron("no month that is named has that day: it would never fire")
        ) {
            try await test.write {
                try $0.makeSchedule(agent: "scoring", name: "a", cron: "* * 31 2 *", timeZone: "UTC")
            }
        }
        await #expect(throws: RuntimeError.invalidTimeZone("there is no time zone called 'Mars/Olympus'")) {
            try await test.write {
                try $0.makeSchedule(agent: "scoring", name: "a", cron: "daily", timeZone: "Mars/Olympus")
            }
        }
    }

    @Test func `jitter is fixed for a slot, and a disabled schedule has no next time`() async throws {
        let test = try TestRuntime(agents: agents)
        let schedule = try await test.write {
            try $0.makeSchedule(agent: "scoring", name: "a", cron: "hourly", timeZone: "UTC") {
                $0.jitter = .seconds(600)
            }
        }
        test.clock.advance(by: .seconds(3600))
        try await pump(test)
        let slot = try #require(schedule.nextAt)
        let runAt = try test.read { try $0.int("SELECT run_at FROM jobs WHERE tenant_id = \($0.tenant)") }
        #expect((0...600_000_000).contains(try #require(runAt) - slot.microseconds))
        let off = try await test.write {
            try $0.changeSchedule(schedule.id, ifVersion: 1) { $0.enabled = false }
        }
        #expect(off.nextAt == nil && off.version == 2)
        await #expect(throws: RuntimeError.versionMismatch) {
            try await test.write { try $0.changeSchedule(schedule.id, ifVersion: 1) { $0.enabled = true } }
        }
    }

    @Test func `a sandbox's schedules and jobs are left to its own clock`() async throws {
        let test = try TestRuntime(agents: agents)
        let start = try #require(Instant("2030-06-01T00:00:00Z"))
        try await test.write(.globex) { try $0.beginSandbox(at: start, seed: 1) }
        #expect(test.clocks.now(.globex) == start && test.clocks.now(.acme) == test.clock.now)
        try await test.write(.globex) { tx in
            #expect(tx.now == start)
            _ = try tx.makeSchedule(agent: "scoring", name: "a", cron: "hourly", timeZone: "UTC")
        }
        test.clock.advance(by: .seconds(10 * 365 * 86_400))
        try await pump(test)
        #expect(
            try test.read(.globex) {
                try $0.int("SELECT count(*) FROM agent_runs WHERE tenant_id = \($0.tenant)")
            } == 0)
        let reopened = try TestRuntime(boot: "boot-2", agents: agents, on: test)
        #expect(reopened.clocks.now(.globex) == start)
    }
}
