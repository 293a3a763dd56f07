import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct `A budget` {
    @Test func `of three lets three of fifty simultaneous calls out, and tells 80 and 100 percent once`()
        async throws
    {
        let sent = Tally()
        let test = try TestRuntime.withTools(Messenger { _ in ToolAnswer(["n": JSON(sent.add())]) })
        let budget = try await test.budget(.calls, 3)
        let refused = Tally()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    do {
                        try await test.call(.message(key: "k\(number)"))
                    } catch let refusal as ToolRefusal {
                        if refusal.code == "budget_exhausted" { refused.add() }
                    } catch {}
                }
            }
        }
        #expect(sent.count == 3 && refused.count == 47)
        #expect(try test.use(budget) == (3, 0))
        let events = try test.events()
        #expect(events.count { $0 == "budget.warned" } == 1)
        #expect(events.count { $0 == "budget.exhausted" } == 1)
    }

    @Test func `is told at four fifths, and not a call before`() async throws {
        let test = try TestRuntime.withTools()
        _ = try await test.budget(.calls, 100)
        for number in 1...79 { try await test.call(.message(key: "k\(number)")) }
        #expect(try !test.events().contains("budget.warned"))
        try await test.call(.message(key: "k80"))
        #expect(try test.events().count { $0 == "budget.warned" } == 1)
    }

    @Test func `holds once for an attempt that is taken over, and again for the next attempt`() async throws {
        let test = try TestRuntime.withTools()
        let budget = try await test.budget(.calls, 3)
        let lost = try await test.execution(.message())
        #expect(try test.use(budget) == (0, 1))
        let same = try await test.execution(.message())
        #expect(try test.use(budget) == (0, 1), "the process died: the same attempt begins again")
        await #expect(throws: LeaseLost.self) {
            try await test.settle(lost, ToolOutcome(.success(ToolAnswer([:]))))
        }
        #expect(try test.use(budget) == (0, 1), "a worker that was given up settles nothing")
        let next = try await test.execution(.message(attempt: 2))
        #expect(try test.use(budget) == (1, 1), "the first attempt may have gone out")
        let result = ToolOutcome(.success(ToolAnswer(["a": 1])))
        for _ in 1...2 { #expect(try await test.settle(next, result) == ["a": 1]) }
        #expect(try test.use(budget) == (2, 0), "settled once, however often it is asked")
        await #expect(throws: ToolFailure.self) { try await test.settle(same, result) }
        #expect(try test.use(budget) == (2, 0))
    }

    @Test func `takes a call that never came back for spent after a day`() async throws {
        let test = try TestRuntime.withTools()
        let budget = try await test.budget(.calls, 3, per: .month)
        _ = try await test.execution(.message())
        test.clock.advance(by: .seconds(86_000))
        try await Sweep(test.runtime).removeOld()
        #expect(try test.use(budget) == (0, 1))
        test.clock.advance(by: .seconds(1000))
        try await Sweep(test.runtime).removeOld()
        #expect(try test.use(budget) == (1, 0))
    }

    @Test func `stops only its owner`() async throws {
        let test = try TestRuntime.withTools()
        _ = try await test.budget(.sends, 1, agent: "clerk")
        try await test.call(.message(agent: "clerk"))
        await #expect(throws: ToolRefusal.self) { try await test.call(.message(key: "k2", agent: "clerk")) }
        try await test.call(.message(key: "k3", agent: "other"))
        try await test.call(.message(key: "k4"))
        let all = try await test.budget(.calls, 1)
        try await test.call(.message(key: "k5"))
        await #expect(throws: ToolRefusal.self) { try await test.call(.message(key: "k6", agent: "other")) }
        #expect(try test.use(all) == (1, 0))
    }

    @Test func `is whole again the next day, by the clocks of the agency`() async throws {
        let test = try TestRuntime(
            start: "2027-01-05T14:30:00Z",
            register: { registration in
                registration.add(Messenger())
                registration.questions.timeZone = { _ in "Asia/Tokyo" }
            })
        let budget = try await test.budget(.calls, 1)
        try await test.call(.message())
        await #expect(throws: ToolRefusal.self) { try await test.call(.message(key: "k2")) }
        test.clock.advance(by: .seconds(29 * 60))
        await #expect(throws: ToolRefusal.self) { try await test.call(.message(key: "k2")) }
        test.clock.advance(by: .seconds(60))
        try await test.call(.message(key: "k2"))
        let use = try test.read {
            try $0.budgets.use(of: budget, #require(TimeZoneRules(named: "Asia/Tokyo")))
        }
        #expect(use == BudgetUse(spent: 1, held: 0, resetsAt: Instant("2027-01-06T15:00:00Z")!))
    }

    @Test func `of money books what a call has really cost`() async throws {
        let micros = Budget.microsPerMinorUnit
        let test = try TestRuntime.withTools(
            Messenger { _ in ToolAnswer([:], usage: ToolUsage(cost: 3 * micros / 2)) }.with {
                $0.price = 2 * micros
            })
        let budget = try await test.budget(.money, 4 * micros)
        let execution = try await test.execution(.message())
        #expect(try test.use(budget) == (0, 2 * micros))
        let outcome = await test.runtime.performTool(execution)
        try await test.settle(execution, outcome)
        #expect(try test.use(budget) == (3 * micros / 2, 0))
        try await test.call(.message(key: "k2"))
        await #expect(throws: ToolRefusal.self) {
            try await test.call(.message(key: "k3"))
        }
        #expect(budget.json(of: 3 * micros / 2) == ["amount": 2, "currency": "USD"])
    }

    @Test func `gives back what it held when the quota refuses`() async throws {
        let test = try TestRuntime.withTools(Messenger().with { $0.limits.hour = 1 })
        let budget = try await test.budget(.calls, 9)
        try await test.call(.message())
        let refusal = await #expect(throws: ToolRefusal.self) { try await test.call(.message(key: "k2")) }
        #expect(refusal?.code == "quota_exhausted" && refusal?.retryAfter == .seconds(3600))
        #expect(try test.use(budget) == (1, 0))
    }

    @Test func `tells again when its limit was raised and is reached again`() async throws {
        let test = try TestRuntime.withTools()
        let budget = try await test.budget(.calls, 1)
        try await test.call(.message())
        try await test.write { _ = try $0.budgets.change(budget, to: 2, by: .system) }
        try await test.call(.message(key: "k2"))
        #expect(try test.events().count { $0 == "budget.exhausted" } == 2)
    }

    @Test func `of a campaign stops that campaign alone`() async throws {
        let test = try TestRuntime.withTools()
        let budget = try await test.budget(.calls, 1, campaign: "spring")
        try await test.call(.message(campaign: "spring"))
        let refusal = await #expect(throws: ToolRefusal.self) {
            try await test.call(.message(key: "k2", campaign: "spring"))
        }
        #expect(
            refusal?.code == "budget_exhausted" && refusal?.detail.contains("the campaign spring") == true)
        try await test.call(.message(key: "k3", campaign: "autumn"))
        try await test.call(.message(key: "k4"))
        #expect(try test.use(budget) == (1, 0))
    }

    @Test func `of a client's campaign counts what is for both`() async throws {
        let test = try TestRuntime.withTools()
        let budget = try await test.budget(.calls, 5, client: .numbered(1), campaign: "spring")
        try await test.call(.message(client: .numbered(1), campaign: "spring"))
        try await test.call(.message(key: "k2", client: .numbered(1)))
        try await test.call(.message(key: "k3", client: .numbered(2), campaign: "spring"))
        #expect(try test.use(budget) == (1, 0))
    }

    @Test func `that is spent says how long it is until the next period`() async throws {
        let test = try TestRuntime(start: "2027-01-05T14:30:00Z", register: { $0.add(Messenger()) })
        _ = try await test.budget(.calls, 1)
        try await test.call(.message())
        let refusal = await #expect(throws: ToolRefusal.self) { try await test.call(.message(key: "k2")) }
        #expect(refusal?.retryAfter == .seconds(9 * 3600 + 1800))
        #expect(refusal?.detail.hasSuffix(" is spent until 2027-01-06T00:00:00.000Z") == true)
        #expect(refusal?.problem.headers.contains(where: { $0.0 == "Retry-After" }) == true)
        #expect(refusal?.jobFailure == .terminal("budget_exhausted", refusal?.detail ?? ""))
    }

    // MARK: Its alert

    private func told(_ test: TestRuntime) throws -> [Alert] {
        try test.read { try $0.alerts.open(kind: BudgetAlert.kind) }
    }

    /// Makes calls with keys of their own.
    private func call(_ test: TestRuntime, _ numbers: ClosedRange<Int>) async throws {
        for number in numbers { try await test.call(.message("\(number)", key: "n\(number)")) }
    }

    @Test func `raises one alert at 80 percent, which is critical at its end`() async throws {
        let test = try TestRuntime.withTools()
        let budget = try await test.budget(.calls, 5)
        try await call(test, 1...3)
        #expect(try told(test).isEmpty)
        try await call(test, 4...4)
        let warning = try #require(try told(test).first)
        #expect(warning.severity == .warning && warning.subject == Subject(type: "budget", id: budget.id))
        #expect(warning.title.contains("is nearly used up: 4 of 5 until "))
        #expect(warning.action.contains("Raise its limit"))
        try await call(test, 5...5)
        await #expect(throws: ToolRefusal.self) { try await call(test, 6...6) }
        let open = try told(test)
        #expect(open.map(\.id) == [warning.id] && open.first?.severity == .critical)
        #expect(open.first?.title.contains("is used up: 5 of 5 until ") == true)
        #expect(try test.events().count { $0 == "alert.raised" } == 1)
    }

    @Test func `of money says in its alert what is spent in the agency's currency`() async throws {
        let micros = Budget.microsPerMinorUnit
        let test = try TestRuntime.withTools(Messenger().with { $0.price = micros })
        _ = try await test.budget(.money, 5 * micros)
        try await call(test, 1...4)
        #expect(try told(test).first?.title.contains("0.04 USD of 0.05 USD") == true)
    }

    @Test func `that has too little left for a call says so`() async throws {
        let micros = Budget.microsPerMinorUnit
        let test = try TestRuntime.withTools(Messenger().with { $0.price = 3 * micros })
        _ = try await test.budget(.money, 5 * micros)
        try await call(test, 1...1)
        await #expect(throws: ToolRefusal.self) { try await call(test, 2...2) }
        let alert = try #require(try told(test).first)
        #expect(alert.severity == .critical && alert.title.contains("has too little left for the next call"))
    }

    @Test func `ends its alert when its limit is raised far enough, and no sooner`() async throws {
        let test = try TestRuntime.withTools()
        let budget = try await test.budget(.calls, 5)
        try await call(test, 1...5)
        let raised = try await test.write { try $0.budgets.change(budget, to: 6, by: .system) }
        let still = try #require(try told(test).first)
        #expect(still.severity == .warning && still.title.contains("5 of 6"))
        try await test.write { _ = try $0.budgets.change(raised, to: 7, by: .system) }
        #expect(try told(test).isEmpty)
        try await call(test, 6...6)
        #expect(try told(test).count == 1, "at 80 % of the new limit it is told again")
    }

    @Test func `ends its alert with the period, and tells the next one by itself`() async throws {
        let test = try TestRuntime.withTools()
        _ = try await test.budget(.calls, 2)
        try await call(test, 1...2)
        let first = try #require(try told(test).first)
        test.clock.advance(by: .seconds(86_400))
        try await call(test, 3...3)
        #expect(try told(test).isEmpty)
        #expect(try test.read { try $0.alerts.find(first.id) }?.resolvedBy == "system")
        try await call(test, 4...4)
        let second = try #require(try told(test).first)
        #expect(second.id != first.id)
    }

    @Test func `is not told of for a call that began in the period before`() async throws {
        let test = try TestRuntime.withTools()
        _ = try await test.budget(.calls, 1)
        let late = try await test.execution(.message())
        test.clock.advance(by: .seconds(86_400))
        try await test.settle(late, ToolOutcome(.success(ToolAnswer([:]))))
        #expect(try told(test).isEmpty)
    }

    @Test func `takes its alert along when it is deleted`() async throws {
        let test = try TestRuntime.withTools()
        let budget = try await test.budget(.calls, 1)
        try await call(test, 1...1)
        #expect(try told(test).count == 1)
        try await test.write { try $0.budgets.delete(budget, by: .system) }
        #expect(try told(test).isEmpty)
    }

    @Test func `of nothing stops without an alert, as it is meant to`() async throws {
        let test = try TestRuntime.withTools()
        _ = try await test.budget(.calls, 0)
        await #expect(throws: ToolRefusal.self) { try await call(test, 1...1) }
        #expect(try told(test).isEmpty)
    }

    @Test func `that has told is not foretold as well`() async throws {
        let test = try TestRuntime.withTools()
        _ = try await test.budget(.calls, 10, per: .month)
        test.clock.advance(by: .seconds(5 * 86_400))
        try await call(test, 1...7)
        try await test.write { try Watch($0).look() }
        #expect(try test.read { try $0.alerts.open(kind: "quota_exhaustion") }.count == 1)
        try await call(test, 8...8)
        #expect(try test.read { try $0.alerts.open(kind: "quota_exhaustion") }.isEmpty)
        try await test.write { try Watch($0).look() }
        #expect(try test.read { try $0.alerts.open(kind: "quota_exhaustion") }.isEmpty)
        #expect(try told(test).count == 1)
    }

    @Test func `applies to an approved call as to the one that was asked for`() {
        let caller = ToolCaller(
            actor: .agent("clerk"), agent: "clerk", runID: .numbered(1), clientID: .numbered(1),
            campaignID: "spring", decisionID: .numbered(1))
        let kept = ToolCaller(stored: caller.stored)
        #expect(
            kept.clientID == .numbered(1) && kept.campaignID == "spring" && kept.decisionID == .numbered(1))
    }
}
