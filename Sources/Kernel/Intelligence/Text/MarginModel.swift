/// A linear classifier of texts among many categories: a support vector machine for each against the rest, on
/// words weighed by how rare they are. Equal examples give equal weights, bit for bit, on every machine.
struct MarginModel: Sendable {
    struct Example {
        var views: TextViews
        var label: Int
        var weight: Double = 1
    }

    let classCount: Int
    /// The weight of a margin, as log-odds: found on examples that a model did not learn from.
    private(set) var sharpness = 4.0
    /// By hash, the place of a feature.
    private var vocabulary: [UInt64: Int32] = [:]
    private var rarity: [Double] = []
    /// A feature's weights for all classes stand side by side.
    private var weights: [Float] = []
    private var intercepts: [Float] = []

    /// `cost` is what an example on the wrong side of its margin costs, beside the weights' squares. Without a
    /// `sharpness`, the one that suits the examples is looked for.
    init(training examples: [Example], classCount: Int, cost: Double = 1, sharpness known: Double? = nil) {
        self.init(fitting: examples, classCount, cost)
        sharpness = known ?? Self.sharpness(examples, classCount, cost) ?? sharpness
    }

    private init(fitting examples: [Example], _ classCount: Int, _ cost: Double) {
        self.classCount = classCount
        learnWords(examples)
        var rows = Rows()
        for example in examples { rows.append(entries(example.views)) }
        weights = [Float](repeating: 0, count: rarity.count * classCount)
        let costs = examples.map { cost * $0.weight }
        for label in 0..<classCount {
            let fitted = rows.margin(examples.map { $0.label == label }, costs, columnCount: rarity.count)
            for (column, weight) in fitted.weights.enumerated() {
                weights[column * classCount + label] = Float(weight)
            }
            intercepts.append(Float(fitted.intercept))
        }
    }

    /// Words count from the first; of pairs and pieces only those that two examples share.
    private mutating func learnWords(_ examples: [Example]) {
        var counts: [UInt64: Int] = [:]
        for example in examples {
            for (index, view) in example.views.views.enumerated() {
                let first = index == TextViews.wordsView ? 1 : 0
                for feature in view { counts[feature.hash, default: first] += 1 }
            }
        }
        for (hash, count) in counts.sorted(by: { $0.key < $1.key }) where count > 1 {
            vocabulary[hash] = Int32(rarity.count)
            rarity.append(1 + exactLog(Double(1 + examples.count) / Double(count)))
        }
    }

    struct Entry {
        let column: Int
        let value: Double
        let words: (Int, Int)
    }

    /// Returns the known features of a text; each view is as long as the others.
    private func entries(_ text: TextViews) -> [Entry] {
        text.views.flatMap { view in
            let known = view.compactMap { feature -> Entry? in
                guard let column = vocabulary[feature.hash].map(Int.init) else { return nil }
                let often = feature.count > 1 ? 1 + exactLog(Double(feature.count)) : 1
                return Entry(column: column, value: often * rarity[column], words: feature.words)
            }
            let length = known.reduce(0) { $0 + $1.value * $1.value }.squareRoot()
            return known.map { Entry(column: $0.column, value: $0.value / length, words: $0.words) }
        }
    }

    // MARK: Judging

    func margins(_ text: TextViews) -> [Double] {
        var margins = intercepts.map(Double.init)
        for entry in entries(text) {
            for label in 0..<classCount {
                margins[label] += Double(weights[entry.column * classCount + label]) * entry.value
            }
        }
        return margins
    }

    /// A probability for each class.
    func shares(_ text: TextViews) -> [Double] { softmax(margins(text), sharpness: sharpness) }

    /// Returns how much each feature says for a class, as log-odds, beyond what it says for all of them.
    func contributions(_ text: TextViews, to label: Int) -> [(words: (Int, Int), weight: Double)] {
        entries(text).map { entry in
            let own = weights[entry.column * classCount..<(entry.column + 1) * classCount]
            let mean = own.reduce(0, +) / Float(classCount)
            return (entry.words, Double(own[own.startIndex + label] - mean) * entry.value * sharpness)
        }
    }

