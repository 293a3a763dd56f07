internal import JSON
internal import Records

/// An amount as records have it: minor units of a currency.
struct MoneyValue {
    let amount: Int64
    let currency: Currency

    /// Of `{"amount": 150000, "currency": "EUR"}`; `nil` for anything else.
    init?(_ value: JSON) {
        guard case .object(let object) = value, let amount = object["amount"]?.int,
            let code = object["currency"]?.text, let currency = Currency(code)
        else { return nil }
        (self.amount, self.currency) = (amount, currency)
    }

    /// In whole units.
    var units: Double { Double(amount) / Double(currency.minorUnits) }
}
