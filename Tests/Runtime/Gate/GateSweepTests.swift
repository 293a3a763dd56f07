import Database
import JSON
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

private struct Cashier: ExecutorTool {
    struct Input: Declared {
        static let schema = Schema<Input>("CashierInput", [])
    }

    static let name = "cashier"
    let title = "Cashier", summary = "Opens pages to pay on."
    let effect = ToolClass.sends
}

struct `A call of an executor` {
    private func begin(_ test: TestRuntime, _ key: String) async throws -> Permit {
        try await test.write { tx in
            try tx.gate.permitUnasked(
                Cashier.name, key: key,
                attempt: try tx.connectorCalls.nextAttempt(key: key, limit: .seconds(60)),
                for: ToolCaller(actor: .system), by: .one, nil, deadline: .seconds(60))
        }
    }

    private func states(_ test: TestRuntime, _ key: String) throws -> [StoredToolCall.State] {
        try test.read { try $0.toolCalls.all(key: key).map(\.state) }
    }

    @Test func `that was cut off is in doubt after an hour, although somebody asked again at once`()
        async throws
    {
        let test = try TestRuntime.withTools { $0.add(Cashier()) }
        _ = try await begin(test, "page")
        let again = try await begin(test, "page")
        try await test.write { tx in try tx.gate.settleUnasked(again, .succeeded) }
        test.clock.advance(by: .seconds(3590))
        let late = try await begin(test, "other")
        try await Sweep(test.runtime).removeOld()
        #expect(try states(test, "page") == [.held, .succeeded], "it may still be on its way")
        test.clock.advance(by: .seconds(20))
        try await Sweep(test.runtime).removeOld()
        #expect(try states(test, "page") == [.unknown, .succeeded])
        #expect(try states(test, "other") == [.held])
        try await test.write { tx in try tx.gate.settleUnasked(late, .succeeded) }
        #expect(try states(test, "other") == [.succeeded])
        let cutOff = try test.read { try $0.toolCalls.all(key: "page").first }
        #expect(cutOff?.error?["code"] == "interrupted")
    }

    @Test func `that somebody makes by its name is not taken for one`() async throws {
        let test = try TestRuntime.withTools { $0.add(Cashier()) }
        _ = try await test.execution(.message(key: "mail"))
        test.clock.advance(by: .seconds(7200))
        try await Sweep(test.runtime).removeOld()
        #expect(try states(test, "mail") == [.held])
    }
}

struct `Use by day` {
    private func days(_ test: TestRuntime) throws -> [Int] {
        try test.read { try $0.effectUse.days(of: "int_one", since: 0).map(\.day) }
    }

    @Test func `is kept as far as a forecast looks back, and no further`() async throws {
        // The last day of a month whose first day lies furthest from that.
        let test = try TestRuntime(start: "2027-01-31T10:00:00Z")
        let today = Int(test.clock.now.seconds / 86_400)
        // 31 October 2025, and what nobody looks at any more.
        for day in [today, today - 457, today - 471, today - 4000] {
            try await test.write { tx in
                try tx.run(
                    """
                    INSERT INTO effect_use (tenant_id, connector, day, tool, agent, client_id, campaign_id, calls,
                        failures, cost, tokens, bytes, duration)
                    VALUES (\(tx.tenant), 'int_one', \(day), 'messenger', '', '', '', 1, 0, 0, 0, 0, 0)
                    """)
            }
        }
        try await Sweep(test.runtime).removeOld()
        #expect(try days(test) == [today, today - 457])
    }
}
