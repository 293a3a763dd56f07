internal import JSON
package import Records

/// A line of a proposal or a contract: what is paid every month, or once.
package struct OfferItem: Part {
    package enum Billed: String, Choice { case monthly, once }

    package var description = ""
    package var quantity = 1
    package var unitPrice = Money(amount: 0, currency: "USD")
    package var billed = Billed.monthly

    package init() {}

    package static let schema = Schema<OfferItem>(
        "OfferItem",
        [
            .text("description", \.description, max: 500, .required, .example("Audit")),
            .integer("quantity", \.quantity, in: 1...1_000_000, .standard(1)),
            .money("unit_price", \.unitPrice, .required),
            .choice(
                "billed", \.billed, .standard("monthly"),
                .about("Whether the price is billed monthly, or once when the contract is signed.")),
        ])

    /// As a line of an invoice.
    var line: LineItem { LineItem(description, quantity: quantity, unitPrice: unitPrice) }
}

extension Parts<OfferItem> {
    /// The sum of all, or of those that are billed so; `nil` where there are none, 422 for more than can be counted.
    /// They are of one currency.
    func checkedSum(_ billed: OfferItem.Billed? = nil) throws(Problem) -> Money? {
        guard let first = list.first else { return nil }
        var sum = Money(amount: 0, currency: first.unitPrice.currency)
        for (index, item) in list.enumerated() where billed == nil || item.billed == billed {
            guard let amount = item.line.amount, sum.amount + amount <= Money.amountMax else {
                throw Problem(
                    faults: [
                        Fault(
                            "/items/\(index)", "out_of_range",
                            "The sum of the items is too large: split them into several documents.")
                    ])
            }
            sum.amount += amount
        }
        return sum
    }
}
