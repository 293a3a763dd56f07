internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// A run of one search by the agent: its sources, so many at a time, until they end or the target is reached.
struct SearchRun: Sendable {
    let run: AgentRun
    let search: LeadSearch
    let reach: SourceReach
    /// The number of sources that are searched at once.
    let atOnce: Int
    let target: Int

    fileprivate struct Part: Sendable {
        let source: LeadSource
        var result: SourceSearch.Result
    }

    func finish() async throws -> JSON {
        try await run.write { try $0.leadSources.refreshKeys() }
        let (sources, targeting, defaults, costMax, currency) = try prepared()
        let progress = SearchProgress(target: target, costMax: costMax)
        let parts = try await searched(sources, progress, targeting, defaults)
        let search = search, run = run
        try await run.write { tx in
            for part in parts { try tx.leadSources.settle(part.source, part.result) }
            try tx.leadSources.settle(search, parts.map(\.result.tally), by: run)
        }
        var total = CompanyIntake.Tally()
        for part in parts { total.add(part.result.tally) }
        return [
            "search_id": JSON(search.id), "found": JSON(total.found), "created": JSON(total.created),
            "duplicates": JSON(total.duplicates), "rejected": JSON(total.rejected),
            "by_source": .array(parts.map { Self.json($0, currency) }), "target_count": JSON(target),
            "target_reached": .bool(total.created >= target), "targeting": targeting.json(in: .english),
        ]
    }

    private func prepared() throws -> ([LeadSource], Targeting, RowNormaliser.Defaults, Int64?, String) {
        try run.read { reader in
            let targeting = try Targeting(search, reach.outcomes, in: reader)
            let sources = try targeting.sources.compactMap { try reader.leadSources.find($0.value) }
            let tenant = try reader.agency.tenant()
            let country = search.countries.count == 1 ? search.countries[0] : tenant.country
            let defaults = RowNormaliser.Defaults(
                country: country.flatMap { Country($0) }, currency: Currency(tenant.currency) ?? .dollar)
            return (sources, targeting, defaults, search.maxCost?.micros, tenant.currency)
        }
    }

    private func searched(
        _ sources: [LeadSource], _ progress: SearchProgress, _ targeting: Targeting,
        _ defaults: RowNormaliser.Defaults
    ) async throws -> [Part] {
        try await withThrowingTaskGroup(of: Part?.self) { group in
            var waiting = sources[...], parts: [Part] = []
            func begin() {
                guard let source = waiting.popFirst() else { return }
                let part = SourceSearch(
                    run: run, search: search, source: source, reach: reach, progress: progress,
                    defaults: defaults, targeting: targeting)
                group.addTask { try await part.searched() }
            }
            for _ in 0..<min(atOnce, sources.count) { begin() }
            while let part = try await group.next() {
                if let part { parts.append(part) }
                begin()
            }
            let order = sources.map(\.name)
            return parts.sorted {
                (order.firstIndex(of: $0.source.name) ?? 0) < (order.firstIndex(of: $1.source.name) ?? 0)
            }
        }
    }

    private static func json(_ part: Part, _ currency: String) -> JSON {
        let (tally, error) = (part.result.tally, part.result.error)
        return [
            "source": .string(part.source.name), "found": JSON(tally.found), "created": JSON(tally.created),
            "duplicates": JSON(tally.duplicates), "rejected": JSON(tally.rejected),
            "reasons": .object(
                JSONObject(tally.reasons.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })),
            "calls": JSON(part.result.calls),
            "cost": Money(micros: part.result.cost, currency: currency).json,
            "error": error.map { ["code": .string($0.code), "detail": .string($0.detail)] } ?? .null,
        ]
    }
}

