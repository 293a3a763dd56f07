internal import Database
internal import JSON
internal import Jobs

/// The outcomes of tickets, by numbers alone: somebody's, those of a category, or all.
struct HelpMetrics: Hashable, Sendable {
    /// As counters name it.
    enum Metric: String, CaseIterable, Sendable {
        case created, reopened
        case answered = "first_response.count", answerSeconds = "first_response.seconds"
        case resolved = "resolution.count", resolutionSeconds = "resolution.seconds"
        case rated = "csat.count", marks = "csat.sum"
    }

    private var counts: [Metric: Int] = [:]

    init(_ counts: [Metric: Int] = [:]) { self.counts = counts }

    subscript(_ figure: Metric) -> Int {
        get { counts[figure] ?? 0 }
        set { counts[figure] = newValue }
    }

    static func + (a: Self, b: Self) -> Self { Self(a.counts.merging(b.counts, uniquingKeysWith: +)) }
    static func - (a: Self, b: Self) -> Self { a + Self(b.counts.mapValues { -$0 }) }
}

/// The respects in which tickets are looked after.
enum HelpMeasure: String, CaseIterable, Sendable {
    case firstResponse = "first_response_seconds"
    case resolution = "resolution_seconds"
    case reopened = "reopened_rate"
    case satisfaction

    /// Fewer say nothing.
    static let sampleMin = 5

    private var parts: (sum: HelpMetrics.Metric, number: HelpMetrics.Metric) {
        switch self {
        case .firstResponse: (.answerSeconds, .answered)
        case .resolution: (.resolutionSeconds, .resolved)
        case .reopened: (.reopened, .resolved)
        case .satisfaction: (.marks, .rated)
        }
    }

    func sample(_ figures: HelpMetrics) -> Int { figures[parts.number] }

    /// `nil` where too little is known.
    func mean(_ figures: HelpMetrics) -> Double? {
        let number = sample(figures)
        return number < Self.sampleMin ? nil : Double(figures[parts.sum]) / Double(number)
    }

    func isBetter(_ value: Double, than other: Double) -> Bool {
        self == .satisfaction ? value > other : value < other
    }

    /// Returns whether a value is worse by a margin that a few tickets more would not make up for.
    func isClearlyWorse(_ value: Double, than other: Double) -> Bool {
        switch self {
        case .firstResponse, .resolution: value > max(1.5 * other, other + 300)
        case .reopened: value >= other + 0.15
        case .satisfaction: value <= other - 0.7
        }
    }

    func json(_ figures: HelpMetrics) -> JSON {
        ["value": .hundredths(mean(figures)), "sample": JSON(sample(figures))]
    }
}

extension CoachingStore {
    /// The figures of tickets by a dimension that they are counted by.
    func helpMetrics(by dimension: String) throws -> [String: HelpMetrics] {
        let prefix = "tickets.figures.\(dimension)."
        var found: [String: HelpMetrics] = [:]
        for (key, count) in try tx.counters.all(prefix: prefix) {
            let name = key.dropFirst(prefix.count)
            guard let figure = HelpMetrics.Metric.allCases.first(where: { name.hasPrefix("\($0.rawValue).") })
            else { continue }
            found[String(name.dropFirst(figure.rawValue.count + 1)), default: HelpMetrics()][figure] = count
        }
        return found
    }
}

extension JSON {
    static func hundredths(_ number: Double?) -> JSON {
        number.map { .number(($0 * 100).rounded() / 100) } ?? .null
    }
}
