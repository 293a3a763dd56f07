internal import Agents
internal import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Markdown
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// One step of customer service with a ticket, in one transaction with the decision that leads to it.
struct ServiceStep {
    let desk: TicketDesk
    let settings: CustomerServiceSettings
    let run: AgentRun
    let tx: Transaction
    let ticket: Ticket

    /// `nil` for a ticket that is over, or goes on elsewhere.
    init?(
        _ desk: TicketDesk, _ settings: CustomerServiceSettings, _ run: AgentRun, _ tx: Transaction,
        _ id: TicketID
    ) throws {
        guard let ticket = try Ticket.resource.find(id, in: tx), !ticket.isOver, ticket.mergedInto == nil
        else { return nil }
        (self.desk, self.settings, self.run, self.tx, self.ticket) = (desk, settings, run, tx, ticket)
    }

    /// Handles a ticket that was received, or to which something was said.
    func take(_ word: ModelTriage?) throws -> String? {
        if let assistance = ticket.assistance, assistance.answeredAt != nil, assistance.outcome == nil {
            return try heard(assistance)
        }
        guard ticket.assistance == nil, ticket.firstResponseAt == nil else { return try tellReply() }
        try apply(word)
        return try begin()
    }

    /// A person has it: they hear that something was added.
    private func tellReply() throws -> String? {
        guard try lastMessage()?.direction == .inbound, try mayChange(decision: nil) else { return nil }
        try tx.ticketAudience.tellPeople(
            of: ticket, Saying("notification.ticket_new_message", ["number": .text("\(ticket.number)")]),
            ticket.priority == .urgent ? .high : .normal)
        return "tell"
    }

    /// Asks the gate whether the agent may change the ticket as it has decided.
    func mayChange(decision: DecisionID?) throws -> Bool {
        try run.may(
            "update_record", permission: "tickets:write", about: ticket.subjectOfEvents, decision: decision,
            in: tx)
    }

    private func lastMessage() throws -> TicketMessage? {
        try TicketMessage.resource.first(
            where: "ticket_id = \(ticket.id)", suffix: "ORDER BY id DESC LIMIT 1", in: tx)
    }

    // MARK: The first answer

    private func begin() throws -> String? {
        let question = ticket.subject + "\n" + ticket.body
        let rule = try tx.triggers.answering(ticket), incident = try tx.incidents.open(of: ticket)
        let campaigns = rule == nil && incident == nil ? try askedCampaigns() : nil
        let found =
            rule == nil && campaigns == nil
            ? try tx.service.answer(to: ticket, min: settings.answerMin) : nil
        let (reason, factors) = reasonAgainst(question, found, rule, incident, campaigns)
        let answers = reason == nil
        var inputs: JSONObject = [
            "ticket_id": JSON(ticket.id), "category": JSON(ticket.category),
            "priority": JSON(ticket.priority?.rawValue), "intent": JSON(ticket.intent),
        ]
        inputs.append("article_id", JSON(found?.article.id))
        inputs.append("trigger_id", JSON(rule?.0.id))
        if let campaigns { inputs.append("campaigns", .array(campaigns.sources.map(\.json))) }
        let made = try run.decide(
            in: tx, ticket.subjectOfEvents,
            Conclusion(
                outcome: [
                    "action": .string(answers ? "answer" : "leave_to_person"), "reason": JSON(reason),
                    "article_id": JSON(answers ? found?.article.id : nil),
                    "trigger_id": JSON(answers ? rule?.0.id : nil),
                ],
                confidence: rule == nil ? found?.score ?? 0.5 : 1, factors: .array(factors.map(\.json)),
                model: ["name": "rules", "version": "1"], inputs: .object(inputs)))
        guard made.isNew else { return nil }
        let origin = Origin(run: .agent(run.id), decision: made.id)
        if answers, let rule { return try answer(rule.0, from: origin) }
        if answers, let found { return try answer(found, from: origin) }
        if answers, let campaigns { return try answer(campaigns, from: origin) }
        guard try takeOn(from: origin) else { return nil }
        try acknowledge()
        if rule == nil, found == nil, incident == nil, !ticket.isSample,
            ["question", "request", "problem"].contains(ticket.intent)
        {
            try tx.articles.noteUnanswered(ticket.subject)
        }
        return try leave(ticket.waits())
    }

