/// The six things a lead is judged by (their names are part of the API).
package enum ScoreFactor: String, CaseIterable, Sendable {
    case companySize = "company_size"
    case industry
    case technology
    case onlinePresence = "online_presence"
    case engagement
    case budget
}

/// A tenant's settings for scoring.
package struct ScoringConfiguration: Hashable, Sendable {
    /// Points of each factor; they sum to 100.
    package var weights: [ScoreFactor: Double] = [
        .companySize: 20, .industry: 15, .technology: 10, .onlinePresence: 15, .engagement: 15, .budget: 25,
    ]
    /// The least score of each class.
    package var highFrom = 70, mediumFrom = 40

    package init() {}

    package func weight(_ factor: ScoreFactor) -> Double { weights[factor] ?? 0 }

    package enum Fault: Error, Hashable, Sendable {
        /// Below 0, above 100, or no number.
        case weightOutOfRange(ScoreFactor)
        case weightsDoNotSumTo100(sum: Double)
        /// Classes rise from 0 to 100: `0 ≤ medium_from ≤ high_from ≤ 100`.
        case classesOutOfOrder
    }

    /// Empty when scores can be made with this.
    package var faults: [Fault] {
        var faults: [Fault] = []
        for factor in ScoreFactor.allCases where !(0...100).contains(weight(factor)) {
            faults.append(.weightOutOfRange(factor))
        }
        let sum = ScoreFactor.allCases.reduce(0) { $0 + weight($1) }
        if !(abs(sum - 100) < 0.01) { faults.append(.weightsDoNotSumTo100(sum: sum)) }
        if !(0 <= mediumFrom && mediumFrom <= highFrom && highFrom <= 100) {
            faults.append(.classesOutOfOrder)
        }
        return faults
    }

    package func priority(_ score: Int) -> LeadPriority {
        score >= highFrom ? .high : score >= mediumFrom ? .medium : .low
    }
}

package enum LeadPriority: String, CaseIterable, Sendable {
    case high, medium, low
}
