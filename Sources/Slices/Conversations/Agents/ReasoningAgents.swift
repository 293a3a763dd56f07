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

func reasoningAgents(_ services: ConversationServices) -> [any ReasoningAgent] {
    [CustomerAnalyst(services), StrategyPlanner(services), MessageCoordinator(services)]
}

/// How far back a run looks that is told of no conversation, and at how many.
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
            let talks: [Conversation] =
                if let named {
                    try Conversation.resource.find(named, in: reader).map { [$0] } ?? []
                } else {
                    try Conversation.resource.all(
                        where: """
                            status = 'open' AND channel <> 'email' AND last_message_at > \(run.now - lookBack)
                            """, suffix: "ORDER BY last_message_at DESC LIMIT \(conversationsMax)", in: reader
                    )
                }
            return try talks.compactMap { talk in
                try conclusion(about: talk, in: reader).map { (talk, $0) }
            }
        }
        run.processed(found.count)
        return try await run.finish { tx in
            for (talk, conclusion) in found {
                _ = try run.decide(in: tx, talk.subjectOfEvents, conclusion)
            }
            return ["looked": JSON(found.count)]
        }
    }
}

/// Reasons about what a customer wants and how they feel, over their turns together.
package struct CustomerAnalyst: ReasoningAgent {
    package let name = "customer_analysis"
    package let title = "Customer analysis"
    package let purpose = "Reasons about what a customer wants and how they feel."
    package let cannot = [
        "It talks to nobody: what it reads of customers is for people and agents to look up."
    ]
    let services: ConversationServices

    package init(_ services: ConversationServices) { self.services = services }

    package func conclusion(
        about conversation: Conversation, in reader: any Queryable
    ) throws -> Conclusion? {
        try TalkFacts(of: conversation, services, in: reader).map { CustomerAnalysis($0).conclusion }
    }

    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        TalkFacts(json: inputs).map { CustomerAnalysis($0).outcome }
    }
}

/// Plans how a conversation is best taken on, and when it should go to a person.
package struct StrategyPlanner: ReasoningAgent {
    package let name = "strategy_planning"
    package let title = "Strategy planning"
    package let purpose = "Plans how to take a difficult conversation on."
    package let cannot = ["It talks to nobody, and no answer waits for its plans: they are advice."]
    let services: ConversationServices

    package init(_ services: ConversationServices) { self.services = services }

    package func conclusion(
        about conversation: Conversation, in reader: any Queryable
    ) throws -> Conclusion? {
        try TalkFacts(of: conversation, services, in: reader).map { ConversationStrategy($0).conclusion }
    }

    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        TalkFacts(json: inputs).map { ConversationStrategy($0).outcome }
    }
}

/// Says whose turn it is in a conversation, and in which order what waits for its customer may go. That only one
/// speaks is decided where a message is stored.
package struct MessageCoordinator: ReasoningAgent {
    package let name = "message_coordinator"
    package let title = "Message coordinator"
    package let purpose = "Orders what waits to be sent to one person."
    package let cannot = [
        "It neither sends nor holds anything: it says whose turn it is, and the lock decides."
    ]
    let services: ConversationServices

    package init(_ services: ConversationServices) { self.services = services }

    package func conclusion(
        about conversation: Conversation, in reader: any Queryable
    ) throws -> Conclusion? {
        try TurnFacts(of: conversation, services, in: reader).map { MessageOrder($0).conclusion }
    }

    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        TurnFacts(json: inputs).map { MessageOrder($0).outcome }
    }
}
