internal import JSON
internal import Records

/// The outcome that a distribution would have.
struct DistributionPreview: Sendable {
    static let examplesMax = 3
    var matched = 0, wouldSend = 0
    var skipped = Parts<SkippedPeople>()
    var examples: [JSON] = []

    var json: JSON {
        [
            "matched": JSON(matched), "would_send": JSON(wouldSend), "skipped": skipped.json,
            "examples": .array(examples),
        ]
    }

    static let schema = JSON.schema(
        [
            "matched": ["type": "integer", "description": "How many were looked at."],
            "would_send": ["type": "integer", "description": "How many would get it."],
            "skipped": [
                "type": "array", "items": .reference("SkippedPeople"),
                "description": "How many would not, by the reason's code.",
            ],
            "examples": [
                "type": "array",
                "items": .schema(
                    ["contact_id": .anyText, "subject": .anyText, "text": .anyText],
                    required: ["contact_id", "subject", "text"]),
                "description": "The first of them, as they would read it.",
            ],
        ], required: ["matched", "would_send", "skipped", "examples"])
}
