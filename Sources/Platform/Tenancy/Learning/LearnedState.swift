internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import Telemetry

/// The examples and the accuracy of a tenant's model: one row of `learned_models`.
struct LearnedState: StoredRow {
    let task: String
    let revision: Int
    let examples: Int
    let labels: String
    let accuracy: Double?
    let trainedUntil: Instant
    let trainedAt: Instant

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (task, revision) = (row.text("task"), row.int("revision"))
        (examples, labels) = (row.int("examples"), row.text("labels"))
        accuracy = row.optionalDouble("accuracy")
        (trainedUntil, trainedAt) = (row.instant("trained_until"), row.instant("trained_at"))
    }

    static func text(_ labels: [String: Int]) -> String {
        JSON.object(JSONObject(labels.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })).serialized
    }
}

extension LearningStore {
    func state(_ task: String) throws -> LearnedState? {
        try tx.first(
            """
            SELECT \(LearnedState.columns) FROM learned_models WHERE tenant_id = \(tx.tenant) AND task = \(task)
            """, LearnedState.init)
    }
}

/// Adds the route that shows the corrections of each task and the model trained from them.
func learningRoutes(_ routes: inout Routes) {
    let number: JSON = ["type": "integer"]
    routes.schema(
        "LearnedModel",
        .schema(
            [
                "task": ["type": "string"], "corrections": number, "needed": number,
                "active": ["type": "boolean"], "examples": number,
                "labels": ["type": "object", "additionalProperties": number],
                "accuracy": ["type": ["number", "null"]],
                "trained_at": ["type": ["string", "null"], "format": "date-time"],
            ],
            required: [
                "task", "corrections", "needed", "active", "examples", "labels", "accuracy", "trained_at",
            ]))
    routes.schema(
        "LearnedModels",
        .schema(
            ["data": ["type": "array", "items": .reference("LearnedModel")]], required: ["data"]))
    routes.get(
        "/v1/learned-models", .permission("agents:read"),
        "List the models learned from your corrections, each with its number of corrections and its `accuracy`",
        .json(.reference("LearnedModels"), "The tasks that have corrections.")
    ) { call in
        try call.allowQuery()
        return .read { reader in .json(["data": .array(try reader.learning.models())]) }
    }
}

extension LearningStore {
    fileprivate func models() throws -> [JSON] {
        let counts = try tx.all(
            "SELECT task, count(*) FROM corrections WHERE tenant_id = \(tx.tenant) GROUP BY task ORDER BY task"
        ) { ($0.text(0), $0.int(1)) }
        return try counts.map { task, count in
            let state = try state(task)
            return [
                "task": .string(task), "corrections": JSON(count), "needed": JSON(Learning.examplesMin),
                "active": .bool(state != nil), "examples": JSON(state?.examples ?? 0),
                "labels": try state.map { try JSONParser.parse(Array($0.labels.utf8)) } ?? [:],
                "accuracy": state?.accuracy.map(JSON.number) ?? .null,
                "trained_at": JSON(state?.trainedAt.description),
            ]
        }
    }
}
