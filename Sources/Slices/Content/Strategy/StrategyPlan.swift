internal import Agents
internal import Glibc
internal import JSON
internal import Records
internal import Social
internal import Telemetry

/// The ideas of some days: each on a day and at an hour, after the calendar's themes, what has performed, what the
/// market shows and what the agency has to tell.
struct StrategyPlan: Sendable {
    /// A theme that the calendar has for a day.
    struct Theme: Hashable, Sendable {
        let day: CivilDate
        let type: ContentItem.Kind
        let theme: String
        let rule: String
        /// Whether it comes every week: one that comes once goes before it.
        let isWeekly: Bool
    }

    /// The results of a type of content: how many readers answered or followed a link, of those it was sent
    /// to.
    struct Performance: Hashable, Sendable {
        let type: ContentItem.Kind
        let sent: Int, answered: Int
    }

    /// The results of posts of a type of content on networks: how many there are, and the sum of the
    /// logarithms of what each has brought above the mean of its account.
    struct Posted: Hashable, Sendable {
        let type: ContentItem.Kind
        let posts: Int
        let deviation: Double
    }

    /// Something that an idea may rest on.
    struct Ground: Hashable, Sendable {
        let type: String, id: String, title: String
    }

    struct Idea: Sendable {
        let moment: StrategyMoment
        let type: ContentItem.Kind?
        let theme: String?
        let ground: Ground?
        let score: Double

        var title: String {
            switch (theme, ground?.title) {
            case (let theme?, let title?): "\(theme): \(title)"
            case (let theme?, nil): theme
            case (nil, let title): title ?? ""
            }
        }
    }

    let first: CivilDate
    let days: Int, perWeek: Int
    let moments: [StrategyMoment]
    let themes: [Theme]
    let performance: [Performance]
    let posted: [Posted]
    let grounds: [Ground]
    /// The days on which something is planned already.
    let taken: Set<CivilDate>
    let ideas: [Idea]

    static let version = "1", daysMax = 366
    /// Shares of few readers say little: so many at the mean of all are added to them.
    private static let prior = 50.0
    private static let performanceMax = 0.5, weeklyBonus = 1.0, onceBonus = 2.0
    /// So many posts at their account's mean are added to those of a type.
    private static let postedPrior = 5.0

    init(
        from first: CivilDate, days: Int, perWeek: Int, moments: [StrategyMoment], themes: [Theme],
        performance: [Performance], posted: [Posted] = [], grounds: [Ground], taken: Set<CivilDate>
    ) {
        (self.first, self.days, self.perWeek, self.moments) = (first, days, perWeek, moments)
        (self.themes, self.performance, self.grounds, self.taken) = (themes, performance, grounds, taken)
        self.posted = posted
        let lifts = Self.lifts(performance).merging(Self.lifts(posted), uniquingKeysWith: +)
        ideas = Self.ideas(first, days, perWeek, moments, themes, lifts, grounds, taken)
    }

    /// Returns how much better than the mean each type does: 0.2 is a fifth.
    private static func lifts(_ performance: [Performance]) -> [ContentItem.Kind: Double] {
        let sent = performance.reduce(0) { $0 + $1.sent }
        let answered = performance.reduce(0) { $0 + $1.answered }
        guard sent > 0, answered > 0 else { return [:] }
        let mean = Double(answered) / Double(sent)
        return Dictionary(
            performance.map { figures in
                let rate = (Double(figures.answered) + prior * mean) / (Double(figures.sent) + prior)
                return (figures.type, max(-performanceMax, min(performanceMax, rate / mean - 1)))
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func lifts(_ posted: [Posted]) -> [ContentItem.Kind: Double] {
        Dictionary(
            posted.map { figures in
                let lift = exp(figures.deviation / (Double(figures.posts) + postedPrior)) - 1
                return (figures.type, max(-performanceMax, min(performanceMax, lift)))
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func ideas(
        _ first: CivilDate, _ days: Int, _ perWeek: Int, _ moments: [StrategyMoment], _ themes: [Theme],
        _ lifts: [ContentItem.Kind: Double], _ grounds: [Ground], _ taken: Set<CivilDate>
    ) -> [Idea] {
        let byDay = Dictionary(grouping: moments, by: \.day), themed = Dictionary(grouping: themes, by: \.day)
        func worth(_ theme: Theme) -> Double {
            (theme.isWeekly ? weeklyBonus : onceBonus) + (lifts[theme.type] ?? 0)
        }
        var rotation = GroundRotation(grounds)
        var ideas: [Idea] = []
        for week in stride(from: 0, to: days, by: 7) {
            let week = (week..<min(week + 7, days)).map { first.adding(days: $0) }
            // A week that is not whole gets its share.
            let wanted = max(1, (perWeek * week.count + 3) / 7) - week.count { taken.contains($0) }
            let choices = week.compactMap { day -> (StrategyMoment, Theme?, Double)? in
                guard !taken.contains(day), let moment = byDay[day]?.max(by: { $0.score < $1.score }) else {
                    return nil
                }
                let theme = themed[day]?.max { worth($0) < worth($1) }
                return (moment, theme, moment.score + (theme.map(worth) ?? 0))
            }
            let best = choices.indices.sorted { (-choices[$0].2, $0) < (-choices[$1].2, $1) }
                .prefix(max(0, wanted))
            for index in best.sorted() {
                let (moment, theme, score) = choices[index]
                let ground = rotation.next(for: theme?.type)
                guard theme != nil || ground != nil else { continue }
                ideas.append(
                    Idea(
                        moment: moment, type: theme?.type, theme: theme?.theme, ground: ground, score: score))
            }
        }
        return ideas
    }
}

/// Hands out what ideas rest on: what fits the type first, and nothing twice before everything had its turn.
private struct GroundRotation {
    private let grounds: [StrategyPlan.Ground]
    private var uses: [Int]

    init(_ grounds: [StrategyPlan.Ground]) {
        self.grounds = grounds
        uses = [Int](repeating: 0, count: grounds.count)
    }

    mutating func next(for type: ContentItem.Kind?) -> StrategyPlan.Ground? {
        let fitting = grounds.indices.filter { index in
            type.map { Self.types(of: $0).contains(grounds[index].type) } ?? true
        }
        guard let least = fitting.min(by: { (uses[$0], $0) < (uses[$1], $1) }) else { return nil }
        uses[least] += 1
        return grounds[least]
    }

    /// The records that a type of content tells of.
    private static func types(of type: ContentItem.Kind) -> Set<String> {
        switch type {
        case .caseStudy: ["case_study"]
        case .educational: ["article", "conversation"]
        case .industryInsights: ["market_finding", "conversation"]
        case .productLaunch, .companyNews: []
        }
    }
}
