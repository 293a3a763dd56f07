import Discovery
import Intelligence
import JSON
import Testing

@Suite struct `Scoring by a tenant's outcomes` {
    private func lead(_ n: Int, won: Bool) -> ScoringInput {
        var input = ScoringInput.typical
        (input.industry, input.employeeCount) = (won ? "retail" : "finance", won ? 300 : 5)
        input.budget = .dollars(won ? 9000 : 500)
        return input
    }

    private func model(_ leads: [(ScoringInput, Bool)], perOutcomeMin: Int = 50) throws -> LogisticModel {
        var table = TrainingTable()
        for (input, won) in leads { table.append(LearnedScoring.features(of: input), outcome: won) }
        var training = LogisticTraining()
        training.perOutcomeMin = perOutcomeMin
        return try #require(training.train(table).model)
    }

    private func separable() throws -> LogisticModel {
        try model((0..<120).map { (lead($0, won: $0 % 2 == 1), $0 % 2 == 1) })
    }

    @Test func `what won before scores high, what lost before low`() throws {
        let scoring = LearnedScoring(try separable())
        let good = scoring.score(lead(900, won: true)), bad = scoring.score(lead(901, won: false))
        #expect(good.conversionProbability > 0.6 && bad.conversionProbability < 0.4)
        #expect(good.score >= 70 && good.priority == .high && bad.score < 40 && bad.priority == .low)
        guard case .logisticRegression(let version, 120, let auc) = good.model else {
            Issue.record("\(good.model)")
            return
        }
        #expect(!version.isEmpty && auc > 0.8 && auc <= 1)
        #expect(good.model.json["name"] == "logistic_regression" && good.model.json["training_size"] == 120)
    }

    @Test func `six factors with evidence; their weights sum to a hundred`() throws {
        let score = LearnedScoring(try separable()).score(lead(1, won: true))
        #expect(score.factors.map(\.name) == ScoreFactor.allCases)
        #expect(abs(score.factors.reduce(0) { $0 + $1.weight } - 100) < 0.001)
        #expect(score.factors.allSatisfy { !$0.evidence.isEmpty && (0...1).contains($0.value) })
        #expect(score.factors[1].evidence.contains("industry \"retail\" speaks for it"))
        #expect(score.factors[0].contribution > 0 && score.factors[5].contribution > 0)
    }

    @Test func `the score rises with the probability alone; the base rate is fifty`() throws {
        for base in [0.02, 0.3, 0.9] {
            var last = 0
            for step in 1..<100 {
                let score = LearnedScoring.score(Double(step) / 100, baseRate: base)
                #expect(score >= last && (0...100).contains(score))
                last = score
            }
            #expect(LearnedScoring.score(base, baseRate: base) == 50)
        }
    }

    @Test func `custom fields are learned from, numbers in text and unknown ones too`() throws {
        let leads = (0..<300).map { n -> (ScoringInput, Bool) in
            var input = ScoringInput.typical
            let won = n % 3 == 0
            input.custom = [
                "Visits": .string(String(won ? 40 + n % 20 : 5 + n % 20)), "tier": won ? "gold" : "unknown",
                "note": .string("text \(n)"),
            ]
            return (input, won)
        }
        let scoring = LearnedScoring(try model(leads))
        #expect(scoring.model.columnNames.contains("custom.Visits") && scoring.model.columnNames.contains("custom.tier"))
        #expect(scoring.score(leads[0].0).conversionProbability > 0.7)
        #expect(scoring.score(leads[1].0).conversionProbability < 0.2)
        var blank = ScoringInput.typical
        blank.custom = ["Visits": .null]
        #expect(scoring.score(blank).confidence < scoring.score(leads[0].0).confidence)
    }

    @Test func `who a person is, and how it ended, are no features`() {
        var input = ScoringInput.rich
        (input.status, input.notes) = ("won", "Jane said yes")
        let row = LearnedScoring.features(of: input)
        #expect(row["status"] == .missing && row["notes"] == .missing && row["notes_length"] == .number(13))
        #expect(row["email"] == .category("own") && row["contact_name"] == .boolean(true))
        #expect(row["budget"] == .number(20_000) && row["timeline_days"] == .missing)
        input.tags = ["offer:growth", "VIP"]
        #expect(LearnedScoring.features(of: input).columns.filter { $0.hasPrefix("tag:") } == ["tag:vip"])
    }

    @Test func `another tenant's outcomes change nothing`() throws {
        let before = LearnedScoring(try separable()).score(lead(3, won: true))
        _ = try model((0..<200).map { (lead($0, won: $0 % 2 == 1), $0 % 2 == 0) })
        #expect(LearnedScoring(try separable()).score(lead(3, won: true)) == before)
    }

    @Test func `few outcomes nudge the rules' estimate, and no more`() throws {
        let early = try model((0..<30).map { (lead($0, won: $0 % 2 == 1), $0 % 2 == 1) }, perOutcomeMin: 10)
        let plain = ConversionEstimate(won: 15, lost: 15), nudged = ConversionEstimate(won: 15, lost: 15, early: early)
        let rules = RuleScoring()
        let (good, bad) = (lead(1, won: true), lead(2, won: false))
        #expect(rules.score(good, conversion: nudged).conversionProbability > rules.score(good, conversion: plain).conversionProbability)
        #expect(rules.score(bad, conversion: nudged).conversionProbability < rules.score(bad, conversion: plain).conversionProbability)
        #expect(rules.score(good, conversion: nudged).score == rules.score(good, conversion: plain).score)
    }
}
