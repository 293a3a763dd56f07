internal import Glibc
package import Intelligence

/// The probability that a lead becomes a client, while the tenant has too few outcomes for a model.
///
/// Estimates the probability that a lead is won. The log-odds are a line over the points of the rules: the average
/// lead has the log-odds of the base rate, and every 25 points more multiply the odds by e, or by less where the
/// tenant's outcomes say so. The base rate is 5 %, drawn towards the share of its closed leads that the tenant has won
/// (eight outcomes weigh as much as the 5 %). The average lead has 50 points, drawn towards the average of the closed
/// leads. What the names of the agency's own fields suggest is added, and what a model of few outcomes has learned.
package struct ConversionEstimate: Sendable {
    /// Closed leads of the tenant.
    package var won = 0, lost = 0
    /// The average of the points that the rules give the closed leads.
    package var averagePoints = 50.0
    /// The share of the rules' slope that the outcomes confirm: 1 as assumed, 0 none of it.
    package var steepness = 1.0
    /// A model of few outcomes: what it holds for and against a lead is added to the line.
    package var early: LogisticModel?
    package var signs = CustomSigns()
    /// The tenant's outcomes did not follow anything known of its leads: the estimate then stays close
    /// to the base rate.
    package var isWithoutSignal = false

    package init() {}

    package var baseRate: Double {
        (Double(won) + Self.assumedRate * Self.assumedOutcomes) / (Double(won + lost) + Self.assumedOutcomes)
    }

    /// Returns what is added to the log-odds: by the agency's own fields, less so the more outcomes there are, and by
    /// a model of few outcomes, which may nudge the estimate but not decide it.
    func additions(_ input: ScoringInput) -> [LogisticModel.Contribution] {
        guard !isWithoutSignal else { return [] }
        let share = Self.assumedOutcomes / (Self.assumedOutcomes + Double(won + lost))
        var added = signs.contributions(of: input.custom).map { $0.scaled(by: share) }
        if let early { added += early.contributions(of: LearnedScoring.features(of: input)) }
        let sum = added.reduce(0) { $0 + $1.logOdds }
        let bound = abs(sum) > Self.additionsMax ? Self.additionsMax / abs(sum) : 1
        return added.map { $0.scaled(by: bound) }
    }

    func probability(points: Double, _ additions: [LogisticModel.Contribution]) -> Double {
        let closed = Double(won + lost)
        let centre = (Self.pointsWeight * 50 + closed * averagePoints) / (Self.pointsWeight + closed)
        let slope = Self.slope * (isWithoutSignal ? 0.05 : steepness)
        let logit = logOdds(baseRate) + slope * (points - centre) + additions.reduce(0) { $0 + $1.logOdds }
        return sigmoid(logit).rounded(places: 6)
    }

    /// Returns the multiple of the assumed slope under which the outcomes were likeliest. A prior that weighs as much
    /// as ten outcomes draws it towards 1.
    static func steepness(_ closed: [(points: Double, won: Bool)]) -> Double {
        guard !closed.isEmpty else { return 1 }
        let mean = closed.reduce(0) { $0 + $1.points } / Double(closed.count)
        var (multiple, level) = (1.0, 0.0)
        for _ in 0..<50 {
            var gradient = (0.6 * (1 - multiple), 0.0), curve = (0.6, 0.0, 1e-6)
            for (points, won) in closed {
                let x = slope * (points - mean)
                let foretold = sigmoid(level + multiple * x), weight = foretold * (1 - foretold)
                let error = (won ? 1 : 0) - foretold
                gradient = (gradient.0 + error * x, gradient.1 + error)
                curve = (curve.0 + weight * x * x, curve.1 + weight * x, curve.2 + weight)
            }
            let determinant = curve.0 * curve.2 - curve.1 * curve.1
            guard determinant > 1e-9 else { break }
            let step = (
                (curve.2 * gradient.0 - curve.1 * gradient.1) / determinant,
                (curve.0 * gradient.1 - curve.1 * gradient.0) / determinant
            )
            let scale = min(1, 1 / max(abs(step.0), abs(step.1), 1e-12))
            (multiple, level) = (multiple + scale * step.0, level + scale * step.1)
            if max(abs(step.0), abs(step.1)) < 1e-9 { break }
        }
        return min(1.5, max(0, multiple)).rounded(places: 4)
    }

    static let slope = 0.04
    private static let assumedRate = 0.05
    /// The assumed rate weighs as much as this many outcomes.
    private static let assumedOutcomes = 8.0
    private static let pointsWeight = 10.0
    private static let additionsMax = 2.0
}

extension LogisticModel.Contribution {
    fileprivate func scaled(by factor: Double) -> Self {
        Self(column: column, value: value, logOdds: logOdds * factor)
    }
}
