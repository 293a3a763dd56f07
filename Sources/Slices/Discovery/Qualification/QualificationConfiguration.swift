/// A tenant's requirements of a lead before its sales people take it on.
package struct QualificationConfiguration: Hashable, Sendable {
    /// The least budget per month; other currencies are compared at rough rates.
    package var budgetMin = ScoringInput.Amount(amount: 300_000, currency: "USD")
    /// "Within six months".
    package var timelineDaysMax = 183

    package init() {}

    package enum Fault: Error, Hashable, Sendable {
        /// Negative, or in a currency without a rate.
        case budgetMin
        case timelineDaysMax
    }

    package var faults: [Fault] {
        var faults: [Fault] = []
        if budgetMin.amount < 0 || RoughRates.dollars(budgetMin) == nil { faults.append(.budgetMin) }
        if timelineDaysMax < 0 { faults.append(.timelineDaysMax) }
        return faults
    }
}