    // MARK: Honesty

    /// The sharpness whose probabilities lie nearest to what was true (Brier), each third judged by a model of the
    /// rest; nil for too few examples.
    private static func sharpness(_ examples: [Example], _ classCount: Int, _ cost: Double) -> Double? {
        guard examples.count >= 3 * classCount, classCount > 1 else { return nil }
        var judged: [(margins: [Double], label: Int)] = []
        for part in 0..<3 {
            let rest = examples.indices.filter { $0 % 3 != part }.map { examples[$0] }
            let model = MarginModel(fitting: rest, classCount, cost)
            for index in stride(from: part, to: examples.count, by: 3) {
                judged.append((model.margins(examples[index].views), examples[index].label))
            }
        }
        func distance(_ sharpness: Double) -> Double {
            judged.reduce(0) { sum, row in
                let shares = softmax(row.margins, sharpness: sharpness)
                let squares = shares.reduce(0) { $0 + $1 * $1 }
                return sum + squares - 2 * shares[row.label]
            }
        }
        return [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 14].min { distance($0) < distance($1) }
    }
}

/// Sparse rows, and the widest margin between those that are and those that are not.
private struct Rows {
    private var starts = [0]
    private var columns: [Int32] = []
    private var values: [Double] = []

    mutating func append(_ entries: [MarginModel.Entry]) {
        for entry in entries {
            columns.append(Int32(entry.column))
            values.append(entry.value)
        }
        starts.append(columns.count)
    }

    /// Minimises ½|w|² + Σ cost · max(0, 1 − y·(w·x + b))² by coordinate descent in the dual (Hsieh et al., "A Dual
    /// Coordinate Descent Method for Large-scale Linear SVM", 2008). Rows whose margin is safe rest until the end.
    func margin(
        _ outcomes: [Bool], _ costs: [Double], columnCount: Int, roundsMax: Int = 60, tolerance: Double = 0.05
    ) -> (weights: [Double], intercept: Double) {
        var weights = [Double](repeating: 0, count: columnCount), intercept = 0.0
        var alphas = [Double](repeating: 0, count: outcomes.count)
        let lengths = outcomes.indices.map { row in
            values[starts[row]..<starts[row + 1]].reduce(1) { $0 + $1 * $1 }
        }
        var active = Array(outcomes.indices)
        var random = LinearCongruence(state: 20)
        var safe = Double.infinity
        for _ in 0..<roundsMax {
            active.shuffle(using: &random)
            var highest = -Double.infinity, lowest = Double.infinity
            var resting: Set<Int> = []
            for row in active {
                let side = outcomes[row] ? 1.0 : -1.0, slack = 0.5 / costs[row]
                var slope = side * (intercept + dot(row, weights)) - 1 + slack * alphas[row]
                if alphas[row] == 0 {
                    if slope > safe { resting.insert(row) }
                    slope = min(slope, 0)
                }
                highest = max(highest, slope)
                lowest = min(lowest, slope)
                guard abs(slope) > 1e-12 else { continue }
                let alpha = max(0, alphas[row] - slope / (lengths[row] + slack))
                let step = (alpha - alphas[row]) * side
                alphas[row] = alpha
                intercept += step
                add(row, step, to: &weights)
            }
            if highest - lowest < tolerance {
                if active.count == outcomes.count { break }
                // All are looked at once more before the end.
                (active, safe) = (Array(outcomes.indices), .infinity)
                continue
            }
            if !resting.isEmpty { active.removeAll(where: resting.contains) }
            safe = highest > 0 ? highest : .infinity
        }
        return (weights, intercept)
    }

    private func dot(_ row: Int, _ weights: [Double]) -> Double {
        var sum = 0.0
        weights.withUnsafeBufferPointer { weights in
            for place in starts[row]..<starts[row + 1] { sum += values[place] * weights[Int(columns[place])] }
        }
        return sum
    }

    private func add(_ row: Int, _ step: Double, to weights: inout [Double]) {
        weights.withUnsafeMutableBufferPointer { weights in
            for place in starts[row]..<starts[row + 1] {
                weights[Int(columns[place])] += step * values[place]
            }
        }
    }
}
