internal import Database
internal import Intelligence
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// One step of a sale, in one transaction with the decision that leads to it.
struct SalesTurn {
    let services: DealsServices
    let settings: SalesSettings
    let run: AgentRun
    let tx: Transaction
    private let tenant: Tenant
    /// Whether what is written waits for a person.
    private var asksFirst: Bool

    init?(_ services: DealsServices, _ settings: SalesSettings, _ run: AgentRun, _ tx: Transaction) throws {
        (self.services, self.settings, self.run, self.tx) = (services, settings, run, tx)
        tenant = try tx.ownTenant()
        asksFirst = run.autonomy == .approve
    }

    // MARK: Answers

    mutating func answer(_ id: ID<Message>, _ words: ModelWords) throws -> String? {
        guard let stored = try Message.resource.find(id, in: tx), stored.direction == .inbound,
            let contactID = stored.contactID, let contact = try Contact.resource.find(contactID, in: tx),
            stored.replyClass != nil, let lead = try services.sources.leadOfContact(tx, contactID)
        else { return nil }
        let message =
            try words.reading.map {
                try tx.reread(
                    stored, as: $0.replyClass, confidence: ModelReading.confidence, quote: $0.quote,
                    by: $0.source)
            } ?? stored
        let replyClass = message.replyClass ?? .other
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        let reading = ReplyReading(
            message.text, currency: tenant.currency, on: zone.local(of: tx.now).date)
        let known = try learned(lead, reading, applying: false)
        let deal = try tx.openDeal(of: lead.id)
        var step = SalesStep.next(
            after: replyClass, reading, open: openQuestions(known), asked: try asked(deal),
            hasOpenProposal: try hasOpenProposal(deal))
        if case .refer = step, !reading.namesColleague(of: contact) {
            step = .handOver("They name somebody of another firm: \(reading.referral?.address ?? "").")
        }
        let isClient = deal == nil && lead.status == Deal.Stage.won.leadStatus
        if isClient {
            step = .handOver("They are a client; somebody who knows them should answer.")
        }
        if let reason = message.caution {
            (step, asksFirst) = (step.leftToPerson(because: reason), true)
        }
        let made = try run.decide(
            in: tx, message.subjectOfEvents, conclusion(step, message, reading, known, words))
        guard made.isNew, run.autonomy != .observe else { return made.isNew ? step.name : nil }
        _ = try learned(lead, reading, applying: true)
        let current = isClient ? nil : try dealing(with: known, deal, reading, step)
        try perform(step, message, contact, known, current, reading)
        if case .handOver = step, let draft = words.draft {
            try send(draft, about: message, to: contact, current)
        }
        return step.name
    }

    private func conclusion(
        _ step: SalesStep, _ message: Message, _ reading: ReplyReading, _ lead: LeadFacts, _ words: ModelWords
    ) -> Conclusion {
        let factors: [JSON] = [
            factor("reply", message.replyClass?.rawValue ?? "other", message.evidence["words"]),
            factor("needs", reading.needs.map(\.text).joined(separator: ", "), nil),
            factor("open_questions", openQuestions(lead).map(\.rawValue).joined(separator: ", "), nil),
            factor("suspicious", message.evidence["suspicious"]?.flag == true ? "yes" : "no", nil),
        ]
        return Conclusion(
            outcome: [
                "step": .string(step.name), "detail": .string(step.detail), "lead_id": .string(lead.id),
            ],
            confidence: message.confidence ?? 0.5, factors: .array(factors),
            model: words.sources.merging(["name": "rules", "version": "1"]),
            inputs: [
                "message_id": .string(message.id.text), "class": JSON(message.replyClass?.rawValue),
                "lead_id": .string(lead.id), "now": .string(tx.now.description),
            ])
    }

    private func factor(_ name: String, _ value: String, _ evidence: JSON?) -> JSON {
        [
            "name": .string(name), "value": .string(value), "weight": .null, "contribution": .null,
            "evidence": evidence ?? .null,
        ]
    }

    private func openQuestions(_ lead: LeadFacts) -> [OpenQuestion] {
        OpenQuestion.allCases.filter { question in
            switch question {
            case .budget: lead.budget == nil
            case .timeline: lead.timelineDays == nil
            case .authority: lead.authority == nil
            }
        }
    }

    /// The lead with what the answer adds; what is known already is not overwritten by words in a mail.
    private func learned(_ lead: LeadFacts, _ reading: ReplyReading, applying: Bool) throws -> LeadFacts {
        var facts = lead
        facts.budget = lead.budget ?? reading.budget
        facts.timelineDays = lead.timelineDays ?? reading.timelineDays
        facts.authority = lead.authority ?? reading.authority
        if applying { try services.sources.learn(tx, facts, .agent(salesAgent)) }
        return facts
    }

    private func asked(_ deal: Deal?) throws -> Int {
        guard let deal else { return 0 }
        return Int(
            try tx.int(
                """
                SELECT count(*) FROM messages
                WHERE tenant_id = \(tx.tenant) AND contact_id = \(deal.contactID) AND topic = 'needs_assessment'
                    AND status <> 'cancelled'
                """) ?? 0)
    }

