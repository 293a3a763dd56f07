/// Measures of how well probabilities foretell what happened.
package enum ModelMetrics {
    /// The area under the ROC curve: how probable it is that a positive ranks above a negative (ties
    /// count half). 0.5 when one of the classes is empty.
    package static func auc(_ scores: [Double], _ outcomes: [Bool]) -> Double {
        precondition(scores.count == outcomes.count)
        let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
        var rankSum = 0.0
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
            let rank = Double(start + end + 1) / 2
            rankSum += rank * Double(order[start..<end].count { outcomes[$0] })
            start = end
        }
        let positives = Double(outcomes.count { $0 })
        let negatives = Double(outcomes.count) - positives
        guard positives > 0, negatives > 0 else { return 0.5 }
        return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
    }

    /// The mean squared error of probabilities: 0 is perfect.
    package static func brier(_ probabilities: [Double], _ outcomes: [Bool]) -> Double {
        precondition(probabilities.count == outcomes.count)
        guard !probabilities.isEmpty else { return 0 }
        let sum = zip(probabilities, outcomes).reduce(0.0) { sum, pair in
            let error = pair.0 - (pair.1 ? 1 : 0)
            return sum + error * error
        }
        return sum / Double(probabilities.count)
    }

    /// Expected calibration error over ten bins of equal width.
    package static func calibrationError(_ probabilities: [Double], _ outcomes: [Bool]) -> Double {
        precondition(probabilities.count == outcomes.count)
        guard !probabilities.isEmpty else { return 0 }
        var gaps = [Double](repeating: 0, count: 10)
        for (probability, outcome) in zip(probabilities, outcomes) {
            let bin = min(9, max(0, Int(probability * 10)))
            gaps[bin] += (outcome ? 1 : 0) - probability
        }
        return gaps.reduce(0) { $0 + abs($1) } / Double(probabilities.count)
    }

    /// Returns the share of positives in the best-ranked tenth, as a multiple of their share in the whole.
    package static func lift(_ scores: [Double], _ outcomes: [Bool], share: Double = 0.1) -> Double {
        precondition(scores.count == outcomes.count)
        let positives = outcomes.count { $0 }
        let count = Int(Double(scores.count) * share)
        guard positives > 0, count > 0 else { return 1 }
        let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
        let found = order.prefix(count).count { outcomes[$0] }
        return Double(found) / Double(count) / (Double(positives) / Double(scores.count))
    }
}
