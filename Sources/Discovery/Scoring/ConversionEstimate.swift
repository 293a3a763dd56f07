package import Intelligence

/// How probable it is that a lead becomes a client, while the tenant has too few outcomes for a model.
///
/// The log-odds are a line over the points of the rules: at 50 points they are those of the base rate,
/// and every 25 points multiply the odds by e. The base rate is 5 %, drawn towards the share the tenant
/// has won of the leads it closed; fifty outcomes weigh as much as the 5 %.
package struct ConversionEstimate: Sendable {
    /// Closed leads of the tenant.
    package var won = 0, lost = 0
    /// A model of few outcomes, trained with a lower `perOutcomeMin`: what it holds for and against a
    /// lead is added to the line.
    package var early: LogisticModel?
    /// The tenant's outcomes did not follow anything known of its leads: the estimate then stays close
    /// to the base rate.
    package var isWithoutSignal = false

    package init(won: Int = 0, lost: Int = 0, early: LogisticModel? = nil, isWithoutSignal: Bool = false) {
        (self.won, self.lost, self.early, self.isWithoutSignal) = (won, lost, early, isWithoutSignal)
    }

    package var baseRate: Double {
        (Double(won) + Self.assumedRate * Self.assumedOutcomes) / (Double(won + lost) + Self.assumedOutcomes)
    }

    func probability(points: Double, _ input: ScoringInput) -> Double {
        let slope = isWithoutSignal ? 0.002 : 0.04
        var logit = logOdds(baseRate) + slope * (points - 50)
        if let early {
            let row = LearnedScoring.features(of: input)
            let added = early.contributions(of: row).reduce(0) { $0 + $1.logOdds }
            // Few outcomes may nudge, not decide.
            logit += min(2, max(-2, added))
        }
        return sigmoid(logit).rounded(places: 4)
    }

    private static let assumedRate = 0.05
    private static let assumedOutcomes = 50.0
}
