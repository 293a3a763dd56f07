import JSON
import Testing

/// A seller's and a project lead's day in a real browser, each over the page alone, with axe looking on.
@Suite(.ownThreadFirst) struct SellingBrowser {
    let server = BureauProcess.shared

    @Test func `a seller's day is worked from the page`() throws {
        let agency = try server.signUp()
        for agent in ["lead_generation", "outreach_automation", "sales_automation"] {
            try agency.owner.patch("/v1/agents/\(agent)", ["state": "disabled"]).ok()
        }
        let titles = ["Call Nordlicht?", "Write to Hafen?"]
        for title in titles {
            let workflow = try agency.owner.post(
                "/v1/workflows",
                [
                    "name": "ask", "start": "ask", "state": [:], "edges": [],
                    "nodes": [
                        ["id": "ask", "type": "approval", "title": .string(title), "expires_in": "P3D"]
                    ],
                ]
            ).ok(201)
            try agency.owner.post(
                "/v1/workflow-runs", ["workflow_id": .string(workflow.id), "state": [:]]
            ).ok(202)
        }
        try walk("selling.py", agency, ["approvals": JSON(titles)])
    }

    @Test func `a project lead's day is worked from the page`() throws {
        let agency = try server.quietAgency()
        try agency.owner.post(
            "/v1/users",
            [
                "name": "Max Mate", "email": .string("max-\(agency.email)"), "role": "member",
                "password": "correct horse battery",
            ]
        ).ok(201)
        try walk("projects.py", agency, ["colleague": "Max Mate"])
    }

    private func walk(_ file: String, _ agency: Agency, _ more: JSONObject) throws {
        var plan: JSONObject = [
            "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
            "password": .string(agency.password),
        ]
        for (name, value) in more.members { plan[name] = value }
        let found = try inBrowser(file, plan)
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }
}
