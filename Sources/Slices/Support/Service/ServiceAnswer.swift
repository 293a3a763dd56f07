package import Agents
package import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Lexicons
internal import Messages
package import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// An article that answers a ticket, and the passage that does.
struct FoundAnswer {
    let article: Article
    let passage: String
    let score: Double
    /// Answers with it that resolved something, less those that did not.
    let record: Int
}

extension ServiceStore {
    /// The article that answers a ticket best. One that did not help others has to fit better.
    func answer(to ticket: Ticket, min: Double) throws -> FoundAnswer? {
        let question = ticket.subject + "\n" + String(ticket.body.prefix(2000))
        for asked in [ticket.body, question] {
            for found in try tx.articles.all(answering: asked, locale: ticket.language) where found.isAnswer {
                let record = try tx.counters.find("articles.record.\(found.article.id)")
                let score = found.answer.confidence + 0.05 * Double(Swift.max(-6, Swift.min(0, record)))
                guard score >= min else { continue }
                return FoundAnswer(
                    article: found.article, passage: found.answer.passage, score: Swift.min(1, score),
                    record: record)
            }
        }
        return nil
    }
}

/// An answer of customer service, before it is given.
struct ServiceAnswer {
    /// Markdown.
    var text: String
    /// The subject of the mail, where a person has chosen it.
    var subject: String?
    let articles: [ID<Article>]
    var trigger: ID<TicketTrigger>?
    let title: String
    let silenceDays: Int
    /// The records that it rests on beside articles.
    var records: [JSON] = []
    /// To what its message goes back.
    var origin = Origin()

    var sources: JSON {
        .array(articles.map { ["type": "article", "id": JSON($0), "title": .string(title)] } + records)
    }
}

extension TicketDesk {
    /// Gives an answer from the articles or by one of the agency's own rules, or tells how an incident ended: from then
    /// on the ticket waits for whoever asked. `nil`: the gate does not let it out, and nothing is stored.
    @discardableResult
    func give(
        _ answer: ServiceAnswer, to ticket: Ticket, by actor: Actor = .agent(supportAgent), in tx: Transaction
    ) throws -> TicketMessage? {
        let said = try offer(
            answer.text, subject: answer.subject, in: ticket, sources: answer.sources,
            by: actor, from: answer.origin, in: tx)
        guard let said else { return nil }
        let now = tx.now
        try tx.tickets.change(ticket, by: actor) { ticket in
            var assistance = TicketAssistance()
            (assistance.answeredAt, assistance.articleIDs) = (now, answer.articles)
            assistance.triggerID = answer.trigger
            ticket.assistance = assistance
            ticket.status = .waitingOnClient
            ticket.acknowledgedAt = ticket.acknowledgedAt ?? now
            ticket.followUpAt = now + .seconds(answer.silenceDays * 86_400)
        }
        try tx.counters.count("tickets.assistance.answered", 1)
        if let macro = try answer.trigger.flatMap({ try TicketTrigger.resource.find($0, in: tx) })?.macroID
            .flatMap({ try Macro.resource.find($0, in: tx) })
        {
            var rest = macro
            (rest.reply, rest.status) = (nil, nil)
            try apply(rest, to: Ticket.resource.get(ticket.id, in: tx), by: actor, in: tx)
        }
        return said
    }

    // MARK: Before it is given

    /// An answer as the gate is asked about it.
    func effect(
        of answer: ServiceAnswer, to ticket: Ticket, in reader: some Queryable
    ) throws -> ToolRequest {
        var caller = ToolCaller(
            actor: .agent(supportAgent), agent: supportAgent, runID: answer.origin.run,
            subject: ticket.subjectOfEvents, clientID: ticket.clientID)
        caller.decisionID = answer.origin.decision
        let channel = try reader.tickets.chat(of: ticket)?.channel ?? .email
        return ToolRequest(
            tool: SendMessage.tool,
            arguments: [
                "channel": .string(channel.rawValue), "contact_id": JSON(ticket.contactID),
                "ticket_id": JSON(ticket.id),
                "subject": channel == .email ? .string(ticket.answerSubject) : .null,
                "body": .string(answer.text),
            ], caller: caller, key: "\(answer.origin.run?.keyText ?? "")/\(SendMessage.tool)/\(ticket.id)",
            reason: Saying("approval.answers", ["title": .text(answer.title)]).english)
    }

