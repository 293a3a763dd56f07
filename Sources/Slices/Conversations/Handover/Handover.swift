internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Messages
package import Nouns
internal import People
package import Records
package import Telemetry
internal import Templates
package import Tenancy

/// A conversation that is to go to people.
package struct HandoverIntent: Sendable {
    package var reason: String
    package var urgency = HandoverPlan.Urgency.normal
    /// The customer's request, in their own words.
    package var request: String?
    package var language: String?

    package init(_ reason: String) { self.reason = reason }

    /// Whether they have asked for an answer, and for nobody in particular.
    fileprivate var isForAnswer: Bool { reason == HandoverReason.answerRejected.rawValue }
}

extension ConversationServices {
    /// Gives a conversation to people: agents are silent but for what the plan says, people are told, and the checks
    /// are stored with it. Who waits already goes on waiting; `nil` then.
    @discardableResult
    package func handOver(
        _ id: ID<Conversation>, _ wish: HandoverIntent, by actor: Actor, _ tx: Transaction
    ) throws -> HandoverState? {
        let conversation = try Conversation.resource.get(id, in: tx)
        guard let contactID = conversation.contactID,
            let contact = try Contact.resource.find(contactID, in: tx),
            let states = conversation.states.after(.requested)
        else { return nil }
        let tenant = try tx.agency.tenant()
        let isImportant = try dependencies.isImportant(tx, contact)
        let monitor = HandoverMonitor(self)
        let settings = monitor.settings(from: try tx.agentConfigurations.published(monitor).values).settings
        let plan = HandoverPlan(
            wish.urgency, isImportant: isImportant, isOpen: tenant.isOpen(at: tx.now), pace: settings.pace)
        let handover = HandoverState(
            reason: wish.reason, urgency: wish.urgency, request: wish.request, language: wish.language, plan,
            at: tx.now)
        var waiting = conversation
        (waiting.handler, waiting.agents, waiting.handover) = (
            .waitingForHuman, states.json, handover.json
        )
        waiting.humanRequestedAt = tx.now
        var audience = Audience.permission("conversations:write")
        if conversation.assigneeID == nil,
            let chosen = try dependencies.route(tx, conversation, wish.language)
        {
            (waiting.teamID, waiting.assigneeID) = (chosen.team, chosen.person)
            if let person = chosen.person { audience = .users([person]) }
        }
        try tx.conversations.change(conversation, to: &waiting)
        try tx.auditLog.add(actor, "conversation.handed_over", conversation.subjectOfEvents)
        try tx.publish(
            "handover.requested", conversation.subjectOfEvents,
            [
                "contact_id": JSON(contactID), "reason": .string(wish.reason),
                "urgency": .string(wish.urgency.rawValue), "important": .bool(isImportant),
                "team_id": JSON(waiting.teamID), "assignee_id": JSON(waiting.assigneeID),
            ])
        try tx.counters.count("handovers.requested", 1)
        let notice = try tx.notifications.notify(
            audience, kind: .handoverRequested,
            title: Saying(
                "notification.handover",
                ["name": .text(contact.name), "for_answer": .flag(wish.isForAnswer)]),
            body: wish.request.map { .quoted($0) },
            subject: conversation.subjectOfEvents)
        try tx.handovers.schedule(handover, of: waiting)
        if plan.booksAtOnce { try tx.handovers.bookAtOnce(handover, of: waiting) }
        var message = HandoverRequestMessage(
            customer: contactID, reason: wish.reason, urgency: wish.urgency)
        message.timestamp = tx.now.description
        message.customerContext = [
            "name": .string(contact.name), "channel": .string(conversation.channel.rawValue),
            "conversation_id": JSON(id), "request": JSON(wish.request), "notice": .string(notice.id),
        ]
        for agent in [HandoverMonitor.agentName, CoordinationAgent.agentName] {
            try tx.agentMessages.send(
                message, to: agent, about: conversation.subjectOfEvents, priority: .primaryAgent, by: actor)
        }
        try tx.handovers.tellStates(of: waiting, from: conversation.states)
        return handover
    }
}

extension Conversation {
    /// The states of its agents; at rest where the row has none that are known.
    package var states: AgentStates { AgentStates(json: agents) ?? .atRest }

    /// The handover that it is in, or was in last.
    package var lastHandover: HandoverState? { HandoverState(handover) }
}

extension HandoverStore where Base == Transaction {
    /// Takes a conversation's agents through a turn; what cannot come now changes nothing. Ends the wait for a person,
    /// where `outcome` says how.
    @discardableResult
    func turn(
        _ conversation: Conversation, _ turn: AgentStates.Transition, _ outcome: HandoverState.Outcome? = nil,
        _ change: (inout Conversation) -> Void = { _ in }
    ) throws -> Conversation? {
        guard let states = conversation.states.after(turn) else { return nil }
        var changed = conversation
        changed.agents = states.json
        if let outcome, var handover = conversation.lastHandover, !handover.isOver {
            handover.end(outcome, at: tx.now)
            changed.handover = handover.json
            try ended(handover, outcome, conversation)
        }
        change(&changed)
        try tx.conversations.change(conversation, to: &changed)
        try tellStates(of: changed, from: conversation.states)
        return changed
    }

    private func ended(
        _ handover: HandoverState, _ outcome: HandoverState.Outcome, _ conversation: Conversation
    ) throws {
        let waited = max(0, (tx.now - handover.requestedAt).components.seconds)
        try tx.counters.count("handovers.\(outcome.rawValue)", 1)
        if outcome == .answered {
            try tx.counters.count("handovers.answered.seconds", Int(waited))
            try tx.counters.count("handovers.answered.within.\(HandoverMetrics.bucket(waited))", 1)
        }
        try tx.publish(
            "handover.ended", conversation.subjectOfEvents,
            [
                "contact_id": JSON(conversation.contactID), "outcome": .string(outcome.rawValue),
                "waited_seconds": JSON(Int(waited)), "reason": .string(handover.reason),
            ])
    }

    /// Sends its new state to each agent whose state has changed.
    func tellStates(of conversation: Conversation, from old: AgentStates) throws {
        let (before, after) = (old.json, conversation.states.json)
        var message = StateSync()
        message.customerID = conversation.contactID
        message.state = after.object ?? [:]
        for (agent, state) in after.object?.members ?? [] where before[agent] != state {
            try tx.agentMessages.send(
                message, to: agent, about: conversation.subjectOfEvents, priority: .systemMessages,
                by: .agent(CoordinationAgent.agentName))
        }
    }

    /// Keeps what a check has done: nobody's draft is late for it.
    func keep(_ handover: HandoverState, of conversation: Conversation) throws {
        try tx.run(
            """
            UPDATE conversations SET handover = \(handover.json.serialized), updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(conversation.id)
            """)
    }
}

extension Tenant {
    /// Returns whether people are there now. An agency that has told no hours is always open.
    package func isOpen(at now: Instant) -> Bool {
        guard let hours = businessHours else { return true }
        let local = (TimeZoneRules(named: timeZone) ?? .utc).local(of: now)
        return hours.weekdays.contains(local.date.weekday) && hours.window.contains(local)
            && !hours.isHoliday(local.date)
    }
}
