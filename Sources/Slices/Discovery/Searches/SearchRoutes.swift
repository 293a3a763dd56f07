internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

/// `/v1/searches`: searches for companies that are like an ideal customer, their runs, and what the agency's outcomes
/// say of where to look.
func searchRoutes(_ routes: inout Routes, _ runtime: Runtime, _ outcomes: OutcomeDependencies) {
    routes.standard(LeadSearch.resource, read: "searches:read", write: "searches:write")
    routes.schema("SearchTargeting", Targeting.schema)
    routes.post(
        "/v1/searches/{id}/run", .permission("searches:write"),
        "Run a search, and get the run of lead generation; with wait, the finished one", query: [.wait],
        .json(.reference("AgentRun"), "The finished run."),
        .json(.reference("AgentRun"), status: 202, "The run to follow.")
    ) { call in
        let id = try call.id("id", of: LeadSearch.self)
        return try call.startRun(runtime) { tx in
            _ = try LeadSearch.resource.get(id, in: tx)
            return try tx.runs.start(
                agent: "lead_generation", trigger: .manual, parameters: ["search_id": JSON(id)],
                by: call.actor)
        }
    }
    routes.get(
        "/v1/searches/{id}/targeting", .permission("searches:read"),
        "Get the order of a search's sources, and what won and lost leads say of its criteria, with the reasons",
        .json(.reference("SearchTargeting"))
    ) { call in
        let id = try call.id("id", of: LeadSearch.self)
        try call.allowQuery()
        return .read { reader in
            let search = try LeadSearch.resource.get(id, in: reader)
            let words = try reader.wordings.find(for: call)
            return .json(try Targeting(search, outcomes, in: reader).json(in: words))
        }
    }
}

extension Targeting {
    static let schema: JSON = {
        let number: JSON = ["type": "integer", "minimum": 0]
        let weight: JSONObject = [
            "field": ["type": "string", "description": "source, country, industry or size."],
            "value": ["type": "string", "description": "The source's name, or the value."],
            "weight": [
                "type": "number",
                "description":
                    "How much more such leads are worth than others, by how often they are won, at what value, how work for them is done and how content they are: 1 is as much.",
            ],
            "won": number.merging(["description": "How many such leads were won."]),
            "lost": number.merging(["description": "How many such leads were lost."]),
            "worth": [
                "type": ["object", "null"], "description": "The average value of one that was won.",
            ],
            "in_time": [
                "type": ["number", "null"],
                "description": "The share of tasks for those who became clients that were done in time.",
            ],
            "satisfaction": [
                "type": ["number", "null"],
                "description": "How content those are who became clients, from 0 to 10.",
            ],
            "reason": ["type": "string", "description": "The reason in words."],
        ]
        var source = weight
        source.append("found", number.merging(["description": "How many companies the source has named."]))
        source.append("created", number.merging(["description": "How many leads were created from it."]))
        return .record([
            "sources": [
                "type": "array", "items": .record(source),
                "description": "The search's sources in the order in which they are searched.",
            ],
            "criteria": [
                "type": "array", "items": .record(weight),
                "description": "The results of closed leads by country, industry and size.",
            ],
        ])
    }()
}
