import Database
import JSON
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct `The gate of tools` {
    @Test func `lets a call out, and settles what came of it`() async throws {
        let test = try TestRuntime.withTools(
            Messenger { ToolAnswer(["key": .string($0.key), "by": .string($0.provider)]) })
        #expect(try await test.call(.message()) == ["key": "k1", "by": "pigeon"])
        let use = try test.read { reader in
            try reader.toolUse.find(
                "messenger", .day, since: TimeSpan.day.bounds(around: reader.now, .utc).start)
        }
        #expect(use.calls == 1 && use.failures == 0)
    }

    @Test func `names every fault of the arguments`() async throws {
        let test = try TestRuntime.withTools()
        let request = ToolRequest(
            tool: "messenger", arguments: ["text": .string(String(repeating: "x", count: 21)), "colour": 1],
            caller: ToolCaller(actor: .system), key: "k1")
        let refusal = await #expect(throws: ToolRefusal.self) { try await test.call(request) }
        #expect(
            refusal?.faults.map(\.pointer) == ["/colour", "/text"] && refusal?.code == "validation_failed")
        let faults = test.runtime.tools.faults("messenger", arguments: ["text": "a", "to": "nobody"])
        #expect(faults?.map(\.code) == ["unknown_reference"])
        #expect(test.runtime.tools.faults("hammer", arguments: [:]) == nil)
    }

    @Test func `does what has succeeded under a key only once`() async throws {
        let sent = Tally()
        let test = try TestRuntime.withTools(Messenger { _ in ToolAnswer(["number": JSON(sent.add())]) })
        for attempt in 1...3 { #expect(try await test.call(.message(attempt: attempt)) == ["number": 1]) }
        #expect(sent.count == 1)
        #expect(try await test.call(.message(key: "k2")) == ["number": 2])
    }

    @Test func `tries again under the same key what has failed`() async throws {
        let sent = Tally()
        let test = try TestRuntime.withTools(
            Messenger { call in
                if sent.add() == 1 { throw ToolFailure("http_500", "no", isRetryable: true) }
                return ToolAnswer(["key": .string(call.key)])
            })
        let failure = await #expect(throws: ToolFailure.self) { try await test.call(.message()) }
        #expect(failure?.jobFailure.course == .retryable(after: nil))
        #expect(try await test.call(.message(attempt: 2)) == ["key": "k1"])
        // A job that a person revives counts its attempts from 1 again.
        let again = try TestRuntime.withTools(
            Messenger { _ in throw ToolFailure("http_500", "no", isRetryable: true) })
        for _ in 1...2 {
            await #expect(throws: ToolFailure.self) { try await again.call(.message()) }
        }
        #expect(
            try again.read { try $0.int("SELECT round FROM tool_calls WHERE tenant_id = \($0.tenant)") } == 2)
    }

    @Test func `undoes what a tool inside did before it failed, and answers the failure`() async throws {
        let test = try TestRuntime.withTools()
        func scribe(_ word: String, _ key: String) -> ToolRequest {
            ToolRequest(
                tool: "scribe", arguments: ["word": .string(word)], caller: ToolCaller(actor: .system),
                key: key)
        }
        #expect(try await test.call(scribe("right", "a")) == ["written": "right"])
        #expect(try await test.call(scribe("right", "a")) == ["written": "right"], "the same key")
        let failure = await #expect(throws: ToolFailure.self) { try await test.call(scribe("wrong", "b")) }
        #expect(failure?.code == "conflict" && failure?.isRetryable == false)
        #expect(try test.read { try $0.effects() } == ["right"])
    }

    @Test func `keeps to the caller's policy and permissions`() async throws {
        let test = try TestRuntime.withTools(Messenger()) { registration in
            registration.questions.permissions = { actor, _ in actor.kind == .user ? ["leads:read"] : nil }
        }
        func secret(
            _ key: String, _ permissions: Set<Permission>?, _ tools: Set<String>? = nil
        ) -> ToolRequest {
            ToolRequest(
                tool: "scribe", arguments: ["word": "secret"],
                caller: ToolCaller(actor: Actor(.user, id: "user_1"), permissions: permissions, tools: tools),
                key: key)
        }
        let asUser = await #expect(throws: ToolRefusal.self) { try await test.call(secret("a", nil)) }
        #expect(asUser?.code == "forbidden")
        #expect(try await test.call(secret("a", ["audit:read"])) == ["written": "secret"])
        let other = await #expect(throws: ToolRefusal.self) {
            try await test.call(secret("b", ["audit:read"], ["messenger"]))
        }
        #expect(other?.code == "forbidden")
    }

    @Test func `captures what would leave a sandbox`() async throws {
        let sent = Tally()
        let test = try TestRuntime.withTools(Messenger { _ in ToolAnswer(["n": JSON(sent.add())]) })
        let now = test.clock.now
        try await test.write { try $0.sandboxClock.begin(at: now, seed: 1) }
        let budget = try await test.budget(.calls, 1)
        #expect(try await test.call(.message()) == ["ok": true, "captured": true])
        #expect(sent.count == 0)
        #expect(try test.use(budget).spent == 1, "it counts all the same")
        let refusal = await #expect(throws: ToolRefusal.self) { try await test.call(.message(key: "k2")) }
        #expect(refusal?.code == "budget_exhausted")
    }

    @Test func `gives up a call that does not answer in time, even one that does not listen`() async throws {
        let (begun, never) = (Signal<Bool>(), Gate())
        let test = try TestRuntime.withTools(
            Messenger { _ in
                begun.send(true)
                await never.pass()
                return ToolAnswer([:])
            })
        let execution = try await test.execution(.message())
        async let outcome = test.runtime.performTool(execution)
        await begun.values(1)
        #expect(await test.clock.sleepers(1))
        #expect(test.clock.nextWaking == test.clock.now + .seconds(30), "and not before")
        test.clock.advance(by: .seconds(30))
        let failure = try #require(await outcome.failure)
        #expect(failure.code == "timeout" && failure.isRetryable && failure.isAmbiguous)
        never.open()
    }
}
