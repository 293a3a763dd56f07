package import Jobs
package import Nouns
package import Records
package import Telemetry

/// Something that a competitor has done, or that a feed of the market has told: one row of `market_activity`.
package struct MarketActivity: Record {
    package enum Kind: String, Choice {
        case post
        case pageChange = "page_change"
        case priceChange = "price_change"
        case positionChange = "position_change"
    }

    package var head = Head<MarketActivity>()
    package var competitorID: ID<Competitor>?
    package var clientID: ClientID?
    package var type = Kind.post
    package var at = Instant(seconds: 0)
    package var title = ""
    package var url: String?
    /// The address at which it was read.
    package var sourceURL = ""
    /// The mark by which it is known again.
    package var identity = ""
    package var text: String?

    package init() {}

    package static let idPrefix = "mact", noun = "market_activity"
    package static let resource = Resource<MarketActivity>(
        "market_activity", named: "MarketActivity",
        console: ConsoleForm(
            title: "title", columns: ["competitor_id", "type", "at", "url"], filters: ["type"]),
        [
            .id(
                "competitor_id", \.competitorID, .readOnly, .filterable,
                .about("The competitor whose activity it is; null: a feed of the market told it.")),
            .id(
                "client_id", \.clientID, .readOnly, .filterable,
                .about("The client with whom the competitor competes.")),
            .choice(
                "type", \.type, .readOnly, .filterable,
                .about("Whether an entry of a feed is new, or a page, a price or a position has changed.")),
            .instant(
                "at", \.at, .readOnly, .filterable, .sortable,
                .about("When it was published, or when it was found where nothing says that.")),
            .text("title", \.title, max: 500, .readOnly, .about("The title of the entry or page.")),
            .text("url", \.url, max: 4096, .readOnly, .about("Where it can be read.")),
            .text(
                "source_url", \.sourceURL, max: 4096, .readOnly,
                .about("The feed or page in which it was found.")),
            .text("identity", \.identity, max: 64, .secret),
            .text("body", \.text, max: 4000, .secret),
        ])

    package var subject: Subject { Subject(id) }
}
