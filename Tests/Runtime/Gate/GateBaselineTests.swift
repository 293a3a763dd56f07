import Database
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct `A service's baseline` {
    private static let known: [Connector] = [.one, Connector("model_one", name: "A model", priority: 1)]

    private func make(watching: Bool = false) throws -> TestRuntime {
        try TestRuntime(
            register: { registration in
                registration.add(Messenger())
                registration.questions.connector = { _, id in Self.known.first { $0.id == id } }
            }, configure: { if watching { $0.watchInterval = .seconds(300) } })
    }

    /// Calls of a day before today, each of 150 ms.
    private func use(
        _ connector: String, _ calls: Int, failing failures: Int, _ day: Int, _ tx: Transaction
    ) throws {
        var use = EffectUse()
        (use.calls, use.failures, use.duration) = (calls, failures, .milliseconds(calls * 150))
        let began = tx.now - .seconds(Int64(day) * 86_400), caller = ToolCaller(actor: .system)
        try tx.effectUse.count(use, of: "messenger", by: connector, for: caller, beganAt: began, .utc)
    }

    private func fail(_ connector: String, _ failure: ToolFailure, _ day: Int, _ tx: Transaction) throws {
        let began = tx.now - .seconds(Int64(day) * 86_400)
        try tx.serviceBaselines.count(failure, of: "messenger", by: connector, beganAt: began, .utc)
    }

    /// Ten calls a day over the ten days before, of which one a day was refused.
    private func history(_ test: TestRuntime, of days: ClosedRange<Int> = 1...10) async throws {
        try await test.write { tx in
            for day in days {
                try use("int_one", 10, failing: 1, day, tx)
                try fail("int_one", .declined, day, tx)
            }
        }
    }

    private func call(
        _ test: TestRuntime, _ calls: Int, failing failures: Int = 0, with code: String = "http_422",
        took time: Int = 150
    ) async throws {
        for number in 0..<calls {
            let failure = ToolFailure(code, "no", isRetryable: true)
            try await test.reach(
                .one, "k\(number)", number < failures ? .failed(failure) : .succeeded,
                took: .milliseconds(time))
        }
    }

    private func titles(_ test: TestRuntime) throws -> [String] {
        try test.read { try $0.alerts.open(kind: DegradedService.alert) }.map(\.title)
    }

    private func look(_ test: TestRuntime) async throws {
        let worse = try test.read { try $0.serviceBaselines.worse(test.runtime) }
        try await test.write { try $0.serviceBaselines.tell(worse) }
    }

    @Test func `is how fast and how well it answered in two weeks, and how often it failed with what`()
        async throws
    {
        let test = try make()
        try await history(test, of: 1...15)
        try await call(test, 4, failing: 1, with: "http_500", took: 40)
        let today = TimeZoneRules.utc.local(of: test.clock.now).date.daysSinceEpoch
        let baselines = try test.read { try $0.serviceBaselines.all(of: "int_one", today: today) }
        let one = try #require(baselines.first)
        #expect(baselines.count == 1 && one.tool == "messenger")
        #expect(one.usual.use.calls == 140 && one.usual.use.failures == 14)
        #expect(one.usual.use.averageMilliseconds == 150 && one.usual.errors == ["http_422": 14])
        #expect(one.today.use.calls == 4 && one.today.use.averageMilliseconds == 40)
        #expect(one.today.errors == ["http_500": 1])
        #expect(try test.read { try $0.serviceBaselines.all(of: "int_two", today: today) }.isEmpty)
    }

    struct Day: Sendable {
        let calls: Int, failures: Int, code: String, time: Int
        /// Returns the alert's words; `nil`: there is none.
        let told: String?

        init(_ calls: Int, _ failures: Int, _ code: String = "http_422", time: Int = 150, told: String?) {
            (self.calls, self.failures, self.code, self.time, self.told) = (calls, failures, code, time, told)
        }
    }

    @Test(arguments: [
        Day(20, 3, told: nil),
        Day(20, 8, told: "messenger: 40 % of its calls fail, up from 10 %."),
        Day(19, 8, told: nil),
        Day(20, 0, time: 400, told: "messenger: a call takes 400 ms, up from 150."),
        Day(20, 0, time: 240, told: nil),
        Day(5, 5, "http_418", told: "messenger: http_418 is new (5 times)."),
        Day(5, 4, "http_418", told: nil),
        // Usually a tenth of the calls.
        Day(12, 6, told: "messenger: 50 % of its calls fail with http_422, up from 10 %."),
        Day(13, 6, told: nil),
        Day(
            20, 10,
            told: """
                messenger: 50 % of its calls fail, up from 10 %; 50 % of its calls fail with http_422, up from 10 %.
                """),
        // Once in the two weeks.
        Day(50, 5, "http_409", told: "messenger: 10 % of its calls fail with http_409, up from 1 %."),
        Day(51, 5, "http_409", told: nil),
        Day(40, 4, "http_409", told: nil),
    ])
    func `is what a worse day is told by, until the day is over`(_ day: Day) async throws {
        let test = try make()
        try await history(test)
        try await test.write { try fail("int_one", ToolFailure("http_409", "no", isRetryable: true), 14, $0) }
        try await call(test, day.calls, failing: day.failures, with: day.code, took: day.time)
        for _ in 1...2 { try await look(test) }
        let told = day.told.map { "One performs worse today than in the past two weeks: \($0)" }
        #expect(try titles(test) == [told].compactMap(\.self))
        test.clock.advance(by: .seconds(86_400))
        try await look(test)
        #expect(try titles(test).isEmpty)
    }

    @Test func `of few calls is none`() async throws {
        let test = try make()
        try await history(test, of: 1...4)
        try await call(test, 20, failing: 20, with: "http_418", took: 900)
        try await look(test)
        #expect(try titles(test).isEmpty)
    }

    @Test func `of a model is told of the model, and of what is gone of nobody`() async throws {
        let test = try make()
        try await test.write { tx in
            for connector in ["model_one", "model_gone", "int_gone"] {
                for day in 1...10 { try use(connector, 10, failing: 0, day, tx) }
                try use(connector, 20, failing: 8, 0, tx)
            }
        }
        try await look(test)
        let alerts = try test.read { try $0.alerts.open(kind: DegradedService.alert) }
        #expect(alerts.map(\.subject) == [Subject(type: "model", id: "model_one")])
        let told =
            "performs worse today than in the past two weeks: messenger: 40 % of its calls fail, up from 0 %."
        #expect(alerts.map(\.title) == ["A model \(told)"])
    }

    @Test func `is looked at every hour while the service is used`() async throws {
        let test = try make(watching: true)
        try await history(test)
        try await call(test, 5, failing: 5, with: "http_418")
        test.work()
        test.clock.advance(by: .seconds(3600))
        await test.settled.values(1)
        #expect(try titles(test).count == 1)
        test.clock.advance(by: .seconds(86_400))
        await test.settled.values(2)
        #expect(try titles(test).isEmpty)
        await test.stop()
    }
}
