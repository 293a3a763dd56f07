import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct `The use of tools` {
    private func refusal(_ test: TestRuntime, _ request: ToolRequest) async -> ToolRefusal? {
        await #expect(throws: ToolRefusal.self) { try await test.call(request) }
    }

    @Test func `is limited by the minute, and free again in the next`() async throws {
        let test = try TestRuntime.withTools(
            Messenger().with { $0.limits = ToolLimits(minute: 2, day: 3) })
        for key in ["a", "b"] { try await test.call(.message(key: key)) }
        let full = await refusal(test, .message(key: "c"))
        #expect(full?.code == "quota_exhausted" && full?.retryAfter == .seconds(60))
        test.clock.advance(by: .seconds(60))
        try await test.call(.message(key: "c"))
        #expect(await refusal(test, .message(key: "d"))?.retryAfter == .seconds(13 * 3600 + 59 * 60 + 0 * 60))
        test.clock.advance(by: .seconds(14 * 3600))
        try await test.call(.message(key: "d"))
        try await test.call(.message(key: "e"), .globex)
    }

    @Test func `never exceeds a quota, however many come at once`() async throws {
        let sent = Tally()
        let test = try TestRuntime.withTools(
            Messenger { _ in ToolAnswer(["n": JSON(sent.add())]) }.with { $0.limits.month = 7 })
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask { _ = try? await test.call(.message(key: "k\(number)")) }
            }
        }
        #expect(sent.count == 7)
    }

    @Test func `goes to the next provider when the quota of the first is used up`() async throws {
        let test = try TestRuntime.withTools(
            Messenger { ToolAnswer(["by": .string($0.provider)]) }.with {
                $0.names = ["free", "paid"]
                $0.quotas = ["free": ToolLimits(month: 2), "paid": ToolLimits(hour: 1)]
            })
        var by: [String] = []
        for key in ["a", "b", "c"] { by.append(try await test.call(.message(key: key))["by"]?.text ?? "") }
        #expect(by == ["free", "free", "paid"])
        let full = await refusal(test, .message(key: "d"))
        #expect(full?.code == "quota_exhausted" && full?.retryAfter == .seconds(3600))
    }

    @Test func `warns once when four fifths of a quota are used`() async throws {
        let test = try TestRuntime.withTools(Messenger().with { $0.limits.day = 100 })
        for number in 1...79 { try await test.call(.message(key: "k\(number)")) }
        #expect(try test.events().isEmpty)
        try await test.call(.message(key: "k80"))
        #expect(try test.events() == ["tool.quota_warned"])
        for number in 81...100 { try await test.call(.message(key: "k\(number)")) }
        #expect(try test.events() == ["tool.quota_warned"])
    }

    @Test func `follows what the agency has set`() async throws {
        let test = try TestRuntime.withTools(Messenger().with { $0.limits.day = 1 })
        func set(_ change: @escaping @Sendable (inout ToolSettings) -> Void) async throws {
            try await test.write { tx in
                let tool = try tx.runtime.tools.definition("messenger")
                var settings = try tx.tools.settings(tool)
                change(&settings)
                _ = try tx.tools.set(tool, settings, by: .system)
            }
        }
        try await test.call(.message(key: "a"))
        try await set { $0.set(nil, per: .day) }
        try await test.call(.message(key: "b"))
        try await set { $0.set(0, per: .hour) }
        #expect(await refusal(test, .message(key: "c"))?.code == "quota_exhausted")
        try await set { $0.isEnabled = false }
        #expect(await refusal(test, .message(key: "c"))?.code == "tool_disabled")
        try await test.call(.message(key: "d"), .globex)
    }

    @Test func `is spared by answers that are kept for a while`() async throws {
        let asked = Tally()
        let test = try TestRuntime.withTools(
            Messenger { _ in ToolAnswer(["n": JSON(asked.add())]) }.with {
                ($0.effect, $0.cacheTime, $0.limits.day) = (.reads, .seconds(3600), 3)
            })
        for key in ["a", "b", "c", "d", "e"] {
            #expect(try await test.call(.message(key: key)) == ["n": 1], "equal arguments")
        }
        #expect(try await test.call(.message("other", key: "f")) == ["n": 2])
        #expect(try await test.call(.message("other", key: "g"), .globex) == ["n": 3], "another agency's own")
        test.clock.advance(by: .seconds(3600))
        #expect(try await test.call(.message(key: "h")) == ["n": 4], "too old")
    }

    @Test func `of one run that goes in circles is stopped, with an alert`() async throws {
        let sent = Tally()
        let test = try TestRuntime.withTools(Messenger { _ in ToolAnswer(["n": JSON(sent.add() / 100)]) })
        for number in 1...8 { try await test.call(.message(key: "k\(number)", run: .numbered(1))) }
        #expect(await refusal(test, .message(key: "k9", run: .numbered(1)))?.code == "loop_detected")
        #expect(sent.count == 8)
        try await test.call(.message(key: "k10", run: .numbered(2)))
        try await test.call(.message("other", key: "k11", run: .numbered(1)))
        #expect(try test.events().contains("tool.loop_detected"))
        let alert = try test.read { try $0.alerts.open(kind: "tool_loop").first }
        #expect(alert?.subject.id == RunID.numbered(1).text)
    }

    @Test func `of one run that gets on is not stopped`() async throws {
        let sent = Tally()
        let test = try TestRuntime.withTools(Messenger { _ in ToolAnswer(["n": JSON(sent.add())]) })
        for number in 1...30 { try await test.call(.message(key: "k\(number)", run: .numbered(1))) }
        #expect(sent.count == 30)
    }
}
