internal import Agents
internal import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Templates

/// One turn of a customer as local readers tell it. It holds none of their words.
struct ReadTurn: Hashable, Sendable {
    let message: String
    /// `nil` where it only is polite.
    var intent: String?
    /// From -1 to 1.
    var tone = 0.0
    var isUrgent = false
    var asksForPerson = false
    var isFrustrated = false
    var isRepeatedFailure = false
    var isWishToBeLeftAlone = false

    init(message: String) { self.message = message }

    /// Reads a message after the same person's `earlier` turns, oldest first.
    init(_ message: Message, after earlier: [String]) {
        self.message = "\(message.id)"
        let text = Self.words(of: message)
        let triage = TicketReader.standard.read(text), wish = HandoverReader.read(text, earlier: earlier)
        intent = SmallTalk(text) == nil ? triage.intent.value.rawValue : nil
        tone = (triage.sentiment.score * 1000).rounded() / 1000
        isUrgent = triage.urgency.value.rawValue <= TicketTriage.Urgency.high.rawValue
        (asksForPerson, isFrustrated) = (wish.asksForPerson, wish.isFrustrated)
        isRepeatedFailure = wish.isRepeatedFailure
        isWishToBeLeftAlone = message.replyClass == .unsubscribe
    }

    init?(json: JSON) {
        guard let message = json["message_id"]?.text else { return nil }
        self.message = message
        (intent, tone) = (json["intent"]?.text, json["tone"]?.double ?? 0)
        func flag(_ name: String) -> Bool { json[name]?.flag ?? false }
        (isUrgent, asksForPerson) = (flag("urgent"), flag("asks_for_person"))
        (isFrustrated, isRepeatedFailure) = (flag("frustrated"), flag("repeated_failure"))
        isWishToBeLeftAlone = flag("leave_alone")
    }

    var json: JSON {
        [
            "message_id": .string(message), "intent": JSON(intent), "tone": .number(tone),
            "urgent": .bool(isUrgent), "asks_for_person": .bool(asksForPerson),
            "frustrated": .bool(isFrustrated), "repeated_failure": .bool(isRepeatedFailure),
            "leave_alone": .bool(isWishToBeLeftAlone),
        ]
    }

    /// The message's text without the orders to a machine that it gives.
    static func words(of message: Message) -> String {
        guard InjectionCheck.judge(message.text).isSuspicious else { return message.text }
        let rest = InjectionCheck.withoutOrders(message.text).trimmed
        return rest.isEmpty ? message.text : rest
    }
}

/// All that reasoning about a conversation rests on.
struct ConversationFacts: Sendable {
    /// The number of their last turns that count.
    static let turnsMax = 8

    /// Their turns, oldest first.
    var turns: [ReadTurn] = []
    var handler = Conversation.Handler.agent
    var isImportant = false

    init() {}

    /// Reads a conversation; `nil` where nobody outside has said anything in it.
    init?(
        of conversation: Conversation, _ services: ConversationServices, in reader: any Queryable
    ) throws {
        let said = try Message.resource.all(
            where: "conversation_id = \(conversation.id) AND direction = 'inbound' AND is_automatic = 0",
            suffix: "ORDER BY id DESC LIMIT \(Self.turnsMax)", in: reader
        ).reversed()
        guard !said.isEmpty else { return nil }
        var earlier: [String] = []
        for message in said {
            turns.append(ReadTurn(message, after: earlier))
            earlier.append(message.text)
        }
        handler = conversation.handler
        if let id = conversation.contactID, let contact = try Contact.resource.find(id, in: reader) {
            isImportant = try services.dependencies.isImportant(reader, contact)
        }
    }

    /// Reads the recorded inputs of a decision.
    init?(json: JSON) {
        guard let turns = json["turns"]?.array,
            let handler = json["handler"]?.text.flatMap(Conversation.Handler.init(rawValue:))
        else { return nil }
        (self.turns, self.handler) = (turns.compactMap(ReadTurn.init(json:)), handler)
        isImportant = json["important"]?.flag ?? false
    }

