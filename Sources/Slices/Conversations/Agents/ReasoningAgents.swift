package import Agents
package import Database
package import JSON
package import Jobs
package import Messages
internal import Nouns
package import Records
internal import Telemetry

/// An agent that reasons about conversations, beside those who talk. It concludes; what is said to customers neither
/// waits for it nor changes by it.
package protocol ReasoningAgent: AgentDefinition {
    /// Returns its conclusion about a conversation as it stands; `nil` where nobody outside has said anything.
    func conclusion(about conversation: Conversation, in reader: any Queryable) throws -> Conclusion?
}

/// The agents that reason. That only one speaks is decided where a message is stored, and not by the last of them.
func reasoningAgents(_ services: ConversationServices) -> [any ReasoningAgent] {
    [
        Reasoner<CustomerAnalysis>(
            name: "customer_analysis", title: "Customer analysis",
            purpose: "Reasons about what a customer wants and how they feel.",
            cannot: ["It talks to nobody: what it reads of customers is for people and agents to look up."],
            services: services),
        Reasoner<ConversationStrategy>(
            name: "strategy_planning", title: "Strategy planning",
            purpose: "Plans how to take a difficult conversation on.",
            cannot: ["It talks to nobody, and no answer waits for its plans: they are advice."],
            services: services),
        Reasoner<MessageOrder>(
            name: "message_coordinator", title: "Message coordinator",
            purpose: "Orders what waits to be sent to one person.",
            cannot: ["It neither sends nor holds anything: it says whose turn it is, and the lock decides."],
            services: services),
    ]
}

/// The time back to which a run looks that is told of no conversation, and the most that it looks at.
private let lookBack = Duration.seconds(86_400), conversationsMax = 100

extension ReasoningAgent {
    package var permissions: Set<Permission> {
        ["contacts:read", "conversations:read", "leads:read", "companies:read"]
    }

    package func faults(parameters: JSON) -> [ValueFault] {
        guard let given = parameters["conversation_id"],
            given.text.flatMap({ ID<Conversation>($0) }) == nil
        else { return [] }
        return [
            ValueFault(
                pointer: "/conversation_id", code: "invalid_id",
                detail: "conversation_id must be the id of a conversation.")
        ]
    }

    /// Looks at one conversation, or at those in which something was said in the last day.
    package func run(_ run: AgentRun) async throws -> JSON {
        let named = run.parameters["conversation_id"]?.id(of: Conversation.self)
        let found = try run.read { reader -> [(Conversation, Conclusion)] in
            let conversations: [Conversation] =
                if let named {
                    try Conversation.resource.find(named, in: reader).map { [$0] } ?? []
                } else {
                    try Conversation.resource.all(
                        where: """
                            status = 'open' AND channel <> 'email' AND last_message_at > \(run.now - lookBack)
                            """, suffix: "ORDER BY last_message_at DESC LIMIT \(conversationsMax)", in: reader
                    )
                }
            return try conversations.compactMap { conversation in
                try conclusion(about: conversation, in: reader).map { (conversation, $0) }
            }
        }
        run.processed(found.count)
        return try await run.finish { tx in
            for (conversation, conclusion) in found {
                _ = try run.decide(in: tx, conversation.subjectOfEvents, conclusion)
            }
            return ["looked": JSON(found.count)]
        }
    }
}

/// The facts that a thought rests on, as they are kept with its decision.
protocol ReasoningFacts: Sendable {
    init?(of conversation: Conversation, _ services: ConversationServices, in reader: any Queryable) throws
    init?(json: JSON)
}

/// A thought about a conversation, which follows from its facts alone.
protocol ConversationThought: Sendable {
    associatedtype Facts: ReasoningFacts

    init(_ facts: Facts)
    var outcome: JSON { get }
    var conclusion: Conclusion { get }
}

extension ConversationFacts: ReasoningFacts {}
extension TurnFacts: ReasoningFacts {}
extension CustomerAnalysis: ConversationThought {}
extension ConversationStrategy: ConversationThought {}
extension MessageOrder: ConversationThought {}

/// The agent that has one kind of thought.
struct Reasoner<Thought: ConversationThought>: ReasoningAgent {
    let name: String, title: String, purpose: String
    let cannot: [String]
    let services: ConversationServices

    func conclusion(about conversation: Conversation, in reader: any Queryable) throws -> Conclusion? {
        try Thought.Facts(of: conversation, services, in: reader).map { Thought($0).conclusion }
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        Thought.Facts(json: inputs).map { Thought($0).outcome }
    }
}
