internal import Agents
internal import ChangeSets
internal import Database
internal import Facts
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates

/// Takes in what a source lists: each company is matched against what is there before a lead is made of it.
struct CompanyIntake: Sendable {
    let run: AgentRun
    let source: LeadSource
    let search: LeadSearch
    var integration: IntegrationID?
    let outcomes: OutcomeDependencies

    /// The numbers of companies by their outcome, and the reasons why others were rejected.
    struct Tally: Sendable {
        var found = 0, created = 0, duplicates = 0, rejected = 0
        var reasons: [String: Int] = [:]

        mutating func count(_ outcome: SourceFind.Outcome, _ reason: String?) {
            found += 1
            switch outcome {
            case .created: created += 1
            case .duplicate: duplicates += 1
            case .rejected:
                rejected += 1
                reasons[reason ?? "unknown", default: 0] += 1
            }
        }

        mutating func add(_ other: Tally) {
            found += other.found
            created += other.created
            duplicates += other.duplicates
            rejected += other.rejected
            reasons.merge(other.reasons, uniquingKeysWith: +)
        }
    }

    /// Takes companies in, in one transaction, until so many leads have been made; what is left of them is not counted.
    func takeIn(_ companies: [FoundCompany], upTo most: Int, in tx: Transaction) throws -> Tally {
        var tally = Tally(), known: [(subject: Subject, observations: [Observation])] = []
        let leave = try run.leave("create_record", permission: Lead.writing, in: tx)
        let offer = try Intake(
            tx, hasUnwilling: tx.consents.anybodyHasWithdrawn(.dataCollection), leave: leave,
            offers: ServiceMatch.offers(of: outcomes.packages(tx)))
        var made: [LeadID] = []
        for company in companies {
            // After a crash the run comes by again: what it has taken in counts as it did.
            let earlier = try tx.leadSources.find(company.listed.key, of: source.name)
            if let earlier, earlier.runID == run.id {
                tally.count(earlier.outcome, earlier.reason)
                continue
            }
            if tally.created >= most { break }
            let (find, lead) = try takeIn(company, offer)
            // A company that the source itself has brought is not counted as known before.
            if earlier?.outcome != .created || find.outcome != .duplicate {
                try tx.leadSources.keep(find, of: source.name)
            }
            tally.count(find.outcome, find.reason)
            if find.outcome == .created, let lead { made.append(lead.id) }
            if find.outcome == .duplicate, let lead {
                let said = company.observations(from: source, integration)
                if !said.isEmpty { known.append((lead.subject, said)) }
            }
        }
        if !known.isEmpty, try run.leave("update_record", permission: Lead.writing, in: tx).isGiven {
            _ = try tx.facts.observe(
                known,
                as: NewChangeSet(
                    .enrichment, Saying("change_set.source", ["source": .text(source.title)]).english,
                    run: run.id), by: run.actor)
        }
        if let integration {
            for subject in made.map({ Subject($0) }) + known.map(\.subject) {
                try tx.integrations.note(subject, reachedBy: integration)
            }
        }
        try tx.enrichment.want(made)
        return tally
    }

    private struct Intake {
        let tx: Transaction
        let hasUnwilling: Bool
        let leave: RunGateDecisions
        let offers: [ServiceMatch.Offer]

        init(
            _ tx: Transaction, hasUnwilling: Bool, leave: RunGateDecisions, offers: [ServiceMatch.Offer]
        ) {
            (self.tx, self.hasUnwilling, self.leave, self.offers) = (tx, hasUnwilling, leave, offers)
        }
    }

    private func takeIn(_ company: FoundCompany, _ intake: Intake) throws -> (SourceFind, Lead?) {
        let tx = intake.tx
        var find = SourceFind(company.listed.key, .rejected, run: run.id)
        (find.number, find.url) = (company.listed.registerNumber, company.listed.url)
        func rejected(_ reason: String) -> (SourceFind, Lead?) {
            find.reason = reason
            return (find, nil)
        }
        guard var lead = company.lead else { return rejected("unreadable") }
        if let same = try tx.leadSources.match(company, lead, of: source.name) {
            (find.outcome, find.leadID, find.reason) = (.duplicate, same.lead.id, same.by.rawValue)
            return (find, same.lead)
        }
        if let reason = search.misfit(lead) { return rejected(reason) }
        if intake.hasUnwilling, let email = lead.email, try tx.leadSources.isUnwilling(email) {
            return rejected("no_consent")
        }
        lead.beginLife(id: tx.nextID(), now: tx.now)
        guard try intake.leave.covers(lead.subject, decision: nil, in: tx) else {
            return rejected("observed")
        }
        lead.tags = ServiceMatch.tags(lead.tags, with: ServiceMatch(lead.scoringInput, offers: intake.offers))
        if let words = company.listed.words { lead.painPoints = [String(words.prefix(500))] }
        do {
            try tx.attempt { try tx.create(&lead, by: run.actor) }
        } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
            return rejected(problem.problem.faults.first?.code ?? problem.problem.type.code)
        }
        try tx.facts.attribute(company.observations(from: source, integration), to: lead.subject)
        try tx.publish(
            "lead.found", lead.subject,
            [
                "source": .string(source.name), "search_id": JSON(search.id), "run_id": JSON(run.id),
            ])
        (find.outcome, find.leadID) = (.created, lead.id)
        // The words of people are kept for as long as they may be, and only where a lead came of them.
        (find.words, find.author) = (company.listed.words, company.listed.author)
        return (find, lead)
    }
}

extension LeadSearch {
    /// Returns why a company does not fit the ideal customer; what is not known says nothing against it.
    func misfit(_ lead: Lead) -> String? {
        if !countries.isEmpty, let country = lead.country, !countries.contains(country) {
            return "other_country"
        }
        if let count = lead.employeeCount {
            if let least = employeeCount["gte"]?.int, Int64(count) < least { return "too_small" }
            if let most = employeeCount["lte"]?.int, Int64(count) > most { return "too_large" }
        }
        if !industries.isEmpty, let industry = lead.industry, !isSought(industry) { return "other_industry" }
        return nil
    }

    /// Returns whether an industry is one that is looked for: of a segment that is named as a whole, or with a word of
    /// one that is not.
    private func isSought(_ industry: String) -> Bool {
        let words = industry.foldedWords
        return industries.contains { sought in
            guard let segment = IndustryFit(segment: sought) else {
                return !words.isDisjoint(with: sought.foldedWords)
            }
            return IndustryFit(industry) == segment || sought.foldedWords.isSubset(of: words)
        }
    }
}
