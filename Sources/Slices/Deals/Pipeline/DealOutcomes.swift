package import Database
package import Nouns
package import Records
package import Telemetry

/// A deal that was won or lost, as far as deals are counted.
package struct DealOutcome: Hashable, StoredRow {
    package let lead: LeadID
    package let package: PackageID?
    package let isWon: Bool
    package let value: Money?

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (lead, self.package) = (row.id("lead_id"), row.optionalID("package_id"))
        isWon = row.text("stage") == Deal.Stage.won.rawValue
        let amount = row.int64("value_amount")
        value = row.optionalText("value_currency").map { Money(amount: amount, currency: $0) }
    }
}

extension DealStore {
    private static var countedMax: Int { 100_000 }

    /// Returns the deals that were won or lost since a moment, newest first.
    package func closed(since moment: Instant) throws -> [DealOutcome] {
        try tx.all(
            """
            SELECT \(DealOutcome.columns) FROM deals
            WHERE tenant_id = \(tx.tenant) AND stage IN ('won', 'lost') AND closed_at >= \(moment)
            ORDER BY closed_at DESC LIMIT \(Self.countedMax)
            """, DealOutcome.init)
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
