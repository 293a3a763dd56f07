internal import Crawling
internal import Database
internal import JSON
internal import Records
internal import Telemetry

/// A page that a crawl has found, with what became of it: a row of `crawl_pages`.
struct CrawlPage: StoredRow, Sendable {
    enum Kind: String, Choice { case page, sitemap }
    /// A page that is about to be asked for is marked so first: after the end of the process nobody knows whether it
    /// was, and it is not asked for again.
    enum State: String, Choice { case waiting, asked, done }
    enum Outcome: String, Choice { case stored, unchanged, skipped, failed }
    enum Reason: String, Choice {
        case robotsDisallowed = "robots_disallowed", robotsUnreachable = "robots_unreachable"
        case refusedAddress = "refused_address", tooLarge = "too_large", timedOut = "timed_out", truncated
        case wrongType = "wrong_type", tooManyRedirects = "too_many_redirects"
        case accessDenied = "access_denied", notFound = "not_found", noindex, rateLimited = "rate_limited"
        case serverError = "server_error", unreachable, invalidURL = "invalid_url", sandbox

        /// Whether nobody is to blame: the page was left out on purpose.
        var isSkip: Bool {
            switch self {
            case .robotsDisallowed, .robotsUnreachable, .refusedAddress, .wrongType, .noindex, .invalidURL,
                .sandbox:
                true
            default: false
            }
        }
    }

    let number: Int
    let kind: Kind
    var state: State
    /// As it was found.
    let url: String
    let depth: Int
    var attempts = 0
    var finalURL: String?
    var status: Int?
    var outcome: Outcome?
    var reason: Reason?
    var contentType: String?
    var charset: String?
    var title: String?
    /// The language of its words; where these tell none, that which the page names.
    var language: String?
    var bytes = 0
    var etag: String?
    var lastModified: String?
    var contentHash: String?
    var links: [String] = []
    /// Of a page whose links are followed: what tells whether another one says the same.
    var likeness: TextLikeness?
    var fetchedAt: Instant?
    /// The facts of a page that was just fetched, as they are stored; afterwards they are in the database only.
    var facts: String?

    static let columns = Columns(of: Self.self)

    init(_ number: Int, _ kind: Kind, _ url: String, depth: Int) {
        (self.number, self.kind, self.url, self.depth) = (number, kind, url, depth)
        state = .waiting
    }

    init(_ row: inout ColumnReader) throws {
        number = row.int("number")
        kind = Kind(rawValue: row.text("kind")) ?? .page
        state = State(rawValue: row.text("state")) ?? .done
        (url, depth, attempts) = (row.text("url"), row.int("depth"), row.int("attempts"))
        finalURL = row.optionalText("final_url")
        status = row.optionalInt("status")
        outcome = row.optionalText("outcome").flatMap { Outcome(rawValue: $0) }
        reason = row.optionalText("reason").flatMap { Reason(rawValue: $0) }
        (contentType, charset) = (row.optionalText("content_type"), row.optionalText("charset"))
        (title, bytes) = (row.optionalText("title"), row.int("bytes"))
        language = row.optionalText("language")
        (etag, lastModified) = (row.optionalText("etag"), row.optionalText("last_modified"))
        contentHash = row.optionalText("content_hash")
        links = try row.json("links").array?.compactMap(\.text) ?? []
        fetchedAt = row.optionalInstant("fetched_at")
        let (bits, words) = (row.optionalInt64("likeness"), row.optionalInt64("words"))
        if let bits, let words { likeness = TextLikeness(bits: UInt64(bitPattern: bits), words: Int(words)) }
    }

    /// The page with no more than its crawl goes on by. All else is in the database.
    var bare: CrawlPage {
        guard state == .done else { return self }
        var page = CrawlPage(number, kind, url, depth: depth)
        (page.state, page.attempts, page.finalURL) = (state, attempts, finalURL)
        (page.outcome, page.reason) = (outcome, reason)
        return page
    }

    var isKept: Bool { outcome == .stored || outcome == .unchanged }

    /// Ends it with a reason against it.
    mutating func end(_ reason: Reason) {
        state = .done
        (self.reason, outcome) = (reason, reason.isSkip ? .skipped : .failed)
    }
}

extension CrawlPage {
    static let memberNames = [
        "url", "final_url", "status", "outcome", "reason", "content_type", "charset", "title", "language",
        "bytes",
        "depth", "fetched_at",
    ]

    static let schema: JSON = .record([
        "url": ["type": "string", "description": "The address as it was found."],
        "final_url": [
            "type": ["string", "null"], "description": "The address that answered, after redirects.",
        ],
        "status": [
            "type": ["integer", "null"],
            "description": "The status of the answer; null where nothing was asked or nobody answered.",
        ],
        "outcome": [
            "type": ["string", "null"], "enum": .array(Outcome.choices.map { .string($0) } + [.null]),
            "description": "The outcome of the page; null: none yet.",
        ],
        "reason": [
            "type": ["string", "null"], "enum": .array(Reason.choices.map { .string($0) } + [.null]),
            "description": "Why the page was skipped or failed.",
        ],
        "content_type": ["type": ["string", "null"], "description": "The type that the answer named."],
        "charset": ["type": ["string", "null"], "description": "The set of characters of the page."],
        "title": ["type": ["string", "null"], "description": "The title of the page."],
        "language": [
            "type": ["string", "null"],
            "description": "The language of the page's words (ISO 639-1), else the one that the page names.",
        ],
        "bytes": ["type": "integer", "description": "The size of the page, unpacked."],
        "depth": ["type": "integer", "description": "How many links away from the first page it is."],
        "fetched_at": ["type": ["string", "null"], "description": "When the page was asked for."],
    ])

    func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("url", .string(url))
        writer.member("final_url", JSON(finalURL))
        writer.member("status", JSON(status))
        writer.member("outcome", JSON(outcome?.rawValue))
        writer.member("reason", JSON(reason?.rawValue))
        writer.member("content_type", JSON(contentType))
        writer.member("charset", JSON(charset))
        writer.member("title", JSON(title))
        writer.member("language", JSON(language))
        writer.member("bytes", JSON(bytes))
        writer.member("depth", JSON(depth))
        writer.member("fetched_at", JSON(fetchedAt?.description))
        writer.endObject()
    }
}
