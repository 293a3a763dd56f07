import JSON
import StandIns
import Testing

/// Workflows that start one another have limits, and end together.
@Suite(.ownThread) struct WorkflowDescent {
    let server = BureauProcess.shared

    private func nap(_ time: String = "PT0S") -> JSON { ["id": "nap", "type": "wait", "for": .string(time)] }

    private func starting(_ id: String, node: String = "start") -> JSON {
        ["id": .string(node), "type": "sub_workflow", "workflow_id": .string(id)]
    }

    private func detail(_ problem: JSON) -> String { problem["errors"]?.array?.first?.text("detail") ?? "" }

    private func definition(
        _ name: String, _ nodes: [JSON], state: JSON = [:], edges: [JSON] = []
    ) -> JSON {
        [
            "name": .string(name), "start": nodes[0]["id"] ?? .null, "state": state, "nodes": .array(nodes),
            "edges": .array(edges),
        ]
    }

    private func make(_ agency: Agency, _ definition: JSON) throws -> String {
        try agency.owner.post("/v1/workflows", definition).ok(201).id
    }

    private func start(_ agency: Agency, _ workflow: String, _ state: JSON = [:]) throws -> String {
        try agency.owner.post("/v1/workflow-runs", ["workflow_id": .string(workflow), "state": state]).ok(202)
            .id
    }

    private func ended(_ agency: Agency, _ run: String) throws -> JSON {
        try eventually("the end of \(run)") {
            let run = try agency.owner.get("/v1/workflow-runs/\(run)").ok()
            return run["finished_at"] == .null ? .none : run
        }
    }

    @Test func `a workflow that would start itself through any number of others is refused when it is saved`()
        throws
    {
        let agency = try server.quietAgency()
        let last = try make(agency, definition("last", [nap()]))
        let middle = try make(agency, definition("middle", [starting(last)]))
        let first = try make(agency, definition("first", [starting(middle)]))
        for (changed, started) in [(last, last), (last, middle), (last, first), (middle, first)] {
            let problem = try agency.owner.patch(
                "/v1/workflows/\(changed)", ["start": "start", "nodes": [starting(started)], "edges": []]
            ).problem(422, "recursive_workflow")
            #expect(problem["errors"]?[0]["pointer"] == "/nodes/0/workflow_id")
            #expect(detail(problem).contains("→"))
        }
        let far = try agency.owner.patch(
            "/v1/workflows/\(last)", ["start": "start", "nodes": [starting(first)], "edges": []]
        ).problem(422)
        #expect(detail(far).contains("last → first → middle → last"))
        #expect(try agency.owner.get("/v1/workflows/\(last)").ok()["nodes"] == [nap()])
        // Two ways to the same workflow are not a cycle.
        try agency.owner.patch(
            "/v1/workflows/\(first)",
            [
                "start": "start", "nodes": [starting(middle), starting(last, node: "again")],
                "edges": [["from": "start", "to": "again"]],
            ]
        ).ok()
    }

    @Test func `workflows start one another to a limited depth, and one run starts a limited number`() throws
    {
        let own = try BureauProcess.start(["limits.workflow_depth": "2", "limits.workflow_runs": "4"])
        let agency = try own.quietAgency()
        var below = try make(agency, definition("0", [nap()]))
        for depth in 1...3 {
            below = try make(agency, definition("\(depth)", [starting(below)]))
            let run = try ended(agency, try start(agency, below))
            #expect(run.text("status") == (depth <= 2 ? "completed" : "failed"))
            if depth == 3 { #expect(run["error"]?.text("code") == "workflow_too_deep") }
        }
        let leaf = try make(agency, definition("leaf", [nap()]))
        let many = try make(
            agency,
            definition(
                "many",
                [
                    ["id": "each", "type": "map", "over": "items", "as": "item", "node": "start"],
                    starting(leaf),
                ], state: ["items": ["type": "list"]]))
        let four = try ended(agency, try start(agency, many, ["items": [1, 2, 3, 4]]))
        #expect(four.text("status") == "completed")
        let five = try start(agency, many, ["items": [1, 2, 3, 4, 5]])
        #expect(try ended(agency, five)["error"]?.text("code") == "too_many_runs")
        let children = try agency.owner.every("/v1/workflow-runs?parent_id=\(five)")
        #expect(children.count <= 4 && children.allSatisfy { $0["finished_at"] != .null })
    }

    @Test func `cancelling a run ends all that it has started, at once, and nothing else`() throws {
        let agency = try server.quietAgency()
        let leaf = try make(agency, definition("leaf", [nap("P200D")]))
        let middle = try make(agency, definition("middle", [starting(leaf)]))
        let top = try make(
            agency,
            definition(
                "top",
                [
                    ["id": "both", "type": "parallel", "branches": ["one", "two"]],
                    starting(middle, node: "one"), starting(leaf, node: "two"),
                ]))
        let (root, other) = (try start(agency, top), try start(agency, leaf))
        _ = try eventually("the runs below") {
            try agency.owner.every("/v1/workflow-runs?status=waiting").count == 5 ? true : .none
        }
        let answer = try agency.owner.post("/v1/workflow-runs/\(root)/cancel").ok()
        #expect(answer.text("status") == "cancelled")
        let runs = try agency.owner.every("/v1/workflow-runs")
        #expect(runs.count == 5)
        for run in runs {
            #expect(run.text("status") == (run.id == other ? "waiting" : "cancelled"), "\(run.serialized)")
            #expect(run["current"] == (run.id == other ? ["nap"] : []))
        }
        let live = try agency.owner.every("/v1/jobs?kind=workflow").filter { $0["finished_at"] == .null }
        #expect(live.count == 1)
        try agency.owner.post("/v1/workflow-runs/\(root)/cancel").problem(409, "invalid_transition")
    }

    @Test func `what a workflow sends waits while a brake is on, says so, and goes once when it is released`()
        throws
    {
        let agency = try server.quietAgency()
        let web = try StandIn { _ in StandInAnswer(200, "{}") }
        let client = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201).id
        let call: JSON = [
            "id": "call", "type": "tool", "tool": "http_request",
            "input": ["method": "POST", "url": .string("\(web.url)/x"), "body": ["n": 1]],
        ]
        var ofClient = definition("theirs", [call]).object ?? [:]
        ofClient["client_id"] = .string(client)
        let (ours, theirs) = (
            try make(agency, definition("ours", [call])), try make(agency, .object(ofClient))
        )
        for (brake, stopped, free) in [
            (["scope": "client", "id": .string(client), "reason": "x"] as JSON, theirs, ours as String?),
            (["scope": "tenant", "reason": "x"], ours, nil),
        ] {
            let before = web.requests.count
            let brake = try agency.owner.post("/v1/brakes", brake).ok(201)
            let run = try start(agency, stopped)
            let job = try agency.owner.get("/v1/workflow-runs/\(run)").ok().text("job_id")
            _ = try eventually("the run to wait for the brake") {
                let job = try agency.owner.get("/v1/jobs/\(job)").ok()
                return job["waiting_for"]?.text?.contains("brake \(brake.id)") == true ? true : .none
            }
            #expect(try agency.owner.every("/v1/refusals?code=brake").isEmpty == false)
            if let free { #expect(try ended(agency, try start(agency, free)).text("status") == "completed") }
            #expect(web.requests.count == before + (free == nil ? 0 : 1), "the stopped one sent nothing")
            try agency.owner.post("/v1/brakes/\(brake.id)/release").ok()
            #expect(try ended(agency, run).text("status") == "completed")
            #expect(web.requests.count == before + (free == nil ? 1 : 2))
        }
    }
}