    /// Notes that the agent has looked at the ticket, where the gate lets it.
    private func takeOn(from origin: Origin) throws -> Bool {
        guard try mayChange(decision: origin.decision) else { return false }
        try tx.tickets.change(ticket, by: run.actor) { $0.assistance = TicketAssistance() }
        return true
    }

    /// Acknowledges a ticket, unless a person has entered it or it is part of a chat: then its receipt is known.
    private func acknowledge() throws {
        if settings.acknowledges, ticket.source != "api", try tx.tickets.chat(of: ticket) == nil {
            try desk.acknowledge(ticket, in: tx)
        }
    }

    private func leave(_ title: Saying) throws -> String {
        try tx.ticketAudience.tellPeople(
            of: ticket, title, ticket.priority == .urgent ? .high : .normal)
        return "leave_to_person"
    }

    /// From here a rule of the agency's has failed too often.
    private static let failuresMax = 3

    /// Why a person answers; `nil`: a rule of the agency's does, or an article.
    private func reasonAgainst(
        _ question: String, _ found: FoundAnswer?, _ rule: (trigger: TicketTrigger, word: String)?,
        _ incident: ServiceIncident?, _ campaigns: ToldCampaigns?
    ) -> (reason: String?, factors: [TriageFactor]) {
        var factors: [TriageFactor] = []
        if let rule {
            factors.append(rule.trigger.factor(for: rule.word))
        } else if let campaigns {
            let name = campaigns.values["name"]?.text ?? ""
            factors.append(
                TriageFactor("campaign", name, 1, Saying("evidence.campaign", ["name": .text(name)])))
        } else if let found {
            factors.append(
                TriageFactor(
                    "article", "\(found.article.id)", found.score,
                    Saying("evidence.article", ["title": .text(found.article.title)])))
            if found.record != 0 {
                factors.append(
                    TriageFactor(
                        "record", "\(found.record)", 0.1 * Double(found.record),
                        Saying("evidence.record")))
            }
        } else {
            factors.append(TriageFactor("article", "", 0, Saying("evidence.no_article")))
        }
        let wish = HandoverReader.read(question)
        let (intent, category) = (ticket.intent ?? "", ticket.category ?? "")
        let tests: [(Bool, String, Saying)] = [
            (rule == nil && !settings.answers, "answers_off", Saying("evidence.answers_off")),
            (
                ticket.conversationID != nil && ticket.source != "email", "in_chat",
                Saying("evidence.in_chat")
            ),
            (ticket.priority == .urgent, "urgent", Saying("evidence.urgent")),
            (ticket.sentiment == .negative, "negative", Saying("evidence.negative")),
            (
                ["complaint", "cancellation"].contains(intent), "intent",
                Saying("evidence.intent", ["intent": .text(intent)])
            ),
            (
                rule == nil && settings.leavesToPeople.contains(category), "category",
                Saying("evidence.category_left", ["category": .text(category)])
            ),
            (
                wish.asksForPerson || wish.isFrustrated, "asks_for_person",
                Saying("evidence.asks_for_person")
            ),
            (InjectionCheck.judge(question).isSuspicious, "suspicious", Saying("evidence.orders")),
            (
                incident != nil, "incident",
                Saying("evidence.incident", ["title": .text(incident?.title ?? "")])
            ),
            (
                rule == nil && found == nil && campaigns == nil, "no_article",
                Saying("evidence.nothing_published")
            ),
            (
                rule.map { $0.trigger.denied - $0.trigger.confirmed >= Self.failuresMax } ?? false,
                "rule_fails", Saying("evidence.rule_fails")
            ),
        ]
        let against = tests.filter(\.0)
        factors += against.map { TriageFactor($0.1, "", -1, $0.2) }
        return (against.first?.1, factors)
    }

