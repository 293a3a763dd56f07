import JSON
import StandIns
import Testing

/// Workflows that begin by events.
@Suite(.ownThread) struct WorkflowTriggers {
    let server = BureauProcess.shared

    private static let leadState: JSON = [
        "lead_id": ["type": "string", "required": true], "company": ["type": "string"],
    ]

    private func definition(
        _ name: String, on events: [String], when: JSON = .null, tag: String? = nil,
        state: JSON = leadState, given: JSON = ["lead_id": "subject.id", "company": "record.company"]
    ) -> JSON {
        let nap: JSON = ["id": "nap", "type": "wait", "for": "PT0S"]
        let node = tag.map { tag -> JSON in
            [
                "id": "mark", "type": "tool", "tool": "update_record",
                "input": ["id": "{{lead_id}}", "changes": ["tags": [.string(tag)]]],
            ]
        }
        return [
            "name": .string(name), "start": (node ?? nap)["id"] ?? .null, "state": state,
            "nodes": [node ?? nap], "trigger": ["events": JSON(events), "when": when, "state": given],
        ]
    }

    private func make(_ agency: Agency, _ definition: JSON) throws -> String {
        try agency.owner.post("/v1/workflows", definition).ok(201).id
    }

    /// A lead without addresses, which nothing else changes.
    private func makeLead(_ agency: Agency, _ company: String = "Acme") throws -> JSON {
        try agency.owner.post("/v1/leads", ["company": .string(company)]).ok(201)
    }

    private func runs(_ agency: Agency, _ query: String) throws -> [JSON] {
        try agency.owner.every("/v1/workflow-runs?\(query)")
    }

    /// The runs that a query finds, once there are so many and all have ended.
    private func ended(_ agency: Agency, _ query: String, count: Int) throws -> [JSON] {
        try eventually("\(count) runs to have ended") {
            let runs = try runs(agency, query)
            try #require(runs.count <= count)
            return runs.count == count && runs.allSatisfy { $0["finished_at"] != .null } ? runs : .none
        }
    }

    @Test func `a record's event begins a workflow once, where its condition holds`() throws {
        let agency = try server.quietAgency()
        let workflow = try make(
            agency,
            definition(
                "welcome", on: ["lead.created"],
                when: [
                    "all": [
                        ["field": "record.company", "op": "contains", "value": "Acme"],
                        ["field": "type", "op": "eq", "value": "lead.created"],
                    ]
                ], tag: "welcomed"))
        let lead = try makeLead(agency, "Acme Lisboa")
        _ = try makeLead(agency, "Bolt")
        let run = try ended(agency, "workflow_id=\(workflow)", count: 1)[0]
        #expect(run.text("status") == "completed" && run.text("workflow_id") == workflow)
        #expect(run["state"]?["company"] == "Acme Lisboa" && run["state"]?["lead_id"] == .string(lead.id))
        #expect(run["subject"] == ["type": "lead", "id": .string(lead.id)])
        #expect(run["started_by"]?["type"] == "system")
        let created = try agency.owner.every("/v1/events").filter { event in
            event.text("type") == "lead.created" && event["subject"]?["id"] == .string(lead.id)
        }
        #expect(created.map { JSON.string($0.id) } == [run["event_id"]])
        #expect(try agency.owner.lead(lead)["tags"] == ["welcomed"])
        #expect(try runs(agency, "subject_id=\(lead.id)").map(\.id) == [run.id])
        // Without its trigger nothing begins it.
        let path = "/v1/workflows/\(workflow)"
        #expect(try agency.owner.get(path).ok()["trigger"]?["events"] == ["lead.created"])
        #expect(try agency.owner.patch(path, ["trigger": .null]).ok()["trigger"] == .null)
        _ = try makeLead(agency, "Acme Porto")
        #expect(try runs(agency, "workflow_id=\(workflow)").count == 1)
    }

    @Test func `what is undone begins nothing, and what comes in bulk begins a run each`() throws {
        let agency = try server.quietAgency()
        let workflow = try make(agency, definition("welcome", on: ["lead.created"]))
        let operations = ["Acme", "Bolt", ""].map { company -> JSON in
            ["op": "create", "body": ["company": .string(company)]]
        }
        let answer = try agency.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        #expect((answer["results"]?.array ?? []).map { $0["status"]?.int } == [201, 201, 422])
        let found = try ended(agency, "workflow_id=\(workflow)", count: 2)
        #expect(Set(found.compactMap { $0["state"]?["company"]?.text }) == ["Acme", "Bolt"])
    }

