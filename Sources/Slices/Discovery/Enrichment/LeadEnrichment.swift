internal import Agents
internal import ChangeSets
internal import Database
internal import Facts
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The services with which enrichment reaches outside.
struct EnrichmentTools: Sendable {
    let services: IntegrationServices
    let crawler: Crawler
    let sources: EnrichmentSources

    init(_ services: IntegrationServices, _ crawler: Crawler) {
        (self.services, self.crawler, sources) = (services, crawler, EnrichmentSources(services))
    }
}

/// The waterfall for one lead: asks one source after the other, each once, for all the fields that it may tell, until
/// every field is known well enough. Nothing is stored of the lead before all are through.
struct LeadEnrichment {
    struct OpenField {
        let name: String
        let plan: FieldPlan
        var sources: [String]
    }

    let run: AgentRun
    let tools: EnrichmentTools
    let plan: EnrichmentPlan
    let wish: EnrichmentWish
    let lead: Lead
    private let sheet: FactSheet
    private let connections: [String: ServiceConnection]
    var found: LeadFindings
    private var open: [OpenField] = []
    private var skippedFields: [String: FactOutcome.KeptReason] = [:]

    init(
        _ lead: Lead, _ wish: EnrichmentWish, _ run: AgentRun, _ tools: EnrichmentTools
    ) throws {
        (self.lead, self.wish, self.run, self.tools) = (lead, wish, run, tools)
        let runtime = run.job.runtime
        let question = Self.question(of: lead, run)
        (sheet, connections, plan, found) = try run.read { reader in
            let found = try tools.services.connections(
                for: .companyEnrichment, client: lead.clientID, question, in: reader)
            let connections = Dictionary(found.map { ($0.provider.name, $0) }) { first, _ in first }
            var plan = try reader.enrichment.plan(tools.sources)
            if plan.followsYield {
                plan.follow(
                    try reader.enrichment.yields(), prices: connections.mapValues(\.connector.price))
            }
            return (
                try reader.facts.sheet(of: lead.subject, runtime), connections, plan,
                LeadFindings(lead: lead.id, currency: try runtime.questions.currency(reader))
            )
        }
        found.isFree = wish.isFree
        (found.isDry, found.wantsResearch) = (wish.isDry, wish.fields == nil && !wish.isDry)
        openFields()
    }

    /// The kind of the questions that services are asked about companies.
    static let kind = "company"

    private static func question(of lead: Lead, _ run: AgentRun) -> ServiceQuestion {
        ServiceQuestion(
            tool: EnrichCompanyTool.name, kind: kind, key: lead.serviceKey,
            for: ToolCaller(
                actor: run.actor, agent: run.agent, runID: .agent(run.id), subject: lead.subject,
                clientID: lead.clientID))
    }

    // MARK: Fields

    /// Finds the fields that sources are asked for, and why the others are left alone.
    private mutating func openFields() {
        let wanted = wish.fields ?? plan.fields.map(\.name)
        for name in wanted {
            guard let field = plan[name] else { continue }
            if let shown = sheet.current(name) {
                let isFresh =
                    run.now < shown.observedAt.end(of: field.maxAge)
                    && shown.confidence >= field.minConfidence
                if shown.isHuman || isFresh && !wish.refreshes {
                    let reason: FactOutcome.KeptReason = shown.isHuman ? .person : .fresh
                    skippedFields[name] = reason
                    found.kept.append((name, reason))
                    continue
                }
            }
            open.append(OpenField(name: name, plan: field, sources: field.sources))
        }
    }

    /// The sources of all wanted fields, in their order.
    private var allSources: [String] {
        let wanted = wish.fields ?? plan.fields.map(\.name)
        var names: [String] = []
        for name in wanted {
            for source in plan[name]?.sources ?? [] where !names.contains(source) { names.append(source) }
        }
        return names.filter { $0 == SiteStatements.source } + names.filter { $0 != SiteStatements.source }
    }

    // MARK: The way through

    mutating func findings() async throws -> LeadFindings {
        var left = open, done: Set<String> = []
        while let source = next(of: left) {
            try Task.checkCancellation()
            // Bad data stops it at once, even between two sources.
            if let hold = try run.read({ try lead.enrichmentHold(in: $0) }) {
                found.heldBy = hold
                break
            }
            done.insert(source)
            let fields = left.filter { $0.sources.contains(source) }
            for index in left.indices { left[index].sources.removeAll { $0 == source } }
            if wish.isDry {
                planQuietly(source, fields)
                continue
            }
            var attempt = try await ask(source, fields)
            attempt.asked =
                attempt.outcome == .found || attempt.outcome == .empty ? Set(fields.map(\.name)) : []
            found.tried.append(attempt)
            left.removeAll { field in isKnown(field) }
        }
        guard !wish.isDry || found.heldBy != nil else { return found }
        var reason = open.isEmpty && skippedFields.values.contains(.fresh) ? "fresh" : notNeeded
        if found.heldBy != nil { (reason, found.planned) = (RecordHold.code, []) }
        for source in allSources where !done.contains(source) {
            found.tried.append(SourceAttempt(source, .skipped, reason))
        }
        return found
    }

