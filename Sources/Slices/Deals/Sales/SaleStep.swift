internal import Agents
internal import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// One step of a sale, in one transaction with the decision that leads to it.
struct SaleStep {
    let services: DealsServices
    let settings: SalesSettings
    let run: AgentRun
    let tx: Transaction
    private let tenant: Tenant
    /// Whether what is written waits for a person, whatever the agent may do by itself.
    private var asksFirst = false
    /// Whether the agent changes records: one that only observes leaves them, and the gate keeps what it would write.
    private var changes = true
    /// To what its messages go back.
    private var origin: Origin

    init?(_ services: DealsServices, _ settings: SalesSettings, _ run: AgentRun, _ tx: Transaction) throws {
        (self.services, self.settings, self.run, self.tx) = (services, settings, run, tx)
        tenant = try tx.agency.tenant()
        origin = Origin(run: .agent(run.id))
    }

    // MARK: Answers

    mutating func answer(_ id: MessageID, _ words: ModelReplies) throws -> String? {
        guard let stored = try Message.resource.find(id, in: tx), stored.direction == .inbound,
            let contactID = stored.contactID, let contact = try Contact.resource.find(contactID, in: tx),
            stored.replyClass != nil, let lead = try services.dependencies.leadOfContact(tx, contactID)
        else { return nil }
        let message =
            try words.reading.map {
                try tx.inbox.reread(
                    stored, as: $0.replyClass, confidence: ModelReading.confidence, quote: $0.quote,
                    by: $0.source)
            } ?? stored
        let replyClass = message.replyClass ?? .other
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        let reading = ReplyReading(
            message.text, currency: tenant.currency, on: zone.local(of: tx.now).date, as: replyClass,
            isSuspicious: message.isSuspicious)
        let teaches = replyClass.tellsOfThem && message.privacyRequest == nil
        // An objection to the offer is not a need, although it may sound like one.
        let isNeed = replyClass != .objection
        let known = try teaches ? learned(lead, reading, applying: false, isNeed: isNeed) : lead
        let deal = try tx.deals.open(of: lead.id)
        var step = SalesStep.next(
            after: replyClass, reading, open: openQuestions(known), asked: try asked(contact),
            hasOpenProposal: try hasOpenProposal(deal))
        if case .refer = step, !reading.namesColleague(of: contact) {
            step = .handOver(
                Saying("sale.other_firm", ["address": .text(reading.referral?.address ?? "")]))
        }
        let isClient = deal == nil && lead.status == Deal.Stage.won.leadStatus
        if isClient {
            step = .handOver(Saying("sale.client"))
        }
        let wanted = step.said
        if let caution = message.caution {
            (step, asksFirst) = (step.leftToPerson(because: caution), true)
        }
        if message.isSuspicious { step = .handOver(SalesCaution.orders.said(before: wanted)) }
        let made = try run.decide(
            in: tx, message.subjectOfEvents, conclusion(step, message, reading, known, words))
        origin.decision = made.id
        guard made.isNew else { return nil }
        changes = try run.may(
            "update_record", ["id": JSON(lead.id)], permission: "leads:write",
            about: message.subjectOfEvents, decision: made.id,
            in: tx)
        if changes, teaches { _ = try learned(lead, reading, applying: true, isNeed: isNeed) }
        let person = contact.answered(in: message, of: tenant)
        let current =
            isClient ? nil : try dealing(with: known, deal, reading, step, message, from: person)
        if changes, !message.isSuspicious { try settleObjections(of: lead, current, after: replyClass) }
        try perform(step, message, person, known, current, reading)
        if case .handOver = step, let draft = words.draft {
            try send(draft, about: message, to: contact, current)
        }
        return step.name
    }

