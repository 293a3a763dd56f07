internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing

/// Adds the route for how many leads there are by status and by source: one request for a funnel.
func leadFigureRoute(_ routes: inout Routes) {
    routes.schema("LeadFigures", LeadFigures.schema)
    routes.get(
        "/v1/lead-figures", .permission("leads:read"),
        "Get the number of leads by status and by source; archived ones only when status asks for them",
        named: "get_lead_figures",
        query: ParameterDoc.filters(Lead.resource), .json(.reference("LeadFigures"), "The counts.")
    ) { call in
        .read { reader in
            let list = try leadList(call, extra: [], dialect: reader.dialect)
            return .json(try LeadFigures(of: list, in: reader).json)
        }
    }
}

/// The number of leads of a list, by how far they have come and where they came from.
private struct LeadFigures {
    struct Source {
        var leads: Int64 = 0, qualified: Int64 = 0, won: Int64 = 0
    }

    /// Sources beyond these are counted together.
    private static let sourcesMax = 200
    private var byStatus: [String: Int64] = [:], bySource: [String?: Source] = [:]
    private var total: Int64 = 0, qualified: Int64 = 0

    init(of list: ListQuery<Lead>, in reader: Reader) throws {
        for (values, count, present) in try list.counts(
            by: ("source", "status"), present: "qualified_at", in: reader)
        {
            total += count
            qualified += present
            let status = values.1 ?? ""
            byStatus[status, default: 0] += count
            bySource[values.0, default: Source()].leads += count
            bySource[values.0, default: Source()].qualified += present
            if status == Lead.Status.won.rawValue { bySource[values.0, default: Source()].won += count }
        }
    }

    var json: JSON {
        let statuses = Lead.Status.allCases.map { status -> JSON in
            ["status": .string(status.rawValue), "leads": .integer(byStatus[status.rawValue] ?? 0)]
        }
        let sources = bySource.sorted {
            ($1.value.leads, $0.key ?? "") < ($0.value.leads, $1.key ?? "")
        }
        return [
            "total": .integer(total), "qualified": .integer(qualified), "by_status": .array(statuses),
            "by_source": .array(sources.prefix(Self.sourcesMax).map { Self.json($0.key, $0.value) }),
            "more_sources": .integer(Int64(max(0, sources.count - Self.sourcesMax))),
        ]
    }

    private static func json(_ name: String?, _ source: Source) -> JSON {
        [
            "source": JSON(name), "leads": .integer(source.leads), "qualified": .integer(source.qualified),
            "won": .integer(source.won),
        ]
    }

    static let schema = JSON.schema(
        [
            "total": ["type": "integer"],
            "qualified": ["type": "integer", "description": "How many have been qualified at some time."],
            "by_status": [
                "type": "array", "description": "All statuses, in the order in which leads go through them.",
                "items": .schema(
                    ["status": .choice(Lead.Status.self), "leads": ["type": "integer"]],
                    required: ["status", "leads"]),
            ],
            "by_source": [
                "type": "array", "description": "The sources with the most leads, at most 200.",
                "items": .schema(
                    [
                        "source": ["type": ["string", "null"]], "leads": ["type": "integer"],
                        "qualified": ["type": "integer"],
                        "won": ["type": "integer", "description": "How many of them have become clients."],
                    ], required: ["source", "leads", "qualified", "won"]),
            ],
            "more_sources": ["type": "integer", "description": "How many sources are not named."],
        ], required: ["total", "qualified", "by_status", "by_source", "more_sources"])
}
