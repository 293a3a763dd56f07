import JSON
import Records
import Telemetry
import Templates
import Testing

@testable import Market

/// A finding rests on enough cases, is not chance, and says its numbers; everything else is silent.
@Suite struct MarketCaseTests {
    private let settings = MarketSettings()

    private func segment(_ won: Int, _ of: Int, _ others: Int, _ ofOthers: Int, tests: Int = 1) -> MarketCase
    {
        var asked = MarketCase(.segment, "industry", "technology")
        (asked.here, asked.there, asked.tests) = (Share(won, of: of), Share(others, of: ofOthers), tests)
        return asked
    }

    @Test func `a segment that is won more often is found with its interval`() throws {
        let found = try #require(segment(32, 40, 12, 40).conclusion(settings))
        #expect(
            found.title.english.hasPrefix(
                "Industry technology: 80 % of 40 decided are won, 30 % of the others."))
        #expect(found.interval.lowerBound > 0 && found.interval.contains(0.5))
        #expect(found.numbers["hits"] == 32 && found.numbers["other_cases"] == 40)
        #expect(found.advice.english == "Look for more leads like these.")
        let lost = try #require(segment(4, 40, 30, 40).conclusion(settings))
        #expect(lost.interval.upperBound < 0 && lost.advice.english.hasPrefix("Qualify"))
    }

    @Test func `too few cases, and what chance does, are silent`() {
        #expect(segment(9, 9, 0, 40).conclusion(settings) == nil)
        #expect(segment(40, 40, 0, 9).conclusion(settings) == nil)
        #expect(segment(18, 40, 15, 40).conclusion(settings) == nil)
        // Odd enough by itself, but not as one of a hundred questions.
        #expect(segment(26, 40, 16, 40).conclusion(settings) != nil)
        #expect(segment(26, 40, 16, 40, tests: 100).conclusion(settings) == nil)
    }

    @Test func `a trend compares as many days, and a season wants every year`() throws {
        var trend = MarketCase(.trend, "all", "leads")
        (trend.here, trend.there) = (Share(90, of: 90), Share(30, of: 30))
        let found = try #require(trend.conclusion(settings))
        #expect(found.title.english.hasPrefix("More leads come in: 90 in the last 90 days after 30"))
        #expect(found.interval.lowerBound > 1.5 && found.interval.upperBound < 5)
        (trend.here, trend.there) = (Share(34, of: 34), Share(30, of: 30))
        #expect(trend.conclusion(settings) == nil)
        var season = MarketCase(.season, "month", "3")
        season.here = Share(60, of: 240)
        (season.expected, season.years, season.isSteady) = (31.0 / 365, 2, true)
        season.day = CivilDate(year: 2027, month: 3, day: 1)
        let month = try #require(season.conclusion(settings))
        #expect(month.title.english.contains("294 %"), "\(month.title.english)")
        season.isSteady = false
        #expect(season.conclusion(settings) == nil)
        (season.isSteady, season.years) = (true, 1)
        #expect(season.conclusion(settings) == nil)
    }

    @Test func `what a decision keeps gives the same outcome again`() throws {
        var asked = segment(32, 40, 12, 40)
        asked.evidence = [["type": "lead", "id": "lead_1"]]
        asked.more = ["value_cases": 12]
        let again = try #require(MarketCase(try JSONParser.parse(asked.json.bytes)))
        #expect(
            again.conclusion(settings)?.outcome(of: again) == asked.conclusion(settings)?.outcome(of: asked))
        #expect(MarketCase(["kind": "trend"]) == nil)
    }

    @Test func `sizes are the classes of statistics`() {
        #expect(
            [1, 9, 10, 49, 50, 249, 250, 999, 1000].map { MarketCounts.size($0) } == [
                "1–9", "1–9", "10–49", "10–49", "50–249", "50–249", "250–999", "250–999", "1000+",
            ])
    }
}