    private func answer(_ trigger: TicketTrigger, from origin: Origin) throws -> String? {
        let found: (text: String, records: [JSON])?
        var why: String?
        do {
            found = try desk.words(of: trigger, for: ticket, in: tx)
        } catch let problem as Problem {
            found = nil
            why = problem.detail
        }
        guard let (text, records) = found else {
            guard try takeOn(from: origin) else { return nil }
            return try leave(
                Saying(
                    "notification.rule_says_nothing",
                    [
                        "number": .text("\(ticket.number)"), "rule": .text(trigger.name),
                        "has_reason": .flag(why != nil), "reason": .text(why ?? ""),
                    ]))
        }
        return try give(
            ServiceAnswer(
                text: text, articles: [], trigger: trigger.id, title: trigger.name,
                silenceDays: settings.silenceDays, records: records, origin: origin), judging: text)
    }

    /// Returns the state of the campaigns of whoever asks about them; `nil`: they ask about something else,
    /// or none is under way.
    private func askedCampaigns() throws -> ToldCampaigns? {
        guard ticket.category == TicketTriage.Category.campaign.rawValue,
            ["question", "request"].contains(ticket.intent)
        else { return nil }
        return try desk.campaigns(of: ticket, in: tx)
    }

    /// Tells how their campaigns stand, from the records. Who has come through the portal has shown who they are; of a
    /// mail anybody can write the sender, so that a person looks first.
    private func answer(_ campaigns: ToldCampaigns, from origin: Origin) throws -> String? {
        let contact = try ticket.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        let text = try desk.write(
            StandardText(.campaignWord), about: ticket, to: contact, ["campaign": campaigns.values], in: tx
        ).body
        return try give(
            ServiceAnswer(
                text: text, articles: [], title: campaigns.values["name"]?.text ?? "",
                silenceDays: settings.silenceDays, records: campaigns.sources.map(\.json), origin: origin),
            judging: text, asks: ticket.source != "portal")
    }

    private func answer(_ found: FoundAnswer, from origin: Origin) throws -> String? {
        let contact = try ticket.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        let tenant = try tx.agency.tenant()
        let link =
            "\(desk.outbox.services.settings.publicURL)/kb/\(tenant.slug)/\(found.article.id)"
        let text = try desk.write(
            .answer, about: ticket, to: contact,
            [
                "answer": [
                    "passage": .string(found.passage), "title": .string(found.article.title),
                    "url": .string(link), "silence_days": JSON(settings.silenceDays),
                ]
            ], in: tx
        ).body
        return try give(
            ServiceAnswer(
                text: text, articles: [found.article.id], title: found.article.title,
                silenceDays: settings.silenceDays, origin: origin), judging: found.passage)
    }

    /// Gives an answer, or asks for a yes: where the gate wants one, or something in its words looks wrong. What the
    /// gate does not let out a person answers.
    private func give(
        _ draft: ServiceAnswer, judging words: String, asks: Bool = false
    ) throws -> String? {
        let effect = try desk.effect(of: draft, to: ticket, in: tx)
        let findings = try tx.tickets.findings(in: words, for: ticket)
        let answer = try tx.gate.leave(for: effect, permission: SendMessage.permission)
        guard try takeOn(from: draft.origin) else { return nil }
        var why: String?
        switch answer {
        case .granted where findings.isEmpty && !asks:
            if try desk.give(draft, to: ticket, in: tx) != nil { return "answer" }
        case .granted, .asks:
            if settings.acknowledges { try desk.acknowledge(ticket, in: tx) }
            try desk.ask(effect, draft, about: ticket, findings, in: tx)
            return "ask"
        case .observed: break
        case .refused(let refusal): why = refusal.detail
        }
        try acknowledge()
        return try leave(ticket.waits(because: why))
    }

    // MARK: What they say to it

