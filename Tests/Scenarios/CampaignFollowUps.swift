import JSON
import Testing

/// Campaigns that are proposed: after others, and what cannot be planned.
@Suite(.ownThread) struct CampaignFollowUps {
    let server = BureauProcess.shared

    private func campaign(_ owner: Caller, _ members: JSON = [:]) throws -> (record: JSON, path: String) {
        let record = try owner.post(
            "/v1/campaigns", (["name": "Spring", "objective": "sales"] as JSON).merging(members)
        ).ok(201)
        return (record, "/v1/campaigns/\(record.id)")
    }

    @Test func `what ends is followed by a proposal, once, as long as people have not planned on`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        try owner.patch("/v1/agents/campaign_planning", ["state": "active"]).ok()
        func all() throws -> [JSON] { try owner.every("/v1/campaigns") }
        let (ended, path) = try campaign(
            owner, ["budget": cents(90_000), "start_on": "2026-12-20", "end_on": "2027-01-08"])
        try owner.post("\(path)/activate").ok()
        try owner.post("\(path)/complete").ok()
        // Of one without days and money nothing can be proposed.
        let bare = try campaign(owner, ["objective": "awareness"]).path
        try owner.post("\(bare)/activate").ok()
        try owner.post("\(bare)/complete").ok()
        try box.advance("PT1H")
        #expect(try all().count == 3)
        let next = try #require(try all().first { $0["status"] == "planning" })
        #expect(next["objective"] == "sales" && next["budget"] == ended["budget"])
        #expect(next["start_on"] == "2027-01-06" && next["end_on"] == "2027-01-25", "as long as the last")
        let decisions = try owner.every("/v1/decisions?agent=campaign_planning&subject_id=\(ended.id)")
        #expect(decisions.count == 1)
        let replay = try owner.post("/v1/decisions/\(decisions.first?.id ?? "")/replay").ok()
        #expect(replay["same"] == true)
        // A campaign that ends soon is seen by the schedule, unless something follows it.
        for (objective, follows) in [("leads", false), ("traffic", true)] {
            let days: JSON = [
                "objective": .string(objective), "budget": cents(50_000), "start_on": "2027-01-01",
                "end_on": "2027-01-20",
            ]
            try owner.post("\(campaign(owner, days).path)/activate").ok()
            guard follows else { continue }
            _ = try campaign(owner, ["objective": .string(objective), "start_on": "2027-02-01"])
        }
        for week in 1...2 {
            try box.advance("P7D")
            #expect(try all().count == 7, "in week \(week)")
        }
        let leads = try all().filter { $0["objective"] == "leads" }
        #expect(leads.contains { $0["status"] == "planning" && $0["start_on"] == "2027-01-21" })
    }

    @Test func `a plan for no days or less than nothing is refused with all its faults`() throws {
        let owner = try server.quietAgency().owner
        try owner.patch("/v1/agents/campaign_planning", ["state": "active"]).ok()
        let problem = try owner.post(
            "/v1/agents/campaign_planning/runs",
            ["parameters": ["objective": "fun", "budget": cents(0), "days": 0, "colour": "red"]]
        ).problem(422)
        #expect(problem["errors"]?.array?.count == 4)
        let unknown = try owner.post(
            "/v1/agents/campaign_planning/runs",
            ["parameters": ["objective": "leads", "budget": cents(500, "QQQ"), "days": 5]])
        #expect(try unknown.faults() == ["/parameters/budget": "wrong_type"], "no country has such money")
        #expect(try owner.every("/v1/campaigns").isEmpty)
    }
}
