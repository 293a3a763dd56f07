import Intelligence
import JSON
import Testing

/// A fixed sequence of numbers in 0..<1 (a linear congruence), so that every run sees the same tables.
struct Noise {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(UInt64(1) << 53)
    }

    /// Roughly normal.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + next() } }
}

@Suite struct `Training on outcomes` {
    private func trained(_ table: TrainingTable, perOutcomeMin: Int = 50) throws -> LogisticModel {
        var training = LogisticTraining()
        training.perOutcomeMin = perOutcomeMin
        return try #require(training.train(table).model)
    }

    private func separable(_ count: Int = 120) -> TrainingTable {
        var table = TrainingTable()
        for n in 0..<count {
            let won = n % 2 == 1
            table.append(
                [
                    "industry": .category(won ? "retail" : "finance"), "employees": .number(won ? 300 : 5),
                    "budget": .number(won ? 900_000 : 50_000), "country": .category("US"),
                ], outcome: won)
        }
        return table
    }

    /// Outcomes follow one number, one word and one absence; two columns are noise.
    private func mixed(_ count: Int, seed: UInt64 = 1) -> TrainingTable {
        var noise = Noise(seed)
        var table = TrainingTable()
        for _ in 0..<count {
            let size = noise.normal(), partner = noise.next() < 0.3, named = noise.next() < 0.8
            var row: FeatureRow = [
                "size": .number(size),
                "source": .category(partner ? "partner" : noise.next() < 0.5 ? "web" : "fair"),
                "noise": .number(noise.normal()), "flag": .boolean(noise.next() < 0.5),
            ]
            if named { row["phone"] = .boolean(true) }
            let logit = -1.5 + size + (partner ? 1.5 : 0) + (named ? 0 : -1.5)
            table.append(row, outcome: noise.next() < sigmoid(logit))
        }
        return table
    }

    @Test func `separable outcomes give clear probabilities, but no certainty`() throws {
        let model = try trained(separable())
        let good = model.probability(of: [
            "industry": .category("retail"), "employees": .number(310), "budget": .number(880_000),
        ])
        let bad = model.probability(of: [
            "industry": .category("finance"), "employees": .number(4), "budget": .number(40_000),
        ])
        #expect(good > 0.8 && good < 1 && bad < 0.2 && bad > 0)
        #expect(model.hasSignal && model.auc > 0.99 && model.trainingSize == 120 && model.positives == 60)
        #expect(!model.columnNames.contains("country"), "a constant column says nothing")
    }

