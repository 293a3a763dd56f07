/// The rough value of one unit of a currency in US dollars (mid 2026, rounded). For thresholds and classes of size
/// only, where a tenth more or less decides nothing: never for money that is charged. Fixed, so that a score does not
/// move with the market.
enum RoughRates {
    /// Dollars of an amount in minor units; `nil` for a currency that is not in the table.
    static func dollars(_ amount: ScoringInput.Amount) -> Double? {
        guard let rate = rates[amount.currency] else { return nil }
        let digits =
            withoutMinorUnits.contains(amount.currency) ? 0 : thousandths.contains(amount.currency) ? 3 : 2
        let scale = [1.0, 10, 100, 1000][digits]
        return Double(amount.amount) / scale * rate
    }

    private static let withoutMinorUnits: Set<String> = [
        "CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF",
    ]
    private static let thousandths: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]

    private static let rates: [String: Double] = [
        "USD": 1, "EUR": 1.1, "GBP": 1.3, "CHF": 1.15, "CAD": 0.72, "AUD": 0.65, "NZD": 0.6,
        "JPY": 0.0067, "CNY": 0.14, "HKD": 0.13, "TWD": 0.031, "SGD": 0.75, "KRW": 0.00073, "INR": 0.012,
        "PKR": 0.0036, "BDT": 0.0083, "LKR": 0.0033, "IDR": 0.000062, "MYR": 0.23, "THB": 0.029,
        "PHP": 0.0175, "VND": 0.000039, "SEK": 0.098, "NOK": 0.095, "DKK": 0.147, "ISK": 0.0075,
        "PLN": 0.26, "CZK": 0.044, "HUF": 0.0028, "RON": 0.22, "BGN": 0.56, "RSD": 0.0094, "UAH": 0.024,
        "RUB": 0.011, "TRY": 0.028, "GEL": 0.37, "KZT": 0.002, "ILS": 0.27, "AED": 0.272, "SAR": 0.267,
        "QAR": 0.275, "BHD": 2.65, "KWD": 3.25, "OMR": 2.6, "JOD": 1.41, "IQD": 0.00076, "EGP": 0.02,
        "MAD": 0.1, "TND": 0.32, "DZD": 0.0074, "LYD": 0.2, "ZAR": 0.055, "NGN": 0.00065, "KES": 0.0077,
        "GHS": 0.08, "TZS": 0.00038, "UGX": 0.00027, "XOF": 0.0017, "XAF": 0.0017, "BRL": 0.18,
        "MXN": 0.053, "ARS": 0.0009, "CLP": 0.00105, "COP": 0.00024, "PEN": 0.27, "UYU": 0.025,
        "PYG": 0.00013, "BOB": 0.145, "CRC": 0.002, "GTQ": 0.13, "DOP": 0.0165,
    ]
}
