import JSON
import StandIns
import Testing

extension Isolation {
    /// Creates a webhook endpoint with a finished delivery, so that neither changes any more.
    func delivered(to agency: Agency) throws {
        let hooks = try StandIn { _ in StandInAnswer() }
        let body: JSON = ["url": .string(hooks.url), "events": ["deal.won"]]
        let webhook = try agency.owner.post("/v1/webhooks", body).ok(201)
        let delivery = try agency.owner.post("/v1/webhooks/\(webhook.id)/test").ok(202)
        try eventuallyTrue("the delivery") {
            try agency.owner.get("/v1/webhook-deliveries/\(delivery.id)").ok().text("status") == "delivered"
        }
    }

    /// Creates an enrolment with an open task, and an experiment with the mail after it.
    func enrolled(_ lead: JSON, of agency: Agency) throws {
        let template = try agency.owner.post(
            "/v1/templates", ["name": "A word", "subject": "A word", "body": "Hello."]
        ).ok(201)
        let steps: JSON = [
            ["channel": "task", "title": "Call"],
            ["channel": "email", "delay": "P1D", "template_id": .string(template.id)],
        ]
        let sequence = try agency.owner.post("/v1/sequences", ["name": "Call", "steps": steps]).ok(201)
        let variants = ["a", "b"].map { name -> JSON in
            ["name": .string(name), "template_id": .string(template.id)]
        }
        let experiment: JSON = [
            "name": "Words", "sequence_id": .string(sequence.id), "step_id": "s2",
            "variants": .array(variants),
        ]
        try agency.owner.post("/v1/experiments", experiment).ok(201)
        try agency.owner.post(
            "/v1/sequences/\(sequence.id)/enrollments", ["lead_id": .string(lead.id)]
        ).ok(201)
        try eventuallyTrue("the task") {
            try !agency.owner.get("/v1/outreach-tasks?status=open").ok().items.isEmpty
        }
    }

    /// Returns the records as their agency reads them, apart from members that only lists have.
    func records(_ ids: [String: String], of agency: Agency) throws -> [String: JSON] {
        try ids.filter { id in
            !id.key.hasPrefix("/v1/admin")
                && !["merges", "sessions", "contact-identities", "enrollments"].contains {
                    id.key.hasSuffix($0)
                }
        }
        .reduce(into: [:]) {
            $0["\($1.key)/\($1.value)"] = try agency.owner.get("\($1.key)/\($1.value)").json
        }
    }
}