    /// The source whose turn it is: that of most fields; among equals the one that the plan has first.
    private func next(of fields: [OpenField]) -> String? {
        var counts: [String: Int] = [:]
        for field in fields { if let source = field.sources.first { counts[source, default: 0] += 1 } }
        return allSources.filter { counts[$0] != nil }.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) }
            .flatMap { best in allSources.first { counts[$0] == counts[best] } }
    }

    /// Returns whether a source has told the field well enough.
    private func isKnown(_ field: OpenField) -> Bool {
        found.observations.contains {
            $0.field == field.name && $0.confidence >= field.plan.minConfidence && !isRejected($0)
        }
    }

    private func isRejected(_ observation: Observation) -> Bool {
        sheet.facts(of: observation.field).contains {
            $0.status == .rejected && $0.source.isSame(as: observation.source)
                && $0.value.serialized == observation.value.serialized
        }
    }

    /// Why a source is not asked that could tell nothing more; in a sandbox nobody is asked anyway.
    var notNeeded: String { run.job.isSandbox ? "sandbox" : "not_needed" }

    private mutating func planQuietly(_ source: String, _ fields: [OpenField]) {
        guard source == SiteStatements.source || connection(to: source) != nil else { return }
        found.planned.append(
            (source, fields.map(\.name), connections[source]?.connector.price ?? 0))
    }

    // MARK: Asking

    private mutating func ask(_ source: String, _ fields: [OpenField]) async throws -> SourceAttempt {
        if source == SiteStatements.source { return try await askSite(fields) }
        guard let provider = tools.sources[source], let connection = connection(to: source) else {
            return SourceAttempt(source, .skipped, try refusal(of: source))
        }
        var company = CompanyQuestion(
            name: lead.company, domain: lead.website.flatMap { WebAddress($0)?.ownDomain } ?? ownDomain,
            country: lead.country, location: lead.location, fields: Set(fields.map(\.name)),
            year: TimeZoneRules.utc.local(of: run.now).date.year)
        guard provider.canAnswer(company) else { return SourceAttempt(source, .skipped, notNeeded) }
        if wish.isFree, connection.connector.price > 0 {
            return SourceAttempt(source, .skipped, "over_budget")
        }
        company.fields = provider.enrichedFields
        var question = Self.question(of: lead, run)
        (question.refreshes, question.ageMax) = (wish.refreshes, fields.map(\.plan.maxAge).min())
        question.costMax = costLeft
        let asked = company
        let attempt = try await tools.services.ask(connection, question, of: run.tenant) {
            access, reach async throws(ToolFailure) in
            let answer = try await provider.answer(asked, access, reach)
            let isEmpty = answer.statements.isEmpty
            return ServiceReply(
                answer.json, lifetime: isEmpty ? .seconds(86_400) : EnrichmentPlan.ageMax, isFirm: !isEmpty)
        }
        run.spent(cost: attempt.cost)
        guard let answer = attempt.freshAnswer else {
            return SourceAttempt(
                source, attempt.outcome == .failed ? .failed : .skipped, attempt.reason, calls: attempt.calls,
                cost: attempt.cost)
        }
        var result = try take(
            CompanyAnswer(answer.value), of: provider, attempt, company, fields, answer.askedAt)
        (result.calls, result.cost) = (attempt.calls, attempt.cost)
        return result
    }

    /// Why a source without a way to it is not asked.
    private func refusal(of source: String) throws -> String {
        let isThere = try run.read { reader in
            try Integration.resource.first(where: "provider = \(source)", in: reader) != nil
        }
        return run.job.isSandbox ? "sandbox" : isThere ? "disabled" : "no_credentials"
    }

    /// The domain of the lead's mail address, where that is a company's own.
    var ownDomain: String? {
        lead.companyKey.flatMap { $0.hasPrefix(DedupeKey.nameMark) ? nil : $0 }
    }

    /// The cost that may still be spent on the lead.
    private var costLeft: Int64? {
        let most = [plan.costMax?.micros, wish.costMax].compactMap { $0 }.min()
        return most.map { max(0, $0 - found.cost) }
    }

    /// Judges an answer, and takes what holds.
    private mutating func take(
        _ answer: CompanyAnswer, of provider: any EnrichmentProvider, _ attempt: ServiceAttempt,
        _ question: CompanyQuestion, _ fields: [OpenField], _ askedAt: Instant
    ) throws -> SourceAttempt {
        guard !answer.statements.isEmpty else { return SourceAttempt(provider.name, .empty) }
        guard AnswerJudgement.isAbout(question, answer) else {
            return SourceAttempt(provider.name, .refused, "other_company")
        }
        let source = FactSource(
            provider.sourceKind, provider.name, url: answer.url, integration: attempt.integrationID)
        let cost = Money(micros: attempt.cost, currency: found.currency)
        let wanted = Set(wish.fields ?? plan.fields.map(\.name))
        var refused: String?, told: Set<String> = []
        for statement in answer.statements where wanted.contains(statement.field) {
            guard let plan = plan[statement.field], plan.sources.contains(provider.name) else { continue }
            guard let value = try normalised(statement) else {
                refused = "invalid_value"
                continue
            }
            guard !AnswerJudgement.contradicts(answer, statement.field, value) else {
                refused = refused ?? "inconsistent"
                continue
            }
            told.insert(statement.field)
            found.observations.append(
                Observation(
                    statement.field, value, from: source, quote: statement.quote,
                    at: statement.url ?? answer.url, confidence: statement.confidence, cost: cost,
                    observedAt: askedAt, expiresAt: askedAt.end(of: plan.maxAge)))
        }
        let hits = told.intersection(fields.map(\.name))
        var result =
            hits.isEmpty
            ? refused.map { SourceAttempt(provider.name, .refused, $0) }
                ?? SourceAttempt(provider.name, .empty)
            : SourceAttempt(provider.name, .found)
        result.found = hits
        return result
    }

    func normalised(_ statement: CompanyStatement) throws -> JSON? {
        try run.read {
            try $0.facts.normalised(
                statement.value, of: statement.field, about: lead.subject, run.job.runtime)
        }
    }

    private func connection(to source: String) -> ServiceConnection? {
        if let known = connections[source] { return known }
        guard let provider = tools.sources[source], provider.isOpen || run.job.isSandbox else { return nil }
        return tools.services.openConnection(to: provider)
    }
}
