package import Records

/// What a header says about the amounts in its column.
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
            case "tsd", "k", "thousands", "thousand": scale = 1000
            case "mio", "million", "millions", "m", "mn": scale = 1_000_000
            case "meur": (currency, scale) = (.euro, 1_000_000)
            case "usd", "eur", "gbp", "chf", "sek", "nok", "dkk", "pln", "czk", "cad", "aud", "jpy", "inr",
                "brl":
                currency = Currency(word)
            default: break
            }
        }
    }
}
