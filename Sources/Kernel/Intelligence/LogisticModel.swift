internal import Glibc
package import JSON

/// A trained model of a yes or no: the log-odds are a sum of one part per column, so every answer can
/// say where it comes from. A value: to keep it, store its `json`.
package struct LogisticModel: Hashable, Sendable {
    /// Names the model's content: equal for equal models, on every machine.
    package private(set) var version = ""
    /// Rows trained on, and how many of them ended well.
    package let trainingSize: Int, positives: Int
    /// Measured on rows that the measured fit had not seen (cross-validation).
    package let auc: Double, brier: Double
    /// False when the columns foretell nothing beyond chance: probabilities are then drawn to
    /// `baseRate`, and callers say that there is not enough history.
    package let hasSignal: Bool

    private let intercept: Double
    private let columns: [Column]

    /// The share of the training rows that ended well.
    package var baseRate: Double { Double(positives) / Double(max(1, trainingSize)) }

    /// The columns that take part.
    package var columnNames: [String] { columns.map(\.encoding.name) }

    /// Returns the probability that `row` ends well; never 0 or 1, never further out than the history's size allows.
    package func probability(of row: FeatureRow) -> Double {
        var logit = intercept
        for column in columns { logit += column.part(row[column.encoding.name]) }
        // A model that saw n rows end alike may expect (n + 1) : 1 at most (Laplace's rule).
        let bound = log(Double(trainingSize + 1))
        return sigmoid(min(max(logit, -bound), bound))
    }

    /// Returns the contribution of each column to the log-odds of `row`, against the average training row; the largest
    /// first. Their sum and the average give the probability's log-odds.
    package func contributions(of row: FeatureRow) -> [Contribution] {
        columns
            .map { column in
                let cell = row[column.encoding.name]
                return Contribution(
                    column: column.encoding.name, value: cell, logOdds: column.part(cell) - column.average)
            }
            .sorted { (-$0.logOdds.magnitude, $0.column) < (-$1.logOdds.magnitude, $1.column) }
    }

    /// The log-odds of the average training row.
    package var averageLogOdds: Double { columns.reduce(intercept) { $0 + $1.average } }

    /// The effect of each column on the log-odds over the training rows: its mean absolute contribution.
    package var importances: [(column: String, logOdds: Double)] {
        columns.map { ($0.encoding.name, $0.spread) }
    }

    package struct Contribution: Hashable, Sendable {
        package let column: String
        package let value: FeatureValue
        package let logOdds: Double

        package init(column: String, value: FeatureValue, logOdds: Double) {
            (self.column, self.value, self.logOdds) = (column, value, logOdds)
        }
    }

    struct Column: Hashable, Sendable {
        let encoding: ColumnEncoding
        /// One per feature of the encoding.
        let weights: [Double]
        /// The mean, and the mean distance from it, of what the column adds over the training rows.
        var average = 0.0, spread = 0.0

        func part(_ cell: FeatureValue) -> Double {
            var sum = 0.0
            encoding.encode(cell) { feature, value in sum += weights[feature] * value }
            return sum
        }
    }

    init(
        trainingSize: Int, positives: Int, auc: Double, brier: Double, hasSignal: Bool, intercept: Double,
        columns: [Column]
    ) {
        (self.trainingSize, self.positives) = (trainingSize, positives)
        (self.auc, self.brier, self.hasSignal) = (auc, brier, hasSignal)
        (self.intercept, self.columns) = (intercept, columns)
        version = fingerprint(content)
    }
}

// Stored form.
extension LogisticModel {
    package var json: JSON {
        guard case .object(var object) = content else { preconditionFailure() }
        object.append("version", .string(version))
        return .object(object)
    }

    private var content: JSON {
        [
            "format": 1, "training_size": .integer(Int64(trainingSize)),
            "positives": .integer(Int64(positives)),
            "auc": .number(auc), "brier": .number(brier), "has_signal": .bool(hasSignal),
            "intercept": .number(intercept), "columns": .array(columns.map(\.json)),
        ]
    }

    /// `nil` when it is no model that this version wrote.
    package init?(json: JSON) {
        guard let object = json.object, object["format"]?.int == 1, let size = object["training_size"]?.int,
            let positives = object["positives"]?.int, let auc = object["auc"]?.double,
            let brier = object["brier"]?.double, let hasSignal = object["has_signal"]?.flag,
            let intercept = object["intercept"]?.double, let list = object["columns"]?.array
        else { return nil }
        var columns: [Column] = []
        for item in list {
            guard let column = Column(json: item) else { return nil }
            columns.append(column)
        }
        self.init(
            trainingSize: Int(size), positives: Int(positives), auc: auc, brier: brier, hasSignal: hasSignal,
            intercept: intercept, columns: columns)
        guard object["version"]?.text == version else { return nil }
    }
}

extension LogisticModel.Column {
    fileprivate var json: JSON {
        var object: JSONObject = [
            "name": .string(encoding.name), "weights": .array(weights.map(JSON.number)),
            "average": .number(average), "spread": .number(spread),
        ]
        if let numbers = encoding.numbers {
            object.append(
                "numbers",
                [
                    "logarithmic": .bool(numbers.isLogarithmic), "median": .number(numbers.median),
                    "mean": .number(numbers.mean), "deviation": .number(numbers.deviation),
                    "low": .number(numbers.low), "high": .number(numbers.high),
                    "steps": .array(numbers.steps.map(JSON.number)),
                ])
        }
        object.append("words", JSON(encoding.words))
        object.append("other", .bool(encoding.otherWordFeature != nil))
        object.append("missing", .bool(encoding.missingFeature != nil))
        return .object(object)
    }

    fileprivate init?(json: JSON) {
        guard let object = json.object, let name = object["name"]?.text,
            let weights = object["weights"]?.doubles, let average = object["average"]?.double,
            let spread = object["spread"]?.double, let words = object["words"]?.array?.compactMap(\.text),
            let other = object["other"]?.flag, let missing = object["missing"]?.flag
        else { return nil }
        var numbers: ColumnEncoding.Numbers?
        if let item = object["numbers"] {
            guard let read = ColumnEncoding.Numbers(json: item) else { return nil }
            numbers = read
        }
        encoding = ColumnEncoding(
            name: name, numbers: numbers, words: words, hasOther: other, hasMissing: missing)
        guard weights.count == encoding.featureCount else { return nil }
        (self.weights, self.average, self.spread) = (weights, average, spread)
    }
}

extension ColumnEncoding.Numbers {
    fileprivate init?(json: JSON) {
        guard let object = json.object, let isLogarithmic = object["logarithmic"]?.flag,
            let median = object["median"]?.double, let mean = object["mean"]?.double,
            let deviation = object["deviation"]?.double, deviation > 0, let low = object["low"]?.double,
            let high = object["high"]?.double, low <= high, let steps = object["steps"]?.doubles
        else { return nil }
        (self.isLogarithmic, self.median, self.mean) = (isLogarithmic, median, mean)
        (self.deviation, self.low, self.high, self.steps) = (deviation, low, high, steps)
    }
}

extension JSON {
    fileprivate var doubles: [Double]? {
        guard let items = array else { return nil }
        let numbers = items.compactMap(\.double)
        return numbers.count == items.count ? numbers : nil
    }
}

/// 64 bits of FNV-1a over the written form: names content, protects nothing.
package func fingerprint(_ content: JSON) -> String {
    var writer = JSONWriter()
    writer.value(content)
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in writer.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
