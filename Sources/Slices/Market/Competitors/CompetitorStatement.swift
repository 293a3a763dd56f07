internal import Extraction
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// Something that a competitor's page says of its offer, with the words and the address: one row of
/// `competitor_statements`. A price that changes is a row of its own, so that those before it stay readable.
package struct CompetitorStatement: Record {
    package enum Kind: String, Choice { case price, tagline, claim, segment }
    package enum Period: String, Choice { case month, year, week, day, hour, once }

    package var head = Head<CompetitorStatement>()
    package var competitorID: ID<Competitor>?
    package var clientID: ClientID?
    package var kind = Kind.claim
    package var text = ""
    package var price: Money?
    package var period: Period?
    package var isFrom = false
    package var quote = ""
    package var url = ""
    package var foundAt = Instant(seconds: 0)
    package var endedAt: Instant?
    /// The mark by which the same thing is known on other pages.
    package var identity = ""

    package init() {}

    package static let idPrefix = "cstm", noun = "competitor_statement"
    package static let resource = Resource<CompetitorStatement>(
        "competitor_statements", named: "CompetitorStatement",
        [
            .id(
                "competitor_id", \.competitorID, .readOnly, .filterable,
                .about("The competitor who says it.")),
            .id(
                "client_id", \.clientID, .readOnly, .filterable,
                .about("The client with whom the competitor competes.")),
            .choice(
                "kind", \.kind, .readOnly, .filterable,
                .about("Whether it is a price, the tagline, a claim, or whom the competitor works for.")),
            .text(
                "text", \.text, max: 500, .readOnly,
                .about("The offer that has the price, or the sentence, as they stand on the page.")),
            .money("price", \.price, .readOnly, .about("The price; null: it is none.")),
            .choice(
                "period", \.period, .readOnly, .filterable,
                .about("The time that the price is for; null: the page does not say.")),
            .boolean("is_from", \.isFrom, .readOnly, .about("Whether the price is the lowest of several.")),
            .text("quote", \.quote, max: 500, .readOnly, .about("The words of the page in which it stands.")),
            .text("url", \.url, max: 4096, .readOnly, .filterable, .about("The page on which it stands.")),
            .instant(
                "found_at", \.foundAt, .readOnly, .filterable, .sortable,
                .about("When it was first read there.")),
            .instant(
                "ended_at", \.endedAt, .readOnly, .filterable,
                .about("When the page no longer said so; null: it does.")),
            .text("identity", \.identity, max: 64, .secret),
        ])

    package var subject: Subject { Subject(id) }
}

extension CompetitorStatement {
    init(_ price: OfferReading.Price, identity: String) {
        kind = .price
        (text, self.price, isFrom) = (String(price.name.prefix(500)), price.amount, price.isFrom)
        period = price.period.flatMap { Period(rawValue: $0.rawValue) }
        (quote, self.identity) = (price.quote, identity)
    }

    init(_ statement: OfferReading.Statement, identity: String) {
        kind = Kind(rawValue: statement.kind.rawValue) ?? .claim
        (text, quote, self.identity) = (statement.text, statement.text, identity)
    }

    /// Its content, on one line and without words of ours: `490.00 EUR`, or the sentence.
    var said: String {
        guard let price, let currency = Currency(price.currency) else { return text }
        return AmountText.format(price.amount, currency)
    }
}
