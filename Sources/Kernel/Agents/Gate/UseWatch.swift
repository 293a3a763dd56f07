internal import Database
internal import Jobs
internal import Records
internal import Telemetry
internal import Templates

/// The hourly look at the use of services: `tx.useWatch`.
struct UseWatchStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var useWatch: UseWatchStore<Self> { UseWatchStore(tx: self) }
}

extension UseWatchStore where Base == Transaction {
    /// Sees to it that the use of services is looked at within the hour. Where nothing is used nobody looks.
    func wake() throws {
        guard tx.runtime.configuration.watchInterval != nil, !tx.sandboxClock.isSandbox,
            try tx.jobs.live(UseWatchJob.self, uniqueKey: UseWatchJob.key) == nil
        else { return }
        try tx.jobs.enqueue(
            UseWatchJob.self, .init(),
            JobOptions(
                runAt: tx.now + UseWatchJob.window, uniqueKey: UseWatchJob.key, priority: 80,
                waitingFor: "the next look"))
    }
}

/// Looks once an hour, on days on which services are used, whether one does worse than it used to, or is used far more
/// than is usual for it: a key that others have, or an agent that has lost its way, shows so first. What reads from
/// services goes by its own clock, and is not counted as use here.
struct UseWatchJob: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "connector.use_watch"
    static let key = "use"
    static let alert = "unusual_use"
    static let window: Duration = .seconds(3600)
    /// The time for which a warning is not repeated.
    fileprivate static let silence: Duration = .seconds(86_400)

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let runtime = job.runtime
        let (found, worse) = try job.read { reader in
            try (reader.useWatch.unusual(runtime), reader.serviceBaselines.worse(runtime))
        }
        try await job.complete { tx in
            try tx.useWatch.tell(found)
            try tx.serviceBaselines.tell(worse)
            let today = try tx.zone().local(of: tx.now).date.daysSinceEpoch
            let isUsed = try tx.exists(
                """
                SELECT 1 FROM effect_use WHERE tenant_id = \(tx.tenant) AND day >= \(today) LIMIT 1
                """)
            let isOpen = try [Self.alert, DegradedService.alert].contains {
                try !tx.alerts.open(kind: $0, limit: 1).isEmpty
            }
            if isUsed || isOpen { try tx.useWatch.wake() }
        }
    }
}

extension UseWatchStore where Base == Transaction {
    /// Tells of unusual use once a day, and ends what was told before that and goes on no more.
    func tell(_ found: [UnusualUsage]) throws {
        let kind = UseWatchJob.alert, yesterday = tx.now - UseWatchJob.silence
        for use in found {
            if try hasAlert(kind, about: use.subject, since: yesterday) { continue }
            try tx.alerts.raise(
                kind: kind, severity: .warning, subject: use.subject, title: use.title,
                action: Saying("alert.unusual_use_do"))
        }
        for alert in try tx.alerts.open(kind: kind) where alert.updatedAt <= yesterday {
            if found.contains(where: { $0.subject == alert.subject }) { continue }
            try tx.alerts.resolve(kind: kind, subject: alert.subject)
        }
    }

    private func hasAlert(_ kind: String, about subject: Subject, since start: Instant) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM alerts WHERE tenant_id = \(tx.tenant) AND kind = \(kind) AND subject_type = \(subject.type)
                AND subject_id = \(subject.id) AND created_at > \(start)
            """)
    }
}

/// An hour of a connector that is out of the ordinary.
struct UnusualUsage: Sendable {
    /// Fewer calls an hour are never told.
    static let least = 100
    /// The multiple of the hourly mean of the last two weeks that is unusual.
    static let factor = 10.0
    static let days = 14, knownFromDays = 3

    let subject: Subject
    let title: Saying

    /// Returns whether so many calls in an hour are unusual after those of the days before; what is hardly
    /// known has no usual hour.
    static func isUnusual(_ calls: Int, after before: Int, in days: Int) -> Bool {
        days >= knownFromDays && calls >= least && Double(calls) > hourly(before, in: days) * factor
    }

    static func hourly(_ calls: Int, in days: Int) -> Double { Double(calls) / Double(max(1, days) * 24) }
}

extension UseWatchStore {
    func unusual(_ runtime: Runtime) throws -> [UnusualUsage] {
        let readers = runtime.tools.all.filter { $0.effect == .reads }.map(\.name)
        let today = try runtime.questions.zone(tx).local(of: tx.now).date.daysSinceEpoch
        let start = tx.now - UseWatchJob.window
        let busy = try tx.all(
            """
            SELECT provider, count(*) FROM tool_calls
            WHERE tenant_id = \(tx.tenant) AND started_at >= \(start)
                AND state NOT IN ('captured', 'observed') AND tool NOT IN \(list: readers)
            GROUP BY provider HAVING count(*) >= \(UnusualUsage.least)
            """
        ) { (connector: $0.text(0), calls: $0.int(1)) }
        return try busy.compactMap { busy -> UnusualUsage? in
            guard Connector.isService(busy.connector),
                let (before, days) = try use(of: busy.connector, before: today, without: readers),
                UnusualUsage.isUnusual(busy.calls, after: before, in: days)
            else { return nil }
            let name = try runtime.questions.connector(tx, busy.connector)?.name ?? busy.connector
            let usual = UnusualUsage.hourly(before, in: days).rounded()
            let most = try tx.first(
                """
                SELECT \(trusted: MostCalls.columns.of("tool_calls", with: ["calls": "count(*)"])) FROM tool_calls
                WHERE tenant_id = \(tx.tenant) AND provider = \(busy.connector) AND started_at >= \(start)
                    AND state NOT IN ('captured', 'observed') AND tool NOT IN \(list: readers)
                GROUP BY tool, agent, actor_type, actor_id ORDER BY count(*) DESC LIMIT 1
                """
            ) { try MostCalls($0).saying }
            return UnusualUsage(
                subject: .connector(busy.connector),
                title: Saying(
                    "alert.unusual_use",
                    [
                        "name": .text(name), "calls": .number(busy.calls), "usual": .number(Int(usual)),
                        "has_most": .flag(most != nil), "most": .saying(most ?? .quoted("")),
                    ]))
        }
    }

    /// Returns the calls of the days before today, and how many days these are; `nil` where it was not used.
    private func use(
        of connector: String, before today: Int, without tools: [String]
    ) throws -> (calls: Int, days: Int)? {
        try tx.first(
            """
            SELECT coalesce(sum(calls), 0), min(day) FROM effect_use
            WHERE tenant_id = \(tx.tenant) AND connector = \(connector) AND day >= \(today - UnusualUsage.days)
                AND day < \(today) AND tool NOT IN \(list: tools)
            """
        ) { row -> (calls: Int, days: Int)? in
            guard let first = row.optionalInt64(1) else { return nil }
            return (calls: row.int(0), days: today - Int(first))
        } ?? nil
    }
}

/// The caller that has made the most of some calls, with its tool.
private struct MostCalls: StoredRow {
    let tool: String, agent: String?
    let actorType: String, actorID: String
    let calls: Int

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (tool, agent) = (row.text("tool"), row.optionalText("agent"))
        (actorType, actorID) = (row.text("actor_type"), row.text("actor_id"))
        calls = row.int("calls")
    }

    var saying: Saying {
        Saying(
            "alert.most_calls",
            [
                "tool": .text(tool), "who": .text(agent ?? "\(actorType) \(actorID)"),
                "count": .number(calls),
            ])
    }
}
