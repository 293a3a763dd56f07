internal import JSON
package import Records

/// A line of an invoice.
package struct LineItem: Part {
    package var description = ""
    package var quantity = 1
    package var unitPrice = Money(amount: 0, currency: "USD")

    package init() {}
    package init(_ description: String, quantity: Int = 1, unitPrice: Money) {
        (self.description, self.quantity, self.unitPrice) = (description, quantity, unitPrice)
    }

    package static let schema = Schema<LineItem>(
        "LineItem",
        [
            .text("description", \.description, max: 500, .required, .example("Audit")),
            .integer("quantity", \.quantity, in: 1...1_000_000, .standard(1)),
            .money("unit_price", \.unitPrice, .required),
        ])

    /// The amount in minor units; `nil` where it exceeds the largest amount.
    package var amount: Int64? {
        let (product, overflows) = unitPrice.amount.multipliedReportingOverflow(by: Int64(quantity))
        return overflows || product > Money.amountMax ? nil : product
    }
}