    private func heard(_ assistance: TicketAssistance) throws -> String? {
        guard let last = try lastMessage(), last.direction == .inbound else { return nil }
        let verdict = AnswerVerdict(last.text)
        let made = try run.decide(
            in: tx, ticket.subjectOfEvents,
            Conclusion(
                outcome: ["action": .string(verdict.isSolved ? "resolve" : "leave_to_person")],
                confidence: verdict.confidence,
                factors: .array([
                    TriageFactor("reply", verdict.quote, verdict.isSolved ? 1 : -1, verdict.why).json
                ]), model: ["name": "rules", "version": "1"],
                inputs: [
                    "ticket_id": JSON(ticket.id), "message_id": JSON(last.id),
                    "article_ids": .array(assistance.articleIDs.map { JSON($0) }),
                ]))
        guard made.isNew, try mayChange(decision: made.id) else { return nil }
        try tx.service.settleAssistance(of: ticket, verdict.isSolved ? .confirmed : .denied)
        if verdict.isSolved { return "resolve" }
        try tx.articles.noteUnanswered(ticket.subject)
        try tx.ticketAudience.tellPeople(
            of: ticket, Saying("notification.ticket_not_helped", ["number": .text("\(ticket.number)")]), .high
        )
        return "reopen"
    }

    // MARK: Silence

    /// Follows up on an answered ticket when its client has said nothing for as long as was set.
    func followUp() throws -> String? {
        guard ticket.followUpAt.map({ $0 <= tx.now }) ?? false else { return nil }
        guard ticket.status == .waitingOnClient, let assistance = ticket.assistance,
            let answeredAt = assistance.answeredAt, assistance.outcome == nil
        else {
            try tx.tickets.change(ticket, by: run.actor) { $0.followUpAt = nil }
            return nil
        }
        let made = try run.decide(
            in: tx, ticket.subjectOfEvents,
            Conclusion(
                outcome: ["action": "resolve"], confidence: 0.6,
                factors: .array([
                    TriageFactor(
                        "silence", "\(settings.silenceDays)", 1,
                        Saying("evidence.silence", ["time": .time(answeredAt)])
                    ).json
                ]), model: ["name": "rules", "version": "1"],
                inputs: [
                    "ticket_id": JSON(ticket.id),
                    "article_ids": .array(assistance.articleIDs.map { JSON($0) }),
                ]))
        guard made.isNew, try mayChange(decision: made.id) else { return nil }
        try tx.service.settleAssistance(of: ticket, .silent)
        return "resolve"
    }
}

extension ServiceStore where Base == Transaction {
    /// Notes what became of an answer of its own: the articles learn from it, and a ticket that is resolved is closed.
    func settleAssistance(of ticket: Ticket, _ outcome: TicketAssistance.Outcome) throws {
        try tx.tickets.change(
            ticket, by: .agent(supportAgent),
            action: outcome == .denied ? "ticket.answer_denied" : "ticket.resolved"
        ) { ticket in
            ticket.assistance?.outcome = outcome
            ticket.followUpAt = nil
            guard outcome != .denied else { return }
            ticket.status = .resolved
            ticket.resolution =
                outcome == .confirmed
                ? "Whoever asked said that the answer resolved it."
                : "Nobody objected to the answer."
        }
        try tx.counters.count("tickets.assistance.\(outcome.rawValue)", 1)
        // Silence teaches nothing.
        let lesson = outcome == .confirmed ? 1 : outcome == .denied ? -1 : 0
        guard lesson != 0 else { return }
        if let trigger = ticket.assistance?.triggerID {
            try tx.run(
                """
                UPDATE ticket_triggers
                SET confirmed = confirmed + \(max(0, lesson)), denied = denied + \(max(0, -lesson))
                WHERE tenant_id = \(tx.tenant) AND id = \(trigger)
                """)
        }
        for article in ticket.assistance?.articleIDs ?? [] {
            try tx.counters.count("articles.record.\(article)", lesson)
        }
    }
}
