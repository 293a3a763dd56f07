import Database
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

extension Connector {
    fileprivate static let mini = Connector("model_mini", name: "Mini", priority: 1)
}

struct `The hourly look at use` {
    private static let known: [Connector] = [.one, .two, .mini]
    private let key = Actor(.apiKey, id: "key_1")

    private func watched() throws -> TestRuntime {
        try TestRuntime(
            register: { registration in
                registration.add(Messenger())
                registration.questions.connector = { _, id in Self.known.first { $0.id == id } }
            }, configure: { $0.watchInterval = .seconds(300) })
    }

    /// So many calls of a connector on each of the five days before. The first plan the look, an hour from then.
    private func history(
        _ test: TestRuntime, of connector: Connector = .one, daily calls: Int = 24
    )
        async throws
    {
        try await test.write { tx in
            for day in 1...5 {
                var use = EffectUse()
                use.calls = calls
                try tx.effectUse.count(
                    use, of: "messenger", by: connector.id, for: ToolCaller(actor: .system),
                    beganAt: tx.now - .seconds(Int64(day) * 86_400), .utc)
            }
        }
        test.clock.advance(by: .seconds(600))
    }

    private func call(
        _ test: TestRuntime, _ count: Int, _ connector: Connector = .one, by actor: Actor = .system
    ) async throws {
        try await test.write { tx in
            for number in 1...count {
                var request = ToolRequest.message(key: "\(connector.id) \(actor.id) \(number)")
                request.caller = ToolCaller(actor: actor, agent: actor.kind == .agent ? actor.id : nil)
                let permit = try tx.gate.permit(
                    request, by: connector, nil, ToolUsage(sends: 1, calls: 1), deadline: .seconds(30))
                try tx.gate.settle(permit, .succeeded)
            }
        }
    }

    /// Returns what the job has told, once its hour is over.
    private func look(_ test: TestRuntime) async throws -> [Alert] {
        test.work()
        test.clock.advance(by: .seconds(3000))
        await test.settled.values(1)
        await test.stop()
        return try test.read { try $0.alerts.open(kind: UseWatchJob.alert) }
    }

    @Test func `raises an alert on far more calls than usual, and none on a usual handful`() async throws {
        let usual = try watched()
        try await history(usual)
        try await call(usual, 5)
        #expect(try await look(usual).isEmpty)
        let odd = try watched()
        try await history(odd)
        try await call(odd, 120)
        let alerts = try await look(odd)
        #expect(alerts.map(\.subject.type) == ["integration"] && alerts.map(\.subject.id) == ["int_one"])
        let alert = try #require(alerts.first)
        #expect(alert.title.hasPrefix("One was called 120 times in an hour, up from about 1 an hour"))
        #expect(alert.severity == .warning && alert.action.contains("rotate"))
    }

    @Test func `names whoever most calls came from, agent or key`() async throws {
        let byAgent = try watched()
        try await history(byAgent)
        try await call(byAgent, 40, by: key)
        try await call(byAgent, 80, by: .agent("clerk"))
        let first = try #require(try await look(byAgent).first)
        #expect(first.title.hasSuffix("; most were messenger by clerk: 80."))
        let byKey = try watched()
        try await history(byKey)
        try await call(byKey, 80, by: key)
        try await call(byKey, 40, by: .agent("clerk"))
        let second = try #require(try await look(byKey).first)
        #expect(second.title.hasSuffix("; most were messenger by api_key key_1: 80."))
    }

    @Test func `weighs each connector by its own days, and names its own callers`() async throws {
        let test = try watched()
        try await history(test)
        try await history(test, of: .two, daily: 2400)
        try await call(test, 120)
        try await call(test, 130, .two, by: key)
        let alerts = try await look(test)
        #expect(alerts.map(\.subject.id) == ["int_one"])
        #expect(alerts.first?.title.hasSuffix("; most were messenger by system bureau: 120.") == true)
    }

    @Test func `is about a model where that was called`() async throws {
        let test = try watched()
        try await history(test, of: .mini)
        try await call(test, 120, .mini)
        let alert = try #require(try await look(test).first)
        #expect(alert.subject.type == "model" && alert.subject.id == "model_mini")
        #expect(alert.title.hasPrefix("Mini was called 120 times in an hour"))
    }
}
