import JSON
import Records
import Telemetry
import Testing

@testable import Agents
@testable import RuntimeTesting

struct `The quota of a connector` {
    private let one = Connector.one

    private func said(_ left: Int, of limit: Int = 25, after seconds: Int64 = 30) -> ServiceLimit {
        var said = ServiceLimit()
        (said.limit, said.left, said.resetsAfter) = (limit, left, .seconds(seconds))
        return said
    }

    private func left(_ test: TestRuntime) throws -> Int? {
        try test.read { try $0.serviceQuotas.find(of: "int_one")?.left }
    }

    // MARK: What the service says

    @Test func `counts those that are on their way, of which an answer did not know`() async throws {
        let test = try TestRuntime.withTools()
        for number in 1...3 { try await test.permit(one, "way\(number)") }
        try await test.reach(one, "k1", said: said(10))
        #expect(try left(test) == 7)
        let late = try await test.permit(one, "k2")
        #expect(try left(test) == 6)
        late.reach.note(said(24))
        try await test.settle(late)
        #expect(try left(test) == 6, "an answer that is late gives nothing back")
    }

    @Test func `counts a call under way once, in whichever order answers come`() async throws {
        // The service took them in the order of what it says is left: 9, 8, 7.
        for order in [[9, 8, 7], [9, 7, 8], [8, 9, 7], [8, 7, 9], [7, 9, 8], [7, 8, 9]] {
            let test = try TestRuntime.withTools()
            var permits: [Int: Permit] = [:]
            for number in order { permits[number] = try await test.permit(one, "k\(number)") }
            var seen: [Int] = []
            for number in order {
                test.clock.advance(by: .milliseconds(1))
                let permit = try #require(permits[number])
                permit.reach.note(said(number))
                try await test.settle(permit)
                seen.append(try #require(try left(test)))
            }
            #expect(seen.last == 7, "\(order)")
            #expect(seen.allSatisfy { $0 <= 7 }, "\(order): never more than there is, but \(seen)")
            try await test.permit(one, "next")
            #expect(try left(test) == 6)
        }
    }

    @Test func `near its end gives nothing back that others on their way have taken`() async throws {
        let test = try TestRuntime.withTools()
        var permits: [Int: Permit] = [:]
        for number in 1...3 { permits[number] = try await test.permit(one, "k\(number)") }
        for number in [1, 2, 3] {
            test.clock.advance(by: .milliseconds(1))
            let permit = try #require(permits[number])
            permit.reach.note(said(number))
            try await test.settle(permit)
        }
        #expect(try left(test) == 1)
    }

    @Test func `of a service is not overrun, and is there again in its next window`() async throws {
        let test = try TestRuntime.withTools()
        try await test.reach(one, "k1", said: said(1))
        try await test.reach(one, "k2")
        let refusal = try #require(try test.rank([one]).refused.first?.refusal)
        #expect(refusal.cause == .quota && refusal.until == test.clock.now + .seconds(30))
        await #expect(throws: ConnectorBusy.self) { try await test.permit(one, "k3") }
        test.clock.advance(by: .seconds(30))
        #expect(try test.rank([one]).codes == [.onlyOne])
        try await test.reach(one, "k3", said: said(24))
        #expect(try left(test) == 24)
    }

    @Test func `is paused for as long as the service asks, and opens no circuit`() async throws {
        let test = try TestRuntime.withTools()
        var pause = ServiceLimit()
        pause.pause = .seconds(4)
        try await test.reach(one, "k1", .failed(.declined), said: pause)
        let refusal = try #require(try test.rank([one]).refused.first?.refusal)
        #expect(refusal.code == "quota_exhausted" && refusal.until == test.clock.now + .seconds(4))
        test.clock.advance(by: .seconds(4))
        #expect(try test.rank([one]).names == ["One"])
        #expect(try test.events().isEmpty)
    }

    // MARK: What the agency allows

    @Test func `gives turns to those that wait, and the rest the next window`() async throws {
        let test = try TestRuntime.withTools()
        let ten = one.with(limits: ToolLimits(minute: 10)), start = test.clock.now
        for number in 1...8 { try await test.reach(ten, "k\(number)") }
        var until: [Instant?] = []
        for number in 9...11 {
            until.append(
                try await test.write {
                    try $0.connectorTurns.waitFor(ten, "messenger", key: "k\(number)", .utc)?.until
                }
            )
        }
        let turns: [Instant?] = [start + .seconds(48), start + .seconds(54), start + .seconds(60)]
        #expect(until == turns)
        test.clock.advance(by: .seconds(48))
        await #expect(throws: ConnectorBusy.self) { try await test.permit(ten, "k10") }
        try await test.reach(ten, "k9")
        test.clock.advance(by: .seconds(6))
        try await test.reach(ten, "k10")
        await #expect(throws: ConnectorBusy.self) { try await test.permit(ten, "k11") }
        test.clock.advance(by: .seconds(6))
        try await test.reach(ten, "k11")
        #expect(try test.events() == ["integration.quota_warned", "integration.quota_exhausted"])
    }

    @Test func `holds in each of its windows, which are counted beside one another`() async throws {
        let test = try TestRuntime.withTools()
        let limits = ToolLimits(minute: 3, hour: 5, day: 7, month: 8)
        let small = one.with(limits: limits, pacing: .burst)
        /// Returns the number of calls that go, and the time until which no other does.
        func useUp() async throws -> String {
            var gone = 0
            while true {
                let ranking = try test.rank([small, .two])
                if let refusal = ranking.refused.first?.refusal {
                    #expect(ranking.names == ["Two"] && ranking.codes == [.quotaFull])
                    return "\(gone) until \(refusal.until)"
                }
                try await test.reach(small, "k\(test.clock.now.microseconds)-\(gone)")
                gone += 1
            }
        }
        func used() throws -> [String] {
            try test.read { try $0.connectors.quota(of: "int_one", limits, .utc) }.map { quota in
                "\(quota["used"]?.int ?? 0) a \(quota["per"]?.text ?? "")"
            }
        }
        #expect(try await useUp() == "3 until 2027-01-05T10:01:00.000Z")
        #expect(try used() == ["3 a minute", "3 a hour", "3 a day", "3 a month"])
        test.clock.advance(by: .seconds(60))
        #expect(try await useUp() == "2 until 2027-01-05T11:00:00.000Z")
        #expect(try used() == ["2 a minute", "5 a hour", "5 a day", "5 a month"])
        test.clock.advance(by: .seconds(59 * 60))
        #expect(try await useUp() == "2 until 2027-01-06T00:00:00.000Z")
        test.clock.advance(by: .seconds(13 * 3600))
        #expect(try await useUp() == "1 until 2027-02-01T00:00:00.000Z")
        #expect(try used() == ["1 a minute", "1 a hour", "1 a day", "8 a month"])
    }

    @Test func `holds in the windows of the agency's clock`() async throws {
        let zone = try #require(TimeZoneRules(named: "Asia/Kolkata"))
        let test = try TestRuntime.withTools(Messenger()) { registration in
            registration.questions.timeZone = { _ in "Asia/Kolkata" }
        }
        // It is half past three there.
        let windows: [(ToolLimits, String)] = [
            (ToolLimits(hour: 1), "2027-01-05T10:30:00.000Z"),
            (ToolLimits(day: 1), "2027-01-05T18:30:00.000Z"),
            (ToolLimits(month: 1), "2027-01-31T18:30:00.000Z"),
        ]
        for (limits, end) in windows {
            let connector = Connector("int_\(end)", name: "One", priority: 1, limits: limits)
            func refusal() throws -> ConnectorRefusal? {
                try test.read { try $0.connectors.rank([connector], for: "messenger", key: "next", zone) }
                    .refused.first?.refusal
            }
            try await test.reach(connector, "k\(end)")
            let refused = try #require(try refusal())
            #expect(refused.until.description == end)
        }
    }

    @Test func `that comes within its window counts what has gone already`() async throws {
        let test = try TestRuntime.withTools()
        for number in 1...2 { try await test.reach(one, "before\(number)") }
        test.clock.advance(by: .seconds(3600))
        for number in 1...3 {
            try await test.reach(one, "k\(number)", number == 2 ? .failed(.declined) : .succeeded)
        }
        try await test.permit(one, "way")
        var trial = ToolRequest.message(key: "test")
        trial.tool = EffectUse.testTool
        let asked = trial
        try await test.write { try $0.connectorCalls.keep(asked, to: "int_one", .succeeded) }
        let limits = ToolLimits(hour: 10, month: 6)
        try await test.write { try $0.toolUse.countWindows(of: "int_one", limits, replacing: ToolLimits()) }
        let quotas = try test.read { try $0.connectors.quota(of: "int_one", limits, .utc) }
        #expect(quotas.compactMap { $0["used"]?.int } == [4, 6], "a test takes nothing")
        let limited = one.with(limits: limits)
        let refusal = try #require(try test.rank([limited]).refused.first?.refusal)
        #expect(refusal.code == "quota_exhausted" && refusal.until == Instant("2027-02-01T00:00:00Z"))
    }

    @Test func `is not exceeded, however many come at once`() async throws {
        let test = try TestRuntime.withTools()
        let four = one.with(limits: ToolLimits(minute: 4))
        let gone = Tally()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    if (try? await test.permit(four, "k\(number)")) != nil { gone.add() }
                }
            }
        }
        #expect(gone.count == 4)
    }
}
