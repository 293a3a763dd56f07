internal import Agents
internal import ChangeSets
internal import Database
internal import Facts
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Wording

/// The answers of sources about one lead, before they are stored.
struct LeadFindings: Sendable {
    let lead: LeadID
    let currency: String
    var observations: [Observation] = []
    var tried: [SourceAttempt] = []
    /// The sources that would be asked, where none was.
    var planned: [(source: String, fields: [String], price: Int64)] = []
    /// The fields for which nobody was asked, and why.
    var kept: [(field: String, reason: FactOutcome.KeptReason)] = []
    /// Nobody was asked, and nothing is stored.
    var isDry = false
    /// The bad data that has stopped it; what sources have said until then is let go.
    var heldBy: RecordHold?
    /// Whether those were left out that are paid.
    var isFree = false
    /// Whether what follows from all facts together is wanted, too.
    var wantsResearch = false

    var cost: Int64 { tried.reduce(0) { $0 + $1.cost } }

    /// Stores what is found: facts, the record's change, what is known of the sources. Answers the result of the lead.
    func conclude(_ run: AgentRun, in tx: Transaction) throws -> JSONObject {
        guard !isDry, let lead = try Lead.resource.find(lead, in: tx) else { return json([], nil) }
        if let heldBy {
            try holdBack(run, until: heldBy, lead, in: tx)
            return json([], nil)
        }
        var groups = [(subject: lead.subject, observations: observations)]
        if let id = lead.companyID, let company = try Company.resource.find(id, in: tx) {
            let shared = observations.filter { EnrichmentSources.ofCompany.contains($0.field) }
            groups.append((company.subject, shared))
        }
        let set = NewChangeSet(
            .enrichment, Saying("change_set.enrichment", ["name": .text(lead.company)]).english, run: run.id)
        var report = FactReport()
        if try run.may("update_record", permission: "leads:write", about: lead.subject, decision: nil, in: tx)
        {
            report = try tx.facts.observe(groups, as: set, by: run.actor)
            if lead.companyID == nil { try tellNewCompany(of: lead.id, set, run, in: tx) }
        }
        if wantsResearch {
            let derived = try CompanyResearch(of: lead.subject, in: tx).observations()
            report.outcomes += try tx.facts.observe(derived, of: lead.subject, as: set, by: run.actor)
                .outcomes
        }
        for attempt in tried where !attempt.asked.isEmpty {
            try tx.enrichment.count(attempt.source, asked: attempt.asked, found: attempt.found)
        }
        try tx.enrichment.noteEnriched(lead.id, wholly: !isFree)
        let own = report.outcomes.filter { $0.subject == lead.subject }
        try tell(own, report.changeSetID, run, of: lead, in: tx)
        try flag(own, of: lead, in: tx)
        return json(own, report.changeSetID)
    }

    /// Has the lead wait until the bad data is mended. Who has asked for it is told by a refusal, too.
    private func holdBack(_ run: AgentRun, until hold: RecordHold, _ lead: Lead, in tx: Transaction) throws {
        guard run.parameters["lead_id"] != nil else { return try tx.enrichment.wait(lead.id) }
        try tx.enrichment.keep(run.parameters, of: lead.id)
        tx.refusals.refuse(
            .action, agent: run.agent, lead.subject, code: RecordHold.code,
            "No source is asked until \(hold.field) of \(hold.subject.id) is mended: see its quality issues.",
            run: .agent(run.id))
    }

    /// Tells the company with which an address has just tied the lead what its sources say: of one that was made with
    /// the lead's values, these are its own.
    private func tellNewCompany(
        of lead: LeadID, _ set: NewChangeSet, _ run: AgentRun, in tx: Transaction
    ) throws {
        guard let id = try Lead.resource.get(lead, in: tx).companyID,
            let company = try Company.resource.find(id, in: tx)
        else { return }
        let shared = observations.filter { EnrichmentSources.ofCompany.contains($0.field) }
        if company.createdAt == tx.now {
            try tx.facts.attribute(shared, to: company.subject)
        } else {
            try tx.facts.observe(shared, of: company.subject, as: set, by: run.actor)
        }
    }

    /// Tells the lead's story that sources were asked.
    private func tell(
        _ outcomes: [FactOutcome], _ set: ID<ChangeSet>?, _ run: AgentRun, of lead: Lead, in tx: Transaction
    ) throws {
        guard tried.contains(where: { $0.outcome != .skipped }) else { return }
        let filled = outcomes.filter { $0.result == .filled }
        let changes = JSONObject(
            filled.map { ($0.observation.field, .string($0.observation.source.name)) })
        try tx.auditLog.add(
            run.actor, FactStore<Transaction>.enrichedAction(Lead.noun), lead.subject, .object(changes),
            run: .agent(run.id))
        try tx.publish(
            "lead.enriched", lead.subject,
            [
                "fields": JSON(filled.map(\.observation.field)), "change_set_id": JSON(set),
                "cost": Money(micros: cost, currency: currency).json,
            ])
    }

    /// Puts before people what sources contradict each other about.
    private func flag(_ outcomes: [FactOutcome], of lead: Lead, in tx: Transaction) throws {
        let disputed = try tx.facts.sheet(of: lead.subject, tx.runtime).disputedFields
        let kind = DecidedFacts.alert
        guard !disputed.isEmpty else {
            try tx.alerts.resolve(kind: kind, subject: lead.subject)
            return
        }
        try tx.alerts.raise(
            kind: kind, severity: .info, subject: lead.subject,
            title: Saying(
                "alert.disputed_facts",
                ["company": .text(lead.company), "fields": .text(disputed.joined(separator: ", "))]),
            action: Saying("alert.disputed_facts_do"))
    }

    private func json(_ outcomes: [FactOutcome], _ set: ID<ChangeSet>?) -> JSONObject {
        var filled: [JSON] = [], kept: [JSON] = [], seen: Set<String> = []
        for outcome in outcomes {
            let observation = outcome.observation
            switch outcome.result {
            case .filled:
                filled.append([
                    "field": .string(observation.field), "value": observation.value,
                    "source": .string(observation.source.name), "fact_id": JSON(outcome.factID),
                    "cost": (observation.cost ?? Money(amount: 0, currency: currency)).json,
                ])
                seen.insert(observation.field)
            case .kept(let reason):
                kept.append([
                    "field": .string(observation.field), "reason": .string(reason.rawValue),
                ])
                seen.insert(observation.field)
            case .invalid: break
            }
        }
        for (field, reason) in self.kept where !seen.contains(field) {
            kept.append(["field": .string(field), "reason": .string(reason.rawValue)])
        }
        return [
            "filled": .array(filled), "kept": .array(kept),
            "tried": .array(tried.map { $0.json(currency) }),
            "plan": .array(
                planned.map { source, fields, price in
                    [
                        "source": .string(source), "fields": JSON(fields),
                        "cost": Money(micros: price, currency: currency).json,
                    ]
                }),
            "cost": Money(micros: cost, currency: currency).json, "change_set_id": JSON(set),
            "held": heldBy?.json ?? .null,
        ]
    }
}
