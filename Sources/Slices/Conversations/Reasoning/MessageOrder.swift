internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Templates

/// A message to somebody that has not left yet.
struct WaitingMessage: Hashable, Sendable {
    let id: String
    /// The type and id of its author: `agent primary_agent`.
    let author: String
    let isMarketing: Bool

    init(_ message: Message) {
        id = "\(message.id)"
        author = [message.author["type"]?.text, message.author["id"]?.text].compactMap(\.self)
            .joined(separator: " ")
        isMarketing = message.purpose == .marketing
    }

    init?(json: JSON) {
        guard let id = json["message_id"]?.text, let author = json["author"]?.text else { return nil }
        (self.id, self.author) = (id, author)
        isMarketing = json["marketing"]?.flag ?? false
    }

    var json: JSON {
        ["message_id": .string(id), "author": .string(author), "marketing": .bool(isMarketing)]
    }

    /// As the message lock ranks those who speak; marketing comes last.
    var rank: Int {
        if isMarketing { return 5 }
        if author.hasPrefix("user") { return 1 }
        return ["agent \(PrimaryAgent.agentName)": 2, "agent \(BookingBridge.agentName)": 3][author] ?? 4
    }
}

/// All that the decision rests on whose turn it is.
struct TurnFacts: Sendable {
    var conversation = ConversationFacts()
    /// Whether the booking bridge speaks for those who wait.
    var isBooking = false
    /// The messages that have not left yet, oldest first.
    var waiting: [WaitingMessage] = []

    /// More are not looked at.
    private static let waitingMax = 50

    init() {}

    init?(
        of conversation: Conversation, _ services: ConversationServices, in reader: any Queryable
    ) throws {
        guard let facts = try ConversationFacts(of: conversation, services, in: reader) else { return nil }
        self.conversation = facts
        isBooking = conversation.states == .booking
        guard let contact = conversation.contactID else { return }
        waiting = try Message.resource.all(
            where: "contact_id = \(contact) AND direction = 'outbound' AND status IN ('queued', 'held')",
            suffix: "ORDER BY id LIMIT \(Self.waitingMax)", in: reader
        ).map { WaitingMessage($0) }
    }

    /// Reads the recorded inputs of a decision.
    init?(json: JSON) {
        guard let facts = json["talk"].flatMap(ConversationFacts.init(json:)) else { return nil }
        (conversation, isBooking) = (facts, json["booking"]?.flag ?? false)
        waiting = json["waiting"]?.array?.compactMap(WaitingMessage.init(json:)) ?? []
    }

    var json: JSON {
        [
            "talk": conversation.json, "booking": .bool(isBooking), "waiting": .array(waiting.map(\.json)),
        ]
    }
}

/// The one whose turn it is in a conversation, their task, and the order in which the messages that wait for
/// the person may go.
struct MessageOrder: Sendable {
    static let version = "1"
    let facts: TurnFacts
    let strategy: ConversationStrategy

    init(_ facts: TurnFacts) { (self.facts, strategy) = (facts, ConversationStrategy(facts.conversation)) }

    /// The action, and who carries it out: an agent, `human`, or nobody.
    var turn: (action: String, actor: String?) {
        switch strategy.approach {
        case .leaveToPerson: ("wait", "human")
        case .bridgeTheWait:
            facts.isBooking
                ? ("offer_call", BookingBridge.agentName) : ("keep_informed", HandoverMonitor.agentName)
        case .silence: ("stay_silent", nil)
        case .escalate: ("hand_over", PrimaryAgent.agentName)
        case .clarify: ("clarify", PrimaryAgent.agentName)
        case .calm, .careful, .answer: ("answer", PrimaryAgent.agentName)
        }
    }

    /// The messages that wait, in the order in which they may go.
    var order: [WaitingMessage] { facts.waiting.sorted { ($0.rank, $0.id) < ($1.rank, $1.id) } }

    var outcome: JSON {
        let (action, actor) = turn
        return [
            "action": .string(action), "actor": JSON(actor),
            "approach": .string(strategy.approach.rawValue), "order": JSON(order.map(\.id)),
        ]
    }

    var conclusion: Conclusion {
        let waiting: JSON = [
            "name": "waiting", "value": JSON(facts.waiting.count), "weight": 1, "contribution": 0,
        ]
        let evidence = Saying("evidence.waiting_messages", ["count": .number(facts.waiting.count)])
        return Conclusion(
            outcome: outcome, confidence: strategy.analysis.confidence,
            factors: .array(
                [facts.conversation.handlerFactor, waiting.saying("evidence", evidence)]
                    + strategy.analysis.factors),
            model: ["name": "rules", "version": .string(Self.version)], inputs: facts.json)
    }
}
