internal import Database
internal import JSON
internal import Jobs
internal import Telemetry
internal import Templates

/// The memory of the watch over a tenant, from one look to the next.
struct WatchMemory {
    /// A few figures of one moment.
    struct Sample {
        let at: Instant
        let depths: [String: Int]
        let runs: Int, failed: Int
    }

    private static let samplesMax = 12
    private static let spacing: Duration = .seconds(600)

    let eventRow: Int64
    let samples: [Sample]
    let proposedAt: Instant

    init(_ tx: Transaction) throws {
        let stored = try tx.first(
            "SELECT event_row, samples, proposed_at FROM orchestrator WHERE tenant_id = \(tx.tenant)"
        ) { ($0.int64(0), $0.text(1), $0.instant(2)) }
        if let stored {
            (eventRow, proposedAt) = (stored.0, stored.2)
            samples = try JSONParser.parse(stored.1).array?.compactMap(Sample.init) ?? []
        } else {
            // Events before the first look are not read.
            (eventRow, samples, proposedAt) = (try tx.events.lastRow(), [], tx.now)
        }
    }

    /// The samples with one of now, when the last one is old enough.
    func sampled(_ tx: Transaction, _ agents: [Watch.Watched]) throws -> [Sample] {
        if let last = samples.last, tx.now - last.at < Self.spacing { return samples }
        var depths: [String: Int] = [:]
        // Mostly nothing waits in any of them.
        for queue in try tx.exists(anyReady, [tx.tenant.sqlValue]) ? tx.runtime.queues : [] {
            let depth = try tx.int(cappedDepth, [tx.tenant.sqlValue, queue.sqlValue]) ?? 0
            if depth > 0 { depths[queue] = Int(depth) }
        }
        let sample = Sample(
            at: tx.now, depths: depths, runs: agents.reduce(0) { $0 + $1.metrics.runs },
            failed: agents.reduce(0) { $0 + $1.metrics.failed })
        return (samples + [sample]).suffix(Self.samplesMax)
    }

    func store(_ samples: [Sample], eventRow: Int64, proposedAt: Instant, _ tx: Transaction) throws {
        let text = JSON.array(samples.map(\.json)).serialized
        try tx.run(
            """
            INSERT INTO orchestrator (tenant_id, event_row, samples, looked_at, proposed_at)
            VALUES (\(tx.tenant), \(eventRow), \(text), \(tx.now), \(proposedAt))
            ON CONFLICT (tenant_id) DO UPDATE SET event_row = excluded.event_row, samples = excluded.samples,
                looked_at = excluded.looked_at, proposed_at = excluded.proposed_at
            """)
    }
}

extension WatchMemory.Sample {
    fileprivate init?(_ json: JSON) {
        guard let at = json["at"]?.int, let runs = json["runs"]?.int, let failed = json["failed"]?.int else {
            return nil
        }
        let depths = (json["depths"]?.object?.members ?? []).map { ($0.key, Int($0.value.int ?? 0)) }
        self.init(
            at: Instant(microseconds: at), depths: Dictionary(depths) { first, _ in first }, runs: Int(runs),
            failed: Int(failed))
    }

    fileprivate var json: JSON {
        [
            "at": .integer(at.microseconds), "runs": JSON(runs), "failed": JSON(failed),
            "depths": .object(JSONObject(depths.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })),
        ]
    }
}

extension Watch {
    /// Returns the problems that will come if it goes on like this.
    func forecasts(_ samples: [WatchMemory.Sample]) -> [Finding] {
        let queues = Set(samples.flatMap(\.depths.keys)).sorted()
        return queues.compactMap { queueGrowth($0, samples) } + [errorRate(samples)].compactMap { $0 }
    }

    /// A queue whose depth has risen at each of the last looks.
    private func queueGrowth(_ queue: String, _ samples: [WatchMemory.Sample]) -> Finding? {
        let last = samples.suffix(4).map { (at: $0.at, depth: $0.depths[queue] ?? 0) }
        guard last.count >= 3, let first = last.first, let now = last.last, now.depth >= 100,
            zip(last, last.dropFirst()).allSatisfy({ $0.depth < $1.depth })
        else { return nil }
        let perHour = Double(now.depth - first.depth) * 3600 / Double((now.at - first.at).components.seconds)
        let doubled = now.at + .seconds(Int64(Double(now.depth) / perHour * 3600))
        return Finding(
            kind: "queue_growing", severity: .warning, subject: Subject(type: "queue", id: queue),
            title: Saying(
                "alert.queue_growing",
                [
                    "queue": .text(queue), "pace": .number(Int(perHour)), "now": .number(now.depth),
                    "then": .number(2 * now.depth), "at": .time(doubled),
                ]),
            action: Saying("alert.queue_growing_do"))
    }

    /// More and more runs fail.
    private func errorRate(_ samples: [WatchMemory.Sample]) -> Finding? {
        guard samples.count >= 3, let first = samples.first, let last = samples.last else { return nil }
        let middle = samples[samples.count / 2]
        func rate(_ from: WatchMemory.Sample, _ to: WatchMemory.Sample) -> Double? {
            let runs = to.runs - from.runs
            return runs >= 5 ? Double(to.failed - from.failed) / Double(runs) : nil
        }
        guard let before = rate(first, middle), let after = rate(middle, last), after >= 0.2,
            after > before * 1.5
        else { return nil }
        let perHour = (after - before) * 3600 / Double(max(1, (last.at - middle.at).components.seconds))
        let half = after >= 0.5 ? last.at : last.at + .seconds(Int64((0.5 - after) / perHour * 3600))
        return Finding(
            kind: "error_rate", severity: after >= 0.5 ? .critical : .warning,
            title: Saying(
                "alert.error_rate",
                [
                    "now": .number(Int(after * 100)), "before": .number(Int(before * 100)),
                    "half": .flag(after < 0.5), "at": .time(half),
                ]),
            action: Saying("alert.error_rate_do"))
    }

    /// A limit that is reached before its time is over, at the pace so far.
    func exhaustion(_ gauge: Gauge) -> Finding? {
        let elapsed = Double((tx.now - gauge.from).microseconds),
            whole = Double((gauge.to - gauge.from).microseconds)
        guard gauge.limit > 0, elapsed > 0, whole > 0, elapsed / whole >= 0.05,
            gauge.used >= gauge.limit * 0.2
        else { return nil }
        let pace = gauge.used / elapsed
        guard pace * whole > gauge.limit else { return nil }
        let at = gauge.from + .microseconds(Int64(gauge.limit / pace))
        let isSpent = gauge.used >= gauge.limit
        return Finding(
            kind: "quota_exhaustion", severity: isSpent ? .critical : .warning, subject: gauge.subject,
            title: Saying(
                "alert.quota_exhaustion",
                [
                    "spent": .flag(isSpent), "what": .saying(gauge.title), "at": .time(at),
                    "until": .time(gauge.to),
                ]),
            action: Saying("alert.quota_exhaustion_do"))
    }
}

private let anyReady = Statement("SELECT 1 FROM jobs WHERE tenant_id = $1 AND \(JobCondition.ready) LIMIT 1")

private let cappedDepth = Statement(
    """
    SELECT count(*) FROM (
        SELECT 1 FROM jobs WHERE tenant_id = $1 AND queue = $2 AND \(JobCondition.ready) LIMIT 10000) AS waiting
    """)
