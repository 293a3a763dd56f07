internal import JSON
internal import Records
internal import Telemetry
internal import Templates
internal import Wording

/// The areas of the health of an agency's data, with what each weighs where the agency has set nothing else.
enum HealthArea: String, CaseIterable, Sendable {
    case dataQuality = "data_quality"
    case errors, performance, maintenance, integrations

    var standardWeight: Double {
        switch self {
        case .dataQuality: 35
        case .errors: 20
        case .performance: 15
        case .maintenance: 10
        case .integrations: 20
        }
    }
}

/// The state of an agency's data, in all and by area, with what should be done.
struct DataHealth: Sendable {
    struct Area: Sendable {
        let area: HealthArea
        var score = 100.0
        var weight = 0.0
        var recommendations: [Saying] = []

        init(_ area: HealthArea) { self.area = area }

        /// Takes something from the score, with what should be done about it.
        mutating func lose(_ points: Double, _ recommendation: Saying) {
            guard points > 0 else { return }
            score = max(0, score - points)
            recommendations.append(recommendation)
        }
    }

    private(set) var areas: [Area]

    init(_ areas: [Area], weights: [HealthArea: Double]) {
        self.areas = areas.map { area in
            var area = area
            area.weight = weights[area.area] ?? 0
            return area
        }
    }

    /// The areas' scores by their weights.
    var score: Double { areas.reduce(0) { $0 + $1.score * $1.weight } / 100 }

    func json(in words: Wording, _ zone: TimeZoneRules) -> JSONObject {
        [
            "score": .toATenth(score),
            "areas": .array(
                areas.map { area in
                    [
                        "name": .string(area.area.rawValue), "score": .toATenth(area.score),
                        "weight": .number(area.weight),
                        "recommendations": .array(
                            area.recommendations.map { .string($0.said(in: words, zone)) }),
                    ]
                }),
        ]
    }

    /// As it is kept of a day.
    var kept: JSON {
        .object(JSONObject(areas.map { ($0.area.rawValue, .toATenth($0.score)) }))
    }
}
