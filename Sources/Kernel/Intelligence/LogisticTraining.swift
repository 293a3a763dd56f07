internal import Glibc

/// Trains a `LogisticModel` from the outcomes of one tenant.
///
/// How strongly weights are held back is chosen by stratified cross-validation: the strongest penalty
/// whose loss is within half a standard error of the best. Few outcomes then give a cautious model, many
/// a sharp one. Where it helps, a line over the log-odds corrects over- or under-confidence. The table's rows are in
/// the order of time: whether there is a signal is decided by how well earlier rows foretell later ones. The same
/// table gives the same model, bit for bit.
package struct LogisticTraining: Sendable {
    /// The least number of rows of either outcome.
    package var perOutcomeMin = 50
    /// Rows that choose the penalty; the final fit takes all of them.
    package var validationRowsMax = 10_000
    /// Features in all; columns beyond the limit are left out, in the order of their names.
    package var featuresMax = 1000

    package init() {}

    package enum Result: Sendable {
        case trained(LogisticModel)
        /// Too few outcomes to learn from; `missing` more positives or negatives are needed.
        case notEnoughHistory(positivesMissing: Int, negativesMissing: Int)

        package var model: LogisticModel? { if case .trained(let model) = self { model } else { nil } }
    }

    package func train(_ table: TrainingTable) -> Result {
        let least = max(perOutcomeMin, 2)
        guard table.positives >= least, table.negatives >= least else {
            return .notEnoughHistory(
                positivesMissing: max(0, least - table.positives),
                negativesMissing: max(0, least - table.negatives))
        }
        let cells = table.columns.map { name in ColumnCells(name: name, cells: table.rows.map { $0[name] }) }
        return .trained(model(chosenDesign(cells, table), cells, table))
    }

    private struct ColumnCells {
        let name: String
        let cells: [FeatureValue]
    }

    // MARK: Choosing

    /// The encoding of cells as features, the penalty, and what cross-validation saw of the choice.
    private struct Design {
        let encodings: [ColumnEncoding]
        let cost: Double
        /// The predicted log-odds of each row of the validation, and its outcome.
        let logits: [Double], outcomes: [Bool]
        let losses: [Double]

        var loss: Double { losses.reduce(0, +) / Double(losses.count) }
    }

    private static let costs = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]

    private func chosenDesign(_ cells: [ColumnCells], _ table: TrainingTable) -> Design {
        let plain = design(cells, table, stepsMax: 0)
        // Curves need more outcomes than lines.
        guard min(table.positives, table.negatives) >= 100 else { return plain }
        let stepped = design(cells, table, stepsMax: 9)
        return stepped.loss < plain.loss ? stepped : plain
    }

    private func design(_ cells: [ColumnCells], _ table: TrainingTable, stepsMax: Int) -> Design {
        let rows = validationRows(table.outcomes)
        let outcomes = rows.map { table.outcomes[$0] }
        let encodings = encodings(cells, stepsMax: stepsMax)
        let matrix = encode(cells, encodings, rows: rows)
        let folds = Folds(outcomes)
        var tried: [(cost: Double, logits: [Double], losses: [Double])] = []
        for cost in Self.costs {
            let logits = folds.logits(matrix, cost: cost)
            let losses = zip(logits, outcomes).map(logLoss)
            tried.append((cost, logits, losses))
            // Past the best, weaker penalties only get worse.
            let sums = tried.map { $0.losses.reduce(0, +) }
            if sums.count > 3, sums.suffix(3).allSatisfy({ $0 > sums.min()! * 1.001 }) { break }
        }
        let best = tried.min { $0.losses.reduce(0, +) < $1.losses.reduce(0, +) }!
        let chosen = tried.first { candidate in
            let worse = zip(candidate.losses, best.losses).map { $0 - $1 }
            return !Spread(worse).isAboveZero(by: 0.5)
        }!
        return Design(
            encodings: encodings, cost: chosen.cost, logits: chosen.logits, outcomes: outcomes,
            losses: chosen.losses)
    }

    /// All rows, or an even selection of either outcome in the rows' order.
    private func validationRows(_ outcomes: [Bool]) -> [Int] {
        guard outcomes.count > validationRowsMax else { return Array(outcomes.indices) }
        let share = Double(validationRowsMax) / Double(outcomes.count)
        var seen = [0, 0]
        return outcomes.indices.filter { row in
            let kind = outcomes[row] ? 1 : 0
            seen[kind] += 1
            return Int(Double(seen[kind]) * share) > Int(Double(seen[kind] - 1) * share)
        }
    }

    private func encodings(_ columns: [ColumnCells], stepsMax: Int) -> [ColumnEncoding] {
        let count = columns.first?.cells.count ?? 0
        let limits = ColumnEncoding.Limits(wordCountMin: count < 200 ? 3 : 5, stepsMax: stepsMax)
        var encodings: [ColumnEncoding] = []
        var features = 0
        for column in columns {
            guard let encoding = ColumnEncoding(name: column.name, cells: column.cells, limits: limits),
                features + encoding.featureCount <= featuresMax
            else { continue }
            encodings.append(encoding)
            features += encoding.featureCount
        }
        return encodings
    }

    private func encode(_ columns: [ColumnCells], _ encodings: [ColumnEncoding], rows: [Int]) -> SparseMatrix
    {
        let names = Set(encodings.map(\.name))
        let taken = columns.filter { names.contains($0.name) }
        var matrix = SparseMatrix(columnCount: encodings.reduce(0) { $0 + $1.featureCount })
        for row in rows {
            matrix.appendRow { put in
                var start = 0
                for (encoding, column) in zip(encodings, taken) {
                    encoding.encode(column.cells[row]) { put(start + $0, $1) }
                    start += encoding.featureCount
                }
            }
        }
        return matrix
    }

    // MARK: The final fit

    private func model(_ design: Design, _ cells: [ColumnCells], _ table: TrainingTable) -> LogisticModel {
        let matrix = encode(cells, design.encodings, rows: Array(table.outcomes.indices))
        // The predictions of later rows by earlier ones show whether there is a signal; where there are too few rows
        // for that, the predictions of each row by the others do.
        let ranking =
            Ranking(forward: matrix, table.outcomes, cost: design.cost)
            ?? Ranking(design.logits, design.outcomes)
        let (auc, deviations) = (ranking.auc, ranking.deviations)
        // Ranking at random reaches this once in forty times.
        let hasSignal = deviations > 1.96
        var fit = LinearSolver.fit(
            matrix, table.outcomes, rows: Array(table.outcomes.indices), cost: design.cost)
        var scaling = PlattScaling()
        if !hasSignal {
            // Below half a deviation, chance is the likeliest reason for the ranking. Above, more of the distance is
            // kept the more certain the ranking is.
            let sureness = min(1, max(0, (deviations - 0.5) / 1.46))
            scaling = Self.drawnToBaseRate(fit, matrix, table, by: sureness)
        } else if min(table.positives, table.negatives) >= 30 {
            let line = PlattScaling(fitting: design.logits, design.outcomes)
            let before = ModelMetrics.brier(design.logits.map(sigmoid), design.outcomes)
            let after = ModelMetrics.brier(design.logits.map { sigmoid(line($0)) }, design.outcomes)
            if after < before * 0.995 { scaling = line }
        }
        fit.weights = fit.weights.map { ($0 * scaling.slope).rounded(digits: 7) }
        fit.intercept = scaling(fit.intercept).rounded(digits: 7)
        let foretold = design.logits.map { sigmoid(scaling($0)) }
        let brier = ModelMetrics.brier(foretold, design.outcomes)
        return LogisticModel(
            trainingSize: table.count, positives: table.positives, auc: auc.rounded(digits: 6),
            brier: brier.rounded(digits: 6), hasSignal: hasSignal, intercept: fit.intercept,
            columns: columns(design.encodings, fit.weights, table))
    }

    /// Returns the model with the same ranking, but with its probabilities closer to the base rate: only a share of
    /// the distance is kept, and always a little of it.
    private static func drawnToBaseRate(
        _ fit: LinearFit, _ matrix: SparseMatrix, _ table: TrainingTable, by sureness: Double
    ) -> PlattScaling {
        let spread = Spread((0..<matrix.rowCount).map { fit.logit(matrix, row: $0) })
        var scaling = PlattScaling()
        scaling.slope = max(sureness, min(1, 0.05 / max(spread.deviation, 1e-9)))
        scaling.intercept = logOdds(table.share) - scaling.slope * spread.mean
        return scaling
    }

    private func columns(
        _ encodings: [ColumnEncoding], _ weights: [Double], _ table: TrainingTable
    ) -> [LogisticModel.Column] {
        var start = 0
        return encodings.map { encoding in
            defer { start += encoding.featureCount }
            var column = LogisticModel.Column(
                encoding: encoding, weights: Array(weights[start..<start + encoding.featureCount]))
            let parts = table.rows.map { column.part($0[encoding.name]) }
            let average = parts.reduce(0, +) / Double(parts.count)
            column.average = average.rounded(digits: 7)
            column.spread = (parts.reduce(0) { $0 + abs($1 - average) } / Double(parts.count)).rounded(
                digits: 7)
            return column
        }
    }
}

