internal import Agents
internal import Integrations
internal import JSON
internal import Nouns
internal import Records
internal import Synchronization
internal import Telemetry

/// The ways by which searches reach the outside.
package struct SourceReach: Sendable {
    let crawler: Crawler
    let integrations: IntegrationServices
    let outcomes: OutcomeDependencies
}

/// The progress of a run of a search, for all its sources together.
final class SearchProgress: Sendable {
    private struct State {
        var room: Int
        var cost: Int64 = 0
    }

    private let state: Mutex<State>
    /// In millionths of a minor unit; `nil`: only budgets limit it.
    private let costMax: Int64?
    let target: Int

    init(target: Int, costMax: Int64?) {
        (self.target, self.costMax) = (target, costMax)
        state = Mutex(State(room: target))
    }

    var isReached: Bool { state.withLock { $0.room <= 0 } }

    /// Reserves room for new leads.
    func take(upTo most: Int) -> Int {
        state.withLock { state in
            let taken = min(most, max(0, state.room))
            state.room -= taken
            return taken
        }
    }

    func giveBack(_ count: Int) { state.withLock { $0.room += count } }

    /// The cost that further calls may have; `nil`: only budgets limit it.
    var costLeft: Int64? { costMax.map { most in max(0, most - state.withLock { $0.cost }) } }

    /// Returns whether another call may cost so much; it is reserved then.
    func mayCost(_ cost: Int64) -> Bool {
        state.withLock { state in
            if let costMax, state.cost + cost > costMax { return false }
            state.cost += cost
            return true
        }
    }

    func giveBack(cost: Int64) { state.withLock { $0.cost -= cost } }
}

/// One source in one run of a search: page by page, until it ends or the target is reached.
struct SourceSearch: Sendable {
    let run: AgentRun
    let search: LeadSearch
    let source: LeadSource
    let reach: SourceReach
    let progress: SearchProgress
    let defaults: RowNormaliser.Defaults
    let targeting: Targeting
    let use = SourceUse()

    /// The outcome of the source.
    struct Result: Sendable {
        var tally = CompanyIntake.Tally()
        var error: ToolFailure?
        /// Whether the source is as it was declared.
        var isAsDeclared = true
        var calls = 0
        var cost: Int64 = 0
    }

    func finish() async throws -> Result {
        var result = Result()
        do {
            // A service may name a company on two pages, as one moves up while they are read.
            var pages = try pages(), isFirst = true, listed: Set<String> = []
            while !progress.isReached, let page = try await pages.next() {
                try Task.checkCancellation()
                if isFirst { result.isAsDeclared = page.isAsDeclared }
                isFirst = false
                for reason in page.unread { result.tally.count(.rejected, reason) }
                let new = page.companies.filter { listed.insert($0.key).inserted }
                result.tally.add(try await takeIn(new, pages.integration))
            }
        } catch let failure as ToolFailure {
            result.error = failure
        }
        (result.calls, result.cost) = (use.calls, use.cost)
        return result
    }

    private func takeIn(
        _ companies: [ListedCompany], _ integration: IntegrationID?
    ) async throws -> CompanyIntake.Tally {
        let found = targeting.ordered(companies.map { FoundCompany($0, of: source, defaults) })
        guard !found.isEmpty else { return CompanyIntake.Tally() }
        let room = progress.take(upTo: found.count)
        let intake = CompanyIntake(
            run: run, source: source, search: search, integration: integration, outcomes: reach.outcomes)
        do {
            let tally = try await run.write { try intake.takeIn(found, upTo: room, in: $0) }
            progress.giveBack(room - tally.created)
            run.processed(tally.found)
            return tally
        } catch {
            progress.giveBack(room)
            throw error
        }
    }

    private func pages() throws -> any CompanyPages {
        let site = SitePages(crawler: reach.crawler)
        switch source.kind {
        case .directory where !source.isBuiltIn: return try DirectoryPages(source, site, use)
        case .website where source.startURL == nil: return try NamedSitePages(search, site, use)
        case .website: return LinkedSitePages(source, site, use)
        case .feed: return FeedPages(source, search, site, use)
        case .crm: return try ConnectorPages(self)
        default: return try ServicePages(self)
        }
    }
}
