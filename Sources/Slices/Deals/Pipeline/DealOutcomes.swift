internal import Database
package import Nouns
package import Records
package import Telemetry

/// A deal that was won or lost, as far as deals are counted.
package struct DealOutcome: Hashable, Sendable {
    package let lead: LeadID
    package let package: PackageID?
    package let isWon: Bool
    package let value: Money?
}

extension DealStore {
    private static var countedMax: Int { 100_000 }

    /// Returns the deals that were won or lost since a moment, newest first.
    package func closed(since moment: Instant) throws -> [DealOutcome] {
        try tx.all(
            """
            SELECT lead_id, package_id, stage, value_amount, value_currency FROM deals
            WHERE tenant_id = \(tx.tenant) AND stage IN ('won', 'lost') AND closed_at >= \(moment)
            ORDER BY closed_at DESC LIMIT \(Self.countedMax)
            """
        ) { row in
            DealOutcome(
                lead: LeadID(row, 0), package: row.id(1),
                isWon: row.text(2) == Deal.Stage.won.rawValue,
                value: row.optionalText(4).map { Money(amount: Int64(row.int(3)), currency: $0) })
        }
    }
}

extension PackageStore {
    /// Returns what is on offer: each package's name with all words that describe it.
    package func descriptions() throws -> [(id: PackageID, name: String, text: String, price: Money)] {
        try offered().map { package in
            let services = package.services.list.flatMap { [$0.title, $0.description ?? ""] }
            let words = [package.audience ?? ""] + package.contents + services
            return (package.id, package.name, words.joined(separator: " "), package.price)
        }
    }
}
