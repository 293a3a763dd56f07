/// The package that fits a lead, as the tag it gets (`offer:growth`).
package struct ServiceMatch: Hashable, Sendable {
    /// A package as far as matching needs it.
    package struct Offer: Hashable, Sendable {
        package var key: String
        /// Dollars a month from which (with `isAbove`: above which) a client's budget fits.
        package var budgetFrom: Double
        package var isAbove: Bool
        /// The number of employees from which the package is presumed where no budget is known.
        package var employeesFrom: Int

        package init(key: String, budgetFrom: Double, isAbove: Bool = false, employeesFrom: Int) {
            (self.key, self.budgetFrom, self.isAbove, self.employeesFrom) = (
                key, budgetFrom, isAbove, employeesFrom
            )
        }

        func fits(_ dollars: Double) -> Bool { isAbove ? dollars > budgetFrom : dollars >= budgetFrom }
    }

    /// The packages an agency starts with. Budgets between two bands belong to the lower one.
    package static let standardOffers = [
        Offer(key: "starter", budgetFrom: 3000, employeesFrom: 10),
        Offer(key: "growth", budgetFrom: 6000, employeesFrom: 50),
        Offer(key: "enterprise", budgetFrom: 15_000, isAbove: true, employeesFrom: 500),
    ]

    package enum Basis: String, Sendable {
        /// The budget that the lead named.
        case budget
        /// Presumed from its size.
        case size
    }

    /// Returns the offers among which leads are matched: those of the standard ones for whose tier the agency has a
    /// package, from the budget that its cheapest one names. Where nobody knows the packages it is all of them.
    static func offers(of packages: [OfferedPackage]?) -> [Offer] {
        guard let packages else { return standardOffers }
        return standardOffers.compactMap { standard in
            let own = packages.filter { $0.tier == standard.key }
            guard !own.isEmpty else { return nil }
            var offer = standard
            let budget = own.compactMap { $0.budgetFrom.flatMap(RoughRates.dollars) }.min()
            if let budget, budget != standard.budgetFrom {
                (offer.budgetFrom, offer.isAbove) = (budget, false)
            }
            return offer
        }
    }

    package let offer: String
    package let basis: Basis

    package var tag: String { Self.tagPrefix + offer }

    package static let tagPrefix = "offer:"

    /// `nil` when no package fits, or nothing tells which. `offers` rise in price.
    package init?(_ input: ScoringInput, offers: [Offer] = standardOffers) {
        if let budget = input.budget, let dollars = RoughRates.dollars(budget) {
            guard let match = offers.last(where: { $0.fits(dollars) }) else { return nil }
            (offer, basis) = (match.key, .budget)
        } else if let employees = input.employeeCount {
            guard let match = offers.last(where: { employees >= $0.employeesFrom }) else { return nil }
            (offer, basis) = (match.key, .size)
        } else {
            return nil
        }
    }

    /// The tags with the one offer in place of any other.
    package static func tags(_ tags: [String], with match: ServiceMatch?) -> [String] {
        tags.filter { !$0.hasPrefix(tagPrefix) } + (match.map { [$0.tag] } ?? [])
    }
}

/// A package that the agency sells, as far as lead generation needs it.
package struct OfferedPackage: Sendable {
    package let tier: String
    /// The lowest monthly budget that it suits.
    package let budgetFrom: ScoringInput.Amount?

    package init(tier: String, budgetFrom: ScoringInput.Amount?) {
        (self.tier, self.budgetFrom) = (tier, budgetFrom)
    }
}
