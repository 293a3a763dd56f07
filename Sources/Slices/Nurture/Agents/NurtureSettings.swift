internal import Agents
package import JSON
internal import People
package import Records

/// An agency's settings for keeping in touch with leads.
package struct NurtureSettings: AgentSettings {
    /// The content of the fifth week of a month, for which there is no content of its own.
    package enum WeekFive: String, Choice {
        case again = "repeat"
        case none
    }

    package var engagementWeights = EngagementWeights.standard.json.object ?? [:]
    package var holdoutPercent = 5
    package var weekFive = WeekFive.again
    package var batchApproval = true

    package init() {}

    package static let schema = Schema<NurtureSettings>(
        "LeadNurturingSettings",
        [
            .document(
                "engagement_weights", \.engagementWeights, schema: weightsSchema,
                .about(
                    "The weight of each type of activity in the figure of engagement; others weigh nothing.")
            ),
            .integer(
                "holdout_percent", \.holdoutPercent, in: 0...20, .standard(5),
                .about(
                    "The share of people who are drawn to get nothing, so that what nurture brings is measured."
                )
            ),
            .choice(
                "week_five", \.weekFive, .standard("repeat"),
                .about("Whether the content of the fourth week is repeated in the fifth.")),
            .boolean(
                "batch_approval", \.batchApproval, .standard(true),
                .about("Whether, where it asks first, it asks once a day for all who get a step.")),
        ])

    private static let weightsMax = 50
    private static let weightsSchema: JSON = [
        "type": "object", "maxProperties": JSON(weightsMax),
        "additionalProperties": ["type": "number", "minimum": 0, "maximum": 1000],
    ]

    package func check(_ faults: inout Faults) {
        if engagementWeights.count > Self.weightsMax {
            faults.add(
                "/engagement_weights", "too_long",
                "engagement_weights may name at most \(Self.weightsMax) types of activity.")
        }
        for (name, value) in engagementWeights.members {
            let place = "/engagement_weights/\(name.pointerToken)"
            if name.isEmpty || name.count > 60 {
                faults.add(place, "unknown_field", "The name of a type has from 1 to 60 characters.")
            } else if let weight = value.double {
                guard !(0...1000).contains(weight) else { continue }
                faults.add(
                    place, "out_of_range", "engagement_weights.\(name.prefix(64)) must be from 0 to 1000.")
            } else {
                faults.add(
                    place, "wrong_type", "engagement_weights.\(name.prefix(64)) must be a number.")
            }
        }
    }
}
