import Intelligence
import JSON
import TestRandomness
import Testing

@testable import Delivery

/// Clients who left teach about those who stay.
@Suite struct OutlookLearningTests {
    /// Facts drawn at random, as an agency might have them.
    private func facts(_ random: inout SeededGenerator) -> OutlookFacts {
        OutlookFacts([
            "health": [
                "overdue_tasks": JSON(random.below(4)), "blocked_tasks": 0,
                "changes_requested": JSON(random.below(2)), "overdue_invoices": JSON(random.below(2)),
                "open_tickets": JSON(random.below(5)), "urgent_tickets": JSON(random.below(2)),
                "satisfaction": JSON(random.below(11)),
            ],
            "tenure_months": JSON(random.below(40)), "fee": .null, "tier": "growth",
        ])
    }

    /// The hazard that the simulated clients live with: only how content they are counts.
    private func hazard(_ facts: OutlookFacts) -> Double { (facts.health.satisfaction ?? 0) < 5 ? 0.7 : 0.05 }

    private func cases(
        _ count: Int, _ random: inout SeededGenerator, _ hazard: (OutlookFacts) -> Double
    ) -> [OutlookCase] {
        (0..<count).map { _ in
            let facts = facts(&random)
            return OutlookCase(facts: facts, hasLeft: Double(random.below(10_000)) / 10_000 < hazard(facts))
        }
    }

    @Test func `what is learned from simulated endings comes near their hazards, nearer than the rules`()
        throws
    {
        var random = SeededGenerator(17)
        let model = try #require(OutlookLearning.model(of: cases(600, &random, hazard)))
        var learned = 0.0, ruled = 0.0
        for one in cases(400, &random, hazard) {
            let truth = hazard(one.facts)
            let outlook = ClientOutlook(one.facts, learned: model)
            #expect(outlook.churn.low <= outlook.churn.probability)
            #expect(outlook.churn.probability <= outlook.churn.high)
            learned += abs(outlook.churn.probability - truth)
            ruled += abs(ClientOutlook(one.facts).churn.probability - truth)
        }
        #expect(learned / 400 < 0.15, "\(learned / 400)")
        #expect(learned < ruled, "\(learned / 400) and \(ruled / 400)")
    }

    @Test func `it is silent where nothing can be learned, or too few have left`() {
        var random = SeededGenerator(18)
        #expect(OutlookLearning.model(of: cases(600, &random) { _ in 0.15 }) == nil)
        #expect(OutlookLearning.model(of: cases(40, &random, hazard)) == nil)
        #expect(OutlookLearning.model(of: []) == nil)
    }

    @Test func `who is content and has stayed is likelier to grow, and who may leave is not`() {
        func growth(_ satisfaction: Int, months: Int = 3, urgent: Int = 0) -> Double {
            ClientOutlook(
                OutlookFacts([
                    "health": ["satisfaction": JSON(satisfaction), "urgent_tickets": JSON(urgent)],
                    "tenure_months": JSON(months), "fee": .null, "tier": "growth",
                ])
            ).growth.probability
        }
        #expect(0 < growth(0) && growth(4) < growth(7) && growth(7) < growth(10) && growth(10) < 1)
        #expect(growth(7, months: 6) > growth(7, months: 3))
        #expect(growth(7, urgent: 3) < growth(7))
    }

    @Test func `growth has its range and its reasons, and earlier decisions are repeated as they were`() {
        let facts: JSON = [
            "health": ["satisfaction": 9, "urgent_tickets": 1], "tenure_months": 8, "fee": .null,
            "tier": "growth",
        ]
        let outlook = ClientOutlook(OutlookFacts(facts)), growth = outlook.growth
        #expect(0 < growth.low && growth.low < growth.probability && growth.probability < growth.high)
        #expect(growth.factors.map(\.name) == ["satisfaction", "tenure_months", "churn"])
        #expect(growth.factors.map { $0.logOdds > 0 } == [true, true, false])
        let before: JSON = ["facts": facts, "currency": "USD"]
        let then = ClientOutlook.outcome(of: before, by: nil)
        #expect(then?["growth"]?.object?.members.count == 1)
        let now = ClientOutlook.outcome(of: before.merging(["version": 2]), by: nil)
        #expect(now == outlook.outcome("USD") && now?["growth"]?["low"] != nil)
        for name in ["churn", "lifetime_value"] { #expect(then?[name] == now?[name]) }
        #expect(then?["growth"]?["probability"] == now?["growth"]?["probability"])
    }

    @Test func `months that do not teach are no part of the training`() throws {
        var random = SeededGenerator(20)
        var all = cases(1200, &random, hazard)
        for place in all.indices where place % 2 == 1 { all[place].teaches = false }
        #expect(try #require(OutlookLearning.model(of: all)).trainingSize == 600)
    }

    @Test func `the same cases teach the same, and a factor is told with its share`() throws {
        var (one, two) = (SeededGenerator(19), SeededGenerator(19))
        let model = try #require(OutlookLearning.model(of: cases(600, &one, hazard)))
        #expect(OutlookLearning.model(of: cases(600, &two, hazard)) == model)
        let unhappy = OutlookFacts(["health": ["satisfaction": 1], "tenure_months": 3])
        let factors = ClientOutlook(unhappy, learned: model).factors
        let satisfaction = try #require(factors.first { $0.name == "satisfaction" })
        #expect(satisfaction.logOdds > 0.5)
    }

    @Test func `of each client one month a year teaches, and clients have different ones`() {
        let months = (1...12).map { $0 < 10 ? "2027-0\($0)" : "2027-\($0)" }
        var seen: Set<String> = []
        for number in 10..<60 {
            let teaching = months.filter { OutlookCase.teaches(month: $0, ofClient: "client_\(number)") }
            #expect(teaching.count == 1)
            seen.formUnion(teaching)
        }
        #expect(seen.count == 12)
    }

    @Test func `a model whose later months rules foretell better is not used`() {
        var random = SeededGenerator(20)
        // The lesson of the earlier months is the opposite of what the later ones show.
        let earlier = cases(420, &random, hazard)
        let later = cases(180, &random) { facts in 0.75 - self.hazard(facts) }
        #expect(OutlookLearning.model(of: earlier + later) == nil)
    }
}
