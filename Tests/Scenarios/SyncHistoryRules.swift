import JSON
import StandIns
import Testing

/// Rules of what may go into the histories that CRMs keep, and what becomes of it when a sync is changed.
@Suite(.ownThread) struct SyncHistoryRules {
    let server = BureauProcess.shared

    @Test
    func `a client's own CRM gets what was said on that client's behalf, and nothing that others said`()
        throws
    {
        let spoken = try SpokenWith(server, history: "all", isClients: true), owner = spoken.owner
        let client = try #require(spoken.client), other = try owner.makeClient(["name": "Other GmbH"])
        // Somebody of another client's, who is a lead of this one.
        let bo = try spoken.agency.makeContact(
            2, ["name": "Bo Birch", "email": "bo@birch.example", "client_id": .string(other.id)])
        let lead = try owner.post(
            "/v1/leads",
            [
                "company": "Birch", "contact_name": "Bo Birch", "email": "bo@birch.example",
                "status": "qualified", "client_id": .string(client.id),
            ]
        ).ok(201)
        #expect(lead.text("contact_id") == bo.id)
        try spoken.run()
        let others = try spoken.tell("For the other client.", to: bo)
        try spoken.agency.message(others, "sent", "delivered")
        // Somebody of this client's, whom the agency has among its own leads.
        let cy = try spoken.agency.makeContact(
            3, ["name": "Cy Cole", "email": "cy@cole.example", "client_id": .string(client.id)])
        try owner.post(
            "/v1/leads", ["company": "Cole", "contact_name": "Cy Cole", "email": "cy@cole.example"]
        ).ok(201)
        try spoken.agency.message(spoken.tell("For the agency itself.", to: cy), "sent", "delivered")
        let own = try spoken.tell("For this client.")
        try spoken.entry(own, "written")

        let template = try owner.mailTemplate("Welcome")
        let sequence = try owner.post(
            "/v1/sequences",
            [
                "name": "Outreach",
                "steps": [["channel": "email", "delay": "PT0S", "template_id": .string(template.id)]],
            ]
        ).ok(201)
        try owner.post("/v1/sequences/\(sequence.id)/enrollments", ["lead_id": .string(lead.id)]).ok(201)
        let step = try eventually("the sequence's mail") {
            try owner.every("/v1/messages?direction=outbound&contact_id=\(bo.id)").first {
                $0.id != others.id
            }
        }
        try spoken.entry(step, "written")
        #expect(spoken.notes.count == 2 && spoken.count(others) == 0)
        #expect(try Set(spoken.entries().map { $0.text("message_id") }) == [own.id, step.id])

        let clients = try owner.post(
            "/v1/syncs",
            [
                "integration_id": .string(spoken.crm.id), "object": "organizations", "local": "clients",
                "history": "conversations",
            ])
        #expect(try clients.faults()["/history"] == "invalid_choice")
    }

    @Test func `only those who may read messages can have them written into a history`() throws {
        let spoken = try SpokenWith(server, history: "none"), path = "/v1/syncs/\(spoken.sync.id)"
        let scopes = ["syncs:read", "syncs:write", "leads:read", "leads:write"]
        let (blind, seeing) = (
            try spoken.agency.key(scopes), try spoken.agency.key(scopes + ["messages:read"])
        )
        let body: JSON = [
            "integration_id": .string(spoken.crm.id), "object": "persons", "local": "leads",
            "defaults": ["company": "Acme"], "history": "conversations",
        ]
        try blind.post("/v1/syncs", body).problem(403, "forbidden")
        try blind.post("/v1/syncs", body.merging(["history": "none"])).ok(201)
        try blind.patch(path, ["history": "all"]).problem(403, "forbidden")
        try seeing.patch(path, ["history": "conversations"]).ok()
        try blind.patch(path, ["history": "all"]).problem(403, "forbidden")
        try blind.patch(path, ["history": "conversations", "conflict": "local"]).ok()
        try blind.patch(path, ["history": "none"]).ok()
        try seeing.post("/v1/syncs", body).ok(201)
    }

    @Test func `what is said while a sync is paused is written when it is resumed`() throws {
        let spoken = try SpokenWith(server), path = "/v1/syncs/\(spoken.sync.id)"
        try spoken.owner.post("\(path)/pause").ok()
        let told = try spoken.tell("One.")
        try spoken.agency.message(told, "sent", "delivered")
        #expect(try spoken.entry(told, "waiting")["entry_id"] == .null)
        let jobs = try spoken.owner.every("/v1/jobs?kind=sync.history")
        #expect(jobs.isEmpty && spoken.notes.isEmpty)
        try spoken.owner.post("\(path)/resume").ok()
        try spoken.entry(told, "written")
        #expect(spoken.count(told) == 1)
    }

    @Test func `what one sync has written stays so when it is deleted and another of the CRM goes on`() throws
    {
        let spoken = try SpokenWith(server), owner = spoken.owner
        let told = try spoken.tell("One.")
        try spoken.entry(told, "written")
        try owner.post("/v1/syncs/\(spoken.sync.id)/pause").ok()
        let waiting = try spoken.tell("Two.")
        try spoken.entry(waiting, "waiting")
        let other = try owner.post(
            "/v1/syncs",
            [
                "integration_id": .string(spoken.crm.id), "object": "organizations", "local": "companies",
                "direction": "pull", "every": nil, "history": "conversations",
            ]
        ).ok(201)
        try owner.delete("/v1/syncs/\(spoken.sync.id)").ok(204)
        func entries() throws -> [String: String] {
            let all = try owner.every("/v1/syncs/\(other.id)/history")
            return Dictionary(uniqueKeysWithValues: all.map { ($0.text("message_id"), $0.text("state")) })
        }
        try eventuallyTrue("the other sync has them") {
            try entries() == [told.id: "written", waiting.id: "unmatched"]
        }
        #expect(spoken.notes.count == 1)
    }
}
