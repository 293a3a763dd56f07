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
internal import Templates
internal import Tenancy

extension ConversationServices {
    /// Says what the draft says, as far as the gate lets it, or gives the conversation to people. Throws `lock_lost`,
    /// and changes nothing, where it went on meanwhile. `answer` and `needs` are what a model has found. Answers
    /// whether something was said.
    func commit(
        _ draft: AnswerDraft, _ taker: ReplyRunner, answer: ModelAnswer? = nil, needs: ModelNeeds? = nil,
        _ tx: Transaction
    ) throws -> Bool {
        guard let present = try Conversation.resource.current(draft.conversation, in: tx) else {
            throw Problem(.notFound)
        }
        guard present.version == draft.conversation.version else {
            throw Problem(
                .lockLost,
                "The conversation has changed since this was written: read it again, then write anew.")
        }
        if present.handler == .human {
            // The person who held it has said nothing for so long that their lock is over: it is the agents'
            // again, and the message is answered as that.
            try outbox.conversations.release(present, by: .system, tx)
            return false
        }
        try tx.conversations.file(draft.conversation, under: draft.matter.category, draft.matter.tags)
        guard draft.isAtWork else {
            try tellPeople(of: draft, tx)
            return false
        }
        if case .silence = draft.reading.action {
            try conclude(draft, "silence", nil, tx)
            return false
        }
        let run = try taker.runID(
            of: PrimaryAgent.agentName,
            [
                "conversation_id": JSON(draft.conversation.id),
                "message_id": JSON(draft.message.id),
            ], in: tx)
        if let answer { return try say(answer, draft, run, tx) }
        return try act(on: draft, run, needs, tx)
    }

    private func act(
        on draft: AnswerDraft, _ run: AgentRunID, _ needs: ModelNeeds?, _ tx: Transaction
    ) throws -> Bool {
        switch draft.reading.action {
        case .silence: return false
        case .politeness(let talk):
            let text = draft.words.politeness(talk, name: draft.contact.knownName)
            let decision = try conclude(draft, "politeness", nil, tx)
            return try say(text, [], Saying("message.why_polite"), draft, run, decision, tx)
        case .answer(let answer):
            let decision = try conclude(draft, "answer", answer.text.id, tx)
            return try say(
                draft.words.answer(answer.passage, from: answer.text.title),
                [answer.text], Saying("message.why_article", ["title": .text(answer.text.title)]), draft, run,
                decision, tx)
        case .choice(let two):
            // A need that a model has found is no question, so no article answers it.
            if needs != nil, let understood = try understand(draft, run, needs, tx) { return understood }
            let decision = try conclude(draft, "choice", two.map(\.text.id).joined(separator: " "), tx)
            // No facts support this reply yet.
            return try say(
                draft.words.choice(of: two.map(\.text.title)), [], Saying("message.why_choice"), draft, run,
                decision, tx)
        case .handOver(.unknownAnswer):
            if let understood = try understand(draft, run, needs, tx) { return understood }
            return try handOver(draft, run, .unknownAnswer, tx)
        case .handOver(let reason): return try handOver(draft, run, reason, tx)
        }
    }

    /// Says what a model has found in an article.
    private func say(
        _ answer: ModelAnswer, _ draft: AnswerDraft, _ run: AgentRunID, _ tx: Transaction
    ) throws -> Bool {
        let decision = try conclude(draft, "answer", answer.article.id, model: answer.source, tx)
        return try say(
            draft.words.answer(answer.passage, from: answer.article.title), [answer.article],
            Saying("message.why_model_found", ["title": .text(answer.article.title)]), draft, run, decision,
            tx, isMadeWithAI: true)
    }

    /// Keeps what a message tells of a need and says so; `nil` where it tells of none, or the agent may keep none.
    private func understand(
        _ draft: AnswerDraft, _ run: AgentRunID, _ needs: ModelNeeds?, _ tx: Transaction
    ) throws -> Bool? {
        // A text that gives orders to a machine teaches nothing about its writer.
        guard !draft.isSuspicious, draft.isUnderstood || needs != nil, try mayRecord(draft, run, tx),
            let known = try dependencies.qualify(tx, draft.contact, draft.message.text, needs?.words)
        else { return nil }
        let decision = try conclude(
            draft, "qualification", nil, model: needs?.source, factors: needs?.factors ?? [], tx)
        return try say(
            draft.words.understood(known), [], Saying("message.why_needs"), draft, run, decision, tx)
    }

    /// Returns whether the agent may note on a lead what somebody tells of their needs.
    private func mayRecord(_ draft: AnswerDraft, _ run: AgentRunID, _ tx: Transaction) throws -> Bool {
        let caller = ToolCaller(
            actor: .agent(PrimaryAgent.agentName), agent: PrimaryAgent.agentName, runID: .agent(run),
            subject: Subject(draft.contact.id),
            clientID: draft.contact.clientID)
        let request = ToolRequest(
            tool: PrimaryAgent.recordTool, arguments: ["message_id": JSON(draft.message.id)],
            caller: caller, key: "answer/\(draft.message.id)/needs")
        return try tx.gate.leave(for: request, permission: "leads:write").isGranted
    }

