import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct Schedules {
    private let agents: [any AgentDefinition] = [
        TestAgent(schedules: [DefaultSchedule(name: "Daily", cron: "daily")]),
        TestAgent(name: "outreach", buildState: .standby(reason: "no mail is set up")),
    ]

    private func pump(_ test: TestRuntime) async throws { _ = try await SchedulePump(test.runtime).fireDue() }

    @Test func `a new tenant gets its agents' schedules in its zone`() async throws {
        let test = try TestRuntime(agents: agents)
        try await test.write { try $0.schedules.install(timeZone: "Europe/Berlin") }
        try await test.write { try $0.schedules.install(timeZone: "Europe/Berlin") }
        let schedules = try test.read { reader in
            try reader.all(
                "SELECT \(Schedule.columns) FROM schedules WHERE tenant_id = \(reader.tenant)"
            ) { try Schedule($0) }
        }
        #expect(schedules.count == 1)
        #expect(
            schedules[0].nextAt?.description == "2027-01-06T08:00:00.000Z" && schedules[0].cron == "daily")
        #expect(
            try schedules[0].nextFires(10, after: test.clock.now, agents: test.runtime.agents).count == 10)
        #expect(try test.read { try $0.schedules.nextRun(ofAgent: "scoring") } == schedules[0].nextAt)
    }

    @Test func `a slot fires once, whoever pumps`() async throws {
        let test = try TestRuntime(agents: agents)
        let schedule = try await test.write {
            try $0.schedules.make(agent: "scoring", name: "Hourly", cron: "hourly", timeZone: "UTC")
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
        let fires = try test.read { try $0.schedules.fires(ofSchedule: schedule.id) }
        #expect(fires.count == 1 && fires[0].slot == schedule.nextAt && fires[0].runID != nil)
        #expect(
            try test.read { try $0.int("SELECT count(*) FROM agent_runs WHERE tenant_id = \($0.tenant)") }
                == 1)
        #expect(
            try test.read { try $0.schedules.find(schedule.id) }?.nextAt?.description
                == "2027-01-05T12:00:00.000Z")
    }

    @Test func `the pump comes back when the first is due, be it one that has just fired`() async throws {
        let test = try TestRuntime(agents: agents)
        try await test.write { tx in
            _ = try tx.schedules.make(agent: "scoring", name: "Often", cron: "*/2 * * * * *", timeZone: "UTC")
            _ = try tx.schedules.make(agent: "scoring", name: "Hourly", cron: "hourly", timeZone: "UTC")
        }
        var next = try #require(try await SchedulePump(test.runtime).fireDue())
        for _ in 0..<3 {
            test.clock.advance(by: next - test.clock.now)
            let following = try #require(try await SchedulePump(test.runtime).fireDue())
            #expect(following == next + .seconds(2))
            next = following
        }
    }

    @Test func `schedules fire by themselves, over a daylight-saving night`() async throws {
        let test = try TestRuntime(agents: agents, start: "2027-03-13T12:00:00Z")
        let schedule = try await test.write {
            try $0.schedules.make(
                agent: "scoring", name: "Night", cron: "30 2 * * *", timeZone: "America/New_York")
        }
        test.work()
        for day in 1...3 {
            let next = try #require(try test.read { try $0.schedules.find(schedule.id) }?.nextAt)
            await wake(test, past: next)
            await test.settled.values(day)
        }
        await test.stop()
        #expect(
            try test.read { try $0.schedules.fires(ofSchedule: schedule.id) }.map(\.slot.description)
                .reversed()
                == ["2027-03-14T07:00:00.000Z", "2027-03-15T06:30:00.000Z", "2027-03-16T06:30:00.000Z"])
    }

    private func wake(_ test: TestRuntime, past instant: Instant) async {
        test.clock.advance(by: instant - test.clock.now + .seconds(1))
    }

    @Test func `missed slots are run once, or skipped, and told`() async throws {
        let test = try TestRuntime(agents: agents)
        let (once, skip, late) = try await test.write { tx in
            let once = try tx.schedules.make(agent: "scoring", name: "a", cron: "hourly", timeZone: "UTC")
            let skip = try tx.schedules.make(agent: "scoring", name: "b", cron: "30 * * * *", timeZone: "UTC")
            {
                $0.missed = .skip
            }
            let late = try tx.schedules.make(
                agent: "scoring", name: "c", cron: "30 10 5 1 *", timeZone: "UTC"
            ) { $0.catchUp = .seconds(3600) }
            return (once, skip, late)
        }
        test.clock.advance(by: .seconds(5 * 3600 + 1200))
        try await pump(test)
        let fires = try test.read { reader in
            try [once, skip, late].map { try reader.schedules.fires(ofSchedule: $0.id) }
        }
        #expect(fires[0].count == 1 && fires[0][0].runID != nil && fires[0][0].missed == 4)
        #expect(fires[0][0].slot.description == "2027-01-05T15:00:00.000Z")
        #expect(fires[1].count == 1 && fires[1][0].skipped == "missed" && fires[1][0].missed == 4)
        #expect(fires[2].map(\.skipped) == ["too_late"])
        #expect(
            try test.read { try $0.schedules.find(once.id) }?.nextAt?.description
                == "2027-01-05T16:00:00.000Z")
    }

    @Test func `a fire that cannot run is told with its reason`() async throws {
        let test = try TestRuntime(agents: agents)
        let ids = try await test.write { tx in
            try [
                tx.schedules.make(agent: "outreach", name: "a", cron: "hourly", timeZone: "UTC"),
                tx.schedules.make(agent: "scoring", name: "b", cron: "hourly", timeZone: "UTC") {
                    $0.blackouts = [Blackout(from: 22 * 60, to: 12 * 60)]
                },
                tx.schedules.make(agent: "scoring", name: "c", cron: "hourly", timeZone: "UTC"),
            ].map(\.id)
        }
        test.clock.advance(by: .seconds(3600))
        try await pump(test)
        let reasons = try test.read { reader in
            try ids.map { try reader.schedules.fires(ofSchedule: $0).map(\.skipped) }
        }
        #expect(reasons == [["agent_standby"], ["blackout"], [nil]])
        test.clock.advance(by: .seconds(3600))
        try await pump(test)
        #expect(
            try test.read { try $0.schedules.fires(ofSchedule: ids[2]) }.map(\.skipped) == [
                "still_running", nil,
            ])
    }

    @Test func `wrong expressions and zones are refused with the reason`() async throws {
        let test = try TestRuntime(agents: agents)
        await #expect(
            throws: RuntimeError.invalidCron(
                "no month that is named has that day, so the schedule would never fire")
        ) {
            try await test.write {
                try $0.schedules.make(agent: "scoring", name: "a", cron: "* * 31 2 *", timeZone: "UTC")
            }
        }
        await #expect(
            throws: RuntimeError.invalidTimeZone(
                "'Mars/Olympus' is not in the tz database; use a name such as Europe/Berlin")
        ) {
            try await test.write {
                try $0.schedules.make(agent: "scoring", name: "a", cron: "daily", timeZone: "Mars/Olympus")
            }
        }
    }

    @Test func `jitter is fixed for a slot, and a disabled schedule has no next time`() async throws {
        let test = try TestRuntime(agents: agents)
        let schedule = try await test.write {
            try $0.schedules.make(agent: "scoring", name: "a", cron: "hourly", timeZone: "UTC") {
                $0.jitter = .seconds(600)
            }
        }
        test.clock.advance(by: .seconds(3600))
        try await pump(test)
        let slot = try #require(schedule.nextAt)
        let runAt = try test.read { try $0.int("SELECT run_at FROM jobs WHERE tenant_id = \($0.tenant)") }
        #expect((0...600_000_000).contains(try #require(runAt) - slot.microseconds))
        let off = try await test.write {
            try $0.schedules.change(schedule.id, ifVersion: 1) { $0.enabled = false }
        }
        #expect(off.nextAt == nil && off.version == 2)
        await #expect(throws: RuntimeError.versionMismatch) {
            try await test.write { try $0.schedules.change(schedule.id, ifVersion: 1) { $0.enabled = true } }
        }
    }

    @Test func `a sandbox's schedules and jobs are left to its own clock`() async throws {
        let test = try TestRuntime(agents: agents)
        let start = try #require(Instant("2030-06-01T00:00:00Z"))
        try await test.write(.globex) { try $0.sandboxClock.begin(at: start, seed: 1) }
        #expect(test.clocks.now(.globex) == start && test.clocks.now(.acme) == test.clock.now)
        try await test.write(.globex) { tx in
            #expect(tx.now == start)
            _ = try tx.schedules.make(agent: "scoring", name: "a", cron: "hourly", timeZone: "UTC")
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

    @Test func `a preset that was deleted does not come back, one that a release brings is added`()
        async throws
    {
        let test = try TestRuntime(agents: agents)
        try await test.write { tx in
            try tx.schedules.install(timeZone: "UTC")
            for schedule in try tx.schedules.all(ofAgent: "scoring") { try tx.schedules.delete(schedule.id) }
            try tx.schedules.install(timeZone: "UTC")
        }
        let presets = [
            DefaultSchedule(name: "Daily", cron: "daily"),
            DefaultSchedule(name: "Upkeep", cron: "0 3 * * sun", isMaintenance: true),
        ]
        let later = try TestRuntime(boot: "boot-2", agents: [TestAgent(schedules: presets)], on: test)
        let box = TenantID(rawValue: "ten_box")
        try await later.write(box) { try $0.sandboxClock.begin(at: test.clock.now, seed: 1) }
        for _ in 0..<2 {
            try await later.runtime.acrossTenantsInstallSchedules { _ in
                [(.acme, "Asia/Tokyo"), (.globex, "UTC"), (box, "UTC")]
            }
        }
        func names(_ tenant: TenantID) throws -> [String] {
            try later.read(tenant) {
                try $0.schedules.all(ofAgent: "scoring").map { "\($0.name) \($0.timeZone)" }
            }
        }
        #expect(try names(.acme) == ["Upkeep Asia/Tokyo"] && names(.globex) == ["Daily UTC", "Upkeep UTC"])
        #expect(try names(box).isEmpty, "a sandbox is a copy")
        #expect(try later.read(.globex) { try $0.schedules.all(ofAgent: "scoring") }[1].isMaintenance)
    }

    @Test func `a run waits for the run of the same time that it comes after`() async throws {
        let (gate, order) = (Gate(), Signal<String>())
        let first = TestAgent(
            name: "first",
            work: { run in
                order.send("first begins")
                await gate.pass()
                order.send("first ends")
                return [:]
            })
        let second = TestAgent(
            name: "second",
            work: { _ in
                order.send("second")
                return [:]
            })
        let test = try TestRuntime(agents: [second, first])
        try await test.write { tx in
            _ = try tx.schedules.make(agent: "second", name: "b", cron: "hourly", timeZone: "UTC") {
                $0.after = "first"
            }
            _ = try tx.schedules.make(agent: "first", name: "a", cron: "hourly", timeZone: "UTC")
        }
        test.work()
        test.clock.advance(by: .seconds(3601))
        await order.values(1)
        await test.settled.values(1)
        let waiting = try test.read { reader in
            try reader.all(
                "SELECT \(Job.columns) FROM jobs WHERE tenant_id = \(reader.tenant)", Job.init
            )
            .first { $0.state == .scheduled }
        }
        #expect(waiting?.reasonToWait?.reason == .dependency)
        #expect(waiting?.waitingFor == "a run of first to end")
        gate.open()
        await test.settled.values(2)
        test.clock.advance(by: .seconds(31))
        #expect(await order.values(3) == ["first begins", "first ends", "second"])
        await test.stop()
    }

    @Test func `a due run that has not been fired yet is waited for, too`() async throws {
        let test = try TestRuntime(agents: [TestAgent(name: "first"), TestAgent(name: "second")])
        let late = try await test.write { tx in
            _ = try tx.schedules.make(agent: "first", name: "a", cron: "hourly", timeZone: "UTC")
            return try tx.schedules.make(agent: "second", name: "b", cron: "hourly", timeZone: "UTC") {
                $0.after = "first"
            }
        }
        test.clock.advance(by: .seconds(3600))
        let fire = try #require(try await test.write { try $0.schedules.fire(late.id) })
        let runtime = test.runtime
        let held = {
            try test.read { reader in
                let run = try #require(try reader.runs.find(fire.runID ?? .unset))
                return try reader.schedules.reasonToHold(run, runtime.agents)
            }
        }
        #expect(try held() == "a run of first to end")
        test.clock.advance(by: .seconds(6 * 3600))
        #expect(try held() == nil, "late rather than never")
    }

    @Test func `maintenance waits until no other agent works`() async throws {
        let test = try TestRuntime(agents: [TestAgent(name: "worker"), TestAgent(name: "keeper")])
        let upkeep = try await test.write { tx in
            try tx.schedules.make(agent: "keeper", name: "a", cron: "hourly", timeZone: "UTC") {
                $0.isMaintenance = true
            }
        }
        let run = try await test.write { try $0.runs.start(agent: "worker", trigger: .manual, by: .system) }
        try await test.write { tx in
            try tx.run(
                "UPDATE agent_runs SET status = 'running' WHERE tenant_id = \(tx.tenant) AND id = \(run.id)")
        }
        test.clock.advance(by: .seconds(3600))
        let fire = try #require(try await test.write { try $0.schedules.fire(upkeep.id) })
        let runtime = test.runtime
        func held() throws -> String? {
            try test.read { reader in
                try reader.schedules.reasonToHold(
                    #require(try reader.runs.find(fire.runID ?? .unset)), runtime.agents)
            }
        }
        #expect(try held()?.contains("worker") == true)
        _ = try await test.write { try $0.runs.cancel(run.id) }
        #expect(try held() == nil)
    }

    @Test func `schedules that get in one another's way are told`() async throws {
        let agents = [
            TestAgent(name: "long", permissions: ["leads:write"]),
            TestAgent(name: "near", permissions: ["leads:write", "leads:read"]),
            TestAgent(name: "far", permissions: ["leads:read"]), TestAgent(name: "keeper"),
        ]
        let test = try TestRuntime(agents: agents)
        let ids = try await test.write { tx in
            func make(
                _ agent: String, _ cron: String, _ change: (inout Schedule) -> Void = { _ in }
            ) throws -> ID<Schedule> {
                try tx.schedules.make(agent: agent, name: cron, cron: cron, timeZone: "UTC", change: change)
                    .id
            }
            return try [
                make("long", "0 9 * * *"), make("near", "0 10 * * *"), make("far", "0 10 * * *"),
                make("keeper", "30 10 * * *") { $0.isMaintenance = true }, make("near", "0 8 * * *"),
                make("near", "30 9 * * *") { $0.after = "long" },
                make("far", "0 7 * * *") { $0.after = "keeper" },
            ]
        }
        let registry = test.runtime.agents
        func found() throws -> [ScheduleConflict] { try test.read { try $0.schedules.conflicts(registry) } }
        #expect(try found().isEmpty, "no run has ever taken long, and a daily predecessor is there")
        try await test.write { tx in
            try tx.agents.countRun("long", failure: nil, took: .seconds(7200), items: 1)
        }
        let conflicts = try found()
        #expect(conflicts.map(\.kind) == [.overlap, .maintenance])
        #expect(conflicts[0].schedules == [ids[0], ids[1]] && conflicts[0].resource == "leads")
        #expect(conflicts[0].count == 6 && conflicts[0].firstAt?.description == "2027-01-06T10:00:00.000Z")
        #expect(conflicts[1].schedules == [ids[0], ids[3]])
        try await test.write { tx in
            for _ in 0..<5 { try tx.agents.countRun("long", failure: nil, took: .seconds(200_000), items: 1) }
        }
        #expect(try found().contains { $0.kind == .selfOverlap && $0.schedules == [ids[0]] })
        _ = try await test.write { try $0.schedules.change(ids[3]) { $0.enabled = false } }
        #expect(try found().contains { $0.kind == .order && $0.schedules == [ids[6]] })
    }

    @Test func `what is not urgent waits for the quiet hours of its zone, and is done by one job`()
        async throws
    {
        let test = try TestRuntime(kinds: [TestJob()])
        let zone = try #require(TimeZoneRules(named: "America/New_York"))
        // It is five in the morning there.
        let one = try await test.write {
            try $0.jobs.enqueueOffPeak(TestJob.self, .init(name: "a"), key: "k", in: zone)
        }
        let two = try await test.write {
            try $0.jobs.enqueueOffPeak(TestJob.self, .init(name: "a"), key: "k", in: zone)
        }
        #expect(one.id == two.id)
        #expect(try test.job(one.id)?.runAt.description == "2027-01-06T06:00:00.000Z")
        let quiet = try #require(Instant("2027-01-06T07:30:00Z")),
            early = try #require(Instant("2027-01-06T05:30:00Z"))
        #expect(OffPeak().next(from: quiet, in: zone) == quiet)
        #expect(OffPeak().next(from: early, in: zone).description == "2027-01-06T06:00:00.000Z")
    }
}
