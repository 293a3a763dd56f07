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
        #expect(
            scoring.model.columnNames.contains("custom.Visits")
                && scoring.model.columnNames.contains("custom.tier"))
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

    private func closed(_ count: Int, _ outcome: (Int) -> Bool) -> [(input: ScoringInput, won: Bool)] {
        (0..<count).map { (lead($0, won: $0 % 2 == 1), outcome($0)) }
    }

    private func knowledge(_ closed: [(input: ScoringInput, won: Bool)]) -> ScoringKnowledge {
        ScoringKnowledge(learning: closed, ScoringConfiguration())
    }

    private func scoring(_ knowledge: ScoringKnowledge) -> LeadScoring {
        LeadScoring(knowledge, ScoringConfiguration())
    }

    @Test func `rules speak until fifty were won and fifty lost, then the outcomes do`() throws {
        #expect(knowledge([]) == ScoringKnowledge() && ScoringKnowledge().stage == .notEnoughHistory)
        for (count, stage) in [
            (2, ScoringKnowledge.Stage.notEnoughHistory), (99, .notEnoughHistory), (100, .learned),
        ] {
            let knowledge = knowledge(closed(count) { $0 % 2 == 1 })
            #expect(knowledge.stage == stage)
            let model = scoring(knowledge).score(lead(0, won: true)).model
            #expect((model == .rules(version: RuleScoring.version, history: stage)) == (stage != .learned))
            #expect(try ScoringKnowledge(json: JSONParser.parse(knowledge.json.bytes)) == knowledge)
        }
    }

    @Test func `outcomes that follow nothing keep every probability at the base rate`() {
        let knowledge = knowledge(closed(400) { $0 % 4 < 2 })
        #expect(knowledge.stage == .withoutSignal)
        for input in [lead(0, won: true), lead(1, won: false), .bare, .rich] {
            let score = scoring(knowledge).score(input)
            #expect(abs(score.conversionProbability - 0.49) < 0.03)
            #expect(score.model == .rules(version: RuleScoring.version, history: .withoutSignal))
            #expect(score.model.json["about"]?.text?.contains("stays near your average") == true)
        }
    }

    @Test func `another tenant's outcomes change nothing`() {
        let own = knowledge(closed(120) { $0 % 2 == 1 })
        let before = scoring(own).score(lead(3, won: true))
        let other = knowledge(closed(200) { $0 % 2 == 0 })
        #expect(knowledge(closed(120) { $0 % 2 == 1 }) == own && other.version != own.version)
        #expect(scoring(own).score(lead(3, won: true)) == before)
        #expect(scoring(other).score(lead(3, won: true)).score < before.score)
    }

    @Test func `below fifty outcomes score and probability rank leads alike, and few outcomes move both`() {
        let early = scoring(knowledge(closed(30) { $0 % 2 == 1 }))
        let none = scoring(ScoringKnowledge())
        func odds(_ scoring: LeadScoring) -> Double {
            let good = scoring.score(lead(1, won: true)), bad = scoring.score(lead(2, won: false))
            return logOdds(good.conversionProbability) - logOdds(bad.conversionProbability)
        }
        #expect(odds(early) > odds(none) + 1 && odds(early) < odds(none) + 6)
        for scoring in [none, early] {
            let scores = (0..<40).map { number -> LeadScore in
                var input = lead(number, won: number % 3 == 0)
                (input.employeeCount, input.hasPhone) = (number * 7, number % 2 == 0)
                return scoring.score(input)
            }.sorted { $0.conversionProbability < $1.conversionProbability }
            for (lower, higher) in zip(scores, scores.dropFirst()) { #expect(lower.score <= higher.score) }
            for score in scores {
                let sum = score.factors.reduce(0) { $0 + $1.contribution }
                #expect(
                    abs(sum - Double(score.score)) <= 0.5 && score.factors.reduce(0) { $0 + $1.weight } == 100
                )
            }
        }
    }

    @Test func `without outcomes, an agency's own fields count by their names and rank among its leads`() {
        let custom = (0..<40).map { number -> JSONObject in
            [
                "Website visits": .integer(Int64(number)), "days since contact": .string(String(number)),
                "shoe size": 42,
            ]
        }
        let knowledge = ScoringKnowledge(learning: [], sample: custom, leads: 40, ScoringConfiguration())
        #expect(knowledge.stage == .notEnoughHistory && knowledge.version != ScoringKnowledge().version)
        func score(_ custom: JSONObject) -> LeadScore {
            var input = ScoringInput.typical
            input.custom = custom
            return scoring(knowledge).score(input)
        }
        let plain = score([:])
        #expect(
            score(["Website visits": 39]).score > plain.score
                && score(["Website visits": 0]).score < plain.score)
        #expect(score(["days since contact": 39]).score < plain.score)
        #expect(score(["shoe size": 60]).score == plain.score)
        #expect(score(["last outcome": "success"]).score > plain.score)
        #expect(score(["last outcome": "failure"]).score < plain.score)
        let told = score(["Website visits": 39]).factors.map(\.evidence).joined()
        #expect(told.contains("Website visits 39 speaks for it"), "\(told)")
    }

    @Test func `a pattern that no longer holds is no signal`() {
        // The sign that won leads in the first half loses them in the second.
        let turned = knowledge(closed(400) { ($0 % 2 == 1) == ($0 < 200) })
        #expect(turned.stage == .withoutSignal)
        #expect(knowledge(closed(400) { $0 % 2 == 1 }).stage == .learned)
    }

    @Test(arguments: [40, 90, 300])
    func `without a signal, probabilities stay near the base rate`(_ count: Int) {
        var noise = Noise(UInt64(count))
        func someLead() -> ScoringInput {
            var input = ScoringInput.bare
            (input.employeeCount, input.industry) = (
                Int(noise.next() * 500), noise.next() > 0.5 ? "retail" : "software"
            )
            (input.hasWebsite, input.hasPhone) = (noise.next() > 0.5, noise.next() > 0.5)
            input.budget = noise.next() > 0.5 ? .dollars(Int64(noise.next() * 20_000)) : nil
            input.custom = [
                "visits": .number(noise.next() * 40), "tier": noise.next() > 0.5 ? "gold" : "cold",
            ]
            return input
        }
        let history = (0..<count).map { _ in (input: someLead(), won: noise.next() < 0.4) }
        let future = (0..<1000).map { _ in (input: someLead(), won: noise.next() < 0.4) }
        let scoring = scoring(knowledge(history))
        let foretold = future.map { scoring.score($0.input).conversionProbability }
        let error = ModelMetrics.calibrationError(foretold, future.map(\.won))
        let own = abs(Double(history.count { $0.won }) / Double(count) - 0.4)
        // The bound allows for how far chance has moved the history itself from what is to come.
        #expect(error < 0.06 + own, "\(error), \(own)")
    }
}

/// A fixed sequence of numbers in 0..<1 (a linear congruence).
private struct Noise {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(UInt64(1) << 53)
    }
}
