import Cryptography
import Database
import JSON
import Nouns
import Records
import Synchronization
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting
@testable import Workflows

struct Watching {
    private func look(_ test: TestRuntime) async throws { try await test.write { try Watch($0).look() } }

    private func open(_ test: TestRuntime) throws -> [String] {
        try test.read { reader in
            try reader.all(
                "SELECT kind FROM alerts WHERE tenant_id = \(reader.tenant) AND resolved_at IS NULL ORDER BY kind"
            ) { $0.text(0) }
        }
    }

    private let failure = JobFailure.terminal("upstream_down", "")

    @Test func `a failing agent is told until it does well again, or is restarted`() async throws {
        let test = try TestRuntime(agents: [TestAgent()])
        for _ in 0..<2 {
            try await test.write { [failure] in
                try $0.agents.countRun("scoring", failure: failure, took: .zero, items: 0)
            }
        }
        try await look(test)
        #expect(try open(test).isEmpty, "two are no pattern")
        try await test.write { [failure] in
            try $0.agents.countRun("scoring", failure: failure, took: .zero, items: 0)
        }
        try await look(test)
        let alert = try #require(try test.read { try $0.alerts.open(kind: "agent_failing") }.first)
        #expect(
            alert.agent == "scoring" && alert.severity == .critical && alert.title.contains("upstream_down"))
        try await look(test)
        #expect(try test.read { try $0.alerts.open(kind: "agent_failing") }.map(\.version) == [1])
        try await test.write { try $0.agents.countRun("scoring", failure: nil, took: .zero, items: 0) }
        try await look(test)
        #expect(try open(test).isEmpty)
        for _ in 0..<3 {
            try await test.write { [failure] in
                try $0.agents.countRun("scoring", failure: failure, took: .zero, items: 0)
            }
        }
        try await look(test)
        #expect(try open(test) == ["agent_failing"])
        #expect(try await test.write { try $0.agents.restart("scoring", by: .system) } == 0)
        #expect(try open(test).isEmpty)
        #expect(try test.read { try $0.agents.metrics("scoring") }.health == "healthy")
    }

    @Test func `an agent whose time passed without a run is silent`() async throws {
        let test = try TestRuntime(agents: [TestAgent()])
        let schedule = try await test.write {
            try $0.schedules.make(agent: "scoring", name: "a", cron: "hourly", timeZone: "UTC")
        }
        func health() throws -> AgentHealth {
            try test.read { reader in
                try reader.agents.metrics("scoring").health(
                    nextRun: reader.schedules.nextRun(ofAgent: "scoring"), now: reader.now)
            }
        }
        test.clock.advance(by: .seconds(3600 + 600))
        try await look(test)
        #expect(try open(test).isEmpty && health() == .idle)
        test.clock.advance(by: .seconds(301))
        try await look(test)
        #expect(try open(test) == ["agent_silent"] && health() == .silent)
        let checks = try await test.write { try $0.agents.check("scoring") }
        #expect(checks.filter { !$0.isOK }.map(\.name) == ["schedule"])
        _ = try await test.write { try $0.schedules.fire(schedule.id) }
        try await look(test)
        #expect(try !open(test).contains("agent_silent"))
    }

    @Test func `runs that are stuck, delayed or doubled are told`() async throws {
        let (started, gate) = (Signal<Bool>(), Gate())
        let agent = TestAgent(work: { _ in
            started.send(true)
            await gate.pass()
            return [:]
        })
        let test = try TestRuntime(agents: [agent])
        let run = try await test.write { try $0.runs.start(agent: "scoring", trigger: .manual, by: .system) }
        test.clock.advance(by: .seconds(1000))
        try await look(test)
        #expect(try open(test) == ["run_delayed"])
        // As a worker that does not listen: the row still says that it runs.
        _ = try await test.claim(1, queue: "agents")
        try await test.write { tx in
            try tx.run(
                "UPDATE agent_runs SET status = 'running' WHERE tenant_id = \(tx.tenant) AND id = \(run.id)")
            try tx.agents.countRun("scoring", failure: nil, took: .seconds(1), items: 1)
        }
        try await look(test)
        #expect(try open(test).isEmpty)
        test.clock.advance(by: .seconds(400))
        try await look(test)
        #expect(try open(test) == ["run_stuck"])
        #expect(try await test.write { try $0.agents.restart("scoring", by: .system) } == 1)
        let job = try #require(try test.job(run.jobID))
        #expect(job.state == .available && job.attempt == 0, "made again, without losing an attempt")
        for _ in 0..<2 {
            _ = try await test.write {
                try $0.runs.start(agent: "scoring", trigger: .manual, parameters: ["lead": "a"], by: .system)
            }
        }
        try await look(test)
        #expect(try open(test) == ["duplicate_work"])
    }

    @Test func `an event that should have started an agent and did not starts it now`() async throws {
        let deaf = TestAgent(name: "scoring")
        let test = try TestRuntime(agents: [deaf])
        try await look(test)
        try await test.write { try $0.publish("lead.created", Subject(type: "lead", id: "lead_1")) }
        let hearing = try TestRuntime(boot: "boot-2", agents: [TestAgent(events: ["lead.created"])], on: test)
        try await look(hearing)
        #expect(try open(hearing).isEmpty, "it may still come")
        test.clock.advance(by: .seconds(121))
        try await look(hearing)
        #expect(try open(hearing) == ["handoff_lost"])
        let runs = try test.read { reader in
            try reader.all("SELECT trigger FROM agent_runs WHERE tenant_id = \(reader.tenant)") { $0.text(0) }
        }
        #expect(runs == ["event"])
        try await look(hearing)
        #expect(try open(hearing).isEmpty)
        // One that was heard is none.
        try await hearing.write { try $0.publish("lead.created", Subject(type: "lead", id: "lead_2")) }
        test.clock.advance(by: .seconds(121))
        try await look(hearing)
        #expect(try open(hearing).isEmpty)
    }

    @Test func `missed slots are told, and the next fire that is in time ends it`() async throws {
        let test = try TestRuntime(agents: [TestAgent()])
        let id = try await test.write {
            try $0.schedules.make(agent: "scoring", name: "a", cron: "hourly", timeZone: "UTC").id
        }
        test.clock.advance(by: .seconds(3 * 3600))
        _ = try await test.write { try $0.schedules.fire(id) }
        let alert = try #require(try test.read { try $0.alerts.open(kind: "runs_missed") }.first)
        #expect(alert.severity == .info && alert.title.hasPrefix("2 runs") && alert.subject == Subject(id))
        try await test.write { tx in
            let all: SQL = "SELECT id FROM agent_runs WHERE tenant_id = \(tx.tenant)"
            for run in try tx.all(all, { AgentRunID($0, 0) }) { _ = try tx.runs.cancel(run) }
        }
        test.clock.advance(by: .seconds(3600))
        _ = try await test.write { try $0.schedules.fire(id) }
        #expect(try open(test).isEmpty)
    }

    @Test func `a queue that grows look after look is foretold, with the time`() async throws {
        let test = try TestRuntime(kinds: [TestJob()])
        for round in 0..<3 {
            try await test.write { tx in
                try tx.jobs.enqueueAll(TestJob.self, (0..<60).map { BulkJob(.init(name: "\(round) \($0)")) })
            }
            try await look(test)
            #expect(try open(test) == (round < 2 ? [] : ["queue_growing"]))
            if round < 2 { test.clock.advance(by: .seconds(1800)) }
        }
        let alert = try #require(try test.read { try $0.alerts.open(kind: "queue_growing") }.first)
        #expect(
            alert.title.contains("120 jobs per hour")
                && alert.title.contains("360 expected by 2027-01-05T12:30:00.000Z"))
        test.clock.advance(by: .seconds(1800))
        try await look(test)
        #expect(try open(test).isEmpty, "it grew no further")
    }

    @Test func `rising errors and limits that will not last are foretold`() async throws {
        let from = Instant("2027-01-01T00:00:00Z")!, to = Instant("2027-01-11T00:00:00Z")!
        let used = Mutex(300.0)
        let gauge = Subject(type: "tool", id: "http_request")
        let base = try TestRuntime(agents: [TestAgent()])
        var configuration = RuntimeConfiguration(seed: 1, boot: "boot-3", auditKey: HMACKey([1, 2, 3]))
        configuration.watchInterval = nil
        _ = try Runtime(base.database, configuration, clocks: base.clocks) { registration in
            registration.addAgents(AgentRegistry([TestAgent()]))
            registration.questions = .alone
            registration.addWorkflows()
            registration.add { _ in
                [
                    Gauge(
                        gauge, title: "calls of http_request", used: used.withLock { $0 }, limit: 1000,
                        from: from,
                        to: to)
                ]
            }
        }
        try await look(base)
        #expect(try open(base).isEmpty, "300 of 1000 in 4.4 of 10 days last")
        used.withLock { $0 = 600 }
        for (succeeded, failed) in [(10, 0), (6, 4)] {
            try await base.write { [failure] tx in
                for run in 0..<succeeded + failed {
                    let failed = run < failed ? failure : nil
                    try tx.agents.countRun("scoring", failure: failed, took: .zero, items: 1)
                }
                try tx.agents.countRun("scoring", failure: nil, took: .zero, items: 1)
            }
            base.clock.advance(by: .seconds(1800))
            try await look(base)
        }
        #expect(try open(base) == ["error_rate", "quota_exhaustion"])
        let quota = try #require(try base.read { try $0.alerts.open(kind: "quota_exhaustion") }.first)
        #expect(quota.title.contains("used up by 2027-01-08") && quota.subject == gauge)
    }

    @Test func `a tool's quota and a budget that will be spent before their time are foretold`() async throws
    {
        let test = try TestRuntime.withTools(Messenger().with { $0.limits = ToolLimits(month: 20) })
        let budget = try await test.budget(.calls, 15, per: .month)
        test.clock.advance(by: .seconds(5 * 86_400))
        for n in 1...10 { try await test.call(.message("\(n)", key: "k\(n)")) }
        try await look(test)
        let alerts = try test.read { try $0.alerts.open(kind: "quota_exhaustion") }
        #expect(
            Set(alerts.map(\.subject)) == [
                Subject(type: "tool", id: "messenger"), Subject(type: "budget", id: budget.id),
            ])
    }

    @Test func `better schedules are proposed once, and accepted or declined by a person`() async throws {
        let agents = [
            TestAgent(name: "long", permissions: ["leads:write"]),
            TestAgent(name: "near", permissions: ["leads:write"]), TestAgent(name: "other"),
        ]
        let test = try TestRuntime(agents: agents)
        let ids = try await test.write { tx in
            try tx.agents.countRun("long", failure: nil, took: .seconds(7200), items: 1)
            return try [("long", "0 9 * * *"), ("near", "0 10 * * *"), ("other", "hourly")].map {
                try tx.schedules.make(agent: $0, name: $1, cron: $1, timeZone: "UTC").id
            }
        }
        for slot in 1...3 {
            try await test.write { tx in
                try tx.run(
                    """
                    INSERT INTO schedule_fires (tenant_id, schedule_id, slot, skipped, missed, fired_at)
                    VALUES (\(tx.tenant), \(ids[2]), \(slot), 'still_running', 0, \(slot))
                    """)
            }
        }
        for _ in 0..<2 { try await test.write { try $0.schedules.propose(agents) } }
        let open = try ids.map { id in try test.read { try $0.schedules.openProposal(ofSchedule: id) } }
        #expect(open.map { $0?.kind } == [nil, "overlap", "too_often"])
        #expect(
            open[2]?.changes == ["cron": "every_2_hours"]
                && open[2]?.reason.hasPrefix("3 of its last 10") == true)
        let user = Actor(.user, id: "user_1")
        let accepted = try await test.write {
            try $0.schedules.decideProposal(ofSchedule: ids[2], accept: true, by: user)
        }
        #expect(accepted.status == .accepted && accepted.decidedBy == "user_1")
        #expect(try test.read { try $0.schedules.find(ids[2]) }?.cron == "every_2_hours")
        _ = try await test.write {
            try $0.schedules.decideProposal(ofSchedule: ids[1], accept: false, by: user)
        }
        #expect(try test.read { try $0.schedules.find(ids[1]) }?.after == nil)
        try await test.write { try $0.schedules.propose(agents) }
        #expect(
            try test.read { try $0.schedules.openProposal(ofSchedule: ids[1]) } == nil,
            "not again for a month")
        await #expect(throws: RuntimeError.notFound) {
            try await test.write {
                try $0.schedules.decideProposal(ofSchedule: ids[1], accept: true, by: user)
            }
        }
    }

    @Test func `an agency that lets it has its schedules changed as the orchestrator proposes`() async throws
    {
        let agents: [any AgentDefinition] = [TestAgent(), OrchestratorAgent()]
        let test = try TestRuntime(agents: agents)
        let id = try await test.write { tx in
            let schedule = try tx.schedules.make(agent: "scoring", name: "a", cron: "hourly", timeZone: "UTC")
            for slot in 1...3 {
                try tx.run(
                    """
                    INSERT INTO schedule_fires (tenant_id, schedule_id, slot, skipped, missed, fired_at)
                    VALUES (\(tx.tenant), \(schedule.id), \(slot), 'still_running', 0, \(slot))
                    """)
            }
            try tx.agentConfigurations.change("orchestrator", ["adjust_schedules": true], by: .system)
            return schedule.id
        }
        try await look(test)
        #expect(
            try test.read { try $0.schedules.find(id) }?.cron == "hourly", "it looks at schedules once a day")
        test.clock.advance(by: .seconds(86_400))
        try await look(test)
        #expect(try test.read { try $0.schedules.find(id) }?.cron == "every_2_hours")
        #expect(try test.read { try $0.schedules.openProposal(ofSchedule: id) } == nil)
        let decided = try test.read { reader in
            try reader.all(
                "SELECT decided_by, status FROM schedule_proposals WHERE tenant_id = \(reader.tenant)"
            ) { "\($0.text(0)) \($0.text(1))" }
        }
        #expect(decided == ["orchestrator accepted"])
    }

    @Test(arguments: [(100, 5, 200, "scarcely"), (20, 8, 200, "fail"), (20, 0, 900, "takes")])
    func `a tool that does worse than it used to is told until it does well again`(
        calls: Int, failures: Int, time: Int, what: String
    ) async throws {
        let test = try TestRuntime(agents: [TestAgent()])
        func use(_ day: Int64, _ calls: Int, _ failures: Int, _ time: Int) async throws {
            let (count, took) = (calls, Int64(calls * time * 1000))
            try await test.write { tx in
                let start = TimeSpan.day.bounds(around: tx.now - .seconds(day * 86_400), try tx.zone()).start
                try tx.run(
                    """
                    INSERT INTO tool_use (tenant_id, tool, span, start_at, calls, failures, cost, duration)
                    VALUES (\(tx.tenant), 'http_request', 2, \(start), \(count), \(failures), 0, \(took))
                    ON CONFLICT (tenant_id, tool, span, start_at) DO UPDATE SET calls = excluded.calls,
                        failures = excluded.failures, duration = excluded.duration
                    """)
            }
        }
        for day in Int64(1)...3 { try await use(day, 30, 1, 150) }
        try await use(0, calls, failures, time)
        try await look(test)
        let alert = try test.read { try $0.alerts.open(kind: "tool_drift") }.first
        #expect(alert?.title.contains(what) == (what == "scarcely" ? nil : true), "\(alert?.title ?? "none")")
        try await use(0, 50, 1, 150)
        try await look(test)
        #expect(try open(test).isEmpty)
    }

    @Test func `work brings a look, looks go on while there is work, and an idle tenant has none`()
        async throws
    {
        let test = try TestRuntime(agents: [TestAgent()], configure: { $0.watchInterval = .seconds(300) })
        func looks() throws -> [Job] {
            try test.read { reader in
                try reader.all(
                    """
                    SELECT \(Job.columns) FROM jobs WHERE tenant_id = \(reader.tenant)
                        AND kind = 'orchestrator.watch' ORDER BY id
                    """, Job.init)
            }
        }
        test.work()
        for _ in 0..<3 {
            _ = try await test.write { try $0.runs.start(agent: "scoring", trigger: .manual, by: .system) }
        }
        await test.settled.values(3)
        #expect(try looks().map { $0.runAt - test.clock.now } == [.seconds(300)])
        test.clock.advance(by: .seconds(301))
        await test.settled.values(4)
        #expect(try looks().map(\.state) == [.completed], "nothing is live and nothing is scheduled")
        #expect(
            try test.read(.globex) { try $0.int("SELECT count(*) FROM jobs WHERE tenant_id = \($0.tenant)") }
                == 0)
        _ = try await test.write {
            try $0.schedules.make(agent: "scoring", name: "a", cron: "daily", timeZone: "UTC")
        }
        _ = try await test.write { try $0.runs.start(agent: "scoring", trigger: .manual, by: .system) }
        await test.settled.values(5)
        test.clock.advance(by: .seconds(301))
        await test.settled.values(6)
        let next = try #require(try looks().last)
        #expect(next.state == .scheduled && next.runAt.description == "2027-01-06T09:15:01.000Z")
        await test.stop()
    }
}
