internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// A run over several leads: those that searches have found, in the quiet hours those of which something has become
/// stale, and where the agency wants that, all others. The hourly run asks free sources only.
struct ResearchBatch {
    /// The number of batches of leads that an intensive run takes.
    private static let intensiveBatches = 5
    private static let cursor = "prospect_research"
    /// Of so many that are passed over the result tells.
    private static let heldMax = 100
    /// The number of companies that are asked about at once.
    private static let companiesMax = 5
    /// A batch takes as long as this, once it is known how long leads take; it grows to no more than so many times the
    /// size that is set.
    private static let batchTime = Duration.seconds(300)
    private static let growthMax = 10

    let run: AgentRun
    let tools: EnrichmentTools
    let settings: ResearchSettings

    private var isIntensive: Bool { run.parameters["intensive"]?.flag ?? false }
    /// Whether the run is for leads that a search has just found: they are researched wholly.
    private var isFound: Bool { run.parameters["found"]?.flag ?? false }
    /// Whether only sources are asked that cost nothing.
    private var isFree: Bool { !isIntensive && !isFound }

    func work() async throws -> JSON {
        let ids = try await leads()
        let currency = try run.read { try run.job.runtime.questions.currency($0) }
        let outcomes = try await researched(ids)
        let held = try outcomes.compactMap(\.held) + heldBack(without: Set(ids))
        let done = outcomes.compactMap(\.result), total = outcomes.reduce(0) { $0 + $1.cost }, id = run.id
        return try await run.finish { tx in
            try tx.leads.scoreSoon(tx.researchClaims.leads(of: id))
            try tx.researchClaims.release(id)
            return [
                "processed": JSON(done.count), "leads": .array(done), "passed_over": .array(held),
                "cost": Money(micros: total, currency: currency).json,
            ]
        }
    }

    /// The end of the research about one lead.
    private struct Outcome: Sendable {
        let lead: LeadID
        var result: JSON?
        var held: JSON?
        var cost: Int64 = 0
    }

    /// Asks about several companies at once, whose sites do not wait for each other; the leads of one company come one
    /// after the other, so that it is asked about once.
    private func researched(_ ids: [LeadID]) async throws -> [Outcome] {
        var waiting = try companies(of: ids)[...]
        let outcomes = try await withThrowingTaskGroup(of: [Outcome].self) { group in
            var done: [LeadID: Outcome] = [:]
            func begin() {
                guard let leads = waiting.popFirst() else { return }
                let spent = done.values.reduce(0) { $0 + $1.cost }
                group.addTask { try await research(leads, spent: spent) }
            }
            for _ in 0..<companiesAtOnce { begin() }
            while let outcomes = try await group.next() {
                for outcome in outcomes { done[outcome.lead] = outcome }
                begin()
            }
            return done
        }
        return ids.compactMap { outcomes[$0] }
    }

    /// One where a sum caps the run: what is left of it is known once a company's price is. In a sandbox nobody has to
    /// be waited for.
    private var companiesAtOnce: Int {
        let isCapped = settings.maxCostPerRun != nil && !isFree
        return isCapped || run.job.isSandbox ? 1 : Self.companiesMax
    }

    private func companies(of ids: [LeadID]) throws -> [[LeadID]] {
        let keys = try run.read { reader in
            try ids.map { try Lead.resource.find($0, in: reader)?.serviceKey ?? $0.keyText }
        }
        var places: [String: Int] = [:], companies: [[LeadID]] = []
        for (key, id) in zip(keys, ids) {
            if let place = places[key] {
                companies[place].append(id)
            } else {
                places[key] = companies.count
                companies.append([id])
            }
        }
        return companies
    }

    /// `spent`: the cost of the run so far, in millionths of a minor unit.
    private func research(_ ids: [LeadID], spent: Int64) async throws -> [Outcome] {
        var outcomes: [Outcome] = [], spent = spent
        for id in ids {
            try Task.checkCancellation()
            guard let outcome = try await research(id, spent: spent) else { continue }
            spent += outcome.cost
            outcomes.append(outcome)
        }
        return outcomes
    }

