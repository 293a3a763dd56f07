internal import Agents
package import JSON
package import Records

/// An agency's settings for scoring.
package struct ScoringSettings: AgentSettings {
    package var batchSize = 50
    package var weights = JSONObject(
        ScoreFactor.allCases.map { ($0.rawValue, .number(ScoringConfiguration().weight($0))) })
    package var highFrom = ScoringConfiguration().highFrom, mediumFrom = ScoringConfiguration().mediumFrom

    package init() {}

    package static let schema = Schema<ScoringSettings>(
        "ScoringSettings",
        [
            .integer("batch_size", \.batchSize, in: 1...1000, .about("Leads handled at once.")),
            .document(
                "weights", \.weights, schema: weightsSchema,
                .about("Points of each factor; they sum to 100.")),
            .integer(
                "high_from", \.highFrom, in: 0...100, .about("The least score of a lead of high priority.")),
            .integer(
                "medium_from", \.mediumFrom, in: 0...100,
                .about("The least score of a lead of medium priority; not above high_from.")),
        ])

    private static let weightsSchema: JSON = {
        let weight: JSON = ["type": "number", "minimum": 0, "maximum": 100]
        var schema = JSON.schema(JSONObject(ScoreFactor.allCases.map { ($0.rawValue, weight) })).object ?? [:]
        schema["additionalProperties"] = false
        return .object(schema)
    }()

    package func check(_ faults: inout Faults) {
        for (name, value) in weights.members {
            let place = "/weights/\(name.pointerToken)"
            if ScoreFactor(rawValue: name) == nil {
                faults.add(
                    place, "unknown_field", "The factor \(name.prefix(64)) does not exist: take it out.")
            } else if value.double == nil {
                faults.add(place, "wrong_type", "weights.\(name.prefix(64)) must be a number.")
            }
        }
        guard faults.isEmpty else { return }
        for fault in configuration.faults {
            switch fault {
            case .weightOutOfRange(let factor):
                faults.add(
                    "/weights/\(factor.rawValue)", "out_of_range",
                    "weights.\(factor.rawValue) must be from 0 to 100.")
            case .weightsDoNotSumTo100(let sum):
                faults.add("/weights", "weights_sum", "The weights must sum to 100; they sum to \(sum).")
            case .classesOutOfOrder:
                faults.add(
                    "/high_from", "out_of_range",
                    "medium_from must not be above high_from, and both must be from 0 to 100.")
            }
        }
    }

    package var configuration: ScoringConfiguration {
        var configuration = ScoringConfiguration()
        for factor in ScoreFactor.allCases {
            if let weight = weights[factor.rawValue]?.double { configuration.weights[factor] = weight }
        }
        (configuration.highFrom, configuration.mediumFrom) = (highFrom, mediumFrom)
        return configuration
    }
}
