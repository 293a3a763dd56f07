internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Messages

/// The outcome of a step for whoever is enrolled: an entry of the enrolment's history.
package enum EnrollmentNote: String, Sendable, CaseIterable {
    case sent, done, failed
    /// It was not sent; the code says why.
    case passedOver = "passed_over"

    static let listSchema: JSON = [
        "type": "array",
        "items": .schema(
            [
                "step": ["type": "string", "description": "The id of the step."],
                "at": ["type": "string", "format": "date-time"],
                "result": ["enum": JSON(Self.allCases.map(\.rawValue))],
                "code": ["type": ["string", "null"]], "message_id": ["type": ["string", "null"]],
            ], required: ["step", "at", "result", "code", "message_id"]),
    ]
}

extension Enrollment {
    private static let notesMax = 100

    /// Adds what became of a step.
    mutating func note(
        _ step: String, _ result: EnrollmentNote, code: String? = nil, message: MessageID? = nil,
        at moment: Instant
    ) {
        let entry: JSON = [
            "step": .string(step), "at": .string(moment.description), "result": .string(result.rawValue),
            "code": JSON(code), "message_id": JSON(message),
        ]
        history = .array((history.array ?? []).suffix(Self.notesMax - 1) + [entry])
    }
}

extension SequencePlan {
    /// Returns the time at which a step is planned, where the days of all count from one.
    func planned(_ place: Int, from start: Instant, in zone: TimeZoneRules) -> Instant {
        steps.prefix(place + 1).reduce(start) { $1.timing.due(after: $0, in: zone) }
    }
}
