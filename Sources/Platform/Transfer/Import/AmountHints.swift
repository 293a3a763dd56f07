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
            switch word {
            case "teur", "keur": (currency, scale) = (.euro, 1000)
            case "meur": (currency, scale) = (.euro, 1_000_000)
            case "usd", "eur", "gbp", "chf", "sek", "nok", "dkk", "pln", "czk", "cad", "aud", "jpy", "inr",
                "brl":
                currency = Currency(word)
            case "m": scale = 1_000_000
            default:
                if HeaderName.thousands.contains(word) { scale = 1000 }
                if HeaderName.millions.contains(word) { scale = 1_000_000 }
            }
        }
    }
}
