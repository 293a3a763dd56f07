import Glibc
import Intelligence
import JSON
import Testing

/// The comparison that Benchmarks/lead-scoring describes. It needs the data folder; without it there is
/// nothing to run.
private let folder = getenv("BUREAU_DATA_SETS").map { String(cString: $0) }

@Suite(.enabled(if: folder != nil, "BUREAU_DATA_SETS names no folder"))
struct `Lead scoring beside its peers` {
    @Test func `ranks no worse than the peers' logistic regression at any size of history`() throws {
        let history = try table("dev_train.csv"), future = try table("dev_test.csv")
        let peers = try #require(JSONParser.parse(contents("PEERS.json"))["lead-scoring"])
        for (name, rows) in [("50", 50), ("200", 200), ("1000", 1000), ("all", history.count)] {
            var training = LogisticTraining()
            training.perOutcomeMin = 2
            let model = try #require(training.train(history.prefix(rows)).model)
            let probabilities = future.rows.map(model.probability)
            let auc = ModelMetrics.auc(probabilities, future.outcomes)
            let brier = ModelMetrics.brier(probabilities, future.outcomes)
            let peer = try #require(peers["bank/n=\(name)"]?["sklearn LogisticRegression"])
            let peerAUC = try #require(peer["auc"]?.double), peerBrier = try #require(peer["brier"]?.double)
            print(
                "n=\(name): auc \(auc.short) (peer \(peerAUC)), brier \(brier.short) (peer \(peerBrier)),",
                "ece \(ModelMetrics.calibrationError(probabilities, future.outcomes).short),",
                "lift \(ModelMetrics.lift(probabilities, future.outcomes).short),",
                "expected auc \(model.auc.short), signal \(model.hasSignal)")
            #expect(auc >= peerAUC - 0.005, "n=\(name)")
            #expect(brier <= peerBrier + 0.005, "n=\(name)")
        }
    }

    @Test func `a hundred thousand rows of thirty columns train within a minute even unoptimised`() throws {
        var noise = Noise(17)
        var table = TrainingTable()
        for _ in 0..<100_000 {
            var row = FeatureRow()
            var logit = -2.0
            for column in 0..<15 {
                let value = noise.next()
                row["n\(column)"] = .number(value)
                if column < 5 { logit += value }
            }
            for column in 0..<15 { row["c\(column)"] = .category(String(Int(noise.next() * 8))) }
            table.append(row, outcome: noise.next() < sigmoid(logit))
        }
        let clock = ContinuousClock()
        var model: LogisticModel?
        let training = clock.measure { model = LogisticTraining().train(table).model }
        let scoring = clock.measure { for row in table.rows.prefix(1000) { _ = model!.probability(of: row) } }
        print("100,000 × 30: trained in \(training), 1,000 rows scored in \(scoring)")
        #expect(training < .seconds(60))
        #expect(model!.hasSignal)
    }

    private func contents(_ file: String) throws -> [UInt8] {
        let stream = try #require(fopen("\(folder!)/\(file)", "rb"), "\(file)")
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, stream), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    /// The files hold no quoted cells.
    private func table(_ file: String) throws -> TrainingTable {
        let lines = try String(decoding: contents("lead-scoring/\(file)"), as: UTF8.self)
            .split(whereSeparator: \.isNewline).map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
        let header = try #require(lines.first).map(String.init)
        var table = TrainingTable()
        for line in lines.dropFirst() {
            var row = FeatureRow()
            for (column, cell) in zip(header, line) where column != "lead_id" && column != "won" {
                row[column] = FeatureValue(text: String(cell))
            }
            table.append(row, outcome: line.last == "1")
        }
        return table
    }
}

extension Double {
    fileprivate var short: Double { (self * 10_000).rounded() / 10_000 }
}
