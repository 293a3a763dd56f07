import Database
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

private struct Looker: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "read_mailbox"
    let title = "Look", summary = "Looks into mailboxes."
    let effect = ToolClass.reads
}

struct `The calls that a plan includes` {
    /// Three a month, and then a cent each.
    private let three = Connector.one.with(price: Budget.microsPerMinorUnit, included: 3)

    private func left(_ test: TestRuntime, of connector: Connector) throws -> Int {
        try test.read { try $0.includedCalls.left(of: connector, .utc) }
    }

    private func cents(_ test: TestRuntime) throws -> Int64 {
        try test.read { try $0.effectUse.days(of: "int_one", since: 0) }
            .reduce(0) { $0 + $1.use.cost } / Budget.microsPerMinorUnit
    }

    @Test func `cost nothing, and those beyond their price, until the month is over`() async throws {
        let test = try TestRuntime.withTools()
        for number in 1...5 { try await test.reach(three, "k\(number)") }
        #expect(try cents(test) == 2 && left(test, of: three) == 0)
        let costs = try test.read { reader in
            try reader.all("SELECT cost FROM tool_calls WHERE tenant_id = \(reader.tenant) ORDER BY key") {
                $0.int64(0)
            }
        }
        #expect(costs == [0, 0, 0, 1_000_000, 1_000_000])
        test.clock.advance(by: .seconds(27 * 86_400))
        #expect(try left(test, of: three) == 3)
        try await test.reach(three, "k6")
        #expect(try cents(test) == 2 && left(test, of: three) == 2)
    }

    @Test func `are no more than there are, however many come at once`() async throws {
        let test = try TestRuntime.withTools()
        let (limited, free, all) = (three, Tally(), Tally())
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    guard let permit = try? await test.permit(limited, "k\(number)") else { return }
                    all.add()
                    if permit.isIncluded { free.add() }
                }
            }
        }
        #expect(all.count == 20 && free.count == 3)
    }

    @Test func `are given back by what has failed or never left, and not by what is in doubt`() async throws {
        let test = try TestRuntime.withTools()
        try await test.reach(three, "k1", .failed(.declined))
        #expect(try left(test, of: three) == 3)
        try await test.reach(three, "k2", .unknown(.doubtful))
        #expect(try left(test, of: three) == 2)
        let permit = try await test.permit(three, "k3")
        for _ in 1...2 { try await test.settle(permit, .failed(.declined)) }
        #expect(try left(test, of: three) == 2, "one call gives back one")
        for number in 4...6 {
            try await test.reach(three, "k\(number)", number < 6 ? .succeeded : .failed(.declined))
        }
        #expect(try left(test, of: three) == 0, "one that was to be paid for gives nothing back")
    }

    @Test func `go although a budget of money is spent, and come back where another budget says no`()
        async throws
    {
        let test = try TestRuntime.withTools()
        try await test.write { tx in
            for (kind, amount) in [(Budget.Kind.money, Int64(0)), (.calls, 2)] {
                let currency = kind == .money ? "USD" : nil
                _ = try tx.budgets.create(
                    Budget(
                        id: tx.makeID(), kind: kind, amount: amount, currency: currency, now: tx.now),
                    by: .system)
            }
        }
        for key in ["k1", "k2"] { try await test.reach(three, key) }
        let limited = three
        let isRefused = try await test.write { tx in
            let request = ToolRequest.message(key: "k3")
            let usage = ToolUsage(cost: limited.price, sends: 1, calls: 1)
            return (try? tx.gate.permit(request, by: limited, nil, usage, deadline: .seconds(30))) == nil
        }
        #expect(try isRefused && left(test, of: three) == 1)
    }

    @Test func `of a plan that comes in the middle of a month are those that are left of it`() async throws {
        let test = try TestRuntime.withTools()
        let plain = Connector.one
        for number in 1...2 { try await test.reach(plain, "k\(number)") }
        try await test.reach(plain, "k3", .failed(.declined))
        #expect(try left(test, of: three) == 3)
        try await test.write { try $0.includedCalls.count(of: "int_one") }
        #expect(try left(test, of: three) == 1)
    }

    @Test func `are none of those that only look`() async throws {
        let test = try TestRuntime.withTools { $0.add(Looker()) }
        try await test.write { tx in
            for found in 0...1 {
                try tx.connectorCalls.keepReading(
                    with: Looker.name, of: "int_one", for: ToolCaller(actor: .system), found: found,
                    took: .zero)
            }
        }
        let plain = Connector.one
        try await test.reach(plain, "k1")
        try await test.write { try $0.includedCalls.count(of: "int_one") }
        #expect(try left(test, of: three) == 2)
        let free = test.runtime.tools.withoutQuota
        #expect(free.contains(Looker.name) && free.contains(EffectUse.testTool))
        let day = try test.read { try $0.effectUse.days(of: "int_one", since: 0, without: free) }.first
        #expect(day?.use.calls == 3 && day?.use.asked == 1)
    }

    @Test func `go before what costs, as does what has no price`() async throws {
        let test = try TestRuntime.withTools()
        let price = Budget.microsPerMinorUnit
        let planned = Connector.one.with(price: price, included: 1), free = Connector.two.with(priority: 1)
        let paid = Connector("int_three", name: "Three", priority: 1, price: price)
        for number in 1...5 {
            try await test.reach(free, "f\(number)", took: .milliseconds(500))
            try await test.reach(paid, "p\(number)", took: .milliseconds(10))
        }
        #expect(try test.rank([paid, free, planned]).names.last == "Three")
        #expect(try test.rank([paid, free]).names == ["Three", "Two"], "nothing is to be used up")
    }

    @Test func `go before what costs, of equals, and the detail says how many are left`() async throws {
        let test = try TestRuntime.withTools()
        let price = Budget.microsPerMinorUnit
        let slow = Connector.one.with(price: price, included: 6)
        let fast = Connector.two.with(priority: 1, price: price)
        for number in 1...5 {
            try await test.reach(slow, "s\(number)", took: .milliseconds(500))
            try await test.reach(fast, "f\(number)", took: .milliseconds(10))
        }
        let ranking = try test.rank([slow, fast])
        #expect(ranking.names == ["One", "Two"] && ranking.codes.first == .measured)
        let detail = try #require(ranking.ranked.first?.why.detail)
        #expect(detail.contains("One: 500 ms, 100 % of 5 calls, 1 free call left this month"))
        #expect(detail.contains("Two: 10 ms"))
        try await test.reach(slow, "s6", took: .milliseconds(500))
        #expect(try test.rank([slow, fast]).names == ["Two", "One"])
    }
}
