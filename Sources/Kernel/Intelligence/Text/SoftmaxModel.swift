/// A linear classifier of texts: log-odds of each class from weighted features (multinomial logistic
/// regression). Equal examples give equal weights, bit for bit, on every machine.
struct SoftmaxModel: Sendable {
    struct Example {
        var features: TextFeatures
        /// The features of the text with less to see, learned from in every other round; the model then can do without
        /// the rest.
        var bare: TextFeatures
        var label: Int
        var weight: Float = 1
    }

    let classCount: Int
    /// By hash, the place of a feature's weights.
    private var vocabulary: [UInt64: Int32] = [:]
    /// A feature's weights for all classes stand side by side.
    private var weights: [Float] = []
    private var intercepts: [Float]

    /// Weights fall with the gradient, each feature at its own pace (AdaGrad: Duchi, Hazan, Singer 2011).
    init(
        training examples: [Example], classCount: Int, rounds: Int = 8, pace: Float = 0.25,
        decay: Float = 1e-3
    ) {
        self.classCount = classCount
        intercepts = [Float](repeating: 0, count: classCount)
        learnWords(examples)
        let rows = examples.map { row($0.features) }, bareRows = examples.map { row($0.bare) }
        weights = [Float](repeating: 0, count: vocabulary.count * classCount)
        var squares = [Float](repeating: 1e-3, count: weights.count)
        var interceptSquares = [Float](repeating: 1e-3, count: classCount)
        let balance = Self.balance(examples, classCount)
        var order = Array(examples.indices)
        var random = LinearCongruence(state: 20)
        var logits = [Float](repeating: 0, count: classCount)
        for round in 0..<rounds {
            order.shuffle(using: &random)
            for index in order {
                let example = examples[index]
                let step = example.weight * balance[example.label]
                learn(
                    (index + round) % 2 == 0 ? rows[index] : bareRows[index], example.label, step, pace,
                    decay, &logits, &squares, &interceptSquares)
            }
        }
    }

    /// Only what two examples share can say anything about a third.
    private mutating func learnWords(_ examples: [Example]) {
        var counts: [UInt64: Int32] = [:]
        for example in examples {
            for hash in Set(example.features.features.map(\.hash)) { counts[hash, default: 0] += 1 }
        }
        for hash in counts.filter({ $0.value > 1 }).keys.sorted() {
            vocabulary[hash] = Int32(vocabulary.count)
        }
    }

    private struct Entry {
        let feature: Int
        let value: Float
    }

    private func row(_ features: TextFeatures) -> [Entry] {
        features.features.compactMap { feature in
            vocabulary[feature.hash].map { Entry(feature: Int($0) * classCount, value: feature.value) }
        }
    }

    /// Rare classes count for more, half of the way to equal shares.
    private static func balance(_ examples: [Example], _ classCount: Int) -> [Float] {
        var counts = [Float](repeating: 0, count: classCount)
        for example in examples { counts[example.label] += 1 }
        let mean = Float(examples.count) / Float(classCount)
        return counts.map { $0 > 0 ? (mean / $0).squareRoot() : 1 }
    }

    private mutating func learn(
        _ row: [Entry], _ label: Int, _ step: Float, _ pace: Float, _ decay: Float, _ logits: inout [Float],
        _ squares: inout [Float], _ interceptSquares: inout [Float]
    ) {
        let count = classCount
        for index in 0..<count { logits[index] = intercepts[index] }
        weights.withUnsafeBufferPointer { weights in
            logits.withUnsafeMutableBufferPointer { logits in
                for entry in row {
                    for index in 0..<count { logits[index] += weights[entry.feature + index] * entry.value }
                }
            }
        }
        let probabilities = softmax(logits.map(Double.init))
        for index in 0..<count {
            logits[index] = (Float(probabilities[index]) - (index == label ? 1 : 0)) * step
            interceptSquares[index] += logits[index] * logits[index]
            intercepts[index] -= pace * logits[index] / interceptSquares[index].squareRoot()
        }
        weights.withUnsafeMutableBufferPointer { weights in
            squares.withUnsafeMutableBufferPointer { squares in
                logits.withUnsafeBufferPointer { slopes in
                    for entry in row {
                        for index in 0..<count {
                            let place = entry.feature + index
                            let slope = slopes[index] * entry.value + decay * weights[place]
                            squares[place] += slope * slope
                            weights[place] -= pace * slope / squares[place].squareRoot()
                        }
                    }
                }
            }
        }
    }

    // MARK: Judging

    func logits(_ text: TextFeatures) -> [Double] {
        var logits = intercepts
        weights.withUnsafeBufferPointer { weights in
            logits.withUnsafeMutableBufferPointer { logits in
                for feature in text.features {
                    guard let place = vocabulary[feature.hash] else { continue }
                    let start = Int(place) * classCount
                    for index in 0..<classCount { logits[index] += weights[start + index] * feature.value }
                }
            }
        }
        return logits.map(Double.init)
    }

    /// Returns how much each feature says for a class, beyond what it says for all of them.
    func contributions(_ text: TextFeatures, to label: Int) -> [(words: Range<Int>, weight: Double)] {
        text.features.compactMap { feature in
            guard let place = vocabulary[feature.hash] else { return nil }
            let own = weights[Int(place) * classCount..<(Int(place) + 1) * classCount]
            let mean = own.reduce(0, +) / Float(classCount)
            return (feature.words, Double((own[own.startIndex + label] - mean) * feature.value))
        }
    }
}

/// A fixed sequence of numbers (Knuth's multiplier), for the order in which examples are looked at.
struct LinearCongruence: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
