import JSON
import Testing

@Suite(.ownThread) struct Workflows {
    let server = BureauProcess.shared

    private static let leadState: JSON = ["lead_id": ["type": "string", "required": true]]

    private static func tag(_ id: String, _ tags: [String]) -> JSON {
        [
            "id": .string(id), "type": "tool", "tool": "update_record",
            "input": ["id": "{{lead_id}}", "changes": ["tags": JSON(tags)]],
        ]
    }

    private static func definition(
        _ nodes: [JSON], _ edges: [(String, String)] = [], state: JSON = leadState
    ) -> JSON {
        [
            "name": "check", "start": nodes[0]["id"] ?? .null, "state": state, "nodes": .array(nodes),
            "edges": .array(edges.map { ["from": .string($0), "to": .string($1)] }),
        ]
    }

    private func quietAgency() throws -> Agency {
        let agency = try server.signUp()
        for agent in ["lead_generation", "lead_scoring", "lead_qualification"] {
            try agency.owner.patch("/v1/agents/\(agent)", ["state": "disabled"]).ok()
        }
        return agency
    }

    private func start(
        _ agency: Agency, _ definition: JSON, _ state: JSON, breakpoints: [String] = []
    ) throws -> String {
        let workflow = try agency.owner.post("/v1/workflows", definition).ok(201)
        let answer = try agency.owner.post(
            "/v1/workflow-runs",
            ["workflow_id": .string(workflow.id), "state": state, "breakpoints": JSON(breakpoints)])
        let run = try answer.ok(202)
        #expect(answer.header("Location") == "/v1/workflow-runs/\(run.id)")
        return run.id
    }

    private func run(_ agency: Agency, _ id: String, until status: String) throws -> JSON {
        try eventually("\(id) to be \(status)") {
            let run = try agency.owner.get("/v1/workflow-runs/\(id)").ok()
            return run.text("status") == status ? run : .none
        }
    }

    private func history(_ run: JSON) -> [String] {
        (run["history"]?.array ?? []).map { "\($0.text("node")) \($0.text("status"))" }
    }

