import JSON

/// The price of a package a month, in minor units: the published rules, computed a second time.
struct QuotedPrice {
    /// The package that a budget of so many dollars a month leads to.
    static func package(for budget: Int64) -> (name: String, price: Int64) {
        switch budget {
        case 15_000...: ("Enterprise", 1_000_000)
        case 6_000...10_000: ("Growth", 500_000)
        default: ("Starter", 250_000)
        }
    }

    /// In hundredths of a percent, in the order in which they are taken.
    private static func factors(
        of person: Prospect, needs: Int, days: Int64?, facesCompetitor: Bool
    ) -> [Int64] {
        [
            10_000 + 200 * Int64(min(max(0, needs - 4), 5)),
            person.employees < 10 ? 9_500 : person.employees >= 1000 ? 10_800 : 10_000,
            ["healthcare", "Private Banking"].contains(person.industry) ? 10_600 : 10_000,
            (days ?? 60) < 15 ? 10_400 : (days ?? 60) >= 120 ? 9_800 : 10_000,
            facesCompetitor ? 9_700 : 10_000,
        ]
    }

    /// `needs` are all that are known of them, each once.
    static func price(of person: Prospect, needs: Int, facesCompetitor: Bool) -> Int64 {
        let base = package(for: person.budget).price
        let whole = factors(of: person, needs: needs, days: person.days, facesCompetitor: facesCompetitor)
            .reduce(Int64(10_000)) { ($0 * $1 + 5_000) / 10_000 }
        let amount = (base * min(max(whole, 8_500), 12_500) + 5_000) / 10_000
        // A price that is not the package's own is rounded up to whole dollars.
        return amount == base ? base : (amount + 99) / 100 * 100
    }

    /// With a tax of 7.25 percent, rounded half up.
    static func withTax(_ amount: Int64) -> Int64 { amount + (amount * 725 + 5_000) / 10_000 }
}
