import Database
import JSON
import Records
import Runtime
import RuntimeTesting
import Synchronization
import Telemetry
import Testing

@testable import Platform

/// Receipts that came together, and one that its handler cannot work on at once.
@Suite struct HookJobTests {
    private final class Handler: HookHandler {
        let providers: Set<String> = ["postbox"]
        let seen = Mutex<[String: Int]>([:])

        func process(_ receipt: HookReceipt, of integration: Integration, _ job: JobContext) async throws {
            let turn = seen.withLock { seen in
                seen[receipt.key, default: 0] += 1
                return seen[receipt.key] ?? 0
            }
            switch receipt.key {
            case "slow" where turn < 3: throw JobFailure.retryable("unreachable", "not yet")
            case "never": throw JobFailure.terminal("unreadable", "no one can read it")
            default: try await job.complete { tx in try tx.settle(receipt.id, .processed) }
            }
        }
    }

    @Test func `one that fails is tried again by itself, and the others are worked on once`() async throws {
        let handler = Handler()
        let test = try AgentTest(
            [], migrations: platformMigrations, at: "2027-01-05T10:00:00Z", slots: ["hooks": 2],
            register: { $0.add(HookJob([handler])) })
        try await test.given { tx in
            var integration = Integration.new(id: tx.nextID(), now: tx.now)
            (integration.provider, integration.capability) = ("postbox", .generic)
            (integration.hookToken, integration.settings) = ("token", [:])
            try tx.create(&integration, by: .system)
            let keys = ["first", "never", "slow", "last"]
            let items = keys.map { KeptItem(HookItem(key: $0, type: "test", payload: [:])) }
            let door = integration.id.text
            let areNew = try tx.receive(
                [[items[0]], [items[1], items[2]], [items[3]], [items[0]]], through: door, provider: "postbox")
            #expect(areNew == [true, true, true, false])
        }
        for _ in 0..<4 { try await test.advance(by: .seconds(3600)) }
        let states = try test.read { reader in
            try reader.all("SELECT event_key, status FROM hook_receipts WHERE tenant_id = \(reader.tenant)") {
                ($0.text(0), $0.text(1))
            }
        }
        #expect(
            Dictionary(uniqueKeysWithValues: states)
                == ["first": "processed", "never": "failed", "slow": "processed", "last": "processed"])
        #expect(handler.seen.withLock { $0 } == ["first": 1, "never": 2, "slow": 3, "last": 1])
    }
}