extension TrainingTable {
    fileprivate var share: Double { Double(positives) / Double(count) }
}

/// The quality of the ranking of rows by the predictions.
private struct Ranking {
    let auc: Double
    /// The distance from a random ranking, in standard deviations of chance.
    let deviations: Double

    init(_ logits: [Double], _ outcomes: [Bool]) { self.init([(logits, outcomes)]) }

    /// Ranks rows in the order of time: each tenth of the later half is predicted by all rows before it. Returns `nil`
    /// where there are too few rows of either outcome to tell.
    init?(forward matrix: SparseMatrix, _ outcomes: [Bool], cost: Double) {
        let count = outcomes.count
        let later = outcomes[(count / 2)...]
        guard min(later.count { $0 }, later.count { !$0 }) >= 20 else { return nil }
        var blocks: [(logits: [Double], outcomes: [Bool])] = []
        for tenth in 5..<10 {
            let (start, end) = (count * tenth / 10, count * (tenth + 1) / 10)
            let before = outcomes[..<start]
            guard before.contains(true), before.contains(false) else { continue }
            let fit = LinearSolver.fit(matrix, outcomes, rows: Array(0..<start), cost: cost)
            blocks.append(((start..<end).map { fit.logit(matrix, row: $0) }, Array(outcomes[start..<end])))
        }
        self.init(blocks)
    }