    /// Has an answer wait for a person: because the agent asks first, or since something in it looks wrong.
    func ask(
        _ effect: ToolRequest, _ answer: ServiceAnswer, about ticket: Ticket, _ findings: [QualityFinding],
        in tx: Transaction
    ) throws {
        let contact = try ticket.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        let found = findings.map { "\($0.detail) \($0.quote.map { "“\($0)”" } ?? "")".trimmed }
        _ = try tx.approvals.request(
            ApprovalRequest(
                owner: AgentEffects.owner(of: ticket.id), key: SendMessage.tool,
                title: Saying(
                    "approval.answer_ticket",
                    ["number": .text("\(ticket.number)"), "subject": .text(ticket.subject)]
                ).english,
                preview: [
                    "channel": effect.arguments["channel"] ?? .null, "to": JSON(contact?.name),
                    "recipient": JSON(contact?.email), "subject": effect.arguments["subject"] ?? .null,
                    "text": .string(answer.text), "sources": answer.sources,
                    "findings": .array(findings.map(\.json)),
                ],
                reason: found.isEmpty
                    ? effect.reason
                    : Saying("approval.look_first", ["findings": .text(found.joined(separator: " "))])
                        .english,
                arguments: effect.arguments, runID: answer.origin.run, agent: supportAgent,
                tool: SendMessage.tool, subject: ticket.subjectOfEvents,
                context: [
                    "articles": .array(answer.articles.map { JSON($0) }), "title": .string(answer.title),
                    "silence_days": JSON(answer.silenceDays), "trigger_id": JSON(answer.trigger?.text),
                    "records": .array(answer.records),
                    "decision_id": JSON(answer.origin.decision),
                ], requestedBy: .agent(supportAgent)))
    }

    /// Acts on what was decided about an answer that waited for a person.
    package func decided(_ approval: Approval, about known: TicketID, in tx: Transaction) throws {
        guard let ticket = try tx.ticketThreads.goingOn(known), !ticket.isOver,
            ticket.assistance?.answeredAt == nil, ticket.firstResponseAt == nil
        else {
            guard approval.status == .approved else { return }
            return try tx.approvals.recordEffect(
                of: approval.id,
                ["status": "cancelled", "detail": "The ticket was answered, or was over, before the yes."])
        }
        guard approval.status == .approved else {
            return try tx.ticketAudience.tellPeople(
                of: ticket, ticket.waits(), .normal)
        }
        let (given, context) = (approval.arguments, approval.context)
        let said = try give(
            ServiceAnswer(
                text: given["body"]?.text ?? "", subject: given["subject"]?.text,
                articles: (context["articles"]?.array ?? []).compactMap { $0.id() },
                trigger: context["trigger_id"]?.id(),
                title: context["title"]?.text ?? "", silenceDays: Int(context["silence_days"]?.int ?? 3),
                records: context["records"]?.array ?? [],
                origin: Origin(
                    run: approval.runID, decision: context["decision_id"]?.id(), isApproved: true,
                    approval: approval.id)),
            to: ticket, in: tx)
        // An answer that no message carries is read in the thread.
        if let said, said.messageID == nil {
            try tx.approvals.recordEffect(
                of: approval.id, ["status": "succeeded", "ticket_message_id": JSON(said.id)])
        }
    }
}

/// Somebody's verdict on an answer: the ticket counts as resolved only where they clearly say so.
struct AnswerVerdict {
    private(set) var isSolved = false
    private(set) var confidence = 0.7
    private(set) var quote = ""
    private(set) var why = Saying("evidence.not_solved")

    private static let lexicon = Lexicon("verdicts", in: ResourceTable.texts)
    private static let solved = Set(lexicon.words("solved").map { TextFolding.fold($0) })
    private static let open = Set(lexicon.words("open").map { TextFolding.fold($0) })

    init(_ text: String) {
        let words = TextFolding.searchTokens(text).map { $0.filter { $0 != "'" && $0 != "’" } }
        quote = String(text.trimmed.prefix(120))
        let wish = HandoverReader.read(text)
        let isOpen =
            text.contains("?") || words.contains(where: Self.open.contains) || wish.asksForPerson
            || wish.isFrustrated || words.count > 60
        guard !isOpen else {
            (confidence, why) = (0.85, Saying("evidence.still_open"))
            return
        }
        let thanks = SmallTalk(text).map { $0 == .thanks || $0 == .acknowledgement } ?? false
        if thanks || words.contains(where: Self.solved.contains) {
            (isSolved, confidence, why) = (true, thanks ? 0.8 : 0.9, Saying("evidence.solved"))
        }
    }
}