    private func hasOpenProposal(_ deal: Deal?) throws -> Bool {
        guard let deal else { return false }
        return try tx.exists(
            """
            SELECT 1 FROM proposals
            WHERE tenant_id = \(tx.tenant) AND deal_id = \(deal.id) AND status IN ('sent', 'viewed')
            """)
    }

    private func dealing(
        with lead: LeadFacts, _ deal: Deal?, _ reading: ReplyReading, _ step: SalesStep
    ) throws -> Deal? {
        if case .lose = step { return deal }
        if case .nothing = step { return deal }
        if case .wait = step { return deal }
        let open = try services.deal(
            for: lead, package: nil, value: nil, stage: .needsAssessment, by: .agent(salesAgent), in: tx)
        let kinds = Set(open.needs.list.map(\.text))
        let new = reading.needs.filter { !kinds.contains($0.text) }
        guard !new.isEmpty else { return open }
        var told = open
        told.needs = Parts(open.needs.list + new)
        try tx.update(open, to: &told, by: .agent(salesAgent))
        return told
    }

    // MARK: Steps

    private func perform(
        _ step: SalesStep, _ message: Message, _ contact: Contact, _ lead: LeadFacts, _ deal: Deal?,
        _ reading: ReplyReading
    ) throws {
        switch step {
        case .ask(let questions):
            try write(
                "needs_assessment", to: contact, lead, message, deal,
                extra: ["questions": JSON(questions.map { $0.words(contact.locale ?? tenant.locale) })])
        case .answerPrice:
            let packages = try tx.offeredPackages().map { package -> JSON in
                let (priced, _) = try tx.priced(package, for: contact.id)
                return ["name": .string(package.name), "price": priced.price.json]
            }
            try write("price_answer", to: contact, lead, message, deal, extra: ["packages": .array(packages)])
        case .propose: try propose(lead, contact, message)
        case .answerObjection(let kind): try answer(kind, contact, lead, message, deal)
        case .refer: try refer(reading, lead, message)
        case .lose(let reason):
            guard let deal else { return }
            var lost = deal
            (lost.stage, lost.lostReason) = (.lost, reason)
            try tx.update(deal, to: &lost, by: .agent(salesAgent))
        case .handOver(let reason):
            try tx.raiseAlert(
                kind: "sales_hand_over", severity: .info, subject: message.subjectOfEvents, agent: salesAgent,
                title: "\(contact.name) waits for a person: \(reason)",
                action: "Read the conversation and answer it; the agent leaves it to you.")
        case .wait: try keepInTouch(contact, lead)
        case .nothing: break
        }
    }

    private func propose(_ lead: LeadFacts, _ contact: Contact, _ message: Message) throws {
        guard let found = try tx.recommendation(for: lead) else { return }
        var proposal = Proposal.new(id: tx.nextID(), now: tx.now)
        (proposal.leadID, proposal.packageID, proposal.contactID) = (
            lead.id, found.package.id, contact.id
        )
        (proposal.price, proposal.priceFactors) = (found.price.price, Parts(found.price.factors))
        try services.create(&proposal, by: .agent(salesAgent), in: tx)
        for trial in found.trials where trial.experiment.status == .running {
            try tx.takePart(contact.id, in: trial.experiment)
        }
        guard settings.sendsProposals else { return }
        try SaleApprovals(services).step(
            .sendProposal(proposal.id), asking: run.autonomy == .approve, to: contact,
            amount: proposal.total, because: "They are interested: \(message.text.prefix(200))", in: tx)
    }

    private func answer(
        _ kind: ObjectionKind, _ contact: Contact, _ lead: LeadFacts, _ message: Message, _ deal: Deal?
    ) throws {
        guard let objection = try tx.objection(kind, for: contact.locale ?? tenant.locale), let deal else {
            return
        }
        var logged = DealObjection.new(id: tx.nextID(), now: tx.now)
        (logged.dealID, logged.kind, logged.objectionID) = (deal.id, kind, objection.id)
        (logged.text, logged.reply) = (String(message.text.prefix(1000)), objection.reply)
        try tx.create(&logged, by: .agent(salesAgent))
        try send(
            subject: message.subject.map { $0.hasPrefix("Re:") ? $0 : "Re: \($0)" } ?? tenant.name,
            body: objection.reply + "\n\n" + (tenant.sender?.name ?? tenant.name).markdownEscaped,
            template: nil, to: contact, topic: "objection", key: "\(message.id)/objection",
            conversation: message.conversationID, why: "They object: \(kind.rawValue).", deal)
    }

    /// Who is not ready yet is not lost: their lead says so, and where the agency has a sequence for them, it begins.
    private func keepInTouch(_ contact: Contact, _ lead: LeadFacts) throws {
        try services.sources.tagLead(tx, lead.id, "nurture", .agent(salesAgent))
        let sequence = try MessageSequence.resource.first(
            where: "kind = 'nurture' AND status = 'active'", suffix: "ORDER BY row LIMIT 1", in: tx)
        guard let sequence, try !tx.isUnderWay(sequence.id, contact: contact.id, lead: lead.id) else { return }
        let request = EnrollmentRequest(sequence, contact, lead: lead.id, why: "They want to be asked later.")
        try tx.enroll(request, by: .agent(salesAgent))
    }

