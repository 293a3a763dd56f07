import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

private let user = Actor(.user, id: "usr_1")

/// Takes messages by a closure of the test.
private struct Receiver: AgentDefinition {
    var name = "receiver"
    let title = "Receiver", purpose = "Tests"
    let messages: [any AgentMessage.Type] = [CustomerResponse.self, HandoverRequest.self]
    var handle: @Sendable (StoredMessage, Transaction) throws -> Void = { message, tx in
        try tx.effect("\(message.type) \(message.body["customer_id"]?.text ?? "")")
    }
    func run(_ run: AgentRun) async throws -> JSON {
        ["handled": JSON(try await run.receive(handle))]
    }
}

struct Messages {
    @Test func `a message is sent with the run and handled in the order of priority and time, each once`()
        async throws
    {
        let order = Signal<String>()
        let sender = TestAgent(work: { run in
            // Sent in two transactions of one run, and repeated: it is one message.
            for _ in 1...2 {
                try await run.write { tx in
                    try run.send(CustomerResponse(customerID: "c1"), to: "receiver", in: tx)
                }
            }
            return try await run.finish { tx in
                try run.send(
                    HandoverRequest(customerID: "c2", reason: "wants a person"),
                    to: "receiver",
                    about: Subject(type: "contact", id: "c2"), priority: .primaryAgent, in: tx)
                return [:]
            }
        })
        let receiver = Receiver(handle: { message, _ in
            let text =
                try message.type == HandoverRequest.type
                ? message.decoded(HandoverRequest.self).reason
                : message.decoded(CustomerResponse.self).customerID
            order.send(text)
        })
        let test = try AgentTest([sender, receiver], at: "2027-01-05T10:00:00Z")
        try await test.given { try $0.agents.set("receiver", state: .standby) }
        let sent = try await test.run("scoring")
        #expect(sent.events.map(\.type) == ["agent_message.sent", "agent_message.sent"])
        #expect(
            try test.read { try $0.agentMessages.untaken(for: .zero) }.count == 2, "nobody has taken them")
        // Awake again, it takes what waits.
        try await test.given { try $0.agents.set("receiver", state: .active) }
        await order.values(2)
        #expect(order.values == ["wants a person", "c1"])
        let run = try await test.outcome(ofRun: try #require(try test.lastRun(of: "receiver")))
        #expect(run.run.trigger == .message && run.result == ["handled": 2])
        try test.read { reader in
            #expect(try reader.agentMessages.untaken(for: .zero).isEmpty)
            let messages = try reader.messages()
            #expect(
                messages.map(\.status) == [.handled, .handled]
                    && messages.map(\.handledBy) == [run.run.id, run.run.id])
            #expect(messages[0].sender == .agent("scoring") && messages[0].runID == sent.run.id)
        }
    }

    @Test func `a run that fails has sent nothing`() async throws {
        let sender = TestAgent(work: { run in
            try await run.finish { tx in
                try run.send(CustomerResponse(customerID: "c1"), to: "receiver", in: tx)
                throw JobFailure.terminal("broken", "it broke")
            }
        })
        let test = try AgentTest([sender, Receiver()], at: "2027-01-05T10:00:00Z")
        _ = try await test.run("scoring")
        #expect(try test.read { try $0.messages() }.isEmpty)
    }

    @Test func `one that cannot be handled is tried again, then told; the others go on`() async throws {
        let done = Signal<String>()
        let receiver = Receiver(handle: { message, _ in
            let customer = message.body["customer_id"]?.text ?? ""
            if customer == "bad" { throw JobFailure.terminal("nonsense", "it makes no sense") }
            // By the message's count: a writer may run the closure of a failed attempt twice.
            if customer == "slow", message.attempts < 2 { throw JobFailure.retryable("busy", "later") }
            done.send(customer)
        })
        let test = try AgentTest([receiver], at: "2027-01-05T10:00:00Z")
        for customer in ["slow", "bad", "good"] {
            try await test.given { tx in
                try tx.agentMessages.send(
                    CustomerResponse(customerID: customer), to: "receiver", priority: .systemMessages,
                    by: user)
            }
        }
        try await test.settle()
        #expect(done.values == ["good"])
        // After each pause a run of its own takes it again.
        for _ in 1...2 { try await test.advance(by: .seconds(30)) }
        #expect(done.values == ["good", "slow"])
        let messages = try test.read { try $0.messages() }
        #expect(messages.map(\.status) == [.handled, .undeliverable, .handled])
        #expect(messages[0].attempts == 2 && messages[1].error["code"] == "nonsense")
        #expect(try test.read { try $0.refusals() }.map(\.code) == ["nonsense"])
    }

    @Test func `to nobody, or to one that does not take the type, it is undeliverable at once`() async throws
    {
        let test = try AgentTest([Receiver()], at: "2027-01-05T10:00:00Z")
        try await test.given { tx in
            try tx.agentMessages.send(StateSync(), to: "receiver", priority: .systemMessages, by: user)
            try tx.agentMessages.send(
                CustomerResponse(customerID: "c"), to: "nobody", priority: .systemMessages, by: user)
        }
        let messages = try test.read { try $0.messages() }
        #expect(messages.map(\.status) == [.undeliverable, .undeliverable])
        #expect(messages.map { $0.error["code"] } == ["unknown_type", "unknown_agent"])
        #expect(try test.lastRun(of: "receiver") == nil)
        #expect(
            try test.read { try $0.events.after(0, limit: 10) }.map(\.type).filter {
                $0.hasSuffix("undeliverable")
            }
            .count == 2)
    }

    @Test func `a receiver whose process dies takes each message once`() async throws {
        let (reached, gate) = (Signal<Bool>(), Gate())
        let agents = { (waits: Bool) -> [any AgentDefinition] in
            [
                TestAgent(
                    name: "scoring",
                    work: { _ in [:] }),
                Taker(
                    after: {
                        guard waits else { return }
                        reached.send(true)
                        await gate.pass()
                    }),
            ]
        }
        let dying = try TestRuntime(agents: agents(true))
        for n in 1...3 {
            try await dying.write { tx in
                try tx.agentMessages.send(
                    CustomerResponse(customerID: "c\(n)"), to: "taker", priority: .systemMessages, by: user)
            }
        }
        dying.work()
        await reached.values(1)
        let next = try TestRuntime(boot: "boot-2", agents: agents(false), on: dying)
        next.work()
        await next.settled.values(1)
        #expect(try next.read { try $0.effects() } == ["c1", "c2", "c3"])
        gate.open()
        await next.stop()
        await dying.stop()
    }

    @Test func `a type is known once, however many agents take it, and wants what it requires`() throws {
        let registry = AgentRegistry([Receiver(), Taker(after: {})])
        #expect(registry.messages.map { $0.type } == ["customer_response", "handover_request"])
        #expect(try CustomerResponse.decoded(from: ["customer_id": "c1"]).customerID == "c1")
        #expect(throws: RuntimeError.self) { try HandoverRequest.decoded(from: ["customer_id": "c1"]) }
    }

    @Test func `whoever speaks has a place among others`() {
        #expect(
            SendingPriority.allCases.map(\.name) == [
                "human_agent", "primary_agent", "calendly_bridge", "system_messages",
            ])
        #expect(SendingPriority.allCases.map(\.rawValue) == [1, 2, 3, 4])
    }
}

/// Takes messages, and then waits in its run.
private struct Taker: AgentDefinition {
    let name = "taker", title = "Taker", purpose = "Tests"
    let messages: [any AgentMessage.Type] = [CustomerResponse.self]
    let after: @Sendable () async -> Void
    func run(_ run: AgentRun) async throws -> JSON {
        try await run.receive { message, tx in try tx.effect(message.body["customer_id"]?.text ?? "") }
        await after()
        return [:]
    }
}

extension AgentTest {
    fileprivate func lastRun(of agent: String) throws -> AgentRunID? {
        try read { reader in
            try reader.first(
                """
                SELECT id FROM agent_runs WHERE tenant_id = \(reader.tenant) AND agent = \(agent)
                ORDER BY id DESC LIMIT 1
                """
            ) { AgentRunID($0, 0) }
        }
    }
}

extension Queryable {
    fileprivate func messages() throws -> [StoredMessage] {
        try all(
            """
            SELECT \(StoredMessage.columns) FROM agent_messages WHERE tenant_id = \(tenant) ORDER BY id
            """, StoredMessage.init)
    }
}
