internal import Agents
internal import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// The queue of the conversation agents' own jobs, which wait for nobody else's work.
let conversationQueue = "conversations"

/// Has the primary agent answer what somebody has said last. It reads and thinks outside the transaction; what it says
/// is committed only where the conversation is as it was read.
struct AnswerJob: JobKind {
    struct Payload: Codable, Sendable { let conversation: ID<Conversation>, message: MessageID }

    static let kind = "conversation.answer"
    static let queue = conversationQueue
    /// The number of times that it thinks again because the conversation went on meanwhile, before another
    /// job does.
    private static let draftsMax = 3

    let services: ConversationServices

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let (conversation, message) = (payload.conversation, payload.message)
        for _ in 0..<Self.draftsMax {
            let draft = try job.read {
                try AnswerDraft(of: message, in: conversation, services, $0)
            }
            guard let draft else { return }
            services.showThinking(about: draft, job)
            if draft.wantsModel, job.hasModels(for: PrimaryAgent.agentName) {
                return try await job.complete { tx in
                    _ = try tx.runs.start(
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
            _ = try await job.complete(.request) { tx in try services.commit(draft, .job(job), tx) }
            return true
        } catch let problem as Problem where problem.code == ProblemType.lockLost.code {
            guard try job.read({ try draft.isLate(in: $0) }) else { return false }
            // Somebody else speaks now: that is how it is meant to be, and coordination keeps the log.
            try await job.complete { tx in try draft.reportConflict(problem.detail, tx) }
            return true
        }
    }
}

/// The answer that the primary agent intends to give, with the state of the conversation that it is meant for.
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
    let words: AgentCopy
    let isSuspicious: Bool
    /// The message's text, without the orders to a machine that it gives.
    let asked: String
    /// Rules know no answer, and yet what it tells of a need.
    let isUnderstood: Bool
    /// Whether the agent is at work, and the conversation its to answer; else people are told.
    let isAtWork: Bool
    /// Whether what it says would leave by itself, as far as that is known before the gate is asked.
    let speaksByItself: Bool

    /// The number of their earlier turns that count as the same talk.
    private static let earlierMax = 6
    /// A longer message, in characters, chooses none of the articles that were offered.
    private static let choiceMax = 400

    /// `nil` where nothing is to be answered any more.
    init?(
        of id: MessageID, in conversationID: ID<Conversation>, _ services: ConversationServices,
        _ reader: some Queryable
    ) throws {
        guard let conversation = try Conversation.resource.find(conversationID, in: reader),
            conversation.handler != .waitingForHuman, conversation.status != .closed,
            let contactID = conversation.contactID,
            let contact = try Contact.resource.find(contactID, in: reader),
            // A person who has said more since gets an answer to that.
            let message = try reader.handovers.lastWords(in: conversationID), message.id == id
        else { return nil }
        let earlier = try Message.resource.all(
            where: "conversation_id = \(conversationID) AND direction = 'inbound' AND id < \(id)",
            suffix: "ORDER BY id DESC LIMIT \(Self.earlierMax)", in: reader)
        isSuspicious = InjectionCheck.judge(message.text).isSuspicious
        let rest = isSuspicious ? InjectionCheck.withoutOrders(message.text).trimmed : message.text
        asked = rest.isEmpty ? message.text : rest
        matter = MatterReading(asked)
        language = matter.language ?? contact.locale.map { String($0.prefix(2)) }
        let found = try services.dependencies.articles(reader, asked, language)
        articles = found.map(\.text)
        var facts = PrimaryReading.Facts(text: asked)
        facts.earlier = earlier.reversed().map(\.text)
        (facts.articles, facts.isImportant) = (found, try services.dependencies.isImportant(reader, contact))
        if let before = earlier.first, message.text.utf8.count < Self.choiceMax {
            facts.offered = try services.offered(to: before, in: conversation, language, reader)
        }
        words = try services.words(language, in: reader)
        facts.incident = try services.dependencies.incident(reader, contact, asked)
        incident = facts.incident?.id
        facts.isWishToBeLeftAlone = message.replyClass == .unsubscribe
        // A prospect who describes a need is not asking a question, even where an article is about the same subject.
        if try services.dependencies.understands(reader, asked) { facts.articles = [] }
        reading = PrimaryReading(facts)
        isUnderstood =
            try !isSuspicious && reading.isUnknown && services.dependencies.understands(reader, message.text)
        let agent = PrimaryAgent(services)
        let status = try reader.agents.status(agent)
        isAtWork = status.state == .active && conversation.states.primary == .active
        speaksByItself = try reader.gate.goesByItself(
            agent, status, with: SendMessage.tool, SendMessage.permission)
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
        (reading.isUnknown || reading.isChoice) && willSpeak && !isSuspicious && !isUnderstood
    }

    /// Whether it is worth asking a model, and showing that somebody answers.
    var willSpeak: Bool { isAtWork && speaksByItself }

    /// Returns whether what it answers has been answered, or is somebody else's to answer.
    func isLate(in reader: some Queryable) throws -> Bool {
        let present = try Conversation.resource.find(conversation.id, in: reader)
        return try present?.handler != .agent
            || reader.handovers.lastWords(in: conversation.id)?.id != message.id
    }

    func reportConflict(_ detail: String, _ tx: Transaction) throws {
        var conflict = AgentConflict()
        conflict.customerID = contact.id
        (conflict.agents, conflict.detail) = ([PrimaryAgent.agentName], String(detail.prefix(2000)))
        try tx.agentMessages.send(
            conflict, to: CoordinationAgent.agentName, about: conversation.subjectOfEvents,
            priority: .primaryAgent, by: .agent(PrimaryAgent.agentName))
    }
}

extension ConversationServices {
    /// Returns the articles that the agent last offered as a choice, when the visitor asked something.
    fileprivate func offered(
        to asked: Message, in conversation: Conversation, _ language: String?, _ reader: some Queryable
    ) throws -> [AnswerFinder.Answer] {
        let sendKey = "answer/\(asked.id)"
        let outcome = try reader.decisions.conclusion(on: sendKey, about: conversation.subjectOfEvents)
        guard outcome?["action"]?.text == "choice", let ids = outcome?["detail"]?.text,
            // A message that was captured, and never left, offers nothing.
            try Message.resource.first(
                where:
                    "conversation_id = \(conversation.id) AND send_key = \(sendKey) AND sent_at IS NOT NULL",
                in: reader) != nil
        else { return [] }
        let found = try dependencies.articles(reader, asked.text, language)
        return ids.split(separator: " ").compactMap { id in found.first { $0.text.id == id } }
    }

    /// The seconds that a model may take, for as long as which the sign of it holds: the answer ends it
    /// sooner.
    private static let modelSeconds = 30

    /// Shows whoever waits that they will be answered.
    func showThinking(about draft: AnswerDraft, isAsking: Bool = false, _ job: JobContext) {
        guard draft.willSpeak else { return }
        if case .silence = draft.reading.action { return }
        outbox.conversations.showTyping(
            in: draft.conversation,
            by: ["type": "agent", "id": .string(PrimaryAgent.agentName), "name": .null], reachesThem: true,
            seconds: isAsking ? Self.modelSeconds : Typing.seconds, of: job.tenant, job.runtime)
    }
}
