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
    /// It is not asked for before then: its feed says so.
    var nextAt: Instant?
    /// The pause after which a feed is looked at by itself, and when that is.
    var pause: Duration?
    var dueAt: Instant?
    /// Where it has moved for good, and how often in a row that was seen.
    var movedTo: String?
    var movedSeen = 0

    /// Its site has said that it is gone for good.
    var isGone: Bool { reason == Self.gone }
    static let gone = "gone"

    /// The address that is asked: a move is believed when it was seen twice.
    var current: PageAddress? {
        (movedSeen > 1 ? movedTo.flatMap { PageAddress($0) } : nil) ?? PageAddress(url)
    }

    /// Counts a move for good. Of an address that has moved already, only a further move tells something.
    mutating func note(move: String?) {
        guard movedSeen < 2 || move != nil else { return }
        movedSeen = move == nil ? 0 : move == movedTo ? movedSeen + 1 : 1
        movedTo = move
    }

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
        (readAt, nextAt) = (row.optionalInstant("read_at"), row.optionalInstant("next_at"))
        (movedTo, movedSeen) = (row.optionalText("moved_to"), row.int("moved_seen"))
        pause = row.optionalInt("pause").map { .seconds($0) }
        dueAt = row.optionalInstant("due_at")
    }

    static let memberNames = ["url", "outcome", "reason", "read_at", "due_at"]
    static let outcomes = ["stored", "unchanged", "skipped", "failed"]

    static let schema: JSON = .record([
        "url": ["type": "string", "description": "The feed or page."],
        "outcome": [
            "type": ["string", "null"], "enum": .array(outcomes.map { .string($0) } + [.null]),
            "description": "The outcome when it was last asked for; null: none yet.",
        ],
        "reason": [
            "type": ["string", "null"],
            "description":
                "Why it was skipped or failed, as with pages of crawls; gone: it is not asked for any more.",
        ],
        "read_at": ["type": ["string", "null"], "description": "When it was last asked for."],
        "due_at": [
            "type": ["string", "null"],
            "description":
                "When a feed is asked for next, sooner the more often it changes; null: with the daily look.",
        ],
    ])

    func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("url", .string(url))
        writer.member("outcome", JSON(outcome))
        writer.member("reason", JSON(reason))
        writer.member("read_at", JSON(readAt?.description))
        writer.member("due_at", JSON(dueAt?.description))
        writer.endObject()
    }
}
