package import JSON

/// A score and its reasons.
package struct LeadScore: Hashable, Sendable {
    package struct Factor: Hashable, Sendable {
        package let name: ScoreFactor
        /// 0–1.
        package let value: Double
        /// The share of 100 points.
        package let weight: Double
        /// Points of the score (rules), or log-odds against the average lead (learned model).
        package let contribution: Double
        package let rests: ScoreEvidence

        package var evidence: String { rests.text }

        package var json: JSON {
            [
                "name": .string(name.rawValue), "value": .number(value), "weight": .number(weight),
                "contribution": .number(contribution), "evidence": .string(evidence),
            ]
        }
    }

    /// 0–100.
    package let score: Int
    package let priority: LeadPriority
    /// 0–1.
    package let conversionProbability: Double
    /// 0–1: how much of what the score would like to know was there.
    package let confidence: Double
    /// One of each `ScoreFactor`, in their order.
    package let factors: [Factor]
    package let model: Model

    package enum Model: Hashable, Sendable {
        /// The rules gave the score; `history` says why the tenant's own outcomes did not.
        case rules(version: String, history: ScoringKnowledge.Stage)
        case logisticRegression(version: String, trainingSize: Int, auc: Double)

        package var json: JSON {
            switch self {
            case .rules(let version, let history):
                [
                    "name": "rules", "version": .string(version), "history": .string(history.rawValue),
                    "about": .string(history.about),
                ]
            case .logisticRegression(let version, let trainingSize, let auc):
                [
                    "name": "logistic_regression", "version": .string(version),
                    "training_size": .integer(Int64(trainingSize)), "auc": .number(auc),
                ]
            }
        }
    }
}

extension Double {
    /// To that many places after the point.
    func rounded(places: Int) -> Double {
        let scale = [1.0, 10, 100, 1000, 10_000, 100_000, 1_000_000][places]
        return (self * scale).rounded() / scale
    }
}
