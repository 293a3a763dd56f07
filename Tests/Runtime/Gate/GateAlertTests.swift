import Database
import Records
import Synchronization
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

/// The agency's only integration, as it has set it.
private final class Standing: Sendable {
    private let state = Mutex(Connector.one)
    var connector: Connector { state.withLock { $0 } }
    func limit(_ limits: ToolLimits) {
        state.withLock { $0 = $0.with(limits: limits, pacing: .burst) }
    }
    func plan(price: Int64, included: Int) {
        state.withLock { $0 = $0.with(price: price, included: included) }
    }
}

extension TestRuntime {
    fileprivate static func with(_ standing: Standing) throws -> TestRuntime {
        try TestRuntime.withTools(Messenger()) { registration in
            registration.questions.connector = { _, id in id == "int_one" ? standing.connector : nil }
        }
    }

    fileprivate func alerts(_ kind: String) throws -> [Alert] { try read { try $0.alerts.open(kind: kind) } }
}

struct `The alert of a quota` {
    private func titles(_ test: TestRuntime) throws -> [String] {
        try test.alerts(QuotaAlert.kind).map(\.title)
    }

    @Test func `comes with the last fifth, once, and goes with a higher limit`() async throws {
        let standing = Standing(), test = try TestRuntime.with(standing)
        standing.limit(ToolLimits(hour: 5))
        for number in 1...3 { try await test.reach(standing.connector, "k\(number)") }
        #expect(try titles(test).isEmpty)
        try await test.reach(standing.connector, "k4")
        let alert = try #require(try test.alerts(QuotaAlert.kind).first)
        #expect(
            alert.title.contains("close to its limit: 1 of 5 calls left this hour, until 2027-01-05T11:00:00")
        )
        #expect(alert.subject.type == "integration" && alert.subject.id == "int_one")
        #expect(alert.action.contains("raise its limit"))
        try await test.reach(standing.connector, "k5")
        let later = try test.alerts(QuotaAlert.kind)
        #expect(later.map(\.id) == [alert.id] && later[0].title.contains("has reached its limit: 0 of 5"))
        standing.limit(ToolLimits(hour: 50))
        try await test.write { try $0.serviceQuotas.refreshAlert(of: "int_one") }
        #expect(try titles(test).isEmpty)
        #expect(try test.events().count { $0 == "alert.raised" } == 1)
    }

    @Test func `comes at four fifths of each quota, and not a call before`() async throws {
        func reach(_ test: TestRuntime, _ standing: Standing, _ keys: ClosedRange<Int>) async throws {
            for key in keys { try await test.reach(standing.connector, "k\(key)") }
        }
        let limited = Standing(), test = try TestRuntime.with(limited)
        limited.limit(ToolLimits(hour: 100))
        try await reach(test, limited, 1...79)
        #expect(try titles(test).isEmpty && test.events().isEmpty)
        try await reach(test, limited, 80...80)
        #expect(try titles(test).first?.contains("20 of 100 calls left this hour") == true)
        #expect(try test.events().first == "integration.quota_warned")
        let planned = Standing(), other = try TestRuntime.with(planned)
        planned.plan(price: Budget.microsPerMinorUnit, included: 100)
        try await reach(other, planned, 1...79)
        #expect(try titles(other).isEmpty)
        try await reach(other, planned, 80...80)
        #expect(try titles(other).first?.contains("20 of 100 included calls left") == true)
        let third = try TestRuntime.with(Standing())
        var said = ServiceLimit()
        (said.limit, said.left, said.resetsAfter) = (100, 21, .seconds(600))
        try await third.reach(.one, "k1", said: said)
        #expect(try titles(third).isEmpty)
        try await third.permit(.one, "k2")
        #expect(try titles(third).first?.contains("20 of 100 calls left according to") == true)
    }

    @Test func `says that a service wants no calls for longer than a minute, until it does`() async throws {
        let cases: [(seconds: Int64, told: [String])] = [
            (60, []), (61, ["One accepts no calls until 2027-01-05T10:01:01.000Z."]),
        ]
        for (seconds, told) in cases {
            let test = try TestRuntime.with(Standing())
            var said = ServiceLimit()
            said.pause = .seconds(seconds)
            try await test.reach(.one, "k1", .failed(.declined), said: said)
            #expect(try titles(test) == told)
            guard !told.isEmpty else { continue }
            test.work()
            test.clock.advance(by: .seconds(seconds))
            await test.settled.values(1)
            #expect(try titles(test).isEmpty)
            await test.stop()
        }
    }

    @Test func `goes by itself when the window is over`() async throws {
        let standing = Standing(), test = try TestRuntime.with(standing)
        standing.limit(ToolLimits(hour: 5))
        for number in 1...4 { try await test.reach(standing.connector, "k\(number)") }
        #expect(try titles(test).count == 1)
        test.work()
        test.clock.advance(by: .seconds(3600))
        await test.settled.values(1)
        #expect(try titles(test).isEmpty)
        await test.stop()
    }

    @Test func `tells what the service says, too`() async throws {
        let standing = Standing(), test = try TestRuntime.with(standing)
        func said(_ left: Int) -> ServiceLimit {
            var said = ServiceLimit()
            (said.limit, said.left, said.resetsAfter) = (10, left, .seconds(600))
            return said
        }
        try await test.reach(.one, "k1", said: said(3))
        #expect(try titles(test).isEmpty)
        // Before it leaves it is taken from what the service has said.
        try await test.permit(.one, "k2")
        #expect(try titles(test).first?.contains("2 of 10 calls left according to the service") == true)
        test.clock.advance(by: .seconds(600))
        try await test.write { try $0.serviceQuotas.refreshAlert(of: "int_one") }
        #expect(try titles(test).isEmpty)
    }

    @Test func `tells of what the plan includes, and goes with a call that is given back`() async throws {
        let standing = Standing(), test = try TestRuntime.with(standing)
        standing.plan(price: Budget.microsPerMinorUnit, included: 5)
        for number in 1...3 { try await test.reach(standing.connector, "k\(number)") }
        #expect(try titles(test).isEmpty)
        try await test.reach(standing.connector, "k4", .failed(.declined))
        #expect(try titles(test).isEmpty, "what has failed takes none")
        try await test.reach(standing.connector, "k5")
        let alert = try #require(try test.alerts(QuotaAlert.kind).first)
        #expect(
            alert.title == "One has 1 of 5 included calls left, until 2027-02-01T00:00:00.000Z.")
        #expect(alert.action.contains("monthly limit"))
        for number in 6...7 { try await test.reach(standing.connector, "k\(number)") }
        let later = try test.alerts(QuotaAlert.kind)
        #expect(later.map(\.id) == [alert.id] && later[0].title.contains("has 0 of 5 included calls left"))
        test.clock.advance(by: .seconds(27 * 86_400))
        try await test.write { try $0.serviceQuotas.refreshAlert(of: "int_one") }
        #expect(try titles(test).isEmpty)
    }

    @Test func `says nothing of included calls beyond which nothing costs, or nothing goes`() async throws {
        let standing = Standing(), test = try TestRuntime.with(standing)
        standing.plan(price: 0, included: 2)
        for number in 1...2 { try await test.reach(standing.connector, "k\(number)") }
        #expect(try titles(test).isEmpty)
        standing.plan(price: 1, included: 4)
        standing.limit(ToolLimits(month: 4))
        for number in 3...4 { try await test.reach(standing.connector, "k\(number)") }
        #expect(try titles(test).isEmpty)
    }

    @Test func `is not raised of what is over within a minute`() async throws {
        let standing = Standing(), test = try TestRuntime.with(standing)
        standing.limit(ToolLimits(minute: 5))
        for number in 1...5 { try await test.reach(standing.connector, "k\(number)") }
        #expect(try titles(test).isEmpty)
        #expect(try test.events() == ["integration.quota_warned", "integration.quota_exhausted"])
    }
}

