package import Database
package import JSON
package import Jobs
package import Records

/// An agent: what it is called, what starts it, how it is set, what it may do, and what it does. One instance
/// holds its dependencies and serves every tenant. Agents that take something which outlives their process
/// conform to `AgentLifecycle`.
package protocol AgentDefinition<Settings>: Sendable {
    /// The settings that an agency may change: their fields are the form, their initial values version 1 of the
    /// configuration.
    associatedtype Settings: AgentSettings = NoSettings
    /// The conclusions of its decisions, as far as a person may decide otherwise.
    associatedtype Outcome: Declared = NoOutcome

    /// Stored in rows: never renamed.
    var name: String { get }
    var title: String { get }
    var purpose: String { get }
    /// Given to each new tenant, in the tenant's time zone.
    var schedules: [DefaultSchedule] { get }
    /// The hour that the word `daily` means for this agent.
    var dailyHour: Int { get }
    /// The types of events that start it, such as `lead.created`.
    var events: [String] { get }
    /// The pause after such an event: what people do one after the other is then worked on together.
    var eventPause: Duration { get }
    /// Returns whether such an event starts it now: another agent may do its work.
    func isStarted(by event: String, in reader: any Queryable) throws -> Bool
    /// The types of messages that it takes from other agents; one run takes what waits, with `run.receive`.
    var messages: [any AgentMessage.Type] { get }
    /// The priority of its own messages among others'.
    var sendingPriority: SendingPriority { get }
    /// The tools that it may use, by name; the gate refuses every other.
    var tools: [String] { get }
    /// The permissions that it has at most, as a principal; an agency may take some of them away.
    var permissions: Set<Permission> { get }
    /// Whether it reaches people or money of its own accord: decides how far it goes by itself in a new agency.
    var initiative: Initiative { get }
    /// The things that the agent cannot do, in sentences that clients read before they rely on it.
    var cannot: [String] { get }
    var buildState: BuildState { get }
    /// Whether it works in a new agency before somebody switches it on.
    var startsActive: Bool { get }
    /// The longest attempt of a run, where the agency has set nothing else.
    var timeout: Duration { get }
    var attemptsMax: Int { get }

    /// Every fault of a run's parameters.
    func faults(parameters: JSON) -> [ValueFault]

    /// One attempt of a run; its result. After a crash it is made again: effects belong into `run.finish`,
    /// or beside a decision, which a run makes once for each subject.
    func run(_ run: AgentRun) async throws -> JSON

    /// The outcome that the recorded inputs of a decision lead to under a configuration, so that a decision
    /// can be replayed, and a draft tried out. The reader is for what the inputs name, say a model by its
    /// version. `nil` when it cannot be said any more.
    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON?

    /// Makes effective what a person has decided about a subject.
    func apply(_ outcome: Outcome, to subject: Subject, by actor: Actor, in tx: Transaction) throws

    /// Returns the facts that the recorded inputs of a decision hold about its subject itself: a person's override
    /// holds until they change. They are without the time, the model and what follows from deciding.
    func facts(in inputs: JSON) -> JSON

    /// Returns how its decisions are told to a reader; `nil` where they keep what their sentences are made of.
    func telling(in reader: any Queryable) -> (any DecisionTelling)?
}

extension AgentDefinition {
    package var schedules: [DefaultSchedule] { [] }
    package var dailyHour: Int { 9 }
    package var events: [String] { [] }
    package var eventPause: Duration { .zero }
    package func isStarted(by event: String, in reader: any Queryable) throws -> Bool { true }
    package var messages: [any AgentMessage.Type] { [] }
    package var sendingPriority: SendingPriority { .systemMessages }
    package var tools: [String] { [] }
    package var permissions: Set<Permission> { [] }
    package var initiative: Initiative { .inner }
    package var cannot: [String] { [] }
    package var buildState: BuildState { .ready }
    package var startsActive: Bool { true }
    package var timeout: Duration { .seconds(300) }
    package var attemptsMax: Int { 3 }
    package func faults(parameters: JSON) -> [ValueFault] { [] }
    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? { nil }
    package func apply(_ outcome: Outcome, to subject: Subject, by actor: Actor, in tx: Transaction) throws {}
    package func facts(in inputs: JSON) -> JSON { inputs }
    package func telling(in reader: any Queryable) -> (any DecisionTelling)? { nil }
}

/// A kind of action that an agent begins of its own accord.
package enum Initiative: String, CaseIterable, Sendable {
    /// Only the agency's own records change.
    case inner
    /// It answers someone who has written.
    case answers
    /// It writes to people, or publishes, first.
    case writesFirst = "writes_first"
    case spends

    /// The autonomy of such an agent in a new agency: what reaches people or money unasked waits for a person.
    package var autonomy: Autonomy {
        switch self {
        case .inner, .answers: .autopilot
        case .writesFirst, .spends: .approve
        }
    }
}

extension AgentDefinition {
    /// The agent's autonomy in a new agency.
    package var autonomy: Autonomy { initiative.autonomy }
}

/// The extent to which an agent acts by itself: it only decides, it asks before each effect, or it acts.
package enum Autonomy: String, CaseIterable, Sendable { case observe, approve, autopilot }

package enum AgentState: String, CaseIterable, Sendable { case active, standby, disabled, handover }

package enum BuildState: Equatable, Sendable {
    case ready
    /// Declared, but not able to work in this installation.
    case standby(reason: String)
}

/// A schedule that a new tenant gets.
package struct DefaultSchedule: Hashable, Sendable {
    package let name: String
    /// A cron expression, or a word of `Cron`.
    package let cron: String
    package let parameters: JSON
    /// Whether it keeps the house: its runs wait until no other agent of the tenant works.
    package let isMaintenance: Bool

    package init(name: String, cron: String, parameters: JSON = [:], isMaintenance: Bool = false) {
        (self.name, self.cron, self.parameters) = (name, cron, parameters)
        self.isMaintenance = isMaintenance
    }
}

/// The agents of this installation, by name, in the order of their declaration.
package struct AgentRegistry: Sendable {
    package let all: [any AgentDefinition]
    /// The types of messages that any of them takes, each once.
    package let messages: [any AgentMessage.Type]
    private let byName: [String: any AgentDefinition]
    private let byEvent: [String: [any AgentDefinition]]

    package init(_ agents: [any AgentDefinition]) {
        all = agents
        byName = Dictionary(agents.map { ($0.name, $0) }) { first, _ in
            preconditionFailure("two agents are called \(first.name)")
        }
        var types: Set<String> = []
        messages = agents.flatMap(\.messages).filter { types.insert($0.type).inserted }
        byEvent = agents.reduce(into: [:]) { table, agent in
            for event in agent.events { table[event, default: []].append(agent) }
        }
    }

    package subscript(name: String) -> (any AgentDefinition)? { byName[name] }

    package func definition(_ name: String) throws(RuntimeError) -> any AgentDefinition {
        guard let agent = byName[name] else { throw .unknownAgent(name) }
        return agent
    }

    func triggered(by event: String) -> [any AgentDefinition] { byEvent[event] ?? [] }
}