    @Test func `no workflow begins by what its own runs have caused`() throws {
        let agency = try server.quietAgency()
        let first = try make(
            agency, definition("first", on: ["lead.created", "lead.updated", "workflow_run.*"], tag: "first"))
        let second = try make(agency, definition("second", on: ["lead.updated"], tag: "second"))
        let lead = try makeLead(agency)
        // The second by the first's change; the first not by the second's, nor either by its own end.
        let ends = try ended(agency, "subject_id=\(lead.id)", count: 2)
        #expect(Set(ends.map { $0.text("workflow_id") }) == [first, second])
        #expect(try agency.owner.lead(lead)["tags"] == ["second"])
        try agency.owner.patch("/v1/workflows/\(first)", ["trigger": .null]).ok()
        try agency.owner.patch("/v1/leads/\(lead.id)", ["tags": ["by hand"]]).ok()
        _ = try ended(agency, "subject_id=\(lead.id)", count: 3)
    }

    @Test func `a workflow that one record begins again and again is stopped, and people are told`() throws {
        let agency = try server.quietAgency()
        let workflow = try make(agency, definition("echo", on: ["lead.updated"]))
        let lead = try makeLead(agency)
        for number in 1...21 {
            try agency.owner.patch("/v1/leads/\(lead.id)", ["tags": [.string("\(number)")]]).ok()
        }
        #expect(try runs(agency, "workflow_id=\(workflow)").count == 20)
        let alerts = "/v1/alerts?kind=workflow_loop&open=true"
        #expect(try agency.owner.every(alerts).map { $0["subject"]?["id"] } == [.string(workflow)])
        try agency.owner.patch("/v1/workflows/\(workflow)", ["description": "Seen to"]).ok()
        #expect(try agency.owner.every(alerts).isEmpty)
    }

    @Test func `a trigger's faults are told at their places, and an event that lacks a value ends the run`()
        throws
    {
        let agency = try server.quietAgency()
        let wrong = definition(
            "wrong", on: ["lead.created", "led.created"],
            when: ["field": "lead.score", "op": "eq", "value": 1],
            given: ["company": "row.company", "x": "type"])
        let problem = try agency.owner.post("/v1/workflows", wrong).problem(422, "validation_failed")
        let faults = (problem["errors"]?.array ?? []).map { "\($0.text("pointer")) \($0.text("code"))" }
        #expect(
            Set(faults) == [
                "/trigger/events/1 invalid_event_type", "/trigger/when/field unknown_field",
                "/trigger/state/company unknown_field", "/trigger/state/x unknown_state_field",
                "/trigger/state/lead_id required",
            ])
        for events in [[], ["*"]] as [[String]] {
            try agency.owner.post("/v1/workflows", definition("all", on: events)).problem(422)
        }
        let workflow = try make(
            agency,
            definition(
                "site", on: ["lead.created"], state: ["website": ["type": "string", "required": true]],
                given: ["website": "record.website"]))
        let lead = try makeLead(agency)
        let run = try ended(agency, "workflow_id=\(workflow)", count: 1)[0]
        #expect(run.text("status") == "failed" && run["error"]?["code"] == "required")
        #expect(run["subject"]?["id"] == .string(lead.id))
    }

    @Test func `a workflow of a client begins by that client's records alone`() throws {
        let agency = try server.quietAgency()
        let clients = try ["Acme", "Bolt"].map {
            try agency.owner.post("/v1/clients", ["name": .string($0)]).ok(201).id
        }
        let state: JSON = ["project_id": ["type": "string", "required": true]]
        let body = definition(
            "kick off", on: ["project.created"], state: state, given: ["project_id": "subject.id"]
        ).merging(["client_id": .string(clients[0])])
        let workflow = try make(agency, body)
        let projects = try clients.map { client in
            try agency.owner.post("/v1/projects", ["name": "Site", "client_id": .string(client)]).ok(201).id
        }
        let run = try ended(agency, "workflow_id=\(workflow)", count: 1)[0]
        #expect(run["state"]?["project_id"] == .string(projects[0]))
    }

    @Test func `what a CRM brings begins a workflow, as what is made here does`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, deck = try ApideckStandIn()
        let workflow = try make(agency, definition("from the CRM", on: ["lead.created"], tag: "crm"))
        let sync = try agency.pullLeads(from: deck)
        let run = try owner.ended("/v1/syncs/\(sync.id)/run", [:])
        #expect(run.text("status") == "completed")
        let begun = try ended(agency, "workflow_id=\(workflow)", count: 1)[0]
        let lead = try #require(try owner.every("/v1/leads").first)
        #expect(begun["subject"]?["id"] == .string(lead.id) && begun.text("status") == "completed")
        #expect(try owner.lead(lead)["tags"] == ["crm"])
    }
}
