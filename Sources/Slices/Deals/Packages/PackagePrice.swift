internal import JSON
package import Records

/// A reason why a price is higher or lower than the package's: one characteristic, and by how much.
package struct PriceFactor: Part {
    package var name = ""
    /// The factor in hundredths of a percent: 10,500 adds five percent.
    package var factor = 10_000
    package var reason = ""

    package init() {}
    package init(_ name: String, _ factor: Int, _ reason: String) {
        (self.name, self.factor, self.reason) = (name, factor, reason)
    }

    package static let schema = Schema<PriceFactor>(
        "PriceFactor",
        [
            .text("name", \.name, max: 60, .required),
            .integer(
                "factor", \.factor, in: 5_000...20_000, .standard(10_000),
                .about("The factor in hundredths of a percent: 10500 adds five percent.")),
            .text("reason", \.reason, max: 500, .required),
        ])
}

/// The price of a package for a prospect: its own, times a bounded factor for each characteristic, between bounds as a
/// whole, and never below what keeps the margin. In whole numbers, so that it comes out the same everywhere.
package struct PackagePrice: Sendable {
    package let price: Money
    package let base: Money
    package let factors: [PriceFactor]

    /// Between which amounts a price may be tried.
    static func tried(_ price: Money) -> ClosedRange<Int64> {
        price.amount / 2...min(price.amount * 2, Money.amountMax)
    }

    /// The bounds of all factors together, in ten-thousandths.
    static let bounds = 8_500...12_500

    /// `marginMin` in percent of the price; `discountMax` in percent of the package's price, where no cost is known.
    package init(_ package: ServicePackage, for prospect: Prospect, marginMin: Int, discountMax: Int) {
        let all = [
            Self.scope(prospect, package), Self.size(prospect), Self.industry(prospect),
            Self.urgency(prospect), Self.competition(prospect),
        ]
        var factors = all.filter { $0.factor != 10_000 }
        var whole = 10_000
        for factor in factors { whole = (whole * factor.factor + 5_000) / 10_000 }
        let bounded = min(max(whole, Self.bounds.lowerBound), Self.bounds.upperBound)
        if bounded != whole {
            factors.append(
                PriceFactor(
                    "bounds", bounded * 10_000 / whole, "All together change a price by so much at most."))
        }
        base = package.price
        var amount = Self.times(base.amount, bounded)
        let floor =
            package.cost.map { Self.divided($0.amount * 100, by: Int64(max(1, 100 - marginMin))) }
            ?? Self.times(base.amount, 10_000 - discountMax * 100)
        if amount < floor {
            factors.append(
                PriceFactor(
                    "margin", Self.ratio(floor, amount),
                    package.cost == nil
                        ? "No price is further below the package's than the agency allows."
                        : "The price keeps the margin that the agency wants."))
            amount = floor
        }
        // To whole units: nobody quotes cents.
        let unit = Currency(base.currency)?.minorUnits ?? 100
        if amount != base.amount { amount = (amount + unit - 1) / unit * unit }
        price = Money(amount: amount, currency: base.currency)
        self.factors = factors
    }

    private static func scope(_ prospect: Prospect, _ package: ServicePackage) -> PriceFactor {
        let extra = max(0, Set(prospect.needs).count - 4)
        return PriceFactor(
            "scope", 10_000 + min(extra, 5) * 200, "\(prospect.needs.count) needs are to be served.")
    }

    private static func size(_ prospect: Prospect) -> PriceFactor {
        switch prospect.employeeCount ?? 100 {
        case ..<10: PriceFactor("size", 9_500, "A small company has less to look after.")
        case 1000...: PriceFactor("size", 10_800, "A large company has more places, people and approvals.")
        default: PriceFactor("size", 10_000, "")
        }
    }

    private static func industry(_ prospect: Prospect) -> PriceFactor {
        PackageWords.isRegulated(prospect.industry ?? "")
            ? PriceFactor(
                "industry", 10_600, "What is said in \(prospect.industry ?? "") is regulated and reviewed.")
            : PriceFactor("industry", 10_000, "")
    }

    private static func urgency(_ prospect: Prospect) -> PriceFactor {
        switch prospect.timelineDays ?? 60 {
        case ..<15: PriceFactor("urgency", 10_400, "It is to begin within two weeks.")
        case 120...: PriceFactor("urgency", 9_800, "There is time to plan it well.")
        default: PriceFactor("urgency", 10_000, "")
        }
    }

    private static func competition(_ prospect: Prospect) -> PriceFactor {
        prospect.hasCompetitor
            ? PriceFactor("competition", 9_700, "Another offer is being considered.")
            : PriceFactor("competition", 10_000, "")
    }

    /// Half up.
    private static func times(_ amount: Int64, _ factor: Int) -> Int64 {
        let (product, overflows) = amount.multipliedReportingOverflow(by: Int64(factor))
        return overflows ? amount : (product + 5_000) / 10_000
    }

    private static func ratio(_ amount: Int64, _ other: Int64) -> Int {
        min(20_000, max(5_000, Int((Double(amount) / Double(max(1, other)) * 10_000).rounded())))
    }

    private static func divided(_ amount: Int64, by divisor: Int64) -> Int64 {
        (amount + divisor - 1) / divisor
    }
}
