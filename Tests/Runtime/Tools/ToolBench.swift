import Database
import JSON
import Nouns
import Records
import Synchronization
import Telemetry

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

/// A tool that goes outside, as far as a test lets it.
struct Messenger: OutsideTool {
    struct Input: Declared {
        var text = "", to = ""
        static let schema = Schema<Input>(
            "MessengerInput",
            [.text("text", \.text, max: 20, .required), .text("to", \.to, max: 40)])
    }

    static let name = "messenger"
    let title = "Messenger", summary = "Sends a message."
    var effect = ToolClass.sends
    var limits = ToolLimits()
    var cacheTime: Duration?
    var names = ["pigeon"]
    var price: Int64 = 0
    /// By the name of a provider.
    var quotas: [String: ToolLimits] = [:]
    var unavailable: String?
    let answers: @Sendable (ToolCall) async throws -> ToolAnswer

    init(
        _ answers: @escaping @Sendable (ToolCall) async throws -> ToolAnswer = { _ in ToolAnswer(["ok": true])
        }
    ) {
        self.answers = answers
    }

    func with(_ change: (inout Messenger) -> Void) -> Messenger {
        var copy = self
        change(&copy)
        return copy
    }

    func faults(_ input: Input) -> [ValueFault] {
        input.to == "nobody"
            ? [ValueFault(pointer: "/to", code: "unknown_reference", detail: "There is no such person.")] : []
    }
    func preview(_ input: Input) -> ToolPreview {
        ToolPreview(title: "Write \(input.text)", text: "Sends it.", recipient: input.to)
    }
    func providers(for input: Input) -> [ToolProvider] {
        names.map { ToolProvider($0, price: price, limits: quotas[$0] ?? ToolLimits()) }
    }
    func perform(_ input: Input, _ call: ToolCall) async throws -> ToolAnswer { try await answers(call) }
    func captured(_ input: Input) -> JSON { ["ok": true, "captured": true] }
}

/// A tool that works in its caller's transaction.
struct Scribe: InsideTool {
    struct Input: Declared {
        var word = ""
        static let schema = Schema<Input>("ScribeInput", [.text("word", \.word, max: 20, .required)])
    }

    static let name = "scribe"
    let title = "Scribe", summary = "Writes a word down."
    let effect = ToolClass.writes
    func permission(for input: Input) -> Permission? { input.word == "secret" ? "audit:read" : nil }

    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        try tx.effect(input.word)
        if input.word == "wrong" { throw Problem(.conflict, "it does not fit") }
        return ["written": .string(input.word)]
    }
}

/// An agent that stands there, so that it has autonomy.
struct Clerk: AgentDefinition {
    let name = "clerk", title = "Clerk", purpose = "Writes to people"
    let tools = ["messenger", "scribe"]
    func run(_ run: AgentRun) async throws -> JSON { [:] }
}

/// A counter that closures share.
final class Tally: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    @discardableResult func add() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}

extension TestRuntime {
    static func withTools(
        _ messenger: Messenger = Messenger(), _ more: (inout JobRegistration) -> Void = { _ in }
    )
        throws -> TestRuntime
    {
        try TestRuntime(
            agents: [Clerk()],
            register: { registration in
                registration.add(messenger)
                registration.add(Scribe())
                more(&registration)
            })
    }

    /// Makes a call from beginning to end, as a job would.
    @discardableResult
    func call(_ request: ToolRequest, _ tenant: TenantID = .acme) async throws -> JSON {
        switch try await begin(request, tenant) {
        case .done(let result): return result
        case .awaitsApproval(let id): return ["awaits": JSON(id)]
        case .proceed(let execution):
            let outcome = await runtime.performTool(execution)
            return try await settle(execution, outcome, tenant)
        }
    }

    /// An error is handed on after the commit.
    func begin(_ request: ToolRequest, _ tenant: TenantID = .acme) async throws -> ToolStart {
        try await write(tenant) { tx in Result { try tx.tools.begin(request) } }.get()
    }

    @discardableResult
    func settle(
        _ execution: ToolExecution, _ outcome: ToolOutcome, _ tenant: TenantID = .acme
    ) async throws -> JSON {
        try await write(tenant) { tx in Result { try tx.tools.settle(execution, outcome) } }.get()
    }

    /// An attempt that was begun and is on its way.
    func execution(_ request: ToolRequest) async throws -> ToolExecution {
        guard case .proceed(let execution) = try await begin(request) else { throw NotProceeding() }
        return execution
    }

    func events(_ tenant: TenantID = .acme) throws -> [String] {
        try read(tenant) { try $0.events.after(0, limit: 1000).map(\.type) }
    }

    func budget(
        _ kind: Budget.Kind, _ amount: Int64, agent: String? = nil, client: ClientID? = nil,
        campaign: String? = nil, per: Budget.Period = .day
    ) async throws -> Budget {
        try await write { tx in
            let budget = Budget(
                id: tx.makeID(), agent: agent, clientID: client, campaignID: campaign, kind: kind,
                amount: amount, currency: kind == .money ? "USD" : nil, per: per, now: tx.now)
            return try tx.budgets.create(budget, by: .system)
        }
    }

    func use(_ budget: Budget) throws -> (spent: Int64, held: Int64) {
        let use = try read { try $0.budgets.use(of: budget, .utc) }
        return (use.spent, use.held)
    }
}

struct NotProceeding: Error {}

extension ToolRequest {
    static func message(
        _ text: String = "hello", key: String = "k1", attempt: Int = 1, agent: String? = nil,
        run: RunID? = nil, client: ClientID? = nil, campaign: String? = nil
    ) -> ToolRequest {
        ToolRequest(
            tool: "messenger", arguments: ["text": .string(text)],
            caller: ToolCaller(
                actor: agent.map(Actor.agent) ?? .system, agent: agent, runID: run, clientID: client,
                campaignID: campaign),
            key: key, attempt: attempt)
    }
}