struct `Use that is unusual` {
    /// So many calls of the integration a day, over the days before.
    private func history(_ test: TestRuntime, days: Int, calls: Int) async throws {
        try await test.write { tx in
            for day in 1...days {
                var use = EffectUse()
                use.calls = calls
                try tx.effectUse.count(
                    use, of: "messenger", by: "int_one", for: ToolCaller(actor: .system),
                    beganAt: tx.now - .seconds(Int64(day) * 86_400), .utc)
            }
        }
    }

    private func look(_ test: TestRuntime) async throws {
        let found = try test.read { try $0.useWatch.unusual(test.runtime) }
        try await test.write { try $0.useWatch.tell(found) }
    }

    private func call(_ test: TestRuntime, _ keys: ClosedRange<Int>) async throws {
        for key in keys { try await test.reach(.one, "k\(key)") }
    }

    @Test func `is ten times what is usual, and a hundred calls an hour`() {
        #expect(UnusualUsage.isUnusual(101, after: 14 * 24 * 10, in: 14))
        #expect(!UnusualUsage.isUnusual(100, after: 14 * 24 * 10, in: 14))
        #expect(!UnusualUsage.isUnusual(99, after: 14, in: 14), "they are few")
        #expect(!UnusualUsage.isUnusual(5000, after: 10, in: 2), "nothing is usual yet")
    }

    @Test func `is told once a day, with by whom most came, and ends when it is over`() async throws {
        let test = try TestRuntime.with(Standing())
        try await history(test, days: 5, calls: 24)
        try await call(test, 1...99)
        try await look(test)
        #expect(try test.alerts(UseWatchJob.alert).isEmpty)
        try await call(test, 100...120)
        try await look(test)
        let alert = try #require(try test.alerts(UseWatchJob.alert).first)
        #expect(alert.title.hasPrefix("One was called 120 times in an hour, up from about 1 an hour"))
        #expect(alert.title.contains("most were messenger by") && alert.subject.id == "int_one")
        _ = try await test.write { try $0.alerts.resolve(alert.id, by: Actor(.user, id: "user_1")) }
        try await look(test)
        #expect(try test.alerts(UseWatchJob.alert).isEmpty, "it has been told")
        test.clock.advance(by: .seconds(2 * 86_400))
        try await call(test, 121...320)
        try await look(test)
        #expect(try test.alerts(UseWatchJob.alert).count == 1)
        test.clock.advance(by: .seconds(3600))
        try await look(test)
        #expect(try test.alerts(UseWatchJob.alert).count == 1, "people are to see it")
        test.clock.advance(by: .seconds(86_400))
        try await look(test)
        #expect(try test.alerts(UseWatchJob.alert).isEmpty)
    }

