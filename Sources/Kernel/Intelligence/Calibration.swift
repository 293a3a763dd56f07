internal import Glibc

package func sigmoid(_ logit: Double) -> Double {
    logit >= 0 ? 1 / (1 + exp(-logit)) : exp(logit) / (1 + exp(logit))
}

/// The inverse of `sigmoid`, for probabilities strictly between 0 and 1.
package func logOdds(_ probability: Double) -> Double { log(probability / (1 - probability)) }

/// The loss of one prediction: −log of the probability given to what happened.
func logLoss(_ logit: Double, _ outcome: Bool) -> Double {
    let away = outcome ? -logit : logit
    return away > 0 ? away + log1p(exp(-away)) : log1p(exp(away))
}

/// A straight line over log-odds that makes them honest; never falling.
struct PlattScaling {
    var slope = 1.0
    var intercept = 0.0

    func callAsFunction(_ logit: Double) -> Double { slope * logit + intercept }

    /// Fitted to predictions that were made without knowing the outcome; targets are drawn in from 0
    /// and 1 as J. Platt has it ("Probabilistic outputs for support vector machines", 1999), so that a
    /// clean separation does not end in certainty.
    init(fitting logits: [Double], _ outcomes: [Bool]) {
        let positives = Double(outcomes.count { $0 }), negatives = Double(outcomes.count) - positives
        let high = (positives + 1) / (positives + 2), low = 1 / (negatives + 2)
        let centre = logits.reduce(0, +) / Double(max(1, logits.count))
        var slope = 1.0, level = log((positives + 1) / (negatives + 1))
        for _ in 0..<100 {
            var gradient = (0.0, 0.0), curve = (1e-6, 0.0, 1e-6)
            for (logit, outcome) in zip(logits, outcomes) {
                let x = logit - centre
                let probability = sigmoid(slope * x + level)
                let error = probability - (outcome ? high : low)
                let weight = probability * (1 - probability)
                gradient.0 += error * x
                gradient.1 += error
                curve.0 += weight * x * x
                curve.1 += weight * x
                curve.2 += weight
            }
            let determinant = curve.0 * curve.2 - curve.1 * curve.1
            guard determinant > 1e-12 else { break }
            let steps = (
                (curve.2 * gradient.0 - curve.1 * gradient.1) / determinant,
                (curve.0 * gradient.1 - curve.1 * gradient.0) / determinant
            )
            let largest = max(abs(steps.0), abs(steps.1))
            let scale = largest > 1 ? 1 / largest : 1
            slope -= steps.0 * scale
            level -= steps.1 * scale
            if largest < 1e-9 { break }
        }
        // A falling line would turn the ranking around.
        self.slope = max(slope, 0.01)
        intercept = level - self.slope * centre
    }

    init() {}
}
