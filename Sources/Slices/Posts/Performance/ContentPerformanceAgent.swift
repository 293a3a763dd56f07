internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Looks at how content has done, on networks and where it was sent: each week at all of it, and as figures of posts
/// come at what they are of. It says what did better or worse than was to be expected, what such pieces have in common,
/// and what to do about it.
struct ContentPerformanceAgent: AgentDefinition {
    let name = PerformanceReport.agent
    let title = "Content performance"
    let purpose = "Tracks how content does and suggests changes."
    let cannot = [
        "It changes nothing: it says what has done well, and what to do more or less of.",
        "It knows figures that networks or people have told, and judges no post in its first day.",
        "What posts have in common that do well need not be why they do.",
    ]
    let schedules = [DefaultSchedule(name: "Weekly look at results of content", cron: "0 7 * * 1")]
    let events = ["post_measure.created"]
    let permissions: Set<Permission> = ["content_items:read", "social_posts:read"]
    typealias Settings = ContentPerformanceSettings
    let dependencies: PieceDependencies

    /// The posts that one decision rests on, and those that it judges.
    private static let postsMax = 400, judgedMax = 100

    func faults(parameters: JSON) -> [ValueFault] {
        (parameters.object ?? [:]).members.compactMap { name, value in
            switch name {
            case "days" where !(value.int.map { (1...730).contains($0) } ?? false):
                ValueFault(
                    pointer: "/days", code: "out_of_range", detail: "days must be a number from 1 to 730.")
            case "post_id" where value.text.flatMap({ SocialPostID($0) }) == nil:
                ValueFault(
                    pointer: "/post_id", code: "unknown_reference",
                    detail: "post_id must be the id of a social post.")
            case "days", "post_id": nil
            default:
                ValueFault(
                    pointer: "/\(name.pointerToken)", code: "unknown_field",
                    detail: "The agent has no parameter \(name.prefix(64)): leave it out.")
            }
        }
    }

    func run(_ run: AgentRun) async throws -> JSON {
        let days = Int(run.parameters["days"]?.int ?? Int64(settings(of: run).days))
        let post = run.parameters["post_id"]?.text
        let isEvent = run.trigger == .event
        let (posts, judged, sent, begin) = try run.read { reader in
            let begin = reader.now - .seconds(Int64(days) * 86_400)
            let posts = try reader.postLearning.learned(from: begin, limit: Self.postsMax)
            let waiting = try reader.contentPerformance.unjudged(limit: Self.judgedMax)
            let judged = posts.lazy.filter { one in
                post.map { one.post == $0 } ?? (isEvent ? waiting.contains(one.measure) : true)
            }.prefix(Self.judgedMax).map(\.measure)
            let sent = try isEvent || post != nil ? nil : dependencies.sent(reader, begin)
            return (posts, Set(judged), sent, begin)
        }
        guard !judged.isEmpty || sent?.isEmpty == false else {
            return try await run.finish { tx in
                try tx.contentPerformance.letGo(before: begin)
                return ["processed": 0, "pieces": [], "suggestions": [], "reason": "no_figures"]
            }
        }
        let report = PerformanceReport(posts, judging: judged, sent: sent.map { SentReport($0) })
        let count = report.pieces.count + (sent?.count ?? 0)
        run.processed(count)
        return try await run.finish { tx in
            let made = try run.decide(in: tx, Subject(run.id), report.conclusion)
            try tx.contentPerformance.noteJudged(judged)
            return report.outcome.merging([
                "processed": JSON(count), "decision_id": JSON(made.id),
            ])
        }
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        PerformanceReport(inputs: inputs)?.outcome
    }
}

/// The settings of the agent that looks at how content does.
struct ContentPerformanceSettings: AgentSettings {
    var days = 180

    init() {}

    static let schema = Schema<ContentPerformanceSettings>(
        "ContentPerformanceSettings",
        [
            .integer(
                "days", \.days, in: 7...730, .standard(180),
                .about("How many days of posts it looks at, where a run does not say otherwise."))
        ])
}

/// Measures that count, and which of them were judged: `tx.contentPerformance`.
struct ContentPerformanceStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var contentPerformance: ContentPerformanceStore<Self> { ContentPerformanceStore(tx: self) }
}

extension ContentPerformanceStore {
    /// Returns measures that count and that nobody has judged, the newest posts first.
    func unjudged(limit: Int) throws -> Set<String> {
        Set(
            try tx.all(
                """
                SELECT id FROM post_measures WHERE tenant_id = \(tx.tenant) AND counts = 1 AND judged = 0
                ORDER BY published_at DESC, id DESC LIMIT \(limit)
                """
            ) { $0.text(0) })
    }
}

extension ContentPerformanceStore where Base == Transaction {
    func noteJudged(_ measures: Set<String>) throws {
        try tx.run(
            """
            UPDATE post_measures SET judged = 1
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: measures.sorted())
            """)
    }

    /// Waits no more for what lies before the days that are looked at.
    func letGo(before begin: Instant) throws {
        try tx.run(
            """
            UPDATE post_measures SET judged = 1
            WHERE tenant_id = \(tx.tenant) AND counts = 1 AND judged = 0 AND published_at < \(begin)
            """)
    }
}
