internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Tenancy

/// The body of `PATCH /v1/data-health`.
private struct HealthBody: Declared {
    var weights: JSONObject = [:]

    static let schema = Schema<HealthBody>(
        "DataHealthRequest",
        [
            .document(
                "weights", \.weights, schema: weightsSchema, .required,
                .about("The weights of areas, of 100; those that are not named keep theirs."))
        ])

    private static let weightsSchema: JSON = {
        let weight: JSON = ["type": "number", "minimum": 0, "maximum": 100]
        var schema = JSON.schema(JSONObject(HealthArea.allCases.map { ($0.rawValue, weight) })).object ?? [:]
        schema["additionalProperties"] = false
        return .object(schema)
    }()

    /// Returns the weights of all areas, with every fault at its place.
    func weights(over present: [HealthArea: Double]) throws(Problem) -> [HealthArea: Double] {
        var (result, faults) = (present, Faults())
        for (name, value) in weights.members {
            let place = "/weights/\(name.pointerToken)"
            guard let area = HealthArea(rawValue: name) else {
                faults.add(
                    place, "unknown_field",
                    "The area \(name.prefix(64)) does not exist: choose one of GET /v1/data-health.",
                    choices: HealthArea.allCases.map(\.rawValue))
                continue
            }
            guard let weight = value.double else {
                faults.add(place, "wrong_type", "weights.\(name) must be a number.")
                continue
            }
            if !(0...100).contains(weight) {
                faults.add(place, "out_of_range", "weights.\(name) must be from 0 to 100.")
            }
            result[area] = weight
        }
        let sum = result.values.reduce(0, +)
        if faults.isEmpty, abs(sum - 100) > 0.01 {
            faults.add("/weights", "weights_sum", "The weights must sum to 100; they sum to \(sum).")
        }
        try faults.throwIfAny()
        return result
    }
}

/// `/v1/data-health`: one score of several areas, each with what should be done.
func dataHealthRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    routes.declare(HealthBody.self)
    routes.schema("DataHealth", healthSchema)
    routes.get(
        "/v1/data-health", .permission("quality:read"),
        "Get the health of the agency's data: quality, errors, performance, maintenance, integrations",
        .json(.reference("DataHealth"))
    ) { call in
        try call.allowQuery()
        return .read { try health(call, runtime.records, in: $0) }
    }
    routes.patch(
        "/v1/data-health", .permission("quality_rules:write"),
        "Set the weights of the areas of data health",
        body: .json(.reference("DataHealthRequest")), .json(.reference("DataHealth"))
    ) { call in
        let body = try call.body(HealthBody.self)
        return .write { tx in
            try tx.dataHealth.set(try body.weights(over: tx.dataHealth.weights()), by: call.actor)
            return try health(call, runtime.records, in: tx)
        }
    }
}

private func health(_ call: Call, _ registry: RecordRegistry, in reader: some Queryable) throws -> Response {
    let words = try reader.wordings.find(for: call), zone = try reader.agency.tenant().zone
    let current = try reader.dataHealth.current(try reader.quality.overview(registry))
    var object = current.json(in: words, zone)
    let days = try reader.dataHealth.days()
    object.append(
        "trend", .array(days.map { ["date": .string($0.day), "score": .toATenth($0.score)] }))
    object.append("forecast", .array(QualityForecast(days).json))
    return .json(.object(object))
}

private let healthSchema: JSON = {
    func score(_ about: String) -> JSON {
        ["type": "number", "minimum": 0, "maximum": 100, "description": .string(about)]
    }
    let day: JSON = ["type": "string", "format": "date", "description": "The day."]
    let area: JSON = .record([
        "name": [
            "type": "string", "enum": JSON(HealthArea.allCases.map(\.rawValue)),
            "description": "The area of health.",
        ],
        "score": score("The score of the area."), "weight": score("How much the area counts, of 100."),
        "recommendations": [
            "type": "array", "items": ["type": "string"],
            "description": "The recommendations, in the reader's language; the most important first.",
        ],
    ])
    return .record([
        "score": score("The areas' scores by their weights."),
        "areas": ["type": "array", "items": area, "description": "The areas."],
        "trend": [
            "type": "array", "items": .record(["date": day, "score": score("The score of the day.")]),
            "description": "The score of each day.",
        ],
        "forecast": [
            "type": "array",
            "items": .record([
                "date": day, "score": score("The score that is expected."),
                "low": score("The least that is likely."), "high": score("The most that is likely."),
            ]),
            "description": "The score that is expected; empty until there are five days.",
        ],
    ])
}()