    @Test func `what drives the outcomes is found, and the probabilities are honest`() throws {
        let model = try trained(mixed(2000))
        let future = mixed(4000, seed: 2)
        let probabilities = future.rows.map(model.probability)
        let auc = ModelMetrics.auc(probabilities, future.outcomes)
        #expect(auc > 0.77 && abs(auc - model.auc) < 0.03)
        #expect(ModelMetrics.calibrationError(probabilities, future.outcomes) < 0.03)
        #expect(abs(ModelMetrics.brier(probabilities, future.outcomes) - model.brier) < 0.02)
        let strength = Dictionary(uniqueKeysWithValues: model.importances.map { ($0.column, $0.logOdds) })
        for column in ["size", "source", "phone"] { #expect(strength[column]! > 3 * strength["noise"]!) }
    }

    @Test func `without a signal every probability stays at the base rate`() throws {
        var noise = Noise(7)
        var table = TrainingTable()
        for _ in 0..<600 {
            table.append(
                [
                    "a": .number(noise.normal()), "b": .category(["x", "y", "z"][Int(noise.next() * 3)]),
                    "c": .boolean(noise.next() < 0.5),
                ], outcome: noise.next() < 0.25)
        }
        let model = try trained(table)
        #expect(!model.hasSignal && abs(model.auc - 0.5) < 0.06)
        for row in table.rows { #expect(abs(model.probability(of: row) - model.baseRate) < 0.05) }
    }

    @Test func `no columns at all is the base rate`() throws {
        var table = TrainingTable()
        for n in 0..<200 { table.append(["same": .category("x")], outcome: n % 4 == 0) }
        let model = try trained(table)
        #expect(!model.hasSignal && model.columnNames.isEmpty)
        #expect(abs(model.probability(of: ["same": .category("y")]) - 0.25) < 0.001)
    }

    @Test func `fewer than fifty of either outcome are not enough`() throws {
        for (positives, negatives, expected) in [(49, 400, (1, 0)), (400, 10, (0, 40)), (0, 0, (50, 50))] {
            var table = TrainingTable()
            for n in 0..<positives + negatives {
                table.append(["n": .number(Double(n))], outcome: n < positives)
            }
            guard case .notEnoughHistory(let won, let lost) = LogisticTraining().train(table) else {
                Issue.record("trained on \(positives) and \(negatives)")
                continue
            }
            #expect((won, lost) == expected)
        }
        var enough = TrainingTable()
        for n in 0..<100 { enough.append(["n": .number(Double(n % 7))], outcome: n < 50) }
        #expect(LogisticTraining().train(enough).model != nil)
    }

    @Test func `the same table gives the same bytes, and the model's version names them`() throws {
        let first = try trained(mixed(700)), second = try trained(mixed(700))
        #expect(first.json.bytes == second.json.bytes && first.version == second.version)
        #expect(try trained(mixed(700, seed: 3)).version != first.version)
    }

    @Test func `a stored model is the same model, and a changed one is refused`() throws {
        let model = try trained(mixed(900))
        let stored = try JSONParser.parse(model.json.bytes)
        let read = try #require(LogisticModel(json: stored))
        #expect(read == model)
        for row in mixed(50, seed: 9).rows {
            #expect(read.probability(of: row) == model.probability(of: row))
            #expect(read.contributions(of: row) == model.contributions(of: row))
        }
        #expect(LogisticModel(json: stored.merging(["intercept": 9.5])) == nil)
        #expect(LogisticModel(json: stored.merging(["columns": [["name": "x"]]])) == nil)
        #expect(LogisticModel(json: [:]) == nil)
    }

    @Test func `one tenant's history has no part in another's model`() throws {
        let alone = try trained(separable())
        _ = try trained(mixed(1500))
        #expect(try trained(separable()) == alone)
    }

    @Test func `contributions sum to the log-odds`() throws {
        let model = try trained(mixed(1500))
        for row in mixed(100, seed: 5).rows {
            let sum = model.contributions(of: row).reduce(model.averageLogOdds) { $0 + $1.logOdds }
            #expect(abs(sigmoid(sum) - model.probability(of: row)) < 1e-9)
        }
    }

    @Test func `absence can tell, and unseen or odd cells do no harm`() throws {
        let model = try trained(mixed(2000))
        let named: FeatureRow = ["size": .number(0), "source": .category("web"), "phone": .boolean(true)]
        var unnamed = named
        unnamed["phone"] = .missing
        #expect(model.probability(of: unnamed) < model.probability(of: named) - 0.05)
        var odd = named
        for cell in [
            FeatureValue.number(.infinity), .number(.nan), .number(1e300), .number(-1e300),
            .category("never seen"),
            .category(""), .boolean(false), .missing,
        ] {
            odd["size"] = cell
            odd["source"] = cell
            let probability = model.probability(of: odd)
            #expect(probability > 0.001 && probability < 0.999, "\(cell)")
        }
        #expect(model.probability(of: [:]) > 0.01)
    }

    @Test func `numbers and words may share a column`() throws {
        var noise = Noise(11)
        var table = TrainingTable()
        for _ in 0..<800 {
            let known = noise.next() < 0.6, size = noise.next() * 100
            table.append(
                ["size": FeatureValue(text: known ? String(Int(size)) : "unknown")],
                outcome: noise.next() < (known ? size / 100 : 0.05))
        }
        let model = try trained(table)
        let probability = { model.probability(of: ["size": FeatureValue(text: $0)]) }
        #expect(probability("90") > 0.6 && probability("10") < 0.4 && probability("unknown") < 0.15)
    }

    @Test func `a curve is followed once there are enough outcomes`() throws {
        var noise = Noise(13)
        var table = TrainingTable()
        for _ in 0..<2000 {
            let age = 20 + noise.next() * 60
            table.append(["age": .number(age)], outcome: noise.next() < (age < 35 || age > 65 ? 0.6 : 0.1))
        }
        let model = try trained(table)
        let probability = { model.probability(of: ["age": .number($0)]) }
        #expect(probability(25) > 0.45 && probability(75) > 0.45 && probability(50) < 0.2)
    }

    @Test func `a text cell is a number, a day, a word or nothing`() {
        #expect(FeatureValue(text: " 12.5 ") == .number(12.5))
        #expect(FeatureValue(text: "-3e2") == .number(-300))
        #expect(FeatureValue(text: "1970-01-03") == .number(2))
        #expect(FeatureValue(text: "1970-01-03T10:00:00Z") == .number(2))
        #expect(FeatureValue(text: "1970-13-03") == .category("1970-13-03"))
        #expect(FeatureValue(text: "inf") == .category("inf"))
        #expect(FeatureValue(text: "unknown") == .category("unknown"))
        #expect(FeatureValue(text: " \t") == .missing)
        #expect(FeatureValue(text: nil) == .missing)
    }
}

@Suite struct `Measures of a model` {
    @Test func `the area under the curve counts ties half`() {
        #expect(ModelMetrics.auc([0.1, 0.4, 0.35, 0.8], [false, false, true, true]) == 0.75)
        #expect(ModelMetrics.auc([1, 1, 1, 1], [true, false, true, false]) == 0.5)
        #expect(ModelMetrics.auc([1, 2], [true, true]) == 0.5)
        #expect(ModelMetrics.auc([2, 1], [true, false]) == 1)
    }

    @Test func `Brier, calibration and lift follow their definitions`() {
        #expect(ModelMetrics.brier([1, 0, 0.5], [true, false, true]) == 0.25 / 3)
        #expect(ModelMetrics.calibrationError([0.25, 0.25, 0.25, 0.25], [true, false, false, false]) == 0)
        #expect(ModelMetrics.calibrationError([0.9, 0.9], [false, false]) == 0.9)
        let scores = (0..<100).map { Double($0) }
        #expect(ModelMetrics.lift(scores, scores.map { $0 >= 90 }) == 10)
        #expect(ModelMetrics.lift(scores, scores.map { _ in false }) == 1)
    }
}