    /// Says a text, where the gate lets the agent. What it asks about first waits for a yes, and people are told, as
    /// they are of what may not be said at all.
    private func say(
        _ text: String, _ articles: [AnswerFinder.Text], _ why: Saying, _ draft: AnswerDraft,
        _ run: AgentRunID, _ decision: MadeDecision, _ tx: Transaction, isMadeWithAI: Bool = false
    ) throws -> Bool {
        let (reply, leave) = try reply(text, articles, why, draft, run, decision, tx)
        var turn = reply
        turn.isMadeWithAI = isMadeWithAI
        let message = try outbox.conversations.offer(turn, in: draft.conversation, to: draft.contact, tx)
        guard !leave.isGranted else { return true }
        try tellPeople(
            of: draft,
            because: message == nil
                ? leave.refusal.map { .text($0) } : .saying(Saying("message.reply_waits")),
            tx)
        return false
    }

    /// Returns the agent's message, with the gate's answer to it.
    private func reply(
        _ text: String, _ articles: [AnswerFinder.Text], _ why: Saying, _ draft: AnswerDraft,
        _ run: AgentRunID, _ decision: MadeDecision, _ tx: Transaction
    ) throws -> (OutgoingReply, GateDecision) {
        var turn = OutgoingReply(
            text, by: .agent(PrimaryAgent.agentName),
            cause: .init(DraftedAnswers.name, draft.message.id),
            key: draft.message.id)
        (turn.version, turn.why) = (draft.conversation.version, why)
        (turn.run, turn.decision) = (.agent(run), decision.id)
        if !articles.isEmpty {
            turn.sources = .array(
                articles.map { text in
                    [
                        "type": text.id == draft.incident ? "incident" : "article", "id": .string(text.id),
                        "title": .string(text.title),
                    ]
                })
        }
        let leave = try outbox.conversations.leave(for: turn, in: draft.conversation, to: draft.contact, tx)
        turn.leave = leave
        return (turn, leave)
    }

    /// Where the agent does not say by itself that they go to a person, people are told at once.
    private func handOver(
        _ draft: AnswerDraft, _ run: AgentRunID, _ reason: HandoverReason, _ tx: Transaction
    ) throws -> Bool {
        let decision = try conclude(draft, "handover", reason.rawValue, tx)
        let (turn, leave) = try reply(
            draft.words.handedOver(reason), [], Saying("message.why_handover"), draft, run, decision, tx)
        guard leave.isGranted else {
            try tellPeople(of: draft, because: leave.refusal.map { .text($0) }, tx)
            return false
        }
        if reason == .unknownAnswer { try dependencies.unanswered(tx, draft.asked) }
        try outbox.conversations.offer(turn, in: draft.conversation, to: draft.contact, tx)
        var wish = HandoverIntent(reason.rawValue)
        (wish.urgency, wish.language) = (draft.reading.urgency, draft.language)
        wish.request = String(draft.asked.prefix(500))
        try handOver(draft.conversation.id, wish, by: .agent(PrimaryAgent.agentName), tx)
        return true
    }

    @discardableResult
    private func conclude(
        _ draft: AnswerDraft, _ action: String, _ detail: String?, model: JSON? = nil, factors: [JSON] = [],
        _ tx: Transaction
    ) throws -> MadeDecision {
        try tx.decisions.conclude(
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
                    "message_id": JSON(draft.message.id), "language": JSON(draft.language),
                    "articles": JSON(draft.articles.map(\.id)), "suspicious": .bool(draft.isSuspicious),
                ]))
    }

    /// Nobody answers by itself: people are told once, until they have looked. `why`: why not, for them.
    private func tellPeople(of draft: AnswerDraft, because why: Saying.Value? = nil, _ tx: Transaction) throws
    {
        guard draft.conversation.unread <= 1 else { return }
        let text = String(draft.message.text.prefix(500))
        try tx.notifications.notify(
            .permission("conversations:write"), kind: .conversationUnanswered,
            title: Saying("notification.new_message", ["name": .text(draft.contact.name)]),
            body: Saying(
                "notification.unanswered",
                ["text": .text(text), "has_reason": .flag(why != nil), "reason": why ?? .text("")]),
            subject: draft.conversation.subjectOfEvents)
    }
}

extension GateDecision {
    /// Why it is refused, for people.
    fileprivate var refusal: String? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal.detail
    }
}

extension Contact {
    /// A name to call somebody by; a visitor who gave none has none.
    var knownName: String? {
        let isMade = name.contains("@") || name.hasPrefix("+") || name.lowercased().hasPrefix("visitor")
        return isMade || name.isEmpty ? nil : name
    }
}
