import Database
import JSON
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct `A circuit breaker` {
    private let start = Instant("2027-01-05T10:00:00Z")!

    private func opened() -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for number in 1...CircuitBreaker.failuresMax {
            #expect(breaker.failed(at: start) == (number == CircuitBreaker.failuresMax))
        }
        return breaker
    }

    @Test func `opens after failures in a row, and not before`() {
        var breaker = CircuitBreaker()
        for _ in 1..<CircuitBreaker.failuresMax { _ = breaker.failed(at: start) }
        #expect(breaker.state(at: start) == .closed)
        #expect(breaker.admit(at: start, deadline: .seconds(60)) == .admitted)
        breaker.succeeded()
        #expect(breaker == CircuitBreaker(), "a success begins the count again")
        breaker = opened()
        #expect(breaker.state(at: start) == .open)
        #expect(
            breaker.admit(at: start, deadline: .seconds(60)) == .refused(until: start + CircuitBreaker.pause))
    }

    @Test func `lets one call through to see, and no other meanwhile`() {
        var breaker = opened()
        let later = start + CircuitBreaker.pause
        #expect(breaker.state(at: later) == .halfOpen)
        #expect(breaker.admit(at: later, deadline: .seconds(60)) == .probe)
        #expect(breaker.admit(at: later, deadline: .seconds(60)) == .refused(until: later + .seconds(60)))
        #expect(
            breaker.admit(at: later + .seconds(60), deadline: .seconds(60)) == .probe,
            "the worker with the first one has died")
        breaker.succeeded()
        #expect(breaker.state(at: later) == .closed && breaker.isSound)
    }

    @Test func `stays open twice as long each time, up to a limit`() {
        var breaker = opened(), now = start + .seconds(30)
        #expect(breaker.openUntil == now)
        for pause: Int64 in [60, 120, 240, 480, 600, 600] {
            #expect(breaker.admit(at: now, deadline: .seconds(1)) == .probe)
            let isOpen = breaker.failed(at: now)
            #expect(isOpen)
            now = now + .seconds(pause)
            #expect(breaker.openUntil == now)
        }
    }

    private func failing(_ names: [String], _ broken: @escaping @Sendable (String) -> Bool) -> Messenger {
        Messenger { call in
            if broken(call.provider) {
                throw ToolFailure("http_500", "no", isRetryable: true, blamesProvider: true)
            }
            return ToolAnswer(["by": .string(call.provider)])
        }.with { $0.names = names }
    }

    @Test func `spares a provider that fails, over a restart too, and comes back by itself`() async throws {
        let (isBroken, sent) = (Flag(), Tally())
        isBroken.set()
        let mended = Flag()
        let messenger = failing(["pigeon"]) { _ in
            sent.add()
            return !mended.isSet
        }
        let test = try TestRuntime.withTools(messenger)
        for number in 1...5 {
            await #expect(throws: ToolFailure.self) { try await test.call(.message(key: "k\(number)")) }
        }
        let next = try TestRuntime(boot: "boot-2", on: test, register: { $0.add(messenger) })
        let refusal = await #expect(throws: ToolRefusal.self) { try await next.call(.message(key: "k6")) }
        #expect(refusal?.code == "tool_unavailable" && refusal?.retryAfter == CircuitBreaker.pause)
        #expect(sent.count == 5)
        #expect(try test.events().count { $0 == "tool.circuit_opened" } == 1)
        mended.set()
        test.clock.advance(by: CircuitBreaker.pause)
        #expect(try await next.call(.message(key: "k6")) == ["by": "pigeon"])
        #expect(try test.events().last == "tool.circuit_closed")
        #expect(try test.read { try $0.circuitBreakers.all("messenger").isEmpty })
    }

    @Test func `is not opened by calls that are wrong themselves`() async throws {
        let test = try TestRuntime.withTools(
            Messenger { _ in throw ToolFailure("http_422", "no", isRetryable: false) })
        for number in 1...9 {
            await #expect(throws: ToolFailure.self) { try await test.call(.message(key: "k\(number)")) }
        }
    }

    @Test func `gives the next provider its turn`() async throws {
        let test = try TestRuntime.withTools(failing(["pigeon", "rider"]) { $0 == "pigeon" })
        await #expect(throws: ToolFailure.self) { try await test.call(.message()) }
        #expect(
            try await test.call(.message(attempt: 2)) == ["by": "rider"], "the one that failed comes last")
        for number in 1...4 {
            await #expect(throws: ToolFailure.self) { try await test.call(.message(key: "f\(number)")) }
        }
        #expect(try await test.call(.message(key: "k2")) == ["by": "rider"], "the first is spared")
        try await test.write { tx in
            let tool = try tx.runtime.tools.definition("messenger")
            var settings = try tx.tools.settings(tool)
            settings.providers = ["rider"]
            _ = try tx.tools.set(tool, settings, by: .system)
        }
        test.clock.advance(by: CircuitBreaker.pause)
        #expect(try await test.call(.message(key: "k3")) == ["by": "rider"], "as the agency prefers")
    }

    @Test func `lets nobody else do what may have been done`() async throws {
        let asked = Signal<String>()
        let test = try TestRuntime.withTools(
            Messenger { call in
                asked.send(call.provider)
                throw ToolFailure.timeout(.seconds(30))
            }.with { $0.names = ["pigeon", "rider"] })
        for attempt in 1...2 {
            await #expect(throws: ToolFailure.self) { try await test.call(.message(attempt: attempt)) }
        }
        #expect(asked.values == ["pigeon", "pigeon"])
    }
}
