internal import Agents
internal import Database
internal import Intelligence
internal import JSON
package import Nouns
internal import Records
package import Telemetry
internal import Tenancy
internal import Wording

/// Reads what a plan of ideas rests on.
struct StrategyFacts {
    let dependencies: WritingDependencies
    let client: ClientID?

    /// The age of the results that are read, and the most of each kind that ideas may rest on.
    private static let lookBack: Duration = .seconds(180 * 86_400), groundsMax = 20, momentsMax = 3
    /// Nothing is planned so close to a post, in microseconds.
    private static let distance: Int64 = 1_800_000_000

    func plan(days: Int, perWeek: Int, in reader: Reader) throws -> StrategyPlan {
        let zone = try reader.agency.zone()
        let first = zone.local(of: reader.now).date.adding(days: 1), last = first.adding(days: days - 1)
        let begin = zone.firstInstant(atOrAfter: LocalTime(first, hour: 0))
        let end = zone.firstInstant(atOrAfter: LocalTime(last.adding(days: 1), hour: 0))
        let posts = try dependencies.posts(reader, client, begin, end)
        let moments = StrategyMoment.all(
            of: try dependencies.hours(reader, client), from: first, through: last, zone: zone,
            after: reader.now
        ).filter { moment in
            !posts.contains { abs($0.microseconds - moment.at.microseconds) < Self.distance }
        }
        return StrategyPlan(
            from: first, days: days, perWeek: perWeek, moments: Self.best(of: moments),
            themes: try themes(first, last, in: reader),
            performance: try reader.content.performance(of: client, since: reader.now - Self.lookBack),
            posted: try posted(in: reader),
            grounds: try grounds(in: reader),
            taken: Set(
                try reader.content.planned(of: client, from: begin, before: end).map {
                    zone.local(of: $0).date
                }))
    }

    /// Returns the results of posts of each type of content that spoke for the client, or for the agency
    /// itself: what other readers like says nothing of these.
    private func posted(in reader: Reader) throws -> [StrategyPlan.Posted] {
        let posts = try dependencies.posted(reader, reader.now - Self.lookBack)
        let types = try ContentItem.resource.values(
            of: Set(posts.map(\.item.keyText)).sorted(), in: reader
        ) { $0.clientID == client ? $0.type : nil }
        var sums: [ContentItem.Kind: (posts: Int, deviation: Double)] = [:]
        for post in posts {
            guard let type = types[post.item.keyText] ?? nil else { continue }
            sums[type, default: (0, 0)].posts += 1
            sums[type, default: (0, 0)].deviation += post.deviation
        }
        return sums.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            StrategyPlan.Posted(
                type: $0.key, posts: $0.value.posts, deviation: ($0.value.deviation * 1e6).rounded() / 1e6)
        }
    }

    /// The best moments of each day: a decision keeps no others.
    private static func best(of moments: [StrategyMoment]) -> [StrategyMoment] {
        Dictionary(grouping: moments, by: \.day).values.flatMap { day in
            day.sorted { (-$0.score, $0.at) < (-$1.score, $1.at) }.prefix(momentsMax)
        }.sorted { $0.at < $1.at }
    }

    /// The calendar is the agency's own: a client has of it what tells of results and of the market.
    private func themes(
        _ first: CivilDate, _ last: CivilDate, in reader: Reader
    ) throws -> [StrategyPlan.Theme] {
        try reader.contentCalendar.slots().from(first, through: last).filter {
            client == nil || $0.type == .caseStudy || $0.type == .industryInsights
        }.map {
            StrategyPlan.Theme(
                day: $0.date, type: $0.type, theme: $0.theme, rule: $0.rule.text,
                isWeekly: $0.scope == .weekly)
        }
    }

    private func grounds(in reader: Reader) throws -> [StrategyPlan.Ground] {
        let stories = try dependencies.stories(reader).filter { $0.client == client || client == nil }
        let articles = client == nil ? try dependencies.articles(reader, "") : []
        let trends = try dependencies.trends(reader, client), subjects = try subjects(in: reader)
        return [stories, trends, subjects, articles].flatMap { materials in
            materials.prefix(Self.groundsMax).filter { !InjectionCheck.givesOrders($0.title) }.map {
                StrategyPlan.Ground(
                    type: $0.type, id: $0.id, title: $0.title.oneLine.shortened(to: 100))
            }
        }
    }

    /// The words that more people say to accounts than before, in the agency's language.
    private func subjects(in reader: Reader) throws -> [Material] {
        let subjects = try dependencies.subjects(reader, client)
        guard !subjects.isEmpty else { return [] }
        let words = try reader.wordings.find(reader.agency.tenant().locale)
        return subjects.map {
            Material($0.type, $0.id, title: words("idea.said", ["word": .text($0.title)]), body: $0.body)
        }
    }
}

extension ContentStore {
    /// Returns what readers did with each type of content of a client, or of the agency itself, that was sent since a
    /// moment.
    func performance(of client: ClientID?, since moment: Instant) throws -> [StrategyPlan.Performance] {
        let owned: SQL = client.map { "i.client_id = \($0)" } ?? "i.client_id IS NULL"
        return try tx.all(
            """
            SELECT i.type, count(d.sent_at), count(coalesce(d.clicked_at, d.replied_at))
            FROM content_deliveries AS d
            JOIN content_items AS i ON i.tenant_id = d.tenant_id AND i.id = d.content_item_id
            WHERE d.tenant_id = \(tx.tenant) AND d.sent_at IS NOT NULL AND d.sent_at > \(moment)
                AND \(owned)
            GROUP BY i.type ORDER BY i.type
            """
        ) { row in
            ContentItem.Kind(rawValue: row.text(0)).map {
                StrategyPlan.Performance(type: $0, sent: row.int(1), answered: row.int(2))
            }
        }.compactMap(\.self)
    }

    /// Returns what readers did with each piece that was sent since a moment, those that most got first; at most 200.
    package func answered(
        since moment: Instant
    ) throws -> [(item: ContentItemID, type: ContentItem.Kind?, sent: Int, answered: Int)] {
        try tx.all(
            """
            SELECT d.content_item_id, i.type, count(d.sent_at), count(coalesce(d.clicked_at, d.replied_at))
            FROM content_deliveries AS d
            JOIN content_items AS i ON i.tenant_id = d.tenant_id AND i.id = d.content_item_id
            WHERE d.tenant_id = \(tx.tenant) AND d.sent_at IS NOT NULL AND d.sent_at > \(moment)
            GROUP BY d.content_item_id, i.type ORDER BY 3 DESC, 1 LIMIT 200
            """
        ) { row in
            (
                item: ContentItemID(row, 0),
                type: row.isNull(1) ? nil : ContentItem.Kind(rawValue: row.text(1)), sent: row.int(2),
                answered: row.int(3)
            )
        }
    }

    /// Returns the moments for which pieces of a client, or of the agency itself, are planned.
    func planned(of client: ClientID?, from begin: Instant, before end: Instant) throws -> [Instant] {
        try tx.all(
            """
            SELECT planned_at FROM content_items
            WHERE tenant_id = \(tx.tenant) AND planned_at IS NOT NULL AND planned_at >= \(begin)
                AND planned_at < \(end) AND coalesce(client_id, '') = coalesce(\(client), '')
            ORDER BY planned_at LIMIT 2000
            """
        ) { $0.instant(0) }
    }
}
