internal import Database
internal import Intelligence
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// What the conversation agents do by themselves waits for nobody else's work.
package let conversationQueue = "conversations"

/// Has the primary agent answer what somebody has said last. It reads and thinks outside the transaction; what it says
/// is committed only where the conversation is as it was read.
struct AnswerJob: JobKind {
    struct Payload: Codable, Sendable { let conversation: String, message: String }

    static let kind = "conversation.answer"
    static let queue = conversationQueue
    /// How often it thinks again because the conversation went on meanwhile, before another job does.
    private static let draftsMax = 3

    let services: ConversationServices

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let conversation = ID<Conversation>(payload.conversation),
            let message = ID<Message>(payload.message)
        else { return }
        for _ in 0..<Self.draftsMax {
            let draft = try job.read {
                try AnswerDraft(of: message, in: conversation, services, $0)
            }
            guard let draft else { return }
            services.showThinking(about: draft, job)
            if draft.wantsModel, job.hasModels(for: PrimaryAgent.agentName) {
                return try await job.complete { tx in
                    _ = try tx.startRun(
                        agent: PrimaryAgent.agentName, trigger: .event,
                        parameters: [
                            "conversation_id": .string(conversation.text),
                            "message_id": .string(message.text),
                        ], by: .system)
                }
            }
            if try await commit(draft, job) { return }
        }
        throw JobSnooze(for: .seconds(1), waitingFor: "the conversation to stand still")
    }

    private func commit(_ draft: AnswerDraft, _ job: JobContext) async throws -> Bool {
        let services = services
        do {
            // Somebody waits for it.
            try await job.complete(.request) { tx in try services.commit(draft, tx) }
            return true
        } catch let problem as Problem where problem.code == ProblemType.lockLost.code {
            guard try job.read({ try draft.isLate(in: $0) }) else { return false }
            // Somebody else speaks now: that is how it is meant to be, and coordination keeps the log.
            try await job.complete { tx in try draft.reportConflict(problem.detail, tx) }
            return true
        }
    }
}

/// What the primary agent means to say, and to which state of the conversation.
struct AnswerDraft: Sendable {
    let conversation: Conversation
    let contact: Contact
    let message: Message
    /// The articles that may answer the message.
    let articles: [AnswerFinder.Text]
    /// The incident under way that the message asks about.
    let incident: String?
    let language: String?
    let reading: PrimaryReading
    let matter: MatterReading
    let words: BotWords
    let isSuspicious: Bool
    /// The message's text, without the orders to a machine that it gives.
    let asked: String
    /// Rules know no answer, and yet what it tells of a need.
    let isUnderstood: Bool
    /// How far the agent goes by itself; `nil`: it is at rest, and people are told.
    let autonomy: Autonomy?

    /// How many of their earlier turns count as the same talk.
    private static let earlierMax = 6
    /// A longer message, in characters, chooses none of the articles that were offered.
    private static let choiceMax = 400

    /// `nil` where nothing is to be answered any more.
    init?(
        of id: ID<Message>, in conversationID: ID<Conversation>, _ services: ConversationServices,
        _ reader: some Queryable
    ) throws {
        guard let conversation = try Conversation.resource.find(conversationID, in: reader),
            conversation.handler != .waitingForHuman, conversation.status != .closed,
            let contactID = conversation.contactID,
            let contact = try Contact.resource.find(contactID, in: reader),
            // Whoever said more since is answered to that.
            let message = try reader.lastWords(in: conversationID), message.id == id
        else { return nil }
        let earlier = try Message.resource.all(
            where: "conversation_id = \(conversationID) AND direction = 'inbound' AND id < \(id)",
            suffix: "ORDER BY id DESC LIMIT \(Self.earlierMax)", in: reader)
        isSuspicious = InjectionCheck.judge(message.text).isSuspicious
        let rest = isSuspicious ? InjectionCheck.withoutOrders(message.text).trimmed : message.text
        asked = rest.isEmpty ? message.text : rest
        matter = MatterReading(asked)
        language = matter.language ?? contact.locale.map { String($0.prefix(2)) }
        let found = try services.sources.articles(reader, asked, language)
        articles = found.map(\.text)
        var facts = PrimaryReading.Facts(text: asked)
        facts.earlier = earlier.reversed().map(\.text)
        (facts.articles, facts.isImportant) = (found, try services.sources.isImportant(reader, contact))
        if let before = earlier.first, message.text.utf8.count < Self.choiceMax {
            facts.offered = try services.offered(to: before, in: conversation, language, reader)
        }
        words = try services.words(language, in: reader)
        facts.incident = try services.sources.incident(reader, contact, asked)
        incident = facts.incident?.id
        facts.isWishToBeLeftAlone = message.replyClass == .unsubscribe
        // A prospect who describes a need is not asking a question, even where an article is about the same subject.
        if try services.sources.understands(reader, asked) { facts.articles = [] }
        reading = PrimaryReading(facts)
        isUnderstood =
            try !isSuspicious && reading.isUnknown && services.sources.understands(reader, message.text)
        let status = try reader.agentStatus(PrimaryAgent(services))
        autonomy = status.state == .active && conversation.states.primary == .active ? status.autonomy : nil
        (self.conversation, self.contact, self.message) = (conversation, contact, message)
    }

