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

/// `/v1/campaigns/{id}/results`: what a campaign has cost and brought, and what systems tell differently of it.
func campaignResultRoutes(_ routes: inout Routes, _ dependencies: CampaignDependencies) {
    routes.declare(DifferenceSettling.self)
    routes.schema("CampaignFigure", figureSchema)
    routes.schema("CampaignDifference", differenceSchema)
    routes.schema("CampaignResults", resultsSchema)
    routes.get(
        "/v1/campaigns/{id}/results", .permission("campaigns:read"),
        "Get the costs and results of a campaign, with the records of each figure",
        .json(.reference("CampaignResults"), "The figures.")
    ) { call in
        let id = try call.id("id", of: Campaign.self)
        return .read { reader in
            let campaign = try Campaign.resource.get(id, in: reader)
            let records = try CampaignRecords(of: campaign, dependencies, in: reader)
            return .json(
                CampaignResults(
                    records: records,
                    lift: try records.mailings.compactMap { try CampaignLift(of: $0, in: reader) },
                    differences: try reader.figureDifferences.all(in: records)
                ).json)
        }
    }
    routes.post(
        "/v1/campaigns/{id}/differences/settle", .permission("campaigns:write"),
        "Decide which system tells the right figure of a day",
        body: .json(.reference("CampaignDifferenceSettling")),
        .json(.reference("CampaignDifference"), "The difference, settled.")
    ) { call in
        let id = try call.id("id", of: Campaign.self)
        let body = try call.body(DifferenceSettling.self)
        return .write { tx in
            let campaign = try Campaign.resource.get(id, in: tx)
            let records = try CampaignRecords(of: campaign, dependencies, in: tx)
            return .json(try tx.figureDifferences.settle(body, of: records, by: call.actor).json)
        }
    }
}

private let money = JSON.amountOrNull("An amount in minor units of a currency.")

private let trace: JSON = [
    "type": "array", "items": ["type": "object"], "description": "The records that it is made of.",
]

private let figureSchema = JSON.schema(
    [
        "name": .anyText, "value": ["type": "number"], "unit": .textOrNull,
        "trace": trace,
    ], required: ["name", "value", "unit", "trace"])

private let differenceSchema = JSON.schema(
    [
        "metric": .anyText, "date": .anyText,
        "figures": [
            "type": "array",
            "items": JSON.schema(
                [
                    "source": .anyText, "value": ["type": "number"], "unit": .textOrNull,
                    "trace": trace,
                ], required: ["source", "value", "unit", "trace"]),
        ],
        "settled": [
            "type": ["object", "null"],
            "description": "A person's word on which is right, as long as the figures stay as they were.",
        ],
    ], required: ["metric", "date", "figures", "settled"])

private let channelSchema = JSON.schema(
    [
        "channel": .anyText, "budget": money, "spent": money,
        "result": [
            "type": ["object", "null"],
            "description": "The figure by which the objective judges the channel.",
        ],
        "cost_per_result": money, "figures": ["type": "array", "items": .reference("CampaignFigure")],
    ], required: ["channel", "budget", "spent", "result", "cost_per_result", "figures"])

private let liftSchema: JSON = {
    func number(_ about: String) -> JSON { ["type": "number", "description": .string(about)] }
    func count(_ about: String) -> JSON { ["type": "integer", "description": .string(about)] }
    return JSON.schema(
        [
            "email_campaign_id": ["type": "string", "description": "The mail that some were kept from."],
            "goal": ["type": "string", "description": "The action that both groups can take; `enquiry`."],
            "treated": count("How many people were drawn to get the mail."),
            "held_out": count("How many were drawn to get none."),
            "rate_treated": number("The share of the first who have enquired since it began."),
            "rate_held_out": number("The share of the others who have."),
            "difference": number("By how much more of the first have."),
            "low": number("The least that the difference may be, at 95 %, whenever one looks."),
            "high": number("The most that it may be."),
            "sure": [
                "type": "boolean",
                "description": "Whether it is more than chance, with at least 50 people in each group.",
            ],
        ],
        required: [
            "email_campaign_id", "goal", "treated", "held_out", "rate_treated", "rate_held_out", "difference",
            "low", "high", "sure",
        ])
}()

private let kpiSchema = JSON.schema(
    [
        "metric": .anyText, "target": ["type": ["number", "null"]],
        "value": [
            "type": ["number", "null"], "description": "The value; null: nobody has told it yet.",
        ],
        "unit": .textOrNull,
        "share": ["type": ["number", "null"], "description": "The part of the target that has come."],
        "reached": [
            "type": ["boolean", "null"],
            "description": "Whether the target is reached, or a cost kept to; null: it is not known.",
        ],
        "trace": trace,
    ], required: ["metric", "target", "value", "unit", "share", "reached", "trace"])

private let resultsSchema = JSON.schema(
    [
        "figures": ["type": "array", "items": .reference("CampaignFigure")],
        "kpis": [
            "type": "array", "items": kpiSchema,
            "description": "The KPIs of the campaign, from metrics or else from what their channel tells.",
        ],
        "channels": ["type": "array", "items": channelSchema],
        "lift": [
            "type": "array", "items": liftSchema,
            "description": "For each mail with a holdout, what it brought beyond what happens anyway.",
        ],
        "differences": ["type": "array", "items": .reference("CampaignDifference")],
    ], required: ["figures", "kpis", "channels", "lift", "differences"])