    /// Compares each row with the rows of its own block.
    private init(_ blocks: [(logits: [Double], outcomes: [Bool])]) {
        var (won, pairs, variance) = (0.0, 0.0, 0.0)
        for block in blocks {
            let positives = Double(block.outcomes.count { $0 }),
                negatives = Double(block.outcomes.count) - positives
            won += ModelMetrics.auc(block.logits, block.outcomes) * positives * negatives
            pairs += positives * negatives
            variance += positives * negatives * (positives + negatives + 1) / 12
        }
        auc = pairs > 0 ? won / pairs : 0.5
        deviations = variance > 0 ? (won - pairs / 2) / variance.squareRoot() : 0
    }
}

/// Rows dealt into folds, each outcome evenly; always the same way.
private struct Folds {
    private let outcomes: [Bool]
    /// Of each deal, the fold of each row.
    private var deals: [[Int]] = []
    private let foldCount: Int

    init(_ outcomes: [Bool]) {
        self.outcomes = outcomes
        let positives = outcomes.count { $0 }
        foldCount = min(5, max(2, min(positives, outcomes.count - positives)))
        // One deal of few rows is luck; several are averaged.
        for deal in 0..<(outcomes.count < 500 ? 3 : 1) {
            var folds = [Int](repeating: 0, count: outcomes.count)
            var random = SplitMix(state: UInt64(deal + 1))
            for outcome in [true, false] {
                var rows = outcomes.indices.filter { outcomes[$0] == outcome }
                rows.shuffle(using: &random)
                for (index, row) in rows.enumerated() { folds[row] = index % foldCount }
            }
            deals.append(folds)
        }
    }

    /// Returns the log-odds that fits which did not see a row predict for it, averaged over the deals.
    func logits(_ matrix: SparseMatrix, cost: Double) -> [Double] {
        var sums = [Double](repeating: 0, count: outcomes.count)
        for folds in deals {
            for fold in 0..<foldCount {
                let others = outcomes.indices.filter { folds[$0] != fold }
                let fit = LinearSolver.fit(matrix, outcomes, rows: others, cost: cost)
                for row in outcomes.indices where folds[row] == fold {
                    sums[row] += fit.logit(matrix, row: row)
                }
            }
        }
        return sums.map { $0 / Double(deals.count) }
    }
}

/// A generator whose sequence is fixed by its seed (Steele, Lea, Flood 2014): the dealing of folds must
/// not differ from run to run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A mean, and how far chance may have moved it.
private struct Spread {
    let mean: Double, deviation: Double, standardError: Double

    init(_ values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        standardError = deviation / count.squareRoot()
        self.mean = mean
    }

    func isAboveZero(by standardErrors: Double) -> Bool { mean > standardErrors * standardError + 1e-12 }
}
