import Records
import Telemetry
import Testing

@testable import Deals

/// Sales reads the words that a model has pointed at.
@Suite struct ToldNeedsTests {
    private func told(
        needs: [String] = [], budget: String? = nil, timeline: String? = nil,
        authority: (String, Bool)? = nil
    ) -> ToldNeeds {
        ToldNeeds(
            needs: needs, budget: budget, timeline: timeline, authority: authority, currency: "USD",
            on: CivilDate(year: 2027, month: 1, day: 5))
    }

    @Test func `figures are what rules read in the words`() {
        #expect(told(budget: "4,000 a month").budget?.amount == 400_000)
        #expect(told(budget: "60k a year").budget?.amount == 500_000)
        #expect(told(timeline: "end of March").timelineDays == 85)
        #expect(told(timeline: "within two weeks").timelineDays == 14)
    }

    @Test(arguments: ["three grand a month", "4,000 EUR a month", "whatever it takes"])
    func `a budget that rules cannot read stays a need, in its words`(words: String) {
        let told = told(needs: ["empty tables"], budget: words)
        #expect(told.budget == nil && told.quotes == ["empty tables", words])
    }

    @Test func `a time that rules cannot read stays a need, in its words`() {
        let told = told(timeline: "once the scaffolding is gone")
        #expect(told.timelineDays == nil && told.quotes == ["once the scaffolding is gone"])
    }

    @Test func `of who decides the rules' word goes before another's`() {
        #expect(told(authority: ("my boss decides", true)).authority == false)
        #expect(told(authority: ("nobody talks me into it", true)).authority == true)
        #expect(told().authority == nil)
    }
}