    /// A model is asked only where the rules know nothing, and never about a text that gives orders.
    var wantsModel: Bool { wantsArticle || wantsNeeds }

    /// Whether a model is asked which article answers it.
    var wantsArticle: Bool { isOpen && !articles.isEmpty }

    /// Whether a model is asked what it tells of a need: who asks something tells none, and whoever is a client
    /// already wants what they have.
    var wantsNeeds: Bool { isOpen && !message.text.contains("?") && contact.clientID == nil }

    private var isOpen: Bool {
        (reading.isUnknown || reading.isChoice) && autonomy == .autopilot && !isSuspicious && !isUnderstood
    }

    /// Whether what it answers has been answered, or is somebody else's to answer.
    func isLate(in reader: some Queryable) throws -> Bool {
        let present = try Conversation.resource.find(conversation.id, in: reader)
        return try present?.handler != .agent || reader.lastWords(in: conversation.id)?.id != message.id
    }

    func reportConflict(_ detail: String, _ tx: Transaction) throws {
        var conflict = AgentConflict()
        conflict.customerID = contact.id.text
        (conflict.agents, conflict.detail) = ([PrimaryAgent.agentName], String(detail.prefix(2000)))
        try tx.send(
            conflict, to: CoordinationAgent.agentName, about: conversation.subjectOfEvents,
            priority: .primaryAgent, by: .agent(PrimaryAgent.agentName))
    }
}

extension ConversationServices {
    /// Returns the articles that the agent last offered as a choice, when the visitor asked something.
    fileprivate func offered(
        to asked: Message, in conversation: Conversation, _ language: String?, _ reader: some Queryable
    ) throws -> [AnswerFinder.Answer] {
        let outcome = try reader.conclusion(
            on: "answer/\(asked.id)", about: conversation.subjectOfEvents)
        guard outcome?["action"]?.text == "choice", let ids = outcome?["detail"]?.text else { return [] }
        let found = try sources.articles(reader, asked.text, language)
        return ids.split(separator: " ").compactMap { id in found.first { $0.text.id == id } }
    }

    /// How long a model may take, in seconds, for as long as which the sign of it holds: the answer ends it sooner.
    private static let modelSeconds = 30

    /// Shows whoever waits that they will be answered.
    func showThinking(about draft: AnswerDraft, isAsking: Bool = false, _ job: JobContext) {
        guard draft.autonomy == .autopilot else { return }
        if case .silence = draft.reading.action { return }
        outbox.showTyping(
            in: draft.conversation,
            by: ["type": "agent", "id": .string(PrimaryAgent.agentName), "name": .null], reachesThem: true,
            seconds: isAsking ? Self.modelSeconds : Typing.seconds, of: job.tenant, job.runtime)
    }

    /// Says what the draft says, or gives the conversation to people. Throws `lock_lost`, and changes nothing, where it
    /// went on meanwhile. `needs` are what a model has found in it.
    func commit(_ draft: AnswerDraft, needs: ModelNeeds? = nil, _ tx: Transaction) throws {
        guard let present = try Conversation.resource.current(draft.conversation, in: tx) else {
            throw Problem(.notFound)
        }
        guard present.version == draft.conversation.version else {
            throw Problem(.lockLost, "The conversation went on since this was written.")
        }
        if present.handler == .human {
            // Whoever held it has said nothing for so long that their lock is over: it is the agents' again, and what
            // was said is answered as that.
            return try outbox.release(present, by: .system, tx)
        }
        try tx.file(draft.conversation, under: draft.matter.category, draft.matter.tags)
        guard let autonomy = draft.autonomy else { return try tellPeople(of: draft, tx) }
        guard autonomy == .autopilot else { return try propose(draft, autonomy, tx) }
        switch draft.reading.action {
        case .silence: try conclude(draft, "silence", nil, tx)
        case .politeness(let talk):
            let text = draft.words.politeness(talk, name: draft.contact.knownName)
            try say(text, [], "They were polite.", draft, tx)
            try conclude(draft, "politeness", nil, tx)
        case .answer(let answer):
            try say(
                draft.words.answer(answer.passage, from: answer.text.title),
                [answer.text], "It stands in “\(answer.text.title)”.", draft, tx)
            try conclude(draft, "answer", answer.text.id, tx)
        case .choice(let two):
            // A need that a model has found is no question, so no article answers it.
            if needs != nil, try understand(draft, needs, tx) { return }
            // No facts support this reply yet.
            try say(
                draft.words.choice(of: two.map(\.text.title)), [], "It may be one of several.", draft, tx)
            try conclude(draft, "choice", two.map(\.text.id).joined(separator: " "), tx)
        case .handOver(.unknownAnswer):
            guard try !understand(draft, needs, tx) else { return }
            try sources.unanswered(tx, draft.asked)
            try handOver(draft, .unknownAnswer, tx)
        case .handOver(let reason): try handOver(draft, reason, tx)
        }
    }

