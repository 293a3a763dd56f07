import Agents
import Database
import Dispatch
import JSON
import Jobs
import Nouns
import Records
import RuntimeTesting
import Synchronization
import Telemetry
import Testing
import Waiting
@testable import Integrations
@testable import Tenancy
@testable import Transfer

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
            default: try await job.complete { tx in try tx.hookReceipts.settle(receipt.id, .processed) }
            }
        }
    }

    /// One that needs no more than a transaction.
    private final class Prompt: PromptHookHandler {
        let providers: Set<String> = ["postbox"]
        let seen = Mutex<[String]>([])

        func process(_ receipt: HookReceipt, of integration: Integration, in tx: Transaction) throws {
            seen.withLock { $0.append(receipt.key) }
            try tx.publish("hook.received", receipt.subject, ["key": .string(receipt.key)])
            if receipt.key == "never" { throw JobFailure.terminal("unreadable", "no one can read it") }
            try tx.hookReceipts.settle(receipt.id, .processed)
        }
    }

    /// Returns the outcomes of receipts that came together, by their keys.
    private func states(
        of keys: [String], by handler: any HookHandler
    ) async throws -> (AgentTest, [String: String]) {
        let test = try AgentTest(
            [], migrations: tenancyMigrations + integrationsMigrations + transferMigrations,
            at: "2027-01-05T10:00:00Z", slots: ["hooks": 2],
            register: { $0.add(HookJob([handler])) })
        try await test.given { tx in
            var integration = Integration.new(id: tx.nextID(), now: tx.now)
            (integration.provider, integration.capability) = ("postbox", .generic)
            (integration.hookToken, integration.settings) = ("token", [:])
            try tx.create(&integration, by: .system)
            let items = keys.map { KeptItem(HookItem(key: $0, type: "test", payload: [:])) }
            let (door, middle) = (integration.id, Array(items[1..<items.count - 1]))
            let areNew = try tx.hookReceipts.receive(
                [[items[0]], middle, [items[items.count - 1]], [items[0]]], through: door, provider: "postbox"
            )
            #expect(areNew == [true, true, true, false])
        }
        for _ in 0..<4 { try await test.advance(by: .seconds(3600)) }
        let states = try test.read { reader in
            try reader.all("SELECT event_key, status FROM hook_receipts WHERE tenant_id = \(reader.tenant)") {
                ($0.text(0), $0.text(1))
            }
        }
        return (test, Dictionary(uniqueKeysWithValues: states))
    }

    /// The intake's word on each, by its key.
    private final class Answers: Sendable {
        private let said = Mutex<[String: String]>([:])

        func note(_ key: String) -> HookIntake.Answer {
            { result in
                let word = (try? result.get()).map { $0 ? "new" : "known" } ?? "refused"
                self.said.withLock { $0[key] = word }
            }
        }

        func all(_ count: Int) async -> [String: String] {
            _ = await yields(until: { said.withLock { $0.count } >= count })
            return said.withLock { $0 }
        }
    }

    @Test func `of those that are written down together, one that cannot be is refused alone`() async throws {
        let test = try AgentTest(
            [], migrations: tenancyMigrations + integrationsMigrations + transferMigrations,
            at: "2027-01-05T10:00:00Z", slots: ["hooks": 1],
            register: { $0.add(HookJob([Prompt()])) })
        guard !test.database.isOnServer else { return }
        try await test.given { tx in
            // Nothing that a door lets in is refused by the table as it is.
            try tx.run(
                """
                CREATE TRIGGER refusal BEFORE INSERT ON hook_receipts WHEN NEW.event_key = 'poison'
                BEGIN SELECT RAISE(ABORT, 'it cannot be kept'); END
                """)
        }
        let (intake, answers) = (HookIntake(test.database), Answers())
        let door = HookIntake.Endpoint(
            tenant: AgentTest.tenant, integration: .numbered(1), provider: "postbox")
        let keys = ["first", "second", "poison", "third", "second"]
        // While the writer is at something else, all but the first are together.
        let gate = DispatchSemaphore(value: 0)
        test.database.submit(AgentTest.tenant) { _ in
            // The writer may run it again with its neighbours, and is not to stand at a gate that was open once.
            _ = gate.wait(timeout: .now() + 60)
            gate.signal()
        } completion: { _ in
        }
        for (number, key) in keys.enumerated() {
            intake.receive(
                [KeptItem(HookItem(key: key, type: "test", payload: [:]))], at: door,
                answers.note("\(number)"))
        }
        gate.signal()
        let said = await answers.all(keys.count)
        #expect(said == ["0": "new", "1": "new", "2": "refused", "3": "new", "4": "known"])
        let kept = try test.read { reader in
            try reader.all("SELECT event_key FROM hook_receipts WHERE tenant_id = \(reader.tenant)") {
                $0.text(0)
            }
        }
        #expect(Set(kept) == ["first", "second", "third"] && kept.count == 3)
    }

    @Test func `one that fails is tried again by itself, and the others are settled`() async throws {
        let handler = Handler()
        let (_, states) = try await states(of: ["first", "never", "slow", "last"], by: handler)
        #expect(
            states == ["first": "processed", "never": "failed", "slow": "processed", "last": "processed"])
        // The clock may pass a lease's end while a busy machine is still at the work, which begins once more then.
        let seen = handler.seen.withLock { $0 }
        #expect(Set(seen.keys) == Set(states.keys) && (seen["slow"] ?? 0) >= 3)
    }

    @Test func `what a transaction is enough for is done together, and by itself where one fails`()
        async throws
    {
        let handler = Prompt()
        let keys = (0..<60).map { $0 == 40 ? "never" : "key \($0)" }
        let (test, states) = try await states(of: keys, by: handler)
        #expect(states["never"] == "failed" && states.values.count { $0 == "processed" } == 59)
        let told = try test.read { reader in
            try reader.all(
                "SELECT data FROM events WHERE tenant_id = \(reader.tenant) AND type = 'hook.received'"
            ) {
                JSON(stored: $0.text(0))["key"]?.text ?? ""
            }
        }
        #expect(told.sorted() == keys.filter { $0 != "never" }.sorted(), "each once, whatever was undone")
        // Only the group of the one that fails is done again.
        let turns = Dictionary(grouping: handler.seen.withLock { $0 }, by: { $0 }).mapValues(\.count)
        #expect(turns["key 0"] == 1 && turns["key 59"] == 1 && turns["key 30"] == 2)
    }
}