extension SourceSearch {
    /// The source's part of the run; a source that is broken leaves the others alone.
    fileprivate func searched() async throws -> SearchRun.Part? {
        guard !progress.isReached else { return SearchRun.Part(source: source, result: Result()) }
        switch source.state {
        case .disabled: return failed("disabled", "the source is disabled")
        case .needsCredentials: return failed("no_credentials", "the source needs an integration: add one")
        case .active, .failing: break
        }
        if run.job.isSandbox { return failed("sandbox", "nothing is fetched in a sandbox") }
        let result = try await run.step(
            "source \(source.name)", note: ["kind": .string(source.kind.rawValue)]
        ) {
            try await finish()
        }
        return SearchRun.Part(source: source, result: result)
    }

    private func failed(_ code: String, _ detail: String) -> SearchRun.Part {
        var result = Result()
        result.error = ToolFailure(code, detail, isRetryable: false)
        return SearchRun.Part(source: source, result: result)
    }
}

extension LeadSourceStore where Base == Transaction {
    /// Failures in a row from which a source counts as failing.
    private var failuresMax: Int { 3 }

    /// Stores how a run of a source has ended. One that finds nothing any more although it did, or fails again and
    /// again, is failing, with an alert that says what to do; one that finds something is well again.
    func settle(_ searched: LeadSource, _ result: SourceSearch.Result) throws {
        guard let old = try LeadSource.resource.find(searched.id, in: tx) else { return }
        let isAsked =
            result.error.map { !["disabled", "no_credentials", "sandbox"].contains($0.code) } ?? true
        guard isAsked, result.calls > 0 || result.error != nil || result.tally.found > 0 else { return }
        var source = old
        source.lastRunAt = tx.now
        source.found += result.tally.found
        source.created += result.tally.created
        if result.tally.found > 0 {
            (source.failures, source.error) = (0, result.error.map(\.line))
            if source.state == .failing { source.state = .active }
        } else if let error = result.error {
            source.failures += error.isOfSource ? 1 : 0
            source.error = error.line
        } else if !result.isAsDeclared, old.found > 0 {
            // The site has changed: what is declared of it is found no more.
            source.failures = failuresMax
            source.error =
                "The source names no companies any more, although it did: the site may have changed."
        } else {
            (source.failures, source.error) = (
                0, result.isAsDeclared ? nil : "The source names no companies."
            )
        }
        if source.failures >= failuresMax, source.state == .active { source.state = .failing }
        try save(old, &source)
        if source.state == .failing, old.state != .failing {
            try tx.publish("lead_source.failing", source.subject, ["error": JSON(source.error)])
        }
        if source.state == .failing {
            try tx.alerts.raise(
                kind: LeadSource.failing, severity: .warning, subject: source.subject,
                agent: "lead_generation",
                title: Saying(
                    "alert.lead_source_failing",
                    ["name": .text(source.name), "error": .text(source.error ?? "")]),
                action: Saying("alert.lead_source_failing_do", ["built_in": .flag(source.isBuiltIn)]))
        } else if old.state == .failing {
            try tx.alerts.resolve(kind: LeadSource.failing, subject: source.subject)
        }
    }

    func settle(_ searched: LeadSearch, _ tallies: [CompanyIntake.Tally], by run: AgentRun) throws {
        guard let old = try LeadSearch.resource.find(searched.id, in: tx) else { return }
        var search = old
        (search.lastRunID, search.lastRunAt) = (run.id, tx.now)
        for tally in tallies {
            search.found += tally.found
            search.created += tally.created
        }
        search.version = old.version + 1
        search.updatedAt = tx.now
        try LeadSearch.resource.update(old, to: search, in: tx)
    }
}

extension ToolFailure {
    fileprivate var line: String { String("\(code): \(detail)".prefix(500)) }

    /// Whether the source is to blame, rather than the agency's own limits.
    fileprivate var isOfSource: Bool {
        ![
            "over_budget", "budget_exhausted", "quota_exhausted", "quota_near", "no_criteria",
            "tool_disabled",
            "circuit_open", "rate_limited",
        ].contains(code)
    }
}