    var json: JSON {
        [
            "turns": .array(turns.map(\.json)), "handler": .string(handler.rawValue),
            "important": .bool(isImportant),
        ]
    }
}

/// The reading of a customer over their turns: their intent, how they feel as the conversation goes on, and how near
/// they are to needing a person.
struct CustomerAnalysis: Sendable {
    enum Mood: String, Sendable { case worsening, steady, improving }
    enum Risk: String, Sendable { case low, medium, high }
    enum Sign: String, CaseIterable, Sendable {
        case asksForPerson = "asks_for_person"
        case frustrated
        case repeatedFailure = "repeated_failure"
        case worsening, negative, urgent
        case important

        fileprivate var weight: Double {
            switch self {
            case .asksForPerson: 0.6
            case .frustrated: 0.4
            case .repeatedFailure, .worsening: 0.3
            case .negative, .urgent: 0.2
            case .important: 0.1
            }
        }
    }

    static let version = "1"
    /// By how much the tone has to change until a mood has.
    private static let moodStep = 0.3
    /// From here a tone is bad.
    private static let negativeFrom = -0.28
    private static let highFrom = 0.6, mediumFrom = 0.3

    let facts: ConversationFacts
    /// The intent of the last turn that wants something.
    let intent: String?
    let mood: Mood
    let signs: [Sign]
    /// From 0 to 1.
    let score: Double

    init(_ facts: ConversationFacts) {
        self.facts = facts
        let turns = facts.turns
        intent = turns.last { $0.intent != nil }?.intent
        let last = turns.last
        let before = turns.dropLast().map(\.tone)
        let change = before.isEmpty ? 0 : (last?.tone ?? 0) - before.reduce(0, +) / Double(before.count)
        mood = change <= -Self.moodStep ? .worsening : change >= Self.moodStep ? .improving : .steady
        var signs: [Sign] = []
        if last?.asksForPerson == true { signs.append(.asksForPerson) }
        if last?.isFrustrated == true { signs.append(.frustrated) }
        if last?.isRepeatedFailure == true { signs.append(.repeatedFailure) }
        if mood == .worsening { signs.append(.worsening) }
        if let last, last.tone <= Self.negativeFrom { signs.append(.negative) }
        if last?.isUrgent == true { signs.append(.urgent) }
        // Importance alone needs nobody.
        if facts.isImportant, !signs.isEmpty { signs.append(.important) }
        self.signs = signs
        score = min(1, (signs.reduce(0) { $0 + $1.weight } * 100).rounded() / 100)
    }

    var risk: Risk { score >= Self.highFrom ? .high : score >= Self.mediumFrom ? .medium : .low }

    var outcome: JSON {
        [
            "intent": JSON(intent), "mood": .string(mood.rawValue), "risk": .string(risk.rawValue),
            "score": .number(score), "signs": JSON(signs.map(\.rawValue)),
        ]
    }

    /// More turns are a surer reading.
    var confidence: Double { min(0.9, 0.5 + 0.1 * Double(facts.turns.count)) }

    var factors: [JSON] {
        let read: JSON = [
            "name": "messages", "value": JSON(facts.turns.count), "weight": 1, "contribution": 0,
        ]
        return [
            read.saying("evidence", Saying("evidence.messages_read", ["count": .number(facts.turns.count)]))
        ]
            + signs.map { sign in
                let factor: JSON = [
                    "name": .string(sign.rawValue), "value": true, "weight": .number(sign.weight),
                    "contribution": .number(sign.weight),
                ]
                return factor.saying(
                    "evidence", Saying("evidence.customer_sign", ["sign": .text(sign.rawValue)]))
            }
    }

    var conclusion: Conclusion {
        Conclusion(
            outcome: outcome, confidence: confidence, factors: .array(factors),
            model: ["name": "rules", "version": .string(Self.version)], inputs: facts.json)
    }
}