    /// Keeps what a message tells of a need and says so; returns whether it tells of one.
    private func understand(_ draft: AnswerDraft, _ needs: ModelNeeds?, _ tx: Transaction) throws -> Bool {
        // A text that gives orders to a machine teaches nothing about its writer.
        guard !draft.isSuspicious,
            let known = try sources.qualify(tx, draft.contact, draft.message.text, needs?.words)
        else { return false }
        try say(draft.words.understood(known), [], "They told what they need.", draft, tx)
        try conclude(draft, "qualification", nil, model: needs?.source, factors: needs?.factors ?? [], tx)
        return true
    }

    func say(
        _ text: String, _ articles: [AnswerFinder.Text], _ why: String, _ draft: AnswerDraft,
        _ tx: Transaction
    ) throws {
        var turn = Turn(
            text, by: .agent(PrimaryAgent.agentName), cause: .init("answer", draft.message.id.text),
            key: draft.message.id.text)
        (turn.version, turn.why) = (draft.conversation.version, why)
        if !articles.isEmpty {
            turn.sources = .array(
                articles.map { text in
                    [
                        "type": text.id == draft.incident ? "incident" : "article", "id": .string(text.id),
                        "title": .string(text.title),
                    ]
                })
        }
        try outbox.speak(turn, in: draft.conversation, to: draft.contact, tx)
    }

    func handOver(_ draft: AnswerDraft, _ reason: HandoverReason, _ tx: Transaction) throws {
        try say(draft.words.handedOver(reason), [], "They go to a person.", draft, tx)
        try conclude(draft, "handover", reason.rawValue, tx)
        var wish = HandoverWish(reason.rawValue)
        (wish.urgency, wish.language) = (draft.reading.urgency, draft.language)
        wish.request = String(draft.asked.prefix(500))
        try handOver(draft.conversation.id, wish, by: .agent(PrimaryAgent.agentName), tx)
    }

    func conclude(
        _ draft: AnswerDraft, _ action: String, _ detail: String?, model: JSON? = nil, factors: [JSON] = [],
        _ tx: Transaction
    ) throws {
        try tx.conclude(
            for: PrimaryAgent.agentName, on: "answer/\(draft.message.id)",
            draft.conversation.subjectOfEvents,
            Conclusion(
                outcome: [
                    "action": .string(action), "detail": JSON(detail), "matter": draft.matter.json,
                ],
                confidence: draft.reading.confidence,
                factors: .array((draft.reading.factors.array ?? []) + factors),
                model: model ?? ["name": "rules", "version": "1"],
                inputs: [
                    "message_id": .string(draft.message.id.text), "language": JSON(draft.language),
                    "articles": JSON(draft.articles.map(\.id)), "suspicious": .bool(draft.isSuspicious),
                ]))
    }

    /// An agent that asks first leaves its words to a person; one that only watches leaves none.
    private func propose(_ draft: AnswerDraft, _ autonomy: Autonomy, _ tx: Transaction) throws {
        try conclude(draft, "proposal", nil, tx)
        if autonomy == .approve, case .answer(let answer) = draft.reading.action {
            _ = try outbox.note(
                "Suggested answer, from “\(answer.text.title)”: \(answer.passage)", in: draft.conversation,
                by: .agent(PrimaryAgent.agentName), name: nil, tx)
        }
        try tellPeople(of: draft, tx)
    }

    /// Nobody answers by itself: people are told once, until they have looked.
    private func tellPeople(of draft: AnswerDraft, _ tx: Transaction) throws {
        guard draft.conversation.unread <= 1 else { return }
        try tx.notify(
            .permission("conversations:write"), kind: "conversation.unanswered",
            title: "\(draft.contact.name) has written", body: String(draft.message.text.prefix(500)),
            subject: draft.conversation.subjectOfEvents)
    }
}

extension Contact {
    /// A name to call somebody by; a visitor who gave none has none.
    var knownName: String? {
        let isMade = name.contains("@") || name.hasPrefix("+") || name.lowercased().hasPrefix("visitor")
        return isMade || name.isEmpty ? nil : name
    }
}
