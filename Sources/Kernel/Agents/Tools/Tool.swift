package import Database
package import JSON
package import Jobs
package import Records
internal import Telemetry

/// The effect of a tool on the world outside its caller: it looks, it changes our own data, something leaves to others,
/// or money is spent. From `sends` on it cannot be taken back.
package enum ToolClass: String, CaseIterable, Sendable {
    case reads, writes, sends, spends

    /// Whether an agent in `approve` asks a person first.
    var asksFirst: Bool { self == .sends || self == .spends }
}

/// A hand of agents, workflows and models, which have no others: what it is called, what it takes, and what it
/// does. It is an `InsideTool`, an `OutsideTool`, a `QueuedTool` or an `ExecutorTool`. One instance is registered with
/// the runtime at start and serves every tenant.
package protocol Tool<Input>: Sendable {
    /// The arguments, checked like a request's body: every fault is reported.
    associatedtype Input: Declared

    /// Stored in definitions and rows: never renamed.
    static var name: String { get }
    var title: String { get }
    /// A sentence about what it does, for people and models.
    var summary: String { get }
    var effect: ToolClass { get }
    /// The limits for every tenant; a tenant can set its own.
    var limits: ToolLimits { get }
    /// Calls of one run with the same arguments and the same result, before another is taken for a loop.
    var repeatsMax: Int { get }
    /// Whether its calls take from a connector's limits and plan, and cost its price.
    var takesQuota: Bool { get }
    /// The tool itself where people are asked about what it has stored, and `nil` for any other.
    var asking: (any AskingTool)? { get }

    /// Returns the permission that the caller must have; `nil` for what everyone may do who has a tool at all.
    func permission(for input: Input) -> Permission?
    /// Returns the faults of the arguments beyond their schema, by pointers relative to them.
    func faults(_ input: Input) -> [ValueFault]
    /// The call as a person decides about it.
    func preview(_ input: Input) -> ToolPreview
}

extension Tool {
    package var limits: ToolLimits { ToolLimits() }
    package var repeatsMax: Int { 8 }
    package var takesQuota: Bool { effect != .reads }
    package var asking: (any AskingTool)? { nil }
    package func permission(for input: Input) -> Permission? { nil }
    package func faults(_ input: Input) -> [ValueFault] { [] }
    package func preview(_ input: Input) -> ToolPreview { ToolPreview(title: title) }
}

/// A tool that works on our own data, in its caller's transaction: exactly once with what the caller stores there.
package protocol InsideTool: Tool {
    /// Does the call's work. An error that it throws undoes what it did; a `Problem` becomes the failure of the call.
    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON
}

/// A tool whose effect a durable executor of the gate brings about later, under the same key: its call is kept once the
/// executor reaches for a connector.
package protocol QueuedTool: Tool {
    /// Stores what is to be done; what it throws undoes that.
    func queue(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON
}

/// A tool that nobody calls by its name: an executor of the gate reaches for its connectors, with the gate's leave,
/// where work needs it. It is listed, set, limited and counted as every other.
package protocol ExecutorTool: Tool {}

/// The arguments of a tool that takes none.
package struct NoToolInput: Declared {
    package init() {}

    package static let schema = Schema<NoToolInput>("NoToolInput", [])
}

/// A tool of which people are asked about something that is stored already: a message that is held, the draft of a
/// proposal. What they have decided is done by the tool.
package protocol AskingTool: Tool {
    /// Returns the faults of arguments that a person has edited, by pointers relative to them.
    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault]
    /// In the transaction that decides, or in which it expires: the approval as it stands then. What leaves passes the
    /// gate again.
    func decided(_ approval: Approval, in tx: Transaction) throws
}

extension AskingTool {
    package var asking: (any AskingTool)? { self }
}