    @Test func `a graph runs to its end, with its history and its effects`() throws {
        let agency = try quietAgency()
        let lead = try agency.makeLead().id
        let id = try start(
            agency,
            Self.definition(
                [["id": "nap", "type": "wait", "for": "PT0S"], Self.tag("mark", ["hot"])], [("nap", "mark")]),
            ["lead_id": .string(lead)])
        let done = try run(agency, id, until: "completed")
        #expect(history(done) == ["nap completed", "mark completed"])
        #expect(done["current"] == [] && done["timers"] == [] && done["state"] == ["lead_id": .string(lead)])
        #expect(try agency.owner.get("/v1/leads/\(lead)").ok()["tags"] == ["hot"])
        let types = try agency.owner.every("/v1/events").map { $0.text("type") }
        #expect(types.contains("workflow_run.completed"))
        let audit = try agency.owner.every("/v1/audit?subject_id=\(id)").map { $0.text("action") }
        #expect(audit == ["workflow_run.started"])
        let jobs = try agency.owner.every("/v1/jobs?subject_id=\(id)")
        #expect(
            jobs.map { $0.text("state") } == ["completed"] && jobs.map { $0.text("kind") } == ["workflow"])
    }

    @Test func `an agent's result comes into the state`() throws {
        let agency = try server.signUp()
        let lead = try agency.makeLead().id
        let node: JSON = [
            "id": "score", "type": "agent", "agent": "lead_scoring", "input": ["lead_id": "{{lead_id}}"],
            "output": ["score": "score"],
        ]
        let state: JSON = ["lead_id": ["type": "string", "required": true], "score": ["type": "integer"]]
        let id = try start(agency, Self.definition([node], state: state), ["lead_id": .string(lead)])
        let done = try run(agency, id, until: "completed")
        #expect(try done["state"]?["score"] == agency.owner.get("/v1/leads/\(lead)").ok()["score"])
        let runs = try agency.owner.every("/v1/agent-runs?trigger=workflow")
        #expect(runs.count == 1)
    }

    @Test func `a faulty definition is refused with every fault, and nothing is kept`() throws {
        let agency = try quietAgency()
        let problem = try agency.owner.post(
            "/v1/workflows",
            Self.definition([
                Self.tag("a", []), Self.tag("b", []), ["id": "x", "type": "tool", "tool": "hammer"],
            ])
        ).problem(422, "validation_failed")
        let codes = Set((problem["errors"]?.array ?? []).map { $0.text("code") })
        #expect(codes == ["unreachable_node", "unknown_tool"])
        #expect(try agency.owner.every("/v1/workflows").isEmpty)
    }

    @Test func `a graph without edges has an empty list of them`() throws {
        let agency = try quietAgency(), nodes = [Self.tag("one", ["x"]), Self.tag("two", ["y"])]
        let made = try agency.owner.post("/v1/workflows", Self.definition(nodes, [("one", "two")])).ok(201)
        let path = "/v1/workflows/\(made.id)"
        let changed = try agency.owner.patch(path, ["nodes": [nodes[0]], "edges": .null]).ok()
        #expect(changed["edges"] == [])
    }

    @Test func `a run with a faulty state is refused`() throws {
        let agency = try quietAgency()
        let workflow = try agency.owner.post("/v1/workflows", Self.definition([Self.tag("a", [])])).ok(201)
        for (state, code) in [([:], "required"), (["lead_id": 5], "wrong_type")] as [(JSON, String)] {
            try agency.owner.post(
                "/v1/workflow-runs", ["workflow_id": .string(workflow.id), "state": state]
            ).problem(422, code)
        }
        try agency.owner.post(
            "/v1/workflow-runs", ["workflow_id": "wfl_00000000000000000000000000", "state": [:]]
        ).problem(422, "unknown_reference")
    }

    @Test func `a stopped run's state is changed, and a fork begins before a step`() throws {
        let agency = try quietAgency()
        let (one, two) = (try agency.makeLead(1).id, try agency.makeLead(2).id)
        let id = try start(
            agency,
            Self.definition(
                [["id": "begin", "type": "wait", "for": "PT0S"], Self.tag("mark", ["done"])],
                [("begin", "mark")]),
            ["lead_id": .string(one)], breakpoints: ["mark"])
        let paused = try run(agency, id, until: "paused")
        #expect(paused["current"] == ["mark"])
        let place = "/v1/workflow-runs/\(id)"
        try agency.owner.patch(place, ["state": ["lead_id": 5]]).problem(422, "wrong_type")
        let edited = try agency.owner.patch(place, ["state": ["lead_id": .string(two)]]).ok()
        #expect(edited["state"] == ["lead_id": .string(two)])
        try agency.owner.post("\(place)/resume").ok()
        let done = try run(agency, id, until: "completed")
        #expect(try agency.owner.get("/v1/leads/\(one)").ok()["tags"] == [])
        #expect(try agency.owner.get("/v1/leads/\(two)").ok()["tags"] == ["done"])
        let fork = try agency.owner.post("\(place)/fork", ["from": done["history"]?.array?[0]["id"] ?? .null])
            .ok(202)
        #expect(try run(agency, fork.id, until: "paused")["forked_from"] == .string(id))
        try agency.owner.post("\(place)/fork", ["from": "99"]).problem(422, "unknown_reference")
        try agency.owner.post("\(place)/resume").problem(409, "invalid_transition")
    }

    @Test func `a run is stepped through node by node`() throws {
        let agency = try quietAgency()
        let lead = try agency.makeLead().id
        let nodes = ["one", "two", "three"].map { Self.tag($0, [$0]) }
        let id = try start(
            agency, Self.definition(nodes, [("one", "two"), ("two", "three")]), ["lead_id": .string(lead)],
            breakpoints: ["one"])
        for (node, tags) in [("one", []), ("two", ["one"]), ("three", ["two"])] as [(String, JSON)] {
            let paused = try eventually("a stop before \(node)") {
                let run = try agency.owner.get("/v1/workflow-runs/\(id)").ok()
                return run.text("status") == "paused" && run["current"] == [.string(node)] ? run : .none
            }
            #expect(try agency.owner.get("/v1/leads/\(lead)").ok()["tags"] == tags, "before \(node)")
            try agency.owner.post("/v1/workflow-runs/\(paused.id)/step").ok()
        }
        _ = try run(agency, id, until: "completed")
    }

    @Test func `a cancelled run ends where it is`() throws {
        let agency = try quietAgency()
        let id = try start(
            agency, Self.definition([["id": "later", "type": "wait", "for": "P200D"]], state: [:]), [:])
        #expect(try run(agency, id, until: "waiting")["timers"]?.array?.count == 1)
        try agency.owner.post("/v1/workflow-runs/\(id)/cancel").ok()
        let ended = try run(agency, id, until: "cancelled")
        #expect(ended["timers"] == [] && history(ended) == ["later cancelled"])
        try agency.owner.post("/v1/workflow-runs/\(id)/signal", ["name": "x"]).problem(
            409, "invalid_transition")
    }

    @Test func `an approved run goes on with what was edited, a signal sent twice under one key counts once`()
        throws
    {
        let agency = try quietAgency()
        let (one, two) = (try agency.makeLead(1).id, try agency.makeLead(2).id)
        let id = try start(
            agency,
            Self.definition(
                [
                    ["id": "ask", "type": "approval", "title": "Mark {{lead_id}}?"],
                    ["id": "go", "type": "wait", "signal": "go"],
                    ["id": "again", "type": "wait", "signal": "go"],
                    Self.tag("mark", ["hot"]),
                ], [("ask", "go"), ("go", "again"), ("again", "mark")]),
            ["lead_id": .string(one)])
        let approval = try eventually("the question") {
            try agency.owner.every("/v1/approvals?status=pending").first
        }
        #expect(approval.text("title") == "Mark \(one)?")
        let place = "/v1/approvals/\(approval.id)/approve"
        try agency.owner.post(place, ["changes": ["lead_id": .null]]).problem(422, "required")
        try agency.owner.post(place, ["changes": ["lead_id": .string(two)]]).ok()
        try agency.owner.post(place, [:]).problem(409)
        for _ in 1...2 {
            try agency.owner.post(
                "/v1/workflow-runs/\(id)/signal", ["name": "go"], ["Idempotency-Key": "once"]
            ).ok()
        }
        let waiting = try eventually("the second wait") {
            let run = try agency.owner.get("/v1/workflow-runs/\(id)").ok()
            return run["current"]?.array?.first?.text == "again" ? run : .none
        }
        #expect(waiting.text("status") == "waiting", "the second signal was the first")
        try agency.owner.post("/v1/workflow-runs/\(id)/signal", ["name": "go"]).ok()
        _ = try run(agency, id, until: "completed")
        #expect(try agency.owner.get("/v1/leads/\(two)").ok()["tags"] == ["hot"])
        #expect(try agency.owner.get("/v1/leads/\(one)").ok()["tags"] == [])
    }

    @Test func `a diagram is a picture`() throws {
        let agency = try quietAgency()
        let workflow = try agency.owner.post("/v1/workflows", Self.definition([Self.tag("mark", [])])).ok(201)
        let answer = try agency.owner.get("/v1/workflows/\(workflow.id)/diagram")
        #expect(answer.status == 200 && answer.header("Content-Type")?.hasPrefix("image/svg+xml") == true)
        #expect(answer.text.contains("<svg") && answer.text.contains("mark"))
    }
}
