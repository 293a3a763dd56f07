import Database
import JSON
import Records
import Telemetry
import Testing

@testable import Runtime
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
        let use = try test.read { try $0.use(of: budget, #require(TimeZoneRules(named: "Asia/Tokyo"))) }
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
        try await test.write { _ = try $0.changeBudget(budget, to: 2, by: .system) }
        try await test.call(.message(key: "k2"))
        #expect(try test.events().count { $0 == "budget.exhausted" } == 2)
    }
}
