internal import JSON
internal import Markup
internal import Records

/// Prices out of what a page says for machines: offers of products and services.
enum StructuredPrices {
    private static let itemsMax = 200, depthMax = 4, nameMax = 120

    static func read(_ page: MarkupDocument, _ address: PageAddress) -> [OfferReading.Price] {
        let items =
            JSONLDReader.documents(in: page).flatMap { JSONLDReader.items(of: $0.json) }
            + MicrodataReader.items(in: page, at: address)
        return items.prefix(itemsMax).flatMap { offers(of: $0, named: nil, 0) }
    }

    private static func offers(
        of item: StructuredItem, named outer: String?, _ depth: Int
    ) -> [OfferReading.Price] {
        guard depth < depthMax else { return [] }
        let name = item.text("name") ?? outer
        let own = price(of: item, named: name).map { [$0] } ?? []
        let inner = ["offers", "makesOffer", "hasOfferCatalog", "itemListElement", "itemOffered"].flatMap {
            member in
            item.items(member).flatMap { offers(of: $0, named: name, depth + 1) }
        }
        return own + inner
    }

    private static func price(of item: StructuredItem, named name: String?) -> OfferReading.Price? {
        guard item.types.contains(where: { $0.hasSuffix("Offer") }) else { return nil }
        let specification = item.items("priceSpecification").first
        let low = item.text("lowPrice")
        guard let name = name ?? item.items("itemOffered").first?.text("name"), name.count <= nameMax,
            let text = item.text("price") ?? low ?? specification?.text("price"),
            let code = item.text("priceCurrency") ?? specification?.text("priceCurrency"),
            let currency = Currency(code),
            let amount = AmountText.parse(text, assuming: currency)?.amount,
            (1...Money.amountMax).contains(amount)
        else { return nil }
        let unit = specification?.text("unitCode") ?? specification?.text("billingDuration")
        return OfferReading.Price(
            name: name, amount: Money(amount: amount, currency: currency.code), period: unit.flatMap(period),
            isFrom: item.text("price") == nil && low != nil, quote: text)
    }

    /// Codes of UN/CEFACT, and durations of ISO 8601.
    private static func period(_ code: String) -> OfferReading.Period? {
        switch code.uppercased() {
        case "MON", "P1M": .month
        case "ANN", "P1Y": .year
        case "WEE", "P1W": .week
        case "DAY", "P1D": .day
        case "HUR", "PT1H": .hour
        default: nil
        }
    }
}
