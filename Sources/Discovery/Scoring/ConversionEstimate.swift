package import Intelligence

/// How probable it is that a lead becomes a client, while the tenant has too few outcomes for a model.
///
/// The log-odds are a line over the points of the rules: the average lead has those of the base rate,
/// and every 25 points more multiply the odds by e. The base rate is 5 %, drawn towards the share the
/// tenant has won of the leads it closed (fifty outcomes weigh as much as the 5 %); the average lead is
/// one of 50 points, drawn towards the average of those closed leads.
package struct ConversionEstimate: Sendable {
    /// Closed leads of the tenant.
    package var won = 0, lost = 0
    /// What the rules give the closed leads, on average.
    package var averagePoints = 50.0
    /// A model of few outcomes: what it holds for and against a lead is added to the line.
    package var early: LogisticModel?
    /// The tenant's outcomes did not follow anything known of its leads: the estimate then stays close
    /// to the base rate.
    package var isWithoutSignal = false

    package init() {}

    package var baseRate: Double {
        (Double(won) + Self.assumedRate * Self.assumedOutcomes) / (Double(won + lost) + Self.assumedOutcomes)
    }

    func probability(points: Double, _ input: ScoringInput) -> Double {
        let closed = Double(won + lost)
        let centre = (Self.pointsWeight * 50 + closed * averagePoints) / (Self.pointsWeight + closed)
        let slope = isWithoutSignal ? 0.002 : 0.04
        var logit = logOdds(baseRate) + slope * (points - centre)
        if let early {
            let row = LearnedScoring.features(of: input)
            let added = early.contributions(of: row).reduce(0) { $0 + $1.logOdds }
            // Few outcomes may nudge, not decide.
            logit += min(2, max(-2, added))
        }
        return sigmoid(logit).rounded(places: 6)
    }

    private static let assumedRate = 0.05
    private static let assumedOutcomes = 50.0
    /// As many outcomes as the assumed average weighs.
    private static let pointsWeight = 10.0
}
