import Records
import Testing

@testable import Transfer

@Suite struct AmountHintTests {
    @Test(
        arguments: [
            ("Revenue (kEUR)", "EUR", 1000), ("Umsatz in TEUR", "EUR", 1000),
            ("Umsatz MEUR", "EUR", 1_000_000),
            ("Revenue USD m", "USD", 1_000_000), ("Budget tCHF", "CHF", 1000),
            ("Budget € tausend", "EUR", 1000),
            ("Chiffre d'affaires en milliers EUR", "EUR", 1000), ("Ingresos GBP millones", "GBP", 1_000_000),
            ("Fatturato mln EUR", "EUR", 1_000_000), ("Receita BRL milhares", "BRL", 1000),
            ("Omzet duizend EUR", "EUR", 1000), ("Budget", nil, 1),
        ] as [(String, String?, Int64)])
    func `of a header are a currency and a factor`(header: String, currency: String?, scale: Int64) {
        let hints = AmountHints(header)
        #expect(hints.currency?.code == currency && hints.scale == scale)
    }

    @Test func `change nothing in the name of a column`() {
        for header in ["Umsatz (TEUR)", "Umsatz kEUR", "Umsatz Mio USD", "Umsatz tGBP"] {
            #expect(HeaderName.bare(HeaderName.of(header, splittingCase: false)) == ["umsatz"], "\(header)")
        }
    }
}
