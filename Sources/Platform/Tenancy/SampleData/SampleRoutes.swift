internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes

/// Declares the route that takes the sample data out again. They come in as any lead and ticket does.
func sampleRoutes(_ routes: inout Routes, _ sample: SampleData) {
    routes.schema(
        "SampleDataReport",
        .schema(
            [
                "removed": [
                    "type": "object", "additionalProperties": ["type": "integer"],
                    "description": "How many records went, by their type.",
                ],
                "kept": [
                    "type": "array",
                    "items": .record(["type": .anyText, "id": .anyText]),
                    "description": "The records that somebody had made their own, and what belongs to them.",
                ],
            ], required: ["removed", "kept"]))
    routes.post(
        "/v1/sample-data/remove", .permission("sample_data:write"),
        "Remove the sample data, and what agents have made of them", named: "remove_sample_data",
        .json(.reference("SampleDataReport"), "The records that were removed, and those that stay.")
    ) { call in
        .write { tx in
            let (removed, kept) = try tx.samples.remove(sample.known, by: call.actor)
            let counts = Dictionary(grouping: removed, by: \.type).sorted { $0.key < $1.key }
            return .json([
                "removed": .object(JSONObject(counts.map { ($0.key, JSON($0.value.count)) })),
                "kept": .array(kept.map(\.json)),
            ])
        }
    }
}
