internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes

func dealRoutes(_ routes: inout Routes, _ services: DealsServices) {
    routes.standard(Deal.resource, read: "deals:read", write: "deals:write", create: false)
    routes.creation(of: Deal.resource, "deals:write", "Create a deal, at any stage") {
        try services.create(&$0, by: $1.actor, in: $2)
    }
    routes.schema("Pipeline", pipelineSchema)
    routes.get(
        "/v1/pipeline", .permission("deals:read"),
        "Get the board: every open deal in its stage, with a forecast",
        query: [
            .query("owner_id", "Only deals of this user."),
            .query(
                "per_stage", "Deals shown a stage.",
                ["type": "integer", "minimum": 1, "maximum": 500, "default": 100]),
        ], .json(.reference("Pipeline"), "The board.")
    ) { call in
        let shown = call.query("per_stage").map { Int($0) } ?? 100
        guard let shown, (1...500).contains(shown) else {
            throw Problem(.invalidParameter, "per_stage must be a number from 1 to 500.")
        }
        let owner = call.query("owner_id")
        return .read { reader in .json(try PipelineBoard(owner: owner, in: reader).json(shown: shown)) }
    }
}

private let card = JSON.schema(
    [
        "deal": .reference("Deal"), "age_days": ["type": "integer"], "is_stale": ["type": "boolean"],
    ], required: ["deal", "age_days", "is_stale"])

private let pipelineSchema = JSON.schema(
    [
        "currency": ["type": "string"],
        "stages": [
            "type": "array",
            "items": .schema(
                [
                    "stage": ["type": "string"], "deals": ["type": "integer"], "value": ["type": "integer"],
                    "weighted_value": ["type": "integer"], "stale": ["type": "integer"],
                    "stale_after_days": ["type": ["integer", "null"]],
                    "cards": ["type": "array", "items": card],
                ], required: ["stage", "deals", "value", "weighted_value", "stale", "cards"]),
        ],
        "forecast": [
            "type": "array",
            "items": .schema(
                [
                    "month": ["type": ["string", "null"]], "deals": ["type": "integer"],
                    "weighted": ["type": "integer"], "best": ["type": "integer"],
                    "committed": ["type": "integer"],
                ], required: ["month", "deals", "weighted", "best", "committed"]),
        ],
    ], required: ["currency", "stages", "forecast"])
