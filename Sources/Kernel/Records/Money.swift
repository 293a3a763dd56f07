package import JSON

/// An amount in minor units (cents) of an ISO 4217 currency.
package struct Money: Hashable, Sendable {
    package var amount: Int64
    package var currency: String

    package init(amount: Int64, currency: String) { (self.amount, self.currency) = (amount, currency) }

    package var json: JSON { ["amount": .integer(amount), "currency": .string(currency)] }
}
