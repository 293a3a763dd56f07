internal import JSON
package import Records
package import Templates

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
    /// The factors that change the price, each with its reason in the words of whoever reads it.
    package let reasons: [(factor: PriceFactor, said: Saying)]

    package var factors: [PriceFactor] { reasons.map(\.factor) }

    /// Between which amounts a price may be tried.
    static func tried(_ price: Money) -> ClosedRange<Int64> {
        price.amount / 2...min(price.amount * 2, Money.amountMax)
    }

    /// The bounds of all factors together, in ten-thousandths.
    static let bounds = 8_500...12_500

    /// `marginMin` in percent of the price; `discountMax` in percent of the package's price, where no cost is known.
    package init(_ package: ServicePackage, for prospect: Prospect, marginMin: Int, discountMax: Int) {
        var reasons = [
            Self.scope(prospect), Self.size(prospect), Self.industry(prospect), Self.urgency(prospect),
            Self.competition(prospect),
        ].compactMap(\.self)
        var whole = 10_000
        for reason in reasons { whole = (whole * reason.factor.factor + 5_000) / 10_000 }
        let bounded = min(max(whole, Self.bounds.lowerBound), Self.bounds.upperBound)
        if bounded != whole {
            reasons.append(
                Self.reason("bounds", bounded * 10_000 / whole, Saying("package.price_bounds")))
        }
        base = package.price
        var amount = Self.times(base.amount, bounded)
        let floor =
            package.cost.map { Self.divided($0.amount * 100, by: Int64(max(1, 100 - marginMin))) }
            ?? Self.times(base.amount, 10_000 - discountMax * 100)
        if amount < floor {
            let bound = package.cost == nil ? "discount" : "margin"
            reasons.append(
                Self.reason(
                    "margin", Self.ratio(floor, amount),
                    Saying("package.price_margin", ["bound": .text(bound)])))
            amount = floor
        }
        // To whole units: nobody quotes cents.
        let unit = Currency(base.currency)?.minorUnits ?? 100
        if amount != base.amount { amount = (amount + unit - 1) / unit * unit }
        price = Money(amount: amount, currency: base.currency)
        self.reasons = reasons
    }

    private typealias Reason = (factor: PriceFactor, said: Saying)

    private static func reason(_ name: String, _ factor: Int, _ said: Saying) -> Reason {
        (PriceFactor(name, factor, said.english), said)
    }

    private static func scope(_ prospect: Prospect) -> Reason? {
        let extra = max(0, Set(prospect.needs).count - 4)
        guard extra > 0 else { return nil }
        return reason(
            "scope", 10_000 + min(extra, 5) * 200,
            Saying("package.price_scope", ["count": .number(prospect.needs.count)]))
    }

    private static func size(_ prospect: Prospect) -> Reason? {
        switch prospect.employeeCount ?? 100 {
        case ..<10: reason("size", 9_500, Saying("package.price_size", ["size": .text("small")]))
        case 1000...: reason("size", 10_800, Saying("package.price_size", ["size": .text("large")]))
        default: nil
        }
    }

    private static func industry(_ prospect: Prospect) -> Reason? {
        guard let industry = prospect.industry, PackageWords.isRegulated(industry) else { return nil }
        return reason(
            "industry", 10_600, Saying("package.price_industry", ["industry": .text(industry)]))
    }

    private static func urgency(_ prospect: Prospect) -> Reason? {
        switch prospect.timelineDays ?? 60 {
        case ..<15: reason("urgency", 10_400, Saying("package.price_urgency", ["way": .text("soon")]))
        case 120...: reason("urgency", 9_800, Saying("package.price_urgency", ["way": .text("later")]))
        default: nil
        }
    }

    private static func competition(_ prospect: Prospect) -> Reason? {
        prospect.hasCompetitor ? reason("competition", 9_700, Saying("package.price_competition")) : nil
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
