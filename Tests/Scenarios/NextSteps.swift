import JSON
import Testing

/// Nothing is to be done next with a lead that is won or lost, by whichever road it came there or is written to.
@Suite(.ownThread) struct NextSteps {
    let server = BureauProcess.shared

    private func agency() throws -> Agency {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        return agency
    }

    /// A lead in negotiation that has a next step.
    private func negotiated(_ agency: Agency, _ number: Int = 0) throws -> String {
        let id = try agency.makeLead(number, ["status": "negotiation"]).id
        _ = try agency.score(id)
        #expect(try next(id, agency) == "Settle the open points and send the contract")
        return id
    }

    private func next(_ id: String, _ agency: Agency) throws -> JSON? {
        try agency.owner.get("/v1/leads/\(id)").ok()["next_action"]
    }

    private func close(_ id: String, as end: String, _ agency: Agency) throws {
        let closed = try agency.owner.patch("/v1/leads/\(id)", ["status": .string(end)]).ok()
        #expect(closed["next_action"] == .null && closed["closed_at"] != .null)
    }

    @Test(arguments: ["won", "lost"])
    func `a lead that was scored again by hand has none`(_ end: String) throws {
        let agency = try agency()
        let id = try negotiated(agency)
        try close(id, as: end, agency)
        let decision = try agency.score(id)
        #expect(decision["outcome"]?["score"] != nil)
        let lead = try agency.owner.get("/v1/leads/\(id)").ok()
        #expect(lead["next_action"] == .null && lead["score"] == decision["outcome"]?["score"])
        let listed = try agency.owner.every("/v1/leads").first { $0.id == id }
        #expect(listed?["next_action"] == .null)
    }

    @Test(arguments: ["won", "lost"])
    func `a lead that came in closed has none when it is scored`(_ end: String) throws {
        let agency = try agency()
        let id = try agency.makeLead(0, ["status": .string(end)]).id
        _ = try agency.score(id)
        let run = try agency.owner.ended(
            "/v1/agents/lead_scoring/runs", ["parameters": ["lead_id": .string(id)]])
        #expect(run.text("status") == "succeeded")
        #expect(try next(id, agency) == .null)
    }

    @Test(arguments: ["won", "lost"])
    func `a person who overrules the score sets none`(_ end: String) throws {
        let agency = try agency()
        let id = try negotiated(agency)
        try close(id, as: end, agency)
        let decision = try agency.score(id)
        try agency.owner.post(
            "/v1/decisions/\(decision.id)/override",
            ["outcome": ["next_action": "Call them once more", "score": 90], "reason": "I know them"]
        ).ok()
        let lead = try agency.owner.get("/v1/leads/\(id)").ok()
        #expect(lead["next_action"] == .null && lead["score"] == 90)
        _ = try agency.score(id)
        #expect(try next(id, agency) == .null)
    }

    @Test func `an open lead keeps the step that a person sets, until it is closed`() throws {
        let agency = try agency()
        let id = try negotiated(agency)
        let decision = try agency.owner.get("/v1/leads/\(id)/score").ok()
        try agency.owner.post(
            "/v1/decisions/\(decision.id)/override",
            ["outcome": ["next_action": "Call them once more"], "reason": "I know them"]
        ).ok()
        #expect(try next(id, agency) == "Call them once more")
        try close(id, as: "lost", agency)
    }

    @Test(arguments: ["won", "lost"])
    func `a deal that ends takes the step away`(_ end: String) throws {
        let agency = try agency()
        let id = try negotiated(agency)
        let deal = try agency.owner.post("/v1/deals", ["lead_id": .string(id), "name": "Acme"]).ok(201)
        try agency.owner.patch("/v1/deals/\(deal.id)", ["stage": .string(end)]).ok()
        let lead = try agency.owner.get("/v1/leads/\(id)").ok()
        #expect(lead.text("status") == end && lead["next_action"] == .null)
    }

    @Test func `changes of many at once take it away, and give none back`() throws {
        let agency = try agency()
        let (one, two) = (try negotiated(agency, 1), try negotiated(agency, 2))
        let operation: JSON = ["op": "update", "id": .string(one), "body": ["status": "won"]]
        let results = try agency.owner.post("/v1/leads/bulk", ["operations": [operation]]).ok()["results"]
        #expect(results?[0]["body"]?["next_action"] == .null)
        let change: JSON = ["id": .string(two), "fields": ["status": "lost"]]
        let body: JSON = ["title": "Spring cleaning", "changes": [change], "dry_run": false]
        let set = try agency.owner.post("/v1/change-sets", body).ok(201)
        #expect(set["applied"] == 1)
        #expect(try next(one, agency) == .null && next(two, agency) == .null)
    }

    @Test func `a merge into a lead that is won gives it none`() throws {
        let agency = try agency()
        let (kept, gone) = (try negotiated(agency, 1), try negotiated(agency, 2))
        try close(kept, as: "won", agency)
        let merged = try agency.owner.post(
            "/v1/leads/merge", ["keep": .string(kept), "merge": [.string(gone)]]
        ).ok()
        #expect(merged["next_action"] == .null)
        try agency.owner.post("/v1/leads/merges/\(merged.text("merge_id"))/undo").ok()
        #expect(try next(kept, agency) == .null)
    }
}
