internal import Agents
package import Database
internal import Intelligence
internal import JSON
internal import Jobs
package import Messages
internal import Nouns
internal import Records

/// Hears what becomes of the answers that the primary agent has drafted: where one is taken back, whoever has asked
/// still waits, and goes to a person.
package struct DraftedAnswers: MessageListener {
    static let name = "answer"
    package let cause = name

    package init() {}

    package func heard(_ turn: MessageChange, of message: Message, in tx: Transaction) throws {
        // Where the conversation has changed hands meanwhile, somebody has it.
        guard case .cancelled = turn, message.reasons.list.first?.isOfPeople == true else { return }
        try tx.jobs.enqueue(
            RejectedAnswerJob.self, .init(message: message.id),
            JobOptions(uniqueKey: message.id, subject: message.subjectOfEvents))
    }
}

/// Gives a conversation to a person whose drafted answer was taken back.
struct RejectedAnswerJob: JobKind {
    struct Payload: Codable, Sendable { let message: MessageID }

    static let kind = "conversation.rejected_answer"
    static let queue = conversationQueue

    let services: ConversationServices

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.message
        let found = try job.read { reader -> (draft: Message, question: Message)? in
            guard let draft = try Message.resource.find(id, in: reader),
                let asked = draft.cause["id"]?.id(of: Nouns.Message.self),
                let question = try Message.resource.find(asked, in: reader)
            else { return nil }
            return (draft, question)
        }
        guard let (draft, question) = found, !question.wantsNothing else { return }
        let services = services, matter = MatterReading(question.text)
        try await job.complete { tx in
            guard
                let conversation = try draft.conversationID.flatMap({
                    try Conversation.resource.find($0, in: tx)
                }), conversation.handler == .agent, conversation.status != .closed
            else { return }
            var wish = HandoverIntent(HandoverReason.answerRejected.rawValue)
            (wish.request, wish.language) = (String(question.text.prefix(500)), matter.language)
            let approval = try draft.approvalID.flatMap { try tx.approvals.find($0) }
            try services.handOver(conversation.id, wish, by: approval?.decidedBy ?? .system, tx)
        }
    }
}

extension Message {
    /// Whether the message only gives thanks, says goodbye or acknowledges, and so waits for no answer.
    fileprivate var wantsNothing: Bool {
        switch SmallTalk(text) {
        case .thanks, .farewell, .acknowledgement: true
        case .greeting, nil: false
        }
    }
}
