internal import Glibc

/// The encoding of one column as numbers, learned from the column's training cells.
///
/// A column may hold numbers and words side by side ("12", "unknown"): numbers become one
/// standardised feature (and steps, where asked for), each frequent word its own 0/1 feature, rare and
/// unseen words one together, and missing cells one, too.
struct ColumnEncoding: Hashable, Sendable {
    let name: String
    var numbers: Numbers?
    /// Frequent words, in their order.
    var words: [String] = []
    /// The number of features of the column, and where those stand that not every column has.
    private(set) var featureCount = 0
    private(set) var otherWordFeature: Int?
    private(set) var missingFeature: Int?
    private var wordIndex: [String: Int] = [:]

    struct Numbers: Hashable, Sendable {
        /// Long tails (revenue, visits) are taken as log(1 + x).
        var isLogarithmic: Bool
        var median: Double, mean: Double, deviation: Double
        /// Later values are held within what training has seen, on the scale after the logarithm.
        var low: Double, high: Double
        /// Each adds a 0/1 feature "above": what is not a straight line.
        var steps: [Double] = []

        func scaled(_ value: Double) -> Double {
            let value = isLogarithmic ? log1p(max(value, 0)) : value
            return min(max(value, low), high)
        }
    }

    struct Limits {
        var wordCountMin: Int
        var wordsMax = 40
        var stepsMax: Int
    }

    /// `nil` when the cells tell nothing apart.
    init?(name: String, cells: [FeatureValue], limits: Limits) {
        self.name = name
        let known = cells.compactMap(\.asNumber)
        var counts: [String: Int] = [:]
        for cell in cells { if let word = cell.asWord { counts[word, default: 0] += 1 } }
        let wordTotal = counts.values.reduce(0, +)
        numbers = Numbers(known, stepsMax: limits.stepsMax)
        let frequent = counts.filter { $0.value >= limits.wordCountMin }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        words = frequent.prefix(limits.wordsMax).map(\.key).sorted()
        let rest = wordTotal - words.reduce(0) { $0 + counts[$1]! }
        let missing = cells.count - known.count - wordTotal
        // One sort of cell alone (always the same word, always missing) is a constant.
        let sorts = words.count + (rest > 0 ? 1 : 0) + (missing > 0 ? 1 : 0) + (known.isEmpty ? 0 : 1)
        guard numbers != nil || sorts > 1 else { return nil }
        index(hasOther: wordTotal > 0, hasMissing: missing > 0)
    }

    /// From a stored model.
    init(name: String, numbers: Numbers?, words: [String], hasOther: Bool, hasMissing: Bool) {
        self.name = name
        self.numbers = numbers
        self.words = words
        index(hasOther: hasOther, hasMissing: hasMissing)
    }

    private mutating func index(hasOther: Bool, hasMissing: Bool) {
        featureCount = numbers.map { 1 + $0.steps.count } ?? 0
        for (place, word) in words.enumerated() { wordIndex[word] = featureCount + place }
        featureCount += words.count
        if hasOther {
            otherWordFeature = featureCount
            featureCount += 1
        }
        if hasMissing {
            missingFeature = featureCount
            featureCount += 1
        }
    }

    /// Calls `put` with each non-zero feature, in rising order.
    func encode(_ cell: FeatureValue, put: (Int, Double) -> Void) {
        if let number = cell.asNumber {
            guard let numbers else { return }
            let value = numbers.scaled(number)
            put(0, (value - numbers.mean) / numbers.deviation)
            for (place, step) in numbers.steps.enumerated() where value > step { put(1 + place, 1) }
        } else if let word = cell.asWord {
            impute(put)
            if let feature = wordIndex[word] ?? otherWordFeature { put(feature, 1) }
        } else {
            impute(put)
            if let missingFeature { put(missingFeature, 1) }
        }
    }

    /// A cell without a number counts as the median; whether that is right, its own feature learns.
    private func impute(_ put: (Int, Double) -> Void) {
        guard let numbers else { return }
        put(0, (numbers.median - numbers.mean) / numbers.deviation)
        for (place, step) in numbers.steps.enumerated() where numbers.median > step { put(1 + place, 1) }
    }
}

extension ColumnEncoding.Numbers {
    /// `nil` unless there are two different values.
    init?(_ known: [Double], stepsMax: Int) {
        guard let least = known.min(), let most = known.max(), least < most else { return nil }
        let plain = Moments(known)
        isLogarithmic = false
        var values = known
        if least >= 0, plain.skewness > 2 {
            let logarithms = known.map { log1p($0) }
            if abs(Moments(logarithms).skewness) < plain.skewness {
                (isLogarithmic, values) = (true, logarithms)
            }
        }
        values.sort()
        let moments = Moments(values)
        (mean, deviation) = (moments.mean.rounded(digits: 12), moments.deviation.rounded(digits: 12))
        (low, high) = (values[0].rounded(digits: 12), values[values.count - 1].rounded(digits: 12))
        median = values[values.count / 2].rounded(digits: 12)
        guard deviation > 0 else { return nil }
        // Quantiles; a value that fills several of them makes one step.
        for place in 1..<max(2, stepsMax + 1) where stepsMax > 0 {
            let step = values[values.count * place / (stepsMax + 1)].rounded(digits: 12)
            if step > steps.last ?? -.infinity, step < high { steps.append(step) }
        }
        if steps.count < 2 { steps = [] }
    }
}

private struct Moments {
    let mean: Double, deviation: Double, skewness: Double

    init(_ values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        var second = 0.0, third = 0.0
        for value in values {
            let away = value - mean
            second += away * away
            third += away * away * away
        }
        deviation = (second / count).squareRoot()
        skewness = deviation > 0 ? third / count / (deviation * deviation * deviation) : 0
        self.mean = mean
    }
}

extension FeatureValue {
    /// Finite numbers; what is beyond them is as good as missing.
    var asNumber: Double? {
        if case .number(let value) = self, value.isFinite, abs(value) < 1e100 { value } else { nil }
    }

    var asWord: String? {
        switch self {
        case .category(let word): word
        case .boolean(let flag): flag ? "true" : "false"
        case .number, .missing: nil
        }
    }
}

extension Double {
    /// To that many significant decimal digits: what is kept must not differ with a library's rounding.
    func rounded(digits: Int) -> Double {
        guard self != 0, isFinite else { return self }
        let place = digits - 1 - Int(log10(magnitude).rounded(.down))
        guard abs(place) < 290 else { return self }
        let scale = pow(10, Double(abs(place)))
        return place >= 0 ? (self * scale).rounded() / scale : (self / scale).rounded() * scale
    }
}
