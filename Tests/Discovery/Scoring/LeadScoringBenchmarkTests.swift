import Discovery
import Glibc
import Intelligence
import JSON
import Testing

/// The comparison that Benchmarks/lead-scoring describes, as a tenant sees it: the columns come as
/// custom fields of leads. It needs the data folder; without it there is nothing to run.
private let folder = getenv("BUREAU_DATA_SETS").map { String(cString: $0) }

@Suite(.enabled(if: folder != nil, "BUREAU_DATA_SETS names no folder"))
struct `Scores of imported leads beside the peers` {
    @Test(arguments: [false, true])
    func `rank no worse than the peers' logistic regression`(unknownIsBlank: Bool) throws {
        let history = try leads("dev_train.csv", unknownIsBlank),
            future = try leads("dev_test.csv", unknownIsBlank)
        let peers = try #require(JSONParser.parse(contents("PEERS.json"))["lead-scoring"])
        for (name, rows) in [("0", 0), ("50", 50), ("200", 200), ("1000", 1000), ("all", history.count)] {
            let knowledge = ScoringKnowledge(learning: Array(history.prefix(rows)), ScoringConfiguration())
            let scoring = LeadScoring(knowledge, ScoringConfiguration())
            let scores = future.map { scoring.score($0.input) }
            let probabilities = scores.map(\.conversionProbability), outcomes = future.map(\.won)
            let auc = ModelMetrics.auc(probabilities, outcomes),
                brier = ModelMetrics.brier(probabilities, outcomes)
            let ranked = ModelMetrics.auc(scores.map { Double($0.score) }, outcomes)
            print(
                "n=\(name), unknown is \(unknownIsBlank ? "blank" : "a word"), \(knowledge.stage): auc \(auc), of the score \(ranked), brier \(brier)"
            )
            guard let peer = peers["bank/n=\(name)"]?["sklearn LogisticRegression"] else { continue }
            #expect(auc >= (try #require(peer["auc"]?.double)) - 0.005, "n=\(name)")
            #expect(brier <= (try #require(peer["brier"]?.double)) + 0.005, "n=\(name)")
        }
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
    private func leads(_ file: String, _ unknownIsBlank: Bool) throws -> [(input: ScoringInput, won: Bool)] {
        let lines = try String(decoding: contents("lead-scoring/\(file)"), as: UTF8.self)
            .split(whereSeparator: \.isNewline).map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
        let header = try #require(lines.first).map(String.init)
        return lines.dropFirst().map { line in
            var input = ScoringInput()
            for (column, cell) in zip(header, line) where column != "lead_id" && column != "won" {
                input.custom[column] = unknownIsBlank && cell == "unknown" ? .null : .string(String(cell))
            }
            return (input, line.last == "1")
        }
    }
}