    private func conclusion(
        _ step: SalesStep, _ message: Message, _ reading: ReplyReading, _ lead: LeadFacts,
        _ words: ModelReplies
    ) -> Conclusion {
        let factors: [JSON] = [
            factor("reply", message.replyClass?.rawValue ?? "other", message.evidence["words"]),
            factor("needs", reading.needs.map(\.text).joined(separator: ", "), nil),
            factor("open_questions", openQuestions(lead).map(\.rawValue).joined(separator: ", "), nil),
            factor("suspicious", message.evidence["suspicious"]?.flag == true ? "yes" : "no", nil),
        ]
        let outcome: JSON = ["step": .string(step.name), "lead_id": JSON(lead.id)]
        return Conclusion(
            outcome: outcome.saying("detail", step.said),
            confidence: message.confidence ?? 0.5, factors: .array(factors),
            model: words.sources.merging(["name": "rules", "version": "1"]),
            inputs: [
                "message_id": JSON(message.id), "class": JSON(message.replyClass?.rawValue),
                "lead_id": JSON(lead.id), "now": .string(tx.now.description),
            ])
    }

    private func factor(_ name: String, _ value: String, _ evidence: JSON?) -> JSON {
        [
            "name": .string(name), "value": .string(value), "weight": .null, "contribution": .null,
            "evidence": evidence ?? .null,
        ]
    }

