internal import Agents
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Tenancy

/// The body of `POST /v1/segments/clusters`.
private struct ClustersBody: Declared {
    var kind = Segment.Kind.leads
    var filter: JSON = ["all": []]
    var count: Int?

    static let schema = Schema<ClustersBody>(
        "SegmentClustersRequest",
        [
            .choice("of", \.kind, .standard("leads"), .about("The records that are looked at.")),
            .document(
                "filter", \.filter, schema: SegmentFilter.schema, .example(SegmentFilter.example),
                .about("Among which of them groups are looked for; all unless it is given.")),
            .integer(
                "count", \.count, in: SegmentClusters.counts,
                .about("How many groups are looked for; as many as fit best unless it is given.")),
        ])
}

/// `/v1/segments/clusters`: groups that the agency's records fall into.
func clusterRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    routes.declare(ClustersBody.self)
    routes.schema("SegmentClusters", clustersSchema)
    routes.post(
        "/v1/segments/clusters", .permission("segments:read"),
        "Find groups that records fall into, each with the filter of a segment; nothing is stored",
        named: "propose_segments", body: .json(.reference("SegmentClustersRequest")),
        .json(.reference("SegmentClusters"), "The groups, the largest first.")
    ) { call in
        let body = try call.body(ClustersBody.self)
        try call.requireReading(of: body.kind, runtime)
        return .read { reader in
            let base: JSON = body.filter.isNull ? ["all": []] : body.filter
            var faults = Faults()
            let filter = try SegmentFilter(base, of: body.kind, runtime.records, in: reader, &faults)
            try faults.throwIfAny()
            guard let filter else { throw Problem(.notFound) }
            return .json(
                try reader.segments.clusters(
                    among: filter, as: base, of: body.kind, count: body.count, runtime.records))
        }
    }
}

private let clustersSchema: JSON = {
    let feature = JSON.schema(
        [
            "field": ["type": "string", "description": "The field."],
            "value": ["type": "string", "description": "The value, or the range of values."],
            "share": ["type": "number", "description": "The share of the group that has it."],
            "share_of_all": ["type": "number", "description": "The share of all that has it."],
        ], required: ["field", "value", "share", "share_of_all"])
    let cluster = JSON.schema(
        [
            "name": ["type": "string", "description": "The group in a few words."],
            "filter": ["type": "object", "description": "The filter of a segment that finds the group."],
            "count": ["type": "integer", "description": "How many records the filter finds."],
            "features": [
                "type": "array", "items": feature,
                "description": "The features that the group has more often than all, the most telling first.",
            ],
        ], required: ["name", "filter", "count", "features"])
    return JSON.schema(
        [
            "enough": ["type": "boolean", "description": "Whether there are enough records to show groups."],
            "reason": ["type": ["string", "null"], "description": "Why there are no groups."],
            "sample": ["type": "integer", "description": "How many records were looked at, the newest."],
            "estimated": [
                "type": "boolean",
                "description":
                    "Whether count is of the records that were looked at, since there are many more.",
            ],
            "clusters": ["type": "array", "items": cluster, "description": "The groups, the largest first."],
        ], required: ["enough", "reason", "sample", "estimated", "clusters"])
}()
