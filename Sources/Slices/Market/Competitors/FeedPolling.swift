internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

/// The pause between two looks at a feed, which follows how often the feed changes.
enum FeedPause {
    static let first: Duration = .seconds(1800)
    private static let least: Duration = .seconds(900), most: Duration = .seconds(86_400)

    /// Returns the pause after a look: half as long after news, half as long again without any, and twice as long after
    /// a failure.
    static func next(after pause: Duration?, _ outcome: String?) -> Duration {
        guard let pause else { return first }
        let next =
            switch outcome {
            case "stored"?: pause / 2
            case "unchanged"?: pause + pause / 2
            default: pause * 2
            }
        return min(max(next, least), most)
    }
}

extension MarketWatchRow {
    /// Sets when a feed is looked at next by itself, which is not before it wants to be.
    mutating func plan(after old: MarketWatchRow, at now: Instant) {
        // A page is looked at once a day, and what is gone never again.
        guard offerHash == "", !isPage, !isGone else { return (pause, dueAt) = (nil, nil) }
        let next = FeedPause.next(after: old.pause, outcome)
        (pause, dueAt) = (next, max(now + next, nextAt ?? now))
    }
}

/// Has the agent look at the feeds that are due. Where it does not run, they wait for its next schedule.
struct FeedPollJob: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "market.feeds"
    static let key = "feeds"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            let agent = try tx.runtime.agents.definition(MarketResearchAgent.id)
            guard try tx.agents.status(agent).state == .active else { return }
            _ = try tx.runs.start(
                agent: MarketResearchAgent.id, trigger: .event, parameters: ["task": "feeds"], by: .system)
        }
    }
}

extension MarketStore where Base == Transaction {
    /// Plans the next look at a feed, at the time at which the first is due.
    func planFeeds() throws {
        let first = try tx.first(
            "SELECT min(due_at) FROM market_watches WHERE tenant_id = \(tx.tenant) AND due_at IS NOT NULL"
        ) { $0.optionalInstant(0) }
        guard let due = first.flatMap({ $0 }), !tx.sandboxClock.isSandbox else { return }
        let next = max(due, tx.now + .seconds(60))
        if let job = try tx.jobs.live(FeedPollJob.self, uniqueKey: FeedPollJob.key) {
            guard let planned = try tx.jobs.find(job), planned.runAt > next else { return }
            _ = try tx.jobs.cancel(job)
        }
        try tx.jobs.enqueue(FeedPollJob.self, .init(), JobOptions(runAt: next, uniqueKey: FeedPollJob.key))
    }
}