/// A tool that goes outside. Every attempt of one call carries the same key, so that who dedupes by it takes
/// effect once.
package protocol OutsideTool: Tool {
    /// The longest attempt.
    var timeout: Duration { get }
    /// The time for which an answer serves equal arguments; for tools that read. `nil`: not at all.
    var cacheTime: Duration? { get }
    /// Why it cannot work in this installation.
    var unavailable: String? { get }

    /// Returns the providers that can do it, in the order of preference; at least one. Each has its own circuit
    /// breaker.
    func providers(for input: Input) -> [ToolProvider]
    /// The one of the agency's connectors that the arguments name, which then is the only provider; `nil` where they
    /// name none. Throws `ToolRefusal` where the call may not go by it.
    func connector(for input: Input, _ caller: ToolCaller, in tx: Transaction) throws -> Connector?
    /// Notes, in the transaction that lets the call out, that it goes by that connector.
    func leaves(_ input: Input, _ caller: ToolCaller, in tx: Transaction) throws
    /// One attempt. Throws `ToolFailure`; anything else is an unexpected error, which is tried again.
    func perform(_ input: Input, _ call: ToolCall) async throws -> ToolAnswer
    /// Returns the result that a sandbox gets instead: nothing leaves it.
    func captured(_ input: Input) -> JSON
}

extension OutsideTool {
    package var timeout: Duration { .seconds(30) }
    package var cacheTime: Duration? { nil }
    package var unavailable: String? { nil }
    package func connector(for input: Input, _ caller: ToolCaller, in tx: Transaction) throws -> Connector? {
        nil
    }
    package func leaves(_ input: Input, _ caller: ToolCaller, in tx: Transaction) throws {}
}

/// One of those who can do what a tool does.
package struct ToolProvider: Hashable, Sendable {
    package let name: String
    /// The price of one call, in millionths of a minor unit of the agency's currency.
    package let price: Int64
    /// The limits on calls of the provider: once they are used up, the next provider has its turn.
    package let limits: ToolLimits

    package init(_ name: String, price: Int64 = 0, limits: ToolLimits = ToolLimits()) {
        (self.name, self.price, self.limits) = (name, price, limits)
    }

    /// The limits of a connector are counted over all tools that go by it.
    init(_ connector: Connector) { self.init(connector.id, price: connector.price) }
}

/// The numbers of calls that a tool may have, by windows of the tenant's clock; `nil` is without limit.
package struct ToolLimits: Hashable, Sendable {
    package var minute: Int?, hour: Int?, day: Int?, month: Int?

    package init(minute: Int? = nil, hour: Int? = nil, day: Int? = nil, month: Int? = nil) {
        (self.minute, self.hour, self.day, self.month) = (minute, hour, day, month)
    }

    var isEmpty: Bool { self == ToolLimits() }

    package subscript(span: TimeSpan) -> Int? {
        get {
            switch span {
            case .minute: minute
            case .hour: hour
            case .day: day
            case .month: month
            }
        }
        set {
            switch span {
            case .minute: minute = newValue
            case .hour: hour = newValue
            case .day: day = newValue
            case .month: month = newValue
            }
        }
    }
}

/// One attempt of a call, as the tool is told of it.
package struct ToolCall: Sendable {
    package let tenant: TenantID
    /// The key of the call, the same on every attempt, also after a crash.
    package let key: String
    package let attempt: Int
    package let caller: ToolCaller
    /// The one that was chosen; empty for tools that stay inside.
    package let provider: String
    /// The notes on the way to the service and back.
    package let reach = ConnectorCall()
}

/// A tool's result, and its usage where that differs from the estimate.
package struct ToolAnswer: Sendable {
    package let result: JSON
    package let usage: ToolUsage?

    package init(_ result: JSON, usage: ToolUsage? = nil) { (self.result, self.usage) = (result, usage) }
}

/// The amounts that a call takes from budgets.
package struct ToolUsage: Hashable, Sendable {
    /// The cost in millionths of a minor unit of the agency's currency.
    package var cost: Int64
    package var tokens: Int64
    package var sends: Int64
    package var calls: Int64

    package init(cost: Int64 = 0, tokens: Int64 = 0, sends: Int64 = 0, calls: Int64 = 0) {
        (self.cost, self.tokens, self.sends, self.calls) = (cost, tokens, sends, calls)
    }
}

/// A call as a person reads it before deciding.
package struct ToolPreview: Hashable, Sendable {
    package var title: String
    /// A sentence or two about what would happen.
    package var text: String?
    /// The person or thing that it reaches.
    package var recipient: String?

    package init(title: String, text: String? = nil, recipient: String? = nil) {
        (self.title, self.text, self.recipient) = (title, text, recipient)
    }
}
