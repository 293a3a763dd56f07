internal import Agents
internal import Database
internal import Facts
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

extension LeadEnrichment {
    mutating func askSite(_ fields: [OpenField]) async throws -> SourceAttempt {
        let name = SiteStatements.source
        guard let url = lead.website ?? ownDomain.map({ "https://\($0)/" }) else {
            return SourceAttempt(name, .skipped, notNeeded)
        }
        let ageMax = fields.map(\.plan.maxAge).min() ?? EnrichmentPlan.ageMax
        let kept = try run.read { try $0.siteReadings.find(url) }
        if let kept, !wish.refreshes, run.now < kept.readAt.end(of: ageMax) {
            return try take(kept.statements, readAt: kept.readAt, fields)
        }
        guard !run.job.isSandbox else { return SourceAttempt(name, .skipped, "sandbox") }
        let isSocial = plan[SocialActivity.field]?.sources.contains(name) == true
        let visit = try await SiteVisit(run, tools.crawler).visit(url, of: lead, isSocial: isSocial)
        guard case .read(let statements, let pages) = visit else {
            guard case .failed(let reason, let pages) = visit else { return SourceAttempt(name, .failed) }
            return SourceAttempt(name, .failed, reason, calls: pages)
        }
        var result = try take(statements, readAt: run.now, fields)
        result.calls = pages
        return result
    }

    private mutating func take(
        _ statements: [CompanyStatement], readAt: Instant, _ fields: [OpenField]
    ) throws -> SourceAttempt {
        let wanted = Set(wish.fields ?? plan.fields.map(\.name))
        var told: Set<String> = []
        for statement in statements where wanted.contains(statement.field) {
            guard let plan = plan[statement.field], plan.sources.contains(SiteStatements.source),
                let value = try normalised(statement)
            else { continue }
            told.insert(statement.field)
            var observation = statement.observation(at: readAt, for: plan.maxAge)
            observation = observation.saying(value)
            observation.cost = Money(amount: 0, currency: found.currency)
            found.observations.append(observation)
        }
        let hits = told.intersection(fields.map(\.name))
        var result = SourceAttempt(SiteStatements.source, hits.isEmpty ? .empty : .found)
        result.found = hits
        return result
    }
}
