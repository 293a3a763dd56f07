internal import JSON
internal import Records

extension Deal.Stage {
    package var isOpen: Bool { self != .won && self != .lost }

    package static var open: [Deal.Stage] { allCases.filter(\.isOpen) }

    /// The probability that a deal in this stage is won, where nobody has set another.
    package var probability: Double {
        switch self {
        case .outreach: 0.1
        case .needsAssessment: 0.2
        case .proposalCreated: 0.3
        case .proposalDelivered: 0.5
        case .negotiation: 0.7
        case .contract: 0.9
        case .won: 1
        case .lost: 0
        }
    }

    /// The number of days in the stage after which a deal is stale.
    package var staleAfterDays: Int {
        switch self {
        case .outreach: 21
        case .needsAssessment, .negotiation: 14
        case .proposalCreated: 5
        case .proposalDelivered, .contract: 10
        case .won, .lost: .max
        }
    }

    /// The status of a lead whose deal is here.
    var leadStatus: String {
        switch self {
        case .outreach: "contacted"
        case .needsAssessment: "engaged"
        case .proposalCreated, .proposalDelivered: "proposal"
        case .negotiation, .contract: "negotiation"
        case .won: "won"
        case .lost: "lost"
        }
    }

    /// The stages to which a deal may move from this one.
    package var allowed: [Deal.Stage] {
        switch self {
        case .won: []
        case .lost: Self.open
        default: Self.allCases.filter { $0 != self }
        }
    }

    func requireTransition(to next: Deal.Stage) throws(Problem) {
        guard !allowed.contains(next) else { return }
        throw Problem(
            .invalidTransition, "The deal is \(rawValue) and cannot become \(next.rawValue).",
            extra: ["allowed": JSON(allowed.map(\.rawValue))])
    }

    /// Returns whether it comes before another, on the way to a contract.
    func isBefore(_ other: Deal.Stage) -> Bool {
        let order = Self.allCases
        return order.firstIndex(of: self)! < order.firstIndex(of: other)!
    }
}