    private func refer(_ reading: ReplyReading, _ lead: LeadFacts, _ message: Message) throws {
        guard let referral = reading.referral else { return }
        var fields: JSONObject = [
            "match_on": "email", "company": .string(lead.company), "email": .string(referral.address),
            "source": "referral",
        ]
        if let name = referral.name { fields.append("contact_name", .string(name)) }
        _ = try services.outbox.sources.upsertLead(tx, fields)
    }

    /// A message of the agency's own template of a kind.
    private func write(
        _ kind: String, to contact: Contact, _ lead: LeadFacts, _ message: Message, _ deal: Deal?,
        extra: JSONObject
    ) throws {
        let template = try MessageTemplate.resource.first(
            where: "kind = \(kind) AND channel = 'email' AND variant_of IS NULL",
            suffix: "ORDER BY row LIMIT 1", in: tx)
        guard let template else {
            return tx.refuse(
                .send, agent: salesAgent, message.subjectOfEvents, code: "no_template",
                "There is no template of the kind \(kind).", run: run.id)
        }
        let written = try services.outbox.write(
            template.id, to: contact, lead: lead.values, extra: ["deal": .object(extra)], in: tx)
        try send(
            subject: written.subject ?? tenant.name, body: written.body, template: written.template,
            to: contact, topic: kind, key: "\(message.id)/\(kind)", conversation: message.conversationID,
            why: "They wrote: \(message.text.prefix(200))", deal)
    }

    private func send(
        subject: String, body: String, template: (id: ID<MessageTemplate>, version: Int)?,
        to contact: Contact, topic: String, key: String, conversation: ID<Conversation>?, why: String,
        _ deal: Deal?
    ) throws {
        var draft = MessageDraft(
            .email, to: contact, .transactional, subject: subject, body: body, by: .agent(salesAgent),
            cause: .init("sale", deal?.id.text ?? contact.id.text), key: key)
        (draft.template, draft.topic, draft.conversation) = (template, topic, conversation)
        (draft.why, draft.asksFirst) = (why, asksFirst)
        try services.outbox.send(draft, in: tx)
    }

    /// A model's answer to a question waits for a person, whatever the agent may do by itself.
    private func send(
        _ draft: DraftedAnswer, about message: Message, to contact: Contact, _ deal: Deal?
    ) throws {
        var answer = MessageDraft(
            .email, to: contact, .transactional,
            subject: message.subject.map { $0.hasPrefix("Re:") ? $0 : "Re: \($0)" } ?? tenant.name,
            body: draft.text.markdownEscaped + "\n\n" + (tenant.sender?.name ?? tenant.name).markdownEscaped,
            by: .agent(salesAgent), cause: .init("sale", deal?.id.text ?? contact.id.text),
            key: "\(message.id)/answer")
        (answer.topic, answer.conversation, answer.asksFirst) = ("answer", message.conversationID, true)
        answer.why = "A model drafted it; they asked: \(message.text.prefix(200))"
        try services.outbox.send(answer, in: tx)
    }

    // MARK: Contracts

    /// An accepted proposal gets its contract.
    func accepted(_ id: ID<Proposal>) throws -> String? {
        guard let proposal = try Proposal.resource.find(id, in: tx), proposal.status == .accepted,
            try !tx.exists(
                "SELECT 1 FROM contracts WHERE tenant_id = \(tx.tenant) AND proposal_id = \(id)")
        else { return nil }
        let made = try run.decide(
            in: tx, proposal.subject,
            Conclusion(
                outcome: ["step": "contract", "detail": "The proposal was accepted."], confidence: 1,
                model: ["name": "rules", "version": "1"], inputs: ["proposal_id": .string(id.text)]))
        guard made.isNew, run.autonomy != .observe else { return nil }
        var contract = Contract.new(id: tx.nextID(), now: tx.now)
        contract.proposalID = id
        try services.create(&contract, by: .agent(salesAgent), in: tx)
        guard settings.sendsContracts,
            let contact = try contract.contactID.flatMap({ try Contact.resource.find($0, in: tx) })
        else { return "contract" }
        try SaleApprovals(services).step(
            .sendContract(contract.id), asking: run.autonomy == .approve, to: contact,
            amount: contract.price, because: "They accepted the proposal.", in: tx)
        return "contract"
    }
}

extension OpenQuestion {
    /// As it is asked.
    func words(_ locale: String) -> String {
        let isGerman = locale.hasPrefix("de")
        return switch self {
        case .budget:
            isGerman
                ? "Welches Budget haben Sie im Monat ungefähr für Marketing vorgesehen?"
                : "Roughly what monthly budget have you set aside for marketing?"
        case .timeline:
            isGerman ? "Bis wann möchten Sie beginnen?" : "When would you like to start?"
        case .authority:
            isGerman
                ? "Entscheiden Sie das selbst, oder sollten wir noch jemanden einbeziehen?"
                : "Do you decide this yourself, or should we include somebody else?"
        }
    }
}