    /// `nil` where the lead is gone, or its person does not want it.
    private func research(_ id: LeadID, spent: Int64) async throws -> Outcome? {
        guard let lead = try run.read({ try Lead.resource.find(id, in: $0) }), try lead.allowsEnrichment(run)
        else {
            try await run.write { try $0.enrichment.noteEnriched(id, wholly: true) }
            return nil
        }
        var wish = EnrichmentWish()
        wish.isFree = isFree
        wish.costMax = settings.maxCostPerRun.map { max(0, $0.micros - spent) }
        var enrichment = try LeadEnrichment(lead, wish, run, tools)
        let clock = run.job.runtime.configuration.steadyClock, start = clock()
        let findings = try await enrichment.findings()
        let (agentRun, cost, took, measured) = (run, findings.cost, clock() - start, tempoName)
        let result = try await run.write { tx in
            // Findings that were known already, or held back, say nothing of how long asking takes.
            if findings.tried.contains(where: { $0.calls > 0 }), !tx.sandboxClock.isSandbox {
                let hasFailed = findings.tried.contains { $0.outcome == .failed }
                try tx.serviceTempo.note(measured, took: took, hasFailed: hasFailed)
            }
            return try findings.conclude(agentRun, in: tx)
        }
        if let hold = findings.heldBy { return Outcome(lead: id, held: hold.json(of: id), cost: cost) }
        run.processed()
        return Outcome(
            lead: id,
            result: [
                "lead_id": JSON(id), "filled": JSON(result["filled"]?.array?.count ?? 0),
                "change_set_id": result["change_set_id"] ?? .null,
            ], cost: cost)
    }

    /// Returns those that wait for bad data to be mended, as the result tells them.
    private func heldBack(without ids: Set<LeadID>) throws -> [JSON] {
        try run.read { reader in
            try reader.enrichment.waiting(Self.heldMax, held: true).filter { !ids.contains($0) }.compactMap {
                try Lead.resource.find($0, in: reader)
            }.compactMap { lead in
                try lead.enrichmentHold(in: reader)?.json(of: lead.id)
            }
        }
    }

    /// Returns whether what is not urgent may be done: in the quiet hours of the agency, or where a person
    /// has started the run.
    private func isQuiet() throws -> Bool {
        if run.trigger == .manual { return true }
        let runtime = run.job.runtime
        let zone = try run.read { try runtime.questions.zone($0) }, now = run.now
        return runtime.configuration.offPeak.next(from: now, in: zone) == now
    }

    /// The leads whose turn it is; this run has taken them, so that no other one asks about them at the same time.
    private func leads() async throws -> [LeadID] {
        while true {
            let found = try await candidates(), id = run.id
            let mine = try await run.write { try $0.researchClaims.take(found, for: id) }
            // Where other runs were faster with all of these, there may be leads that nobody has taken.
            if found.isEmpty || !mine.isEmpty { return mine }
        }
    }

    /// The name under which it is measured how long a lead takes: free sources answer sooner than all.
    private var tempoName: String { isFree ? "research_free" : "research_whole" }

    /// The number of leads of a batch: as many as are researched in its time, by how long leads took of late
    /// and how many failed; the size that is set where nothing is known, or the agency wants it so.
    private var batchSize: Int {
        get throws {
            guard settings.followsPace, !run.job.isSandbox else { return settings.batchSize }
            let tempo = try run.read { try $0.serviceTempo.tempo(of: tempoName) }
            return tempo.batchSize(
                ServicePace(concurrent: Self.companiesMax),
                ServiceTempo.Batch(
                    first: settings.batchSize, within: Self.batchTime,
                    most: settings.batchSize * Self.growthMax))
        }
    }

    private func candidates() async throws -> [LeadID] {
        let asked = run.parameters["limit"]?.int.map { Int($0) }
        let limit = try asked ?? batchSize * (isIntensive ? Self.intensiveBatches : 1)
        guard settings.enrichNew != .none || asked != nil else { return [] }
        let taken = try run.read { try $0.researchClaims.others(than: run.id) }
        var ids = try free(limit, taken) { try $0.enrichment.waiting($1) }
        guard !isFound else { return ids }
        if ids.count < limit, try isQuiet() {
            ids += try free(limit - ids.count, taken.union(ids)) { try $0.enrichment.stale($1) }
        }
        if isIntensive, ids.count < limit {
            ids += try free(limit - ids.count, taken.union(ids)) { try $0.enrichment.begun($1) }
        }
        guard settings.enrichNew == .all, ids.count < limit else { return ids }
        let place = try run.read { try $0.leads.place(of: Self.cursor) }
        let others = try run.read { try $0.enrichment.unseen(after: place, limit - ids.count) }
        if let last = others.last {
            try await run.write { try $0.leads.setPosition(of: Self.cursor, to: last.text) }
        }
        return ids + others
    }

    /// Returns so many leads of a list that are not among the `taken` ones.
    private func free(
        _ limit: Int, _ taken: Set<LeadID>, _ list: (Reader, Int) throws -> [LeadID]
    ) throws -> [LeadID] {
        let found = try run.read { try list($0, limit + taken.count) }
        return Array(found.filter { !taken.contains($0) }.prefix(limit))
    }
}
