internal import JSON
internal import Records

/// Table 1.5-A: what the seed documents' configuration says of each agent, beside `enabled` and `schedule`.
struct ControlEntry: Sendable {
    struct Key: Sendable {
        let name: String
        let kind: FieldKind
        /// Where the agent's own configuration has no such value.
        let standard: JSON
    }

    let agent: String
    /// Where the agent has no schedule of its own.
    let schedule: String
    let keys: [Key]

    static let scheduleWords = ["daily", "hourly", "every_2_hours"]

    static let all: [ControlEntry] = [
        ControlEntry(
            agent: "lead_generation", schedule: "daily",
            keys: [
                .number("target_leads_per_day", 20, in: 1...10_000),
                .number("max_concurrent_searches", 3, in: 1...100),
            ]),
        ControlEntry(
            agent: "prospect_research", schedule: "hourly", keys: [.number("batch_size", 10, in: 1...1000)]),
        ControlEntry(
            agent: "lead_scoring", schedule: "hourly", keys: [.number("batch_size", 50, in: 1...1000)]),
        ControlEntry(
            agent: "lead_qualification", schedule: "every_2_hours",
            keys: [.number("batch_size", 20, in: 1...1000)]),
        ControlEntry(
            agent: "outreach_automation", schedule: "daily",
            keys: [.number("max_outreach_per_day", 100, in: 1...100_000)]),
        // Days between follow-ups.
        ControlEntry(
            agent: "sales_automation", schedule: "daily",
            keys: [.number("follow_up_frequency", 3, in: 1...365)]),
        ControlEntry(
            agent: "client_management", schedule: "daily",
            keys: [
                Key(
                    name: "report_frequency", kind: .choice(["weekly", "monthly", "quarterly"]),
                    standard: "monthly")
            ]),
    ]
}

extension ControlEntry.Key {
    fileprivate static func number(_ name: String, _ standard: Int64, in range: ClosedRange<Int64>) -> Self {
        Self(name: name, kind: .integer(range), standard: .integer(standard))
    }

    var schema: JSON {
        switch kind {
        case .integer(let range):
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .choice(let choices): ["type": "string", "enum": JSON(choices)]
        default: [:]
        }
    }
}

extension ControlEntry {
    /// `isPartial` for what may be sent, which is any part.
    func schema(isPartial: Bool) -> JSON {
        let schedule: JSON =
            isPartial
            ? ["type": "string", "enum": JSON(Self.scheduleWords)]
            : [
                "type": "string",
                "description":
                    "The schedule as one of these words, or as a cron expression where one was set.",
            ]
        var properties: JSONObject = ["enabled": ["type": "boolean"], "schedule": schedule]
        for key in keys { properties.append(key.name, key.schema) }
        return .closed(properties, required: isPartial ? [] : properties.keys)
    }
}

extension JSON {
    /// The schema of an object that has these members and no other.
    static func closed(_ properties: JSONObject, required: [String]) -> JSON {
        var schema = JSON.schema(properties, required: required).object ?? [:]
        schema.append("additionalProperties", false)
        return .object(schema)
    }
}
