internal import Agents
internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// A content item from one change of its words or media to the next: one row of `content_versions`.
struct ContentVersion: StoredRow {
    let number: Int
    let title: String
    let subject: String
    let body: String
    let media: Parts<ContentMedium>
    private let author: Actor
    private let at: Instant
    /// The conclusion of the colleague who reviewed it.
    private let review: JSON
    /// The word of its client.
    private let decision: JSON

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        number = row.int("number")
        (title, subject, body) = (row.text("title"), row.text("subject"), row.text("body"))
        media = Parts(json: JSON(stored: row.text("media"))) ?? Parts()
        author = Actor(Actor.Kind(rawValue: row.text("actor_type")) ?? .system, id: row.text("actor_id"))
        at = row.instant("at")
        review = row.optionalText("review").map(JSON.init(stored:)) ?? .null
        decision = row.optionalText("decision").map(JSON.init(stored:)) ?? .null
    }

    /// Whether its client has sent it back.
    var isSentBack: Bool { decision["decision"]?.text == ContentDecider.changes }

    var json: JSON {
        [
            "number": JSON(number), "title": .string(title), "subject": .string(subject),
            "body": .string(body), "media": media.json, "by": author.json, "at": .string(at.description),
            "review": review, "decision": decision,
        ]
    }

    static let schema: JSON = {
        let actor = JSON.schema(
            ["type": ["type": "string"], "id": ["type": "string"]], required: ["type", "id"])
        return .schema(
            [
                "number": ["type": "integer"], "title": ["type": "string"], "subject": ["type": "string"],
                "body": ["type": "string"],
                "media": [
                    "type": "array", "items": ContentMedium.schema.jsonSchema(.whole),
                    "description": "Its pictures and films.",
                ], "by": actor,
                "at": ["type": "string", "format": "date-time"],
                "review": [
                    "type": ["object", "null"], "description": "The verdict of a colleague.",
                ],
                "decision": [
                    "type": ["object", "null"], "description": "The verdict of its client.",
                ],
            ],
            required: ["number", "title", "subject", "body", "media", "by", "at", "review", "decision"])
    }()
}

/// Content items as they were after each change: `tx.contentVersions`.
struct ContentVersionStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var contentVersions: ContentVersionStore<Self> { ContentVersionStore(tx: self) }
}

extension ContentVersionStore {
    func find(_ number: Int, of item: ContentItemID) throws -> ContentVersion? {
        try tx.first(
            """
            SELECT \(ContentVersion.columns) FROM content_versions
            WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item) AND number = \(number)
            """, ContentVersion.init)
    }

    /// Returns those who have written an item, each once.
    func authors(of item: ContentItemID) throws -> Set<Actor> {
        Set(
            try tx.all(
                """
                SELECT DISTINCT actor_type, actor_id FROM content_versions
                WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item)
                """
            ) { row in Actor(Actor.Kind(rawValue: row.text(0)) ?? .system, id: row.text(1)) })
    }
}

extension ContentVersionStore where Base == Transaction {
    /// Keeps an item's words as its newest version.
    func keep(of item: ContentItem, by actor: Actor) throws {
        try tx.run(
            """
            INSERT INTO content_versions
                (tenant_id, content_item_id, number, title, subject, body, media, actor_type, actor_id, at)
            VALUES (\(tx.tenant), \(item.id), \(item.revision), \(item.title), \(item.subject), \(item.body),
                \(item.media.json.serialized), \(actor.kind.rawValue), \(actor.id), \(tx.now))
            """)
    }

    /// Keeps what a colleague has said of the newest version.
    func keep(review: JSON, of item: ContentItem) throws {
        try tx.run(
            """
            UPDATE content_versions SET review = \(review.serialized)
            WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item.id) AND number = \(item.revision)
            """)
    }

    /// Keeps what the client has said of the newest version.
    func keep(decision: JSON, of item: ContentItem) throws {
        try tx.run(
            """
            UPDATE content_versions SET decision = \(decision.serialized)
            WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item.id) AND number = \(item.revision)
            """)
    }

    func forget(of item: ContentItemID) throws {
        try tx.run(
            "DELETE FROM content_versions WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item)")
    }
}
