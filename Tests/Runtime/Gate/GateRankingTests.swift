import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct `The choice of a connector` {
    private let one = Connector.one, two = Connector.two

    @Test func `is the agency's order`() throws {
        let test = try TestRuntime.withTools()
        let ranking = try test.rank([two, one])
        #expect(ranking.names == ["One", "Two"] && ranking.codes.first == .firstChoice)
        #expect(try test.rank([two]).codes == [.onlyOne])
    }

    @Test func `passes over one that has failed repeatedly, until a probe finds it well`() async throws {
        let test = try TestRuntime.withTools()
        for number in 1...CircuitBreaker.failuresMax {
            try await test.reach(one, "k\(number)", .failed(.broken))
        }
        let open = try test.rank([one, two])
        #expect(open.names == ["Two"] && open.codes == [.circuitOpen])
        #expect(open.soonest == one && open.refused.first?.refusal.cause == .circuit)
        #expect(
            try test.read { try $0.alerts.open(kind: CircuitAlert.kind).map(\.subject.id) } == ["int_one"])
        await #expect(throws: ConnectorBusy.self) { try await test.permit(one, "k9") }
        test.clock.advance(by: CircuitBreaker.pause)
        let probing = try test.rank([one, two])
        #expect(probing.names == ["One", "Two"] && probing.codes.first == .probe)
        let probe = try await test.permit(one, "probe")
        #expect(try test.rank([one, two]).names == ["Two"], "one call is enough to see")
        try await test.settle(probe)
        #expect(try test.rank([one, two]).codes.first == .firstChoice)
        #expect(try test.read { try $0.alerts.open(kind: CircuitAlert.kind).isEmpty })
        let events = try test.events()
        #expect(events.count { $0 == "integration.circuit_opened" } == 1)
        #expect(events.last { $0.hasPrefix("integration.circuit") } == "integration.circuit_closed")
    }

    @Test func `passes over one whose quota is used up`() async throws {
        let test = try TestRuntime.withTools()
        let small = one.with(limits: ToolLimits(minute: 2))
        for key in ["a", "b"] { try await test.reach(small, key) }
        let ranking = try test.rank([small, two])
        #expect(ranking.names == ["Two"] && ranking.codes == [.quotaFull])
        let refusal = try #require(ranking.refused.first?.refusal)
        #expect(refusal.code == "quota_exhausted" && refusal.until == Instant("2027-01-05T10:01:00Z"))
        test.clock.advance(by: .seconds(60))
        #expect(try test.rank([small, two]).names == ["One", "Two"])
    }

    @Test func `spreads what is left of a quota near its end`() async throws {
        let test = try TestRuntime.withTools()
        let ten = one.with(limits: ToolLimits(minute: 10))
        for number in 1...7 { try await test.reach(ten, "k\(number)") }
        #expect(try test.rank([ten, two]).codes.first == .firstChoice)
        try await test.reach(ten, "k8")
        let ranking = try test.rank([ten, two])
        #expect(ranking.names == ["Two"] && ranking.codes == [.spread])
        let refusal = try #require(ranking.refused.first?.refusal)
        #expect(refusal.code == "quota_near" && refusal.until == Instant("2027-01-05T10:00:48Z"))
        #expect(try test.events() == ["integration.quota_warned"])
    }

    @Test func `among equals is the faster, once both are known, and says the figures`() async throws {
        let test = try TestRuntime.withTools()
        let (slow, fast) = (one, two.with(priority: 1))
        for number in 1...5 {
            try await test.reach(slow, "s\(number)", took: .milliseconds(500))
            try await test.reach(fast, "f\(number)", took: .milliseconds(10))
        }
        let ranking = try test.rank([slow, fast])
        #expect(ranking.names == ["Two", "One"] && ranking.codes.first == .measured)
        let detail = try #require(ranking.ranked.first?.why.detail)
        #expect(detail.contains("One: 500 ms") && detail.contains("Two: 10 ms"))
        #expect(try test.rank([slow, two]).names == ["One", "Two"], "the agency's order goes before it")
    }

    @Test func `among equals goes by turns until both are known, by this tool and of late`() async throws {
        let test = try TestRuntime.withTools()
        let (slow, fast) = (one, two.with(priority: 1))
        func rule(_ tool: String = "messenger") throws -> String {
            let ranking = try test.read {
                try $0.connectors.rank([slow, fast], for: tool, key: "next", .utc)
            }
            let detail = try #require(ranking.ranked.first?.why.detail)
            return detail.contains("each in its turn") ? "turns" : String(detail.prefix(25))
        }
        for number in 1...5 {
            #expect(try rule() == "turns", "\(number)")
            try await test.reach(slow, "s\(number)", took: .milliseconds(500))
            try await test.reach(fast, "f\(number)", took: .milliseconds(10))
            guard number == 1 else { continue }
            let firsts = try (0..<30).map { try test.rank([slow, fast], "k\($0)").names[0] }
            #expect(Set(firsts) == ["One", "Two"])
        }
        #expect(try rule() == "Of equals by the last day")
        #expect(try rule("another") == "turns", "how it reads says nothing of how it sends")
        test.clock.advance(by: .seconds(86_400))
        #expect(try rule() == "Of equals by the last day")
        test.clock.advance(by: .seconds(86_400))
        #expect(try rule() == "turns", "that was too long ago")
    }

    @Test func `among equals is the more reliable, and then the cheaper`() async throws {
        let test = try TestRuntime.withTools()
        let (sound, failing) = (one, two.with(priority: 1))
        for number in 1...5 {
            try await test.reach(sound, "s\(number)", took: .milliseconds(100))
            try await test.reach(
                failing, "f\(number)", number > 2 ? .failed(.declined) : .succeeded,
                took: .milliseconds(90))
        }
        #expect(try test.rank([sound, failing]).names == ["One", "Two"])
        let third = Connector("int_three", name: "Three", priority: 1, price: 1_000_000)
        for number in 1...5 { try await test.reach(third, "t\(number)", took: .milliseconds(100)) }
        #expect(try test.rank([third, sound]).names == ["One", "Three"])
    }

    @Test func `puts one with which this very effect has failed last`() async throws {
        let test = try TestRuntime.withTools()
        try await test.reach(one, "k1", .failed(.declined))
        let again = try test.rank([one, two], "k1")
        #expect(again.names == ["Two", "One"] && again.codes.first == .afterFailure)
        #expect(try test.rank([one, two], "k2").codes.first == .firstChoice)
    }

    @Test func `is nobody else while an attempt is in doubt`() async throws {
        let test = try TestRuntime.withTools()
        try await test.reach(one, "k1", .unknown(.doubtful))
        let ranking = try test.rank([one, two], "k1")
        #expect(ranking.names == ["One"] && ranking.codes == [.sameAsBefore])
        try await test.write { try $0.connectorCalls.resolve(key: "k1", .succeeded) }
        #expect(try test.read { try $0.toolCalls.all(key: "k1").map(\.state) } == [.succeeded])
    }
}
