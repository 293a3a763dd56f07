import Agents
import JSON
import Records
import Social
import Telemetry
import Testing

@testable import Content

/// Ideas are planned on days and hours that speak for them.
@Suite struct StrategyPlanTests {
    /// A Wednesday.
    private let first = CivilDate(year: 2027, month: 1, day: 6)
    private let berlin = TimeZoneRules(named: "Europe/Berlin") ?? .utc

    private func moments(_ accounts: [AccountHours], days: Int = 28) -> [StrategyMoment] {
        StrategyMoment.all(
            of: accounts, from: first, through: first.adding(days: days - 1), zone: berlin,
            after: Instant(seconds: 0))
    }

    private var facebook: AccountHours {
        AccountHours(
            "sac_1", .facebook, zone: nil,
            (1...5).map { AccountHours.Hour($0, minuteOfDay: 600, score: $0 == 2 ? 1 : 0.8) }, isQueue: false)
    }

    private func plan(
        _ days: Int = 28, themes: [StrategyPlan.Theme] = [], _ performance: [StrategyPlan.Performance] = [],
        taken: Set<CivilDate> = [], grounds: [StrategyPlan.Ground]? = nil,
        posted: [StrategyPlan.Posted] = []
    ) -> StrategyPlan {
        let article = StrategyPlan.Ground(type: "article", id: "article_1", title: "Changing your logo")
        let story = StrategyPlan.Ground(type: "case_study", id: "case_1", title: "Twice the roses")
        return StrategyPlan(
            from: first, days: days, perWeek: 3, moments: moments([facebook], days: days), themes: themes,
            performance: performance, posted: posted, grounds: grounds ?? [article, story], taken: taken)
    }

    private func theme(_ day: Int, _ type: ContentItem.Kind, isWeekly: Bool = true) -> StrategyPlan.Theme {
        StrategyPlan.Theme(
            day: first.adding(days: day), type: type, theme: type.rawValue, rule: "crule_1",
            isWeekly: isWeekly)
    }

    @Test func `moments are by the clock of each account, on days of the agency`() throws {
        let tokyo = AccountHours(
            "sac_2", .x, zone: "Asia/Tokyo", [AccountHours.Hour(4, minuteOfDay: 60, score: 1)], isQueue: true)
        let found = moments([tokyo], days: 7)
        #expect(found.map(\.at.description) == ["2027-01-06T16:00:00.000Z"])
        #expect(found.first?.day == first, "Thursday there is Wednesday here")
        #expect(try #require(found.first).score > 1, "an hour of its own queue")
        #expect(moments([]).count == 20, "working days, where there is no account")
    }

    @Test func `ideas are spread over the weeks, one a day, on what is best`() {
        let made = plan(themes: [theme(0, .caseStudy), theme(1, .educational)])
        #expect(made.ideas.count == 12)
        #expect(Set(made.ideas.map(\.moment.day)).count == 12)
        #expect(made.ideas[0].title == "case_study: Twice the roses")
        #expect(made.ideas[1].title == "educational: Changing your logo")
        let tuesdays = made.ideas.count { $0.moment.day.weekday == 2 }
        #expect(tuesdays == 4, "the best day of each week")
    }

    @Test(arguments: 0..<7)
    func `a theme that comes once goes before those of every week, that day and others`(day: Int) {
        let weekly = (0..<7).map { theme($0, .caseStudy) }
        let made = plan(7, themes: weekly + [theme(day, .industryInsights, isWeekly: false)])
        let isWorkday = first.adding(days: day).weekday < 6
        #expect(made.ideas.count { $0.type == .industryInsights } == (isWorkday ? 1 : 0))
        #expect(made.ideas.count == 3)
    }

