import JSON
import Testing

/// The modules hold together, and apart.
@Suite(.ownThread) struct Orchestration: SellingSteps {
    let server = BureauProcess.shared

    private func tool(_ id: String, _ record: String, _ changes: JSON) -> JSON {
        [
            "id": .string(id), "type": "tool", "tool": "update_record",
            "input": ["id": .string(record), "changes": changes],
        ]
    }

    private func workflow(_ name: String, _ state: [String], _ nodes: [JSON], _ agency: Agency) throws -> JSON
    {
        let edges = zip(nodes, nodes.dropFirst()).map { from, to -> JSON in
            ["from": .string(from.id), "to": .string(to.id)]
        }
        var fields: JSONObject = [:]
        for field in state { fields[field] = ["type": "string", "required": true] }
        return try agency.owner.post(
            "/v1/workflows",
            [
                "name": .string(name), "start": .string(nodes[0].id), "state": .object(fields),
                "nodes": .array(nodes), "edges": .array(edges),
            ]
        ).ok(201)
    }

    private func completed(_ run: JSON, _ agency: Agency) throws -> JSON {
        try eventually("the end of \(run.id)") {
            let run = try agency.owner.get("/v1/workflow-runs/\(run.id)").ok()
            guard run.text("status") == "completed" else { return Optional<JSON>.none }
            return run
        }
    }

    @Test func `discovery, selling and delivery hand on, hear back, and are reached by one workflow`() throws
    {
        let agency = try agency()
        // Discovery to selling: what is known of the lead decides what it is offered.
        let known = try agency.makeLead(1, ["budget": dollars(8_000), "employee_count": 2_000])
        let offer = try agency.owner.post("/v1/packages/recommend", ["lead_id": .string(known.id)]).ok()
        #expect(offer["package"]?.text("name") == "Growth")
        // Selling to delivery: what is signed makes the client, with all that was agreed.
        let (contract, page) = try presented(agency, 2)
        let lead = try agency.owner.get("/v1/deals/\(contract.text("deal_id"))").ok().text("lead_id")
        #expect(try agency.owner.get("/v1/leads/\(lead)").ok().text("status") != "won")
        try server.anonymous.post("\(page)/sign", ["name": "Jane Example", "consent": true]).ok()
        let signed = try agency.owner.get("/v1/contracts/\(contract.id)").ok()
        let client = try agency.owner.get("/v1/clients/\(signed.text("client_id"))").ok()
        #expect(client.text("lead_id") == lead && client["handover"]?["requirements"] != nil)
        // Selling back to discovery: the lead stands where its deal stands.
        #expect(try agency.owner.get("/v1/leads/\(lead)").ok().text("status") == "won")
        // And one run goes through all three, in its order.
        let made = try workflow(
            "Welcome", ["lead_id", "deal_id", "client_id"],
            [
                tool("deliver", "{{client_id}}", ["notes": "Kick-off on Monday"]),
                tool("sell", "{{deal_id}}", ["notes": "Welcomed"]),
                tool("find", "{{lead_id}}", ["tags": ["reference"]]),
            ], agency)
        let state: JSON = [
            "lead_id": .string(lead), "deal_id": .string(signed.text("deal_id")),
            "client_id": .string(client.id),
        ]
        let run = try agency.owner.post(
            "/v1/workflow-runs", ["workflow_id": .string(made.id), "state": state]
        ).ok(202)
        let nodes = try completed(run, agency)["history"]?.array ?? []
        #expect(nodes.map { $0.text("node") } == ["deliver", "sell", "find"])
        #expect(
            try agency.owner.get("/v1/clients/\(client.id)").ok().text("notes") == "Kick-off on Monday")
        #expect(
            try agency.owner.get("/v1/deals/\(signed.text("deal_id"))").ok().text("notes") == "Welcomed")
        #expect(try agency.owner.get("/v1/leads/\(lead)").ok()["tags"] == ["reference"])
    }

    @Test func `a chat is handed over while every workflow of several steps stands still`() throws {
        let agency = try server.signUp()
        let hours: JSON = ["days": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "to": "23:59"]
        try agency.owner.patch("/v1/settings", ["business_hours": hours, "quiet_hours": .null]).ok()
        let key = try agency.connect("web_chat", capability: "chat").text("public_key")
        let lead = try agency.makeLead().id
        let steps: [JSON] = [
            ["id": "think", "type": "wait", "for": "PT0S"], ["id": "again", "type": "wait", "for": "PT0S"],
            tool("act", "{{lead_id}}", ["tags": ["thought"]]),
        ]
        let made = try workflow("Reasoning", ["lead_id"], steps, agency)
        try agency.owner.post("/v1/queues/workflows/pause").ok()
        // More than have room at once.
        let runs = try (0..<40).map { _ in
            try agency.owner.post(
                "/v1/workflow-runs",
                ["workflow_id": .string(made.id), "state": ["lead_id": .string(lead)]]
            ).ok(202)
        }
        let said = try server.anonymous.post(
            "/v1/chat/\(key)/messages",
            ["visitor_id": "v1", "text": "I want to speak to a human", "name": "Vera"]
        ).ok(201)
        try eventuallyTrue("the hand-over") {
            let conversation = try agency.owner.get(
                "/v1/conversations/\(said.text("conversation_id"))"
            ).ok()
            return conversation.text("handler") == "waiting_for_human"
        }
        try eventuallyTrue("coordination to hear of it") {
            let told = try agency.owner.every("/v1/agent-messages?type=handover_request")
            return told.contains { $0.text("to") == "coordination_agent" && $0.text("status") == "handled" }
        }
        for run in runs {
            let run = try agency.owner.get("/v1/workflow-runs/\(run.id)").ok()
            #expect(run["history"] == [], "\(run.text("status"))")
        }
        try agency.owner.post("/v1/queues/workflows/resume").ok()
        for run in runs { _ = try completed(run, agency) }
    }
}
