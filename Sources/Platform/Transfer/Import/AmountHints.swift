package import Records

/// The hints of a header about the amounts in its column.
package struct AmountHints {
    package var currency: Currency?
    package var scale: Int64 = 1

    package init(_ header: String) {
        for symbol in ["€": "EUR", "£": "GBP", "$": "USD"] where header.contains(symbol.key) {
            currency = Currency(symbol.value)
        }
        for word in TextFolding.searchTokens(header) {
            if let unit = AmountText.units[word] {
                (currency, scale) = (unit.currency, unit.scale)
            } else if HeaderName.currencies.contains(word) {
                currency = Currency(word)
            } else if HeaderName.thousands.contains(word) {
                scale = 1000
            } else if HeaderName.millions.contains(word) {
                scale = 1_000_000
            }
        }
    }
}
