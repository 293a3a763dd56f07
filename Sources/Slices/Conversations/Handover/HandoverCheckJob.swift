internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Takes one action for somebody who still waits, at its minute. Each check reads the conversation and its lock anew,
/// in the transaction of the action: once a person has come, nothing is done.
struct HandoverCheckJob: JobKind {
    struct Payload: Codable, Sendable {
        let conversation: ID<Conversation>, requestedAt: String, action: String

        init(conversation: ID<Conversation>, action: HandoverPlan.Action, of handover: HandoverState) {
            (self.conversation, self.action) = (conversation, action.rawValue)
            requestedAt = handover.requestedAt.description
        }
    }

    static let kind = "handover.check"
    static let queue = conversationQueue
    /// The wait for somebody to be told, or for a lock, before it is tried again.
    private static let pause: Duration = .seconds(20)

    let services: ConversationServices

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let action = HandoverPlan.Action(rawValue: payload.action)
        else { return }
        let services = services
        let isDone: Bool
        do {
            isDone = try await job.write { tx in
                guard let conversation = try Conversation.resource.find(payload.conversation, in: tx),
                    conversation.handler == .waitingForHuman, let handover = conversation.lastHandover,
                    !handover.isOver, handover.requestedAt.description == payload.requestedAt,
                    !handover.isDone(action)
                else { return true }
                return try services.check(action, conversation, handover, job, tx)
            }
        } catch let problem as Problem where problem.code == ProblemType.lockLost.code {
            // Somebody speaks. A person ends the wait by it; another agent is done soon.
            throw JobSnooze(for: Self.pause, waitingFor: "whoever speaks to them")
        }
        if !isDone { throw JobSnooze(for: Self.pause, waitingFor: "somebody to be told") }
    }
}

extension ConversationServices {
    /// Answers whether it is done; `false` where it has to be looked at again.
    fileprivate func check(
        _ action: HandoverPlan.Action, _ conversation: Conversation, _ handover: HandoverState,
        _ job: JobContext, _ tx: Transaction
    ) throws -> Bool {
        switch action {
        case .alertStaff: try alert(conversation, handover, tx)
        case .waitingUpdate: try update(conversation, handover, job, tx)
        case .bookingMessage: try book(conversation, handover, tx)
        case .reactivatePrimary: try reactivate(conversation, handover, job, tx)
        }
    }

    /// Done once a notification has reached somebody.
    private func alert(
        _ conversation: Conversation, _ handover: HandoverState, _ tx: Transaction
    ) throws -> Bool {
        var handover = handover
        if handover.notice == nil {
            let name = try conversation.contactID.flatMap { try Contact.resource.find($0, in: tx) }?.name
            let notice = try tx.notifications.notify(
                .permission("conversations:write"), kind: .handoverWaiting,
                title: Saying(
                    "notification.has_waited",
                    [
                        "has_name": .flag(name != nil), "name": .text(name ?? ""),
                        "minutes": .number(handover.minutesWaited(at: tx.now)),
                    ]),
                body: handover.request.map { .quoted($0) }, subject: conversation.subjectOfEvents,
                urgency: .high)
            // Nobody is there who could be told: somebody may come.
            if notice.people > 0 { handover.notice = notice.id }
        }
        guard let notice = handover.notice else { return false }
        let isDelivered = try tx.notifications.isDelivered(notice)
        if isDelivered { handover.finish(.alertStaff, at: tx.now) }
        try tx.handovers.keep(handover, of: conversation)
        guard isDelivered else { return false }
        try tx.publish(
            "handover.alerted", conversation.subjectOfEvents,
            ["contact_id": JSON(conversation.contactID), "notice_id": .string(notice)])
        return true
    }

    private func update(
        _ conversation: Conversation, _ handover: HandoverState, _ job: JobContext, _ tx: Transaction
    ) throws -> Bool {
        let words = try self.words(handover.language, in: tx)
        try say(
            words.stillWaiting, .waitingUpdate, by: HandoverMonitor.agentName, conversation, handover, job, tx
        )
        try finish(.waitingUpdate, of: conversation.id, handover, tx)
        return true
    }

    /// The monitor tells the bridge, which writes when it takes the message.
    private func book(
        _ conversation: Conversation, _ handover: HandoverState, _ tx: Transaction
    ) throws -> Bool {
        guard let changed = try tx.handovers.turn(conversation, .timedOut) else { return true }
        let minutes = handover.minutesWaited(at: tx.now)
        let isOpen = try tx.agency.tenant().isOpen(at: handover.requestedAt)
        var message = HumanTimeout(
            customer: conversation.contactID, waitTime: "\(minutes)_minutes")
        message.customerContext = [
            "conversation_id": JSON(conversation.id), "request": JSON(handover.request),
            "language": JSON(handover.language),
            "trigger": .string(
                handover.urgency == .urgent
                    ? "urgent_escalation"
                    : isOpen ? "human_timeout" : "business_hours_end"),
        ]
        try tx.agentMessages.send(
            message, to: BookingBridge.agentName, about: conversation.subjectOfEvents,
            priority: .calendlyBridge, by: .agent(HandoverMonitor.agentName))
        try finish(.bookingMessage, of: changed.id, handover, tx)
        return true
    }

    private func reactivate(
        _ conversation: Conversation, _ handover: HandoverState, _ job: JobContext, _ tx: Transaction
    ) throws -> Bool {
        var done = handover
        done.finish(.reactivatePrimary, at: tx.now)
        try tx.handovers.keep(done, of: conversation)
        let kept = try Conversation.resource.get(conversation.id, in: tx)
        guard let back = try tx.handovers.turn(kept, .reactivated, .reactivated, { $0.handler = .agent })
        else {
            return true
        }
        try say(
            try words(handover.language, in: tx).backAgain, .reactivatePrimary, by: PrimaryAgent.agentName,
            back, handover, job, tx)
        return true
    }

    private func say(
        _ text: String, _ action: HandoverPlan.Action, by agent: String, _ conversation: Conversation,
        _ handover: HandoverState, _ job: JobContext, _ tx: Transaction
    ) throws {
        var turn = OutgoingReply(
            text, by: .agent(agent), cause: .init(BookingOffers.name, conversation.id),
            key: "\(conversation.id)/\(handover.requestedAt)/\(action.rawValue)")
        turn.why = Saying("message.why_nobody")
        turn.run = .agent(
            try tx.runs.keepTurn(
                of: agent, by: job,
                ["conversation_id": JSON(conversation.id), "action": .string(action.rawValue)]))
        // A sentence that may not be said is left out; the rest is done all the same.
        try outbox.conversations.offer(turn, in: conversation, tx)
    }

    private func finish(
        _ action: HandoverPlan.Action, of id: ID<Conversation>, _ handover: HandoverState, _ tx: Transaction
    ) throws {
        let conversation = try Conversation.resource.get(id, in: tx)
        guard var present = conversation.lastHandover, present.requestedAt == handover.requestedAt else {
            return
        }
        present.finish(action, at: tx.now)
        try tx.handovers.keep(present, of: conversation)
    }
}