    @Test func `is looked for on days on which a service is used`() async throws {
        let test = try TestRuntime(
            register: { $0.add(Messenger()) }, configure: { $0.watchInterval = .seconds(300) })
        func looks() throws -> Int64? {
            try test.read { reader in
                try reader.int(
                    """
                    SELECT count(*) FROM jobs WHERE tenant_id = \(reader.tenant) AND kind = 'connector.use_watch'
                        AND state = 0
                    """)
            }
        }
        try await call(test, 1...3)
        #expect(try looks() == 1)
        test.work()
        test.clock.advance(by: .seconds(3600))
        await test.settled.values(1)
        #expect(try looks() == 1, "there is another")
        test.clock.advance(by: .seconds(86_400))
        await test.settled.values(2)
        #expect(try looks() == 0, "nothing was used today")
        await test.stop()
    }
}

struct `Refused attempts` {
    private let kind = "unauthorised_use"

    @Test func `are told at the third within an hour, of whoever makes them`() async throws {
        let test = try TestRuntime.withTools()
        let (key, other) = (Actor(.apiKey, id: "key_1"), Actor(.user, id: "user_1"))
        func attempt(_ actor: Actor, after seconds: Int64) async throws {
            test.clock.advance(by: .seconds(seconds))
            try await test.write { try $0.refusedAttempts.note(by: actor, "PATCH /v1/integrations/{id}") }
        }
        try await attempt(key, after: 0)
        try await attempt(other, after: 0)
        try await attempt(key, after: 3000)
        try await attempt(key, after: 700)
        #expect(try test.alerts(kind).isEmpty, "two within an hour, and one of somebody else")
        try await attempt(key, after: 600)
        let alert = try #require(try test.alerts(kind).first)
        #expect(alert.subject.type == "api_key" && alert.subject.id == "key_1")
        #expect(alert.title.contains("PATCH /v1/integrations/{id}"))
        try await attempt(key, after: 1)
        #expect(try test.alerts(kind).map(\.id) == [alert.id])
    }

    @Test func `of agents are those of tools that reach outside`() async throws {
        let test = try TestRuntime.withTools()
        func refused(_ tool: String) async throws {
            for number in 1...3 {
                var request = ToolRequest.message(key: "\(tool)\(number)", agent: "clerk")
                request.tool = tool
                request.caller.tools = []
                let asked = request
                let leave = try await test.write { try $0.gate.leave(for: asked) }
                guard case .refused(let refusal) = leave, refusal.code == "forbidden" else {
                    Issue.record("it is not refused")
                    return
                }
            }
        }
        try await refused("scribe")
        #expect(try test.alerts(kind).isEmpty)
        try await refused("messenger")
        #expect(try test.alerts(kind).map(\.subject.id) == ["clerk"])
    }
}

struct `A look into a service` {
    private func keep(
        _ test: TestRuntime, _ end: ConnectorCallEnd = .succeeded, found: Int,
        took: Duration = .milliseconds(40)
    ) async throws {
        try await test.write { tx in
            try tx.connectorCalls.keepReading(
                with: "read_mailbox", of: "int_one", for: ToolCaller(actor: .system), end, found: found,
                bytes: 9,
                took: took)
        }
    }

    private func calls(_ test: TestRuntime) throws -> [String] {
        try test.read { reader in
            try reader.all("SELECT state FROM tool_calls WHERE tenant_id = \(reader.tenant) ORDER BY state") {
                $0.text(0)
            }
        }
    }

    @Test func `is a call where it has brought something or failed, and counted always`() async throws {
        let test = try TestRuntime.withTools()
        try await keep(test, found: 0)
        #expect(try calls(test).isEmpty)
        try await keep(test, found: 3)
        try await keep(test, .failed(.broken), found: 0)
        #expect(try calls(test) == ["failed", "succeeded"])
        let use = try #require(try test.read { try $0.effectUse.days(of: "int_one", since: 0) }.first?.use)
        #expect(use.calls == 3 && use.failures == 1 && use.bytes == 27 && use.averageMilliseconds == 40)
    }

    @Test func `says nothing of how fast is sent`() async throws {
        let test = try TestRuntime.withTools()
        let (one, two) = (Connector.one, Connector.two.with(priority: 1))
        for number in 1...5 {
            try await test.reach(one, "o\(number)", took: .milliseconds(10))
            try await test.reach(two, "t\(number)", took: .milliseconds(100))
            try await keep(test, found: 1, took: .seconds(9))
        }
        #expect(try test.rank([two, one]).names == ["One", "Two"])
    }
}
