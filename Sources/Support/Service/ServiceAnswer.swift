internal import Database
internal import Intelligence
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// An article that answers a ticket, and the passage that does.
struct FoundAnswer {
    let article: Article
    let passage: String
    let score: Double
    /// Answers with it that solved something, less those that did not.
    let record: Int
}

extension Queryable {
    /// The article that answers a ticket best. One that did not help others has to fit better.
    func answer(to ticket: Ticket, min: Double) throws -> FoundAnswer? {
        let question = ticket.subject + "\n" + String(ticket.body.prefix(2000))
        for asked in [ticket.body, question] {
            for found in try articles(answering: asked, locale: ticket.language) where found.isAnswer {
                let record = try counter("articles.record.\(found.article.id.text)")
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
    let articles: [String]
    var trigger: ID<TicketTrigger>?
    let title: String
    let silenceDays: Int

    var sources: JSON {
        .array(articles.map { ["type": "article", "id": .string($0), "title": .string(title)] })
    }
}

extension TicketDesk {
    /// Gives an answer from the articles or by one of the agency's own rules: from then on the ticket waits for whoever
    /// asked.
    func give(_ answer: ServiceAnswer, to ticket: Ticket, in tx: Transaction) throws {
        try say(answer.text, in: ticket, sources: answer.sources, by: .agent(supportAgent), in: tx)
        let now = tx.now
        try tx.change(ticket, by: .agent(supportAgent)) { ticket in
            var assistance = TicketAssistance()
            (assistance.answeredAt, assistance.articleIDs) = (now, answer.articles)
            assistance.triggerID = answer.trigger
            ticket.assistance = assistance
            ticket.status = .waitingOnClient
            ticket.acknowledgedAt = ticket.acknowledgedAt ?? now
            ticket.followUpAt = now + .seconds(answer.silenceDays * 86_400)
        }
        try tx.count("tickets.assistance.answered", 1)
        if let macro = try answer.trigger.flatMap({ try TicketTrigger.resource.find($0, in: tx) })?.macroID
            .flatMap({ try Macro.resource.find($0, in: tx) })
        {
            var rest = macro
            (rest.reply, rest.status) = (nil, nil)
            try apply(rest, to: Ticket.resource.get(ticket.id, in: tx), by: .agent(supportAgent), in: tx)
        }
    }
}

/// Answers of customer service that wait for a person: because the agent asks first, or since something in them looks
/// wrong.
struct ServiceApprovals: ApprovalListener {
    static let owner = "ticket_answer"
    private let desk: TicketDesk

    init(_ desk: TicketDesk) { self.desk = desk }

    func ask(
        _ answer: ServiceAnswer, about ticket: Ticket, _ findings: [QualityFinding], in tx: Transaction
    ) throws {
        let contact = try ticket.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        let found = findings.map { "\($0.detail) \($0.quote.map { "“\($0)”" } ?? "")".trimmed }
        _ = try tx.requestApproval(
            ApprovalRequest(
                owner: (Self.owner, ticket.id.text), key: "answer",
                title: "Answer ticket \(ticket.number): \(ticket.subject)",
                preview: [
                    "to": JSON(contact?.name), "recipient": JSON(contact?.email),
                    "text": .string(answer.text), "sources": answer.sources,
                    "findings": .array(findings.map(\.json)),
                ],
                reason: found.isEmpty
                    ? "“\(answer.title)” answers it." : "Look at it first: \(found.joined(separator: " "))",
                arguments: ["text": .string(answer.text)], agent: supportAgent,
                subject: ticket.subjectOfEvents,
                context: [
                    "articles": JSON(answer.articles), "title": .string(answer.title),
                    "silence_days": JSON(answer.silenceDays), "trigger_id": JSON(answer.trigger?.text),
                ], requestedBy: .agent(supportAgent)))
    }

    func faults(_ approval: Approval, arguments: JSON, in tx: Transaction) -> [ValueFault] {
        let given = arguments.object?.members ?? []
        if arguments["text"]?.text?.trimmed.isEmpty ?? true {
            return [ValueFault(pointer: "/text", code: "required", detail: "It must have a text.")]
        }
        return given.filter { $0.key != "text" }.map {
            ValueFault(
                pointer: "/\($0.key.pointerToken)", code: "unknown_field", detail: "Its text can be changed.")
        }
    }

    func decided(_ approval: Approval, in tx: Transaction) throws {
        guard let id = ID<Ticket>(approval.owner.id), let ticket = try tx.goingOn(id), !ticket.isOver,
            ticket.assistance?.answeredAt == nil
        else { return }
        guard approval.status == .approved, ticket.firstResponseAt == nil else {
            if approval.status != .approved, ticket.firstResponseAt == nil {
                try tx.tellPeople(
                    of: ticket, kind: "ticket", "Ticket \(ticket.number) waits for an answer", .normal)
            }
            return
        }
        let text = approval.arguments["text"]?.text ?? ""
        let articles = (approval.context["articles"]?.array ?? []).compactMap(\.text)
        try desk.give(
            ServiceAnswer(
                text: text, articles: articles,
                trigger: approval.context["trigger_id"]?.text.flatMap { ID($0) },
                title: approval.context["title"]?.text ?? "",
                silenceDays: Int(approval.context["silence_days"]?.int ?? 3)), to: ticket, in: tx)
    }
}

/// What somebody has said to an answer: only what clearly says that it is solved counts as that.
struct AnswerVerdict {
    private(set) var isSolved = false
    private(set) var confidence = 0.7
    private(set) var quote = ""
    private(set) var why = "It does not say that it is solved."

    private static let solved: Set<String> = [
        "yes", "yep", "yeah", "solved", "resolved", "works", "worked", "working", "fixed", "helped", "helps",
        "perfect", "sorted", "ja", "jawohl", "gelost", "erledigt", "geklappt", "klappt", "funktioniert",
        "geholfen",
        "prima", "passt", "oui", "resolu", "si", "resuelto", "sim", "risolto",
    ]
    private static let open: Set<String> = [
        "no", "not", "nope", "never", "but", "however", "still", "cannot", "cant", "doesnt", "didnt", "isnt",
        "wont",
        "nothing", "unfortunately", "person", "human", "nein", "nicht", "kein", "keine", "aber", "leider",
        "noch",
        "trotzdem", "mensch", "non", "pas", "mais", "pero", "nada", "nao", "mas", "ma", "how", "why", "what",
        "wie",
        "warum", "was",
    ]

    init(_ text: String) {
        let words = TextFolding.searchTokens(text).map { $0.filter { $0 != "'" && $0 != "’" } }
        quote = String(text.trimmed.prefix(120))
        let wish = HandoverRequest.read(text)
        let isOpen =
            text.contains("?") || words.contains(where: Self.open.contains) || wish.asksForPerson
            || wish.isFrustrated || words.count > 60
        guard !isOpen else {
            (confidence, why) = (0.85, "Something is still missing, or a person is wanted.")
            return
        }
        let thanks = SmallTalk(text).map { $0 == .thanks || $0 == .acknowledgement } ?? false
        if thanks || words.contains(where: Self.solved.contains) {
            (isSolved, confidence, why) = (true, thanks ? 0.8 : 0.9, "They say that it is solved.")
        }
    }
}
