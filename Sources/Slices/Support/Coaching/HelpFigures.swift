internal import Database
internal import JSON
internal import Runtime

/// The outcomes of tickets, by numbers alone: somebody's, those of a category, or all.
struct HelpFigures: Hashable, Sendable {
    /// As counters name it.
    enum Figure: String, CaseIterable, Sendable {
        case created, reopened
        case answered = "first_response.count", answerSeconds = "first_response.seconds"
        case solved = "resolution.count", solutionSeconds = "resolution.seconds"
        case rated = "csat.count", marks = "csat.sum"
    }

    private var counts: [Figure: Int] = [:]

    init(_ counts: [Figure: Int] = [:]) { self.counts = counts }

    subscript(_ figure: Figure) -> Int {
        get { counts[figure] ?? 0 }
        set { counts[figure] = newValue }
    }

    static func + (a: Self, b: Self) -> Self { Self(a.counts.merging(b.counts, uniquingKeysWith: +)) }
    static func - (a: Self, b: Self) -> Self { a + Self(b.counts.mapValues { -$0 }) }
}

/// How well tickets are looked after, in one respect.
enum HelpMeasure: String, CaseIterable, Sendable {
    case firstResponse = "first_response_seconds"
    case resolution = "resolution_seconds"
    case reopened = "reopened_rate"
    case satisfaction

    /// Fewer say nothing.
    static let sampleMin = 5

    private var parts: (sum: HelpFigures.Figure, number: HelpFigures.Figure) {
        switch self {
        case .firstResponse: (.answerSeconds, .answered)
        case .resolution: (.solutionSeconds, .solved)
        case .reopened: (.reopened, .solved)
        case .satisfaction: (.marks, .rated)
        }
    }

    func sample(_ figures: HelpFigures) -> Int { figures[parts.number] }

    /// `nil` where too little is known.
    func mean(_ figures: HelpFigures) -> Double? {
        let number = sample(figures)
        return number < Self.sampleMin ? nil : Double(figures[parts.sum]) / Double(number)
    }

    func isBetter(_ value: Double, than other: Double) -> Bool {
        self == .satisfaction ? value > other : value < other
    }

    /// By a margin that a few tickets more would not make up for.
    func isClearlyWorse(_ value: Double, than other: Double) -> Bool {
        switch self {
        case .firstResponse, .resolution: value > max(1.5 * other, other + 300)
        case .reopened: value >= other + 0.15
        case .satisfaction: value <= other - 0.7
        }
    }

    func json(_ figures: HelpFigures) -> JSON {
        ["value": .hundredths(mean(figures)), "sample": JSON(sample(figures))]
    }
}

extension Queryable {
    /// The figures of tickets by a dimension that they are counted by.
    func helpFigures(by dimension: String) throws -> [String: HelpFigures] {
        let prefix = "tickets.figures.\(dimension)."
        var found: [String: HelpFigures] = [:]
        for (key, count) in try counters(prefix: prefix) {
            let name = key.dropFirst(prefix.count)
            guard let figure = HelpFigures.Figure.allCases.first(where: { name.hasPrefix("\($0.rawValue).") })
            else { continue }
            found[String(name.dropFirst(figure.rawValue.count + 1)), default: HelpFigures()][figure] = count
        }
        return found
    }
}

extension JSON {
    static func hundredths(_ number: Double?) -> JSON {
        number.map { .number(($0 * 100).rounded() / 100) } ?? .null
    }
}
