package import JSON
internal import Records

/// The engagement of a contact: the mean weight of what they did in some days, in percent of the weight of a referral.
/// As it is a mean, reading a message lowers the figure of whoever did more before.
package struct Engagement: Hashable, Sendable {
    /// The figure of whoever does nothing but what weighs most.
    package static let full = 25.0
    /// The days that are looked back on unless others are asked for, and the most that may be.
    package static let daysUsual = 30, daysMax = 3650

    package let days: Int
    /// The number of activities of each type.
    package let counts: [String: Int]
    package let weights: EngagementWeights

    package init(days: Int, counts: [String: Int], weights: EngagementWeights) {
        (self.days, self.counts, self.weights) = (days, counts, weights)
    }

    /// The number of activities, of whatever weight.
    package var activities: Int { counts.values.reduce(0, +) }

    /// The figure, from 0 to 100.
    package var score: Double {
        guard activities > 0 else { return 0 }
        let sum = counts.reduce(0) { $0 + weights[$1.key] * Double($1.value) }
        let share = sum / (Double(activities) * Self.full)
        return min(100, (share * 1_000_000).rounded() / 10_000)
    }

    package var json: JSON {
        [
            "score": .number(score), "activities": JSON(activities), "days": JSON(days),
            "weights": weights.json,
        ]
    }

    package static let schema = JSON.schema(
        [
            "score": ["type": "number", "description": "The figure, from 0 to 100; 0 without activities."],
            "activities": ["type": "integer", "description": "How many activities of people were counted."],
            "days": ["type": "integer", "description": "How many days were looked back on."],
            "weights": [
                "type": "object", "additionalProperties": ["type": "number"],
                "description": "The weight of each type of activity; others weigh nothing.",
            ],
        ], required: ["score", "activities", "days", "weights"])
}

/// The weight of each type of activity.
package struct EngagementWeights: Hashable, Sendable {
    /// The agent whose published settings hold an agency's own weights, and the setting.
    package static let agent = "lead_nurturing", setting = "engagement_weights"

    private let own: [String: Double]

    /// The weights of an agency that has not changed any.
    package static let standard = EngagementWeights([:])

    /// Reads the weights that an agency has set; what it leaves out weighs as ever.
    package init(_ values: JSONObject) {
        own = Dictionary(
            values.members.compactMap { name, value in value.double.map { (name, $0) } }
        ) { $1 }
    }

    package subscript(type: String) -> Double {
        own[type] ?? ContactActivity.Kind(rawValue: type)?.weight ?? 0
    }

    package var json: JSON {
        let kinds = ContactActivity.Kind.allCases.map(\.rawValue)
        let others = own.keys.filter { !kinds.contains($0) }.sorted()
        return .object(JSONObject((kinds + others).map { ($0, .number(self[$0])) }))
    }
}
