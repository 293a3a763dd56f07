internal import Database
internal import JSON
internal import Records
internal import Runtime
internal import Telemetry

/// One event on its way to one endpoint: a row of `webhook_deliveries`. It has one body, kept as bytes, for all
/// its attempts.
struct WebhookDelivery: Sendable {
    enum Status: String, CaseIterable, Sendable {
        case pending, delivered, failed, cancelled
        /// In a sandbox, which sends nothing.
        case captured
    }

    /// As long as it is kept, with its attempts; no schedule lasts as long.
    static let retention: Duration = .seconds(30 * 86_400)

    let id: String, webhookID: String
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

    static let columns: StaticString = """
        id, webhook_id, event_id, event_type, is_test, status, attempts, tries, status_code, error, \
        next_attempt_at, created_at, finished_at
        """

    init(_ row: Row) {
        (id, webhookID, eventID, eventType) = (row.text(0), row.text(1), row.text(2), row.text(3))
        (isTest, status) = (row.bool(4), Status(rawValue: row.text(5)) ?? .pending)
        (attempts, tries) = (row.int(6), row.int(7))
        (statusCode, error) = (row.optionalInt(8), row.optionalText(9))
        (nextAttemptAt, createdAt) = (row.optionalInstant(10), row.instant(11))
        finishedAt = row.optionalInstant(12)
    }

    var object: JSONObject {
        [
            "id": .string(id), "webhook_id": .string(webhookID), "event_id": .string(eventID),
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

    static let columns: StaticString = "number, started_at, duration_ms, status_code, error, detail, excerpt"

    static let schema: JSON = .schema([
        "number": ["type": "integer"], "at": ["type": "string", "format": "date-time"],
        "duration_ms": ["type": "integer"], "status_code": ["type": ["integer", "null"]],
        "error": ["type": ["string", "null"]], "detail": ["type": ["string", "null"]],
        "response_excerpt": ["type": ["string", "null"]],
    ])

    static func json(_ row: Row) -> JSON {
        [
            "number": JSON(row.int(0)), "at": .string(row.instant(1).description),
            "duration_ms": JSON(row.int(2)), "status_code": JSON(row.optionalInt(3)),
            "error": JSON(row.optionalText(4)), "detail": JSON(row.optionalText(5)),
            "response_excerpt": JSON(row.optionalText(6)),
        ]
    }
}