    @Test func `days with plans are left alone, and none is planned beyond what was asked`() {
        let taken: Set = [first, first.adding(days: 1)]
        let made = plan(8, taken: taken)
        #expect(made.ideas.allSatisfy { !taken.contains($0.moment.day) })
        #expect(made.ideas.allSatisfy { $0.moment.day <= first.adding(days: 7) })
        #expect(made.ideas.count == 2, "one more of a week that has two, and one of the day after")
    }

    @Test func `what readers answer comes before what they do not, few of whom say little`() {
        let themes = [theme(0, .caseStudy), theme(0, .educational)]
        let better = StrategyPlan.Performance(type: .educational, sent: 1000, answered: 200)
        let worse = StrategyPlan.Performance(type: .caseStudy, sent: 1000, answered: 20)
        #expect(plan(1, themes: themes, [worse, better]).ideas.first?.type == .educational)
        let lucky = StrategyPlan.Performance(type: .caseStudy, sent: 2, answered: 1)
        let score = plan(1, themes: [theme(0, .caseStudy)], [lucky, better]).ideas.first?.score ?? 0
        #expect(score > 1.8 && score < 1.9, "one of two is a little better than a fifth")
    }

    @Test func `what posts on networks have brought decides between themes, few of which say little`() throws
    {
        let themes = [theme(0, .caseStudy), theme(0, .educational)]
        func posted(_ type: ContentItem.Kind, _ posts: Int, _ each: Double) -> StrategyPlan.Posted {
            StrategyPlan.Posted(type: type, posts: posts, deviation: Double(posts) * each)
        }
        for better in [ContentItem.Kind.caseStudy, .educational] {
            let worse: ContentItem.Kind = better == .caseStudy ? .educational : .caseStudy
            let made = plan(1, themes: themes, posted: [posted(better, 20, 0.3), posted(worse, 20, -0.3)])
            #expect(made.ideas.first?.type == better)
            #expect(try #require(StrategyPlan(inputs: made.inputs)).outcome == made.outcome)
        }
        let lucky = [posted(.caseStudy, 1, 0.5), posted(.educational, 40, 0.2)]
        #expect(plan(1, themes: themes, posted: lucky).ideas.first?.type == .educational)
    }

    @Test func `an idea about the market rests on a trend`() {
        let trend = StrategyPlan.Ground(type: "market_finding", id: "find_1", title: "Roses are up")
        let story = StrategyPlan.Ground(type: "case_study", id: "case_1", title: "Twice the roses")
        let made = plan(1, themes: [theme(0, .industryInsights)], grounds: [story, trend])
        #expect(made.ideas.map(\.ground) == [trend])
    }

    @Test func `ideas rest on what people speak of, too, and on nothing twice before all had their turn`() {
        let said = StrategyPlan.Ground(type: "conversation", id: "conv_1", title: "Delivery")
        let article = StrategyPlan.Ground(type: "article", id: "article_1", title: "Changing your logo")
        let themes = [theme(0, .educational), theme(1, .educational), theme(2, .industryInsights)]
        let made = plan(7, themes: themes, grounds: [said, article])
        #expect(made.ideas.map(\.ground) == [said, article, said])
        let story = plan(1, themes: [theme(0, .caseStudy)], grounds: [said])
        #expect(story.ideas.map(\.ground) == [nil], "nobody's words are a success")
    }

    @Test func `without themes and material there are no ideas, and none is made up`() {
        #expect(plan(grounds: []).ideas.isEmpty)
    }

    @Test func `what was decided follows from what is kept of it`() throws {
        let made = plan(
            themes: [theme(0, .caseStudy)],
            [StrategyPlan.Performance(type: .caseStudy, sent: 10, answered: 3)],
            taken: [first.adding(days: 3)])
        let again = try #require(StrategyPlan(inputs: made.inputs))
        #expect(again.outcome == made.outcome && again.inputs == made.inputs)
        let factors = made.conclusion(writer: nil).factors.array ?? []
        #expect(
            factors.map { $0["name"] } == ["calendar", "best_times", "material", "performance.case_study"])
    }
}
