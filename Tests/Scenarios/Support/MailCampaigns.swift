import JSON
import Testing

extension Caller {
    /// A segment of all leads.
    func everybody() throws -> JSON {
        try post("/v1/segments", ["name": "Everybody", "filter": ["all": []]]).ok(201)
    }

    func mailTemplate(
        _ subject: String, _ body: String = "Dear {{ contact.name }}, here is news."
    ) throws -> JSON {
        try post(
            "/v1/templates",
            [
                "name": .string(subject), "channel": "email", "subject": .string(subject),
                "body": .string(body),
            ]
        ).ok(201)
    }

    /// An e-mail campaign to all leads.
    func mailCampaign(_ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "name": "News", "segment_id": .string(try everybody().id),
            "template_id": .string(try mailTemplate("News").id),
        ]
        for (name, value) in more.members { body[name] = value }
        return try post("/v1/email-campaigns", .object(body)).ok(201)
    }

    func mailCampaign(_ campaign: JSON, _ verb: String, _ body: JSON? = nil) throws -> Answer {
        try post("/v1/email-campaigns/\(campaign.id)/\(verb)", body)
    }

    func status(ofMailCampaign campaign: JSON) throws -> String {
        try get("/v1/email-campaigns/\(campaign.id)").ok().text("status")
    }

    func results(ofMailCampaign campaign: JSON) throws -> JSON {
        try get("/v1/email-campaigns/\(campaign.id)/results").ok()
    }
}