    /// Returns the lead's deal, with the needs that the reply describes. Only a clear yes or a question about the
    /// price opens a new deal; a reply that is left to a person opens none.
    private func dealing(
        with lead: LeadFacts, _ deal: Deal?, _ reading: ReplyReading, _ step: SalesStep, _ message: Message,
        from contact: Contact
    ) throws -> Deal? {
        guard changes, message.caution == nil, step.opensDeal else { return deal }
        let open = try services.deal(
            for: lead, package: nil, value: nil, stage: .needsAssessment, by: .agent(salesAgent), in: tx)
        let kinds = Set(open.needs.list.map(\.text))
        var told = open
        told.needs = Parts(open.needs.list + reading.needs.filter { !kinds.contains($0.text) })
        // The deal takes over what discovery knows: the package that fits, and how the lead wants to be contacted.
        if open.packageID == nil { told.packageID = try tx.packages.recommendation(for: lead)?.package.id }
        if open.preferences == nil {
            var preferences = CommunicationPreferences()
            (preferences.channel, preferences.language) = (
                message.channel.rawValue, contact.locale ?? tenant.locale
            )
            let times = reading.meetingTimes.joined(separator: ", ").prefix(200)
            preferences.times = times.isEmpty ? nil : String(times)
            told.preferences = preferences
        }
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
            let words = try tx.wordings.find(contact.locale ?? tenant.locale)
            try write(
                "needs_assessment", to: contact, lead, message, deal,
                extra: ["questions": JSON(questions.map { $0.asked(words) })])
        case .answerPrice:
            let packages = try tx.packages.offered().map { package -> JSON in
                let (priced, _) = try tx.packages.priced(package, for: contact.id)
                return ["name": .string(package.name), "price": priced.price.json]
            }
            try write("price_answer", to: contact, lead, message, deal, extra: ["packages": .array(packages)])
        case .propose: try propose(lead, contact, message)
        case .answerObjection(let kind): try answer(kind, contact, lead, message, deal)
        case .refer: try refer(reading, lead, message)
        case .lose(let reason):
            guard changes, let deal else { return }
            var lost = deal
            (lost.stage, lost.lostReason) = (.lost, reason.english)
            try tx.update(deal, to: &lost, by: .agent(salesAgent))
        case .handOver(let reason):
            guard changes else { return }
            try tx.alerts.raise(
                kind: "sales_hand_over", severity: .info, subject: message.subjectOfEvents, agent: salesAgent,
                title: Saying(
                    "alert.sales_hand_over", ["name": .text(contact.name), "reason": .saying(reason)]),
                action: Saying("alert.sales_hand_over_do"))
        case .wait: try keepInTouch(contact, lead)
        case .nothing: break
        }
    }

    private func propose(_ lead: LeadFacts, _ contact: Contact, _ message: Message) throws {
        guard let found = try tx.packages.recommendation(for: lead) else { return }
        guard changes else {
            guard settings.sendsProposals else { return }
            _ = try run.may(
                SendProposalTool.name,
                ["lead_id": JSON(lead.id), "package_id": JSON(found.package.id)],
                permission: SendMessage.permission, about: message.subjectOfEvents,
                decision: origin.decision, in: tx)
            return
        }
        var proposal = Proposal.new(id: tx.nextID(), now: tx.now)
        (proposal.leadID, proposal.packageID, proposal.contactID) = (
            lead.id, found.package.id, contact.id
        )
        (proposal.price, proposal.priceFactors) = (found.price.price, Parts(found.price.factors))
        try services.create(&proposal, by: .agent(salesAgent), in: tx)
        for trial in found.trials where trial.experiment.status == .running {
            try tx.experiments.takePart(contact.id, in: trial.experiment)
        }
        guard settings.sendsProposals else { return }
        try SaleDocument.proposal(proposal.id).leave(
            to: contact, amount: proposal.total,
            because: Saying(
                "approval.interested", ["text": .text(String(message.text.prefix(200)))]
            ).english, from: origin, in: tx)
    }

    private func answer(
        _ kind: ObjectionKind, _ contact: Contact, _ lead: LeadFacts, _ message: Message, _ deal: Deal?
    ) throws {
        let locale = contact.locale ?? tenant.locale
        guard let objection = try tx.offers.objection(kind, for: locale) else {
            return try perform(
                .handOver(Saying("sale.no_answer", ["kind": .text(kind.rawValue)])), message, contact, lead,
                deal, ReplyReading("", currency: tenant.currency, on: CivilDate(daysSinceEpoch: 0)))
        }
        let alternatives = kind == .price ? try cheaper(than: deal, lead, in: locale) : nil
        let reply = [objection.reply, alternatives].compactMap(\.self).joined(separator: "\n\n")
        let isSaid = try send(
            subject: message.subject.map { SubjectLine.answering($0) } ?? tenant.name,
            body: reply + "\n\n" + (tenant.sender?.name ?? tenant.name).markdownEscaped,
            template: nil, to: contact, topic: "objection", key: "\(message.id)/objection",
            conversation: message.conversationID,
            why: Saying("message.why_objects", ["kind": .text(kind.rawValue)]),
            deal)
        guard changes else { return }
        var logged = DealObjection.new(id: tx.nextID(), now: tx.now)
        (logged.dealID, logged.leadID, logged.kind, logged.objectionID) = (
            deal?.id, lead.id, kind, objection.id
        )
        (logged.text, logged.reply) = (
            String(OwnWords.of(message.text).prefix(1000)), isSaid ? reply : nil
        )
        logged.messageID = message.id
        try tx.create(&logged, by: .agent(salesAgent))
    }

    /// The number of cheaper packages that are shown to a prospect who finds the price too high.
    private static let alternativesMax = 2

    /// Returns packages that cost less than the offer made, or than the package that fits; `nil` where there is none.
    private func cheaper(than deal: Deal?, _ lead: LeadFacts, in locale: String) throws -> String? {
        let proposal = try deal.flatMap { deal in
            try Proposal.resource.first(
                where: "deal_id = \(deal.id) AND status IN ('sent', 'viewed')",
                suffix: "ORDER BY id DESC LIMIT 1",
                in: tx)
        }
        guard let price = try proposal?.price ?? tx.packages.recommendation(for: lead)?.price.price else {
            return nil
        }
        let packages = try tx.packages.offered().map { try tx.packages.priced($0, for: lead.contact).0 }
            .filter { $0.price.currency == price.currency && $0.price.amount < price.amount }
            .sorted { $0.price.amount > $1.price.amount }.prefix(Self.alternativesMax)
        guard !packages.isEmpty else { return nil }
        let words = SellingCopy(try tx.wordings.find(locale))
        let lines = packages.map {
            "- \($0.name.markdownEscaped): \(words.locale.shown($0.price)) \(words.perMonth)"
        }
        return ([words("sales.alternatives"), ""] + lines).joined(separator: "\n")
    }

    /// Records what the answers to earlier objections achieved: a prospect who goes on was convinced, one who ends the
    /// talk was not.
    private func settleObjections(
        of lead: LeadFacts, _ deal: Deal?, after replyClass: Message.Class
    ) throws {
        let outcome: DealObjection.Outcome
        switch replyClass {
        case .interested, .question: outcome = .resolved
        case .notInterested, .unsubscribe: outcome = .lost
        default: return
        }
        let open = try DealObjection.resource.all(
            where: "(lead_id = \(lead.id) OR deal_id = \(deal?.id)) AND outcome = 'open'",
            suffix: "ORDER BY id LIMIT 20", in: tx)
        for objection in open {
            var settled = objection
            settled.outcome = outcome
            settled.dealID = objection.dealID ?? deal?.id
            try tx.update(objection, to: &settled, by: .agent(salesAgent))
        }
    }

    /// Keeps a lead that is not ready yet, but not lost: tags it, and begins the agency's sequence for such leads,
    /// where there is one.
    private func keepInTouch(_ contact: Contact, _ lead: LeadFacts) throws {
        if changes { try services.dependencies.tagLead(tx, lead.id, "nurture", .agent(salesAgent)) }
        let sequence = try MessageSequence.resource.first(
            where: "kind = 'nurture' AND status = 'active' AND key IS NULL", suffix: "ORDER BY row LIMIT 1",
            in: tx)
        guard let sequence, try !tx.enrollments.isUnderWay(sequence.id, contact: contact.id, lead: lead.id),
            try run.may(
                SendMessage.tool,
                [
                    "channel": .string(Channel.email.rawValue), "contact_id": JSON(contact.id),
                    "sequence_id": JSON(sequence.id),
                ], permission: SendMessage.permission, about: Subject(lead.id),
                decision: origin.decision, in: tx),
            changes
        else { return }
        var request = EnrollmentRequest(sequence, contact, lead: lead.id, why: Saying("message.why_later"))
        request.origin = origin
        try tx.enrollments.enroll(request, by: .agent(salesAgent))
    }

    private func refer(_ reading: ReplyReading, _ lead: LeadFacts, _ message: Message) throws {
        guard changes, let referral = reading.referral else { return }
        var fields: JSONObject = [
            "match_on": "email", "company": .string(lead.company), "email": .string(referral.address),
            "source": "referral",
        ]
        if let name = referral.name { fields.append("contact_name", .string(name)) }
        _ = try services.outbox.dependencies.upsertLead(tx, fields)
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
            return tx.refusals.refuse(
                .send, agent: salesAgent, message.subjectOfEvents, code: "no_template",
                "The agency has no template of the kind \(kind): create one.", run: .agent(run.id))
        }
        let written = try services.outbox.write(
            template.id, to: contact, lead: lead.values, extra: ["deal": .object(extra)], in: tx)
        try send(
            subject: written.subject ?? tenant.name, body: written.body, template: written.template,
            to: contact, topic: kind, key: "\(message.id)/\(kind)", conversation: message.conversationID,
            why: Saying("message.why_wrote", ["text": .text(String(message.text.prefix(200)))]), deal)
    }

    /// Answers whether the gate let it be written.
    @discardableResult
    private func send(
        subject: String, body: String, template: (id: ID<MessageTemplate>, version: Int)?,
        to contact: Contact, topic: String, key: String, conversation: ID<Conversation>?, why: Saying,
        _ deal: Deal?
    ) throws -> Bool {
        var draft = MessageDraft(
            .email, to: contact, .transactional, subject: subject, body: body, by: .agent(salesAgent),
            cause: deal.map { .init("sale", $0.id) } ?? .init("sale", contact.id), key: key)
        (draft.template, draft.topic, draft.conversation) = (template, topic, conversation)
        (draft.why, draft.asksFirst) = (why, asksFirst)
        (draft.run, draft.decision) = (origin.run, origin.decision)
        return try services.outbox.offer(draft, in: tx) != nil
    }

    /// A model's answer to a question waits for a person, whatever the agent may do by itself.
    private func send(
        _ draft: DraftedAnswer, about message: Message, to contact: Contact, _ deal: Deal?
    ) throws {
        var answer = MessageDraft(
            .email, to: contact, .transactional,
            subject: message.subject.map { SubjectLine.answering($0) } ?? tenant.name,
            body: draft.text.markdownEscaped + "\n\n" + (tenant.sender?.name ?? tenant.name).markdownEscaped,
            by: .agent(salesAgent), cause: deal.map { .init("sale", $0.id) } ?? .init("sale", contact.id),
            key: "\(message.id)/answer")
        (answer.topic, answer.conversation, answer.asksFirst) = ("answer", message.conversationID, true)
        answer.why = Saying("message.why_model_drafted", ["text": .text(String(message.text.prefix(200)))])
        (answer.run, answer.decision, answer.isMadeWithAI) = (origin.run, origin.decision, true)
        try services.outbox.offer(answer, in: tx)
    }
}
