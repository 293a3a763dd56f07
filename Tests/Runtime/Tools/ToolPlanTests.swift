import Database
import JSON
import Nouns
import Records
import Synchronization
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct `Tools, budgets and approvals` {
    @Test(.ofFiles) func `read no table from end to end`() async throws {
        let texts = Mutex<Set<String>>([])
        let broken = Flag()
        let messenger = Messenger { _ in
            if broken.isSet { throw ToolFailure("http_500", "no", isRetryable: true, blamesProvider: true) }
            return ToolAnswer(["ok": true])
        }.with {
            ($0.effect, $0.cacheTime) = (.reads, .seconds(1))
            $0.limits = ToolLimits(minute: 100, hour: 100, day: 100, month: 100)
            $0.quotas = ["pigeon": ToolLimits(month: 100)]
        }
        let test = try TestRuntime(
            agents: [Clerk()], observer: { text in _ = texts.withLock { $0.insert(text) } },
            register: { registration in
                registration.add(messenger)
                registration.add(Scribe())
            })
        let budget = try await test.budget(.calls, 100)
        try await test.call(.message(run: .numbered(1)))
        try await test.call(.message(key: "cached", run: .numbered(1)))
        broken.set()
        for number in 1...5 {
            _ = try? await test.call(.message("x\(number)", key: "x\(number)", agent: "clerk"))
        }
        try await test.write { tx in
            _ = try tx.budgets.change(budget, to: 50, by: .system)
            let tool = try tx.runtime.tools.definition("messenger")
            _ = try tx.tools.set(tool, try tx.tools.settings(tool), by: .system)
            _ = try tx.approvals.setPolicy(ApprovalPolicy(fourEyes: true), by: .system)
            let approval = try tx.approvals.request(
                ApprovalRequest(owner: ("agent_effect", "a"), key: "a", title: "a"))
            let decided = try tx.approvals.decide(
                approval.id, .approve(changes: nil), by: Actor(.user, id: "user_1"))
            _ = try tx.approvals.decide(decided.id, .reject(reason: "no"), by: Actor(.user, id: "user_2"))
            try tx.approvals.recordEffect(of: approval.id, [:])
            try tx.approvals.withdraw(of: ("agent_effect", "a"))
            _ = try (tx.budgets.use(of: budget, .utc), tx.toolUse.days("messenger", since: tx.now))
            if let present = try tx.budgets.find(budget.id) { try tx.budgets.delete(present, by: .system) }
        }
        let names = ["tool_", "budget", "approval"]
        let own = texts.withLock { $0 }.filter { text in
            !text.hasPrefix("CREATE") && !text.hasPrefix("ANALYZE") && names.contains { text.contains($0) }
        }
        #expect(own.count > 40)
        for text in own.sorted() {
            let count = (1...30).last { text.contains("$\($0)") } ?? 0
            let plan = try test.database.acrossTenantsRead { reader in
                try reader.all(
                    Statement("EXPLAIN QUERY PLAN " + text), Array(repeating: SQLValue.null, count: count)
                ) { $0.text(3) }
            }
            for line in plan where line.hasPrefix("SCAN") {
                #expect(line.contains("CONSTANT ROW"), "\(line): \(text)")
            }
        }
    }
}
