internal import Database
internal import JSON
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry

/// An address that is watched, and how it was found last: one row of `market_watches`.
struct MarketWatchRow: StoredRow, Sendable {
    /// The id of the competitor; empty: a feed of the market.
    let owner: String
    let url: String
    /// It was found on the competitor's page.
    let isOffered: Bool
    /// It was found as a page that tells prices, and not as a feed.
    let isPage: Bool
    var etag: String?
    var lastModified: String?
    var contentHash: String?
    /// Of what the page says of its company's offer; `nil`: it was never looked for.
    var offerHash: String?
    var outcome: String?
    var reason: String?
    var readAt: Instant?

    static let columns = Columns(of: Self.self)

    init(_ owner: String, _ url: String, isOffered: Bool, isPage: Bool = false) {
        (self.owner, self.url, self.isOffered, self.isPage) = (owner, url, isOffered, isPage)
    }

    init(_ row: inout ColumnReader) {
        (owner, url, isOffered) = (row.text("owner"), row.text("url"), row.int("is_offered") == 1)
        isPage = row.int("is_page") == 1
        (etag, lastModified) = (row.optionalText("etag"), row.optionalText("last_modified"))
        (contentHash, offerHash) = (row.optionalText("content_hash"), row.optionalText("offer_hash"))
        (outcome, reason) = (row.optionalText("outcome"), row.optionalText("reason"))
        readAt = row.optionalInstant("read_at")
    }

    static let memberNames = ["url", "outcome", "reason", "read_at"]
    static let outcomes = ["stored", "unchanged", "skipped", "failed"]

    static let schema: JSON = .record([
        "url": ["type": "string", "description": "The feed or page."],
        "outcome": [
            "type": ["string", "null"], "enum": .array(outcomes.map { .string($0) } + [.null]),
            "description": "What became of it when it was last asked for; null: not yet.",
        ],
        "reason": [
            "type": ["string", "null"],
            "description": "Why it was skipped or failed, as with pages of crawls.",
        ],
        "read_at": ["type": ["string", "null"], "description": "When it was last asked for."],
    ])

    func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("url", .string(url))
        writer.member("outcome", JSON(outcome))
        writer.member("reason", JSON(reason))
        writer.member("read_at", JSON(readAt?.description))
        writer.endObject()
    }
}
