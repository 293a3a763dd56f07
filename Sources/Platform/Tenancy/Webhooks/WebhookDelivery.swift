internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// One event on its way to one endpoint: a row of `webhook_deliveries`. It has one body, kept as bytes, for all
/// its attempts.
struct WebhookDelivery: StoredRow, Identified {
    static let idPrefix = "dlv", noun = "webhook_delivery", table = "webhook_deliveries"

    enum Status: String, CaseIterable, Sendable {
        case pending, delivered, failed, cancelled
        /// In a sandbox, which sends nothing.
        case captured
    }

    /// As long as it is kept, with its attempts; no schedule lasts as long.
    static let retention: Duration = .seconds(30 * 86_400)

    let id: ID<WebhookDelivery>, webhookID: ID<Webhook>
    /// The identifier that receivers know it by; the event's own, the same at every attempt.
    let eventID: String
    let eventType: String
    let isTest: Bool
    let status: Status
    let attempts: Int
    /// Attempts since it was last sent by hand, which begins the schedule anew.
    let tries: Int
    let statusCode: Int?
    let error: String?
    let nextAttemptAt: Instant?
    let createdAt: Instant
    let finishedAt: Instant?

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (id, webhookID) = (row.id("id"), row.id("webhook_id"))
        (eventID, eventType) = (row.text("event_id"), row.text("event_type"))
        (isTest, status) = (row.bool("is_test"), Status(rawValue: row.text("status")) ?? .pending)
        (attempts, tries) = (row.int("attempts"), row.int("tries"))
        (statusCode, error) = (row.optionalInt("status_code"), row.optionalText("error"))
        (nextAttemptAt, createdAt) = (row.optionalInstant("next_attempt_at"), row.instant("created_at"))
        finishedAt = row.optionalInstant("finished_at")
    }

    var object: JSONObject {
        [
            "id": JSON(id), "webhook_id": JSON(webhookID), "event_id": .string(eventID),
            "event_type": .string(eventType), "status": .string(status.rawValue), "test": .bool(isTest),
            "attempt_count": JSON(attempts), "status_code": JSON(statusCode), "error": JSON(error),
            "next_attempt_at": JSON(nextAttemptAt?.description), "created_at": .string(createdAt.description),
            "finished_at": JSON(finishedAt?.description),
        ]
    }

    var json: JSON { .object(object) }

    private static let properties: JSONObject = [
        "id": ["type": "string"], "webhook_id": ["type": "string"],
        "event_id": ["type": "string", "description": "The webhook-id that the receiver sees."],
        "event_type": ["type": "string"],
        "status": ["type": "string", "enum": JSON(Status.allCases.map(\.rawValue))],
        "test": ["type": "boolean"], "attempt_count": ["type": "integer"],
        "status_code": ["type": ["integer", "null"]], "error": ["type": ["string", "null"]],
        "next_attempt_at": ["type": ["string", "null"], "format": "date-time"],
        "created_at": ["type": "string", "format": "date-time"],
        "finished_at": ["type": ["string", "null"], "format": "date-time"],
    ]
    static let names = properties.keys
    static let schema: JSON = .schema(properties, required: properties.keys)

    /// Read alone, it comes with more.
    static let detailSchema: JSON = {
        var all = properties
        all["attempts"] = ["type": "array", "items": WebhookAttempt.schema]
        all["payload"] = [
            "type": "object", "description": "The body that is sent, byte for byte the same at each attempt.",
        ]
        return .schema(all, required: all.keys)
    }()
}

/// One try, and what came of it: a row of `webhook_attempts`.
struct WebhookAttempt: Sendable {
    /// As much of an answer as is kept.
    static let excerptBytesMax = 1024

    let startedAt: Instant
    let took: Duration
    var statusCode: Int?
    /// A short name, and the same for people; `nil` where it arrived.
    var error: String?
    var detail: String?
    var excerpt: String?

    var hasArrived: Bool { error == nil }

    static let schema: JSON = .schema([
        "number": ["type": "integer"], "at": ["type": "string", "format": "date-time"],
        "duration_ms": ["type": "integer"], "status_code": ["type": ["integer", "null"]],
        "error": ["type": ["string", "null"]], "detail": ["type": ["string", "null"]],
        "response_excerpt": ["type": ["string", "null"]],
    ])

    /// An attempt as people see it.
    struct Entry: StoredRow {
        let json: JSON

        static let columns = Columns(of: Self.self)

        init(_ row: inout ColumnReader) {
            json = [
                "number": JSON(row.int("number")), "at": .string(row.instant("started_at").description),
                "duration_ms": JSON(row.int("duration_ms")),
                "status_code": JSON(row.optionalInt("status_code")),
                "error": JSON(row.optionalText("error")), "detail": JSON(row.optionalText("detail")),
                "response_excerpt": JSON(row.optionalText("excerpt")),
            ]
        }
    }
}
