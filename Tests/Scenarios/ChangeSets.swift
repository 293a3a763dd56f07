import JSON
import Testing

/// A batch of changes is previewed, applied with what became of each record, and taken back as one.
@Suite(.ownThread) struct ChangeSets {
    let server = BureauProcess.shared

    private func body(_ leads: [JSON], _ fields: JSON, dryRun: Bool = false) -> JSON {
        let changes = leads.map { lead -> JSON in ["id": .string(lead.id), "fields": fields] }
        return ["title": "Trade fair", "changes": .array(changes), "dry_run": .bool(dryRun)]
    }

    private func states(_ set: JSON, _ agency: Agency) throws -> [String] {
        try agency.owner.every("/v1/change-sets/\(set.id)/changes").map { $0.text("state") }
    }

    @Test func `it tells what would change, and nothing changes`() throws {
        let agency = try server.quietAgency()
        let leads = try (1...3).map { try agency.makeLead($0, ["country": .string($0 == 1 ? "DE" : "US")]) }
        let preview = try agency.owner.post(
            "/v1/change-sets", body(leads, ["country": "Germany"], dryRun: true)
        ).ok()
        #expect(preview["records"] == 2)
        let changes = preview["changes"]?.array ?? []
        #expect(changes.compactMap { $0["subject"]?.text("id") } == leads.dropFirst().map(\.id))
        #expect(
            changes.allSatisfy { $0["before"] == "US" && $0["after"] == "DE" && $0["state"] == "planned" })
        #expect(try agency.owner.get("/v1/leads/\(leads[1].id)").ok().text("country") == "US")
        #expect(try agency.owner.every("/v1/change-sets").isEmpty)
    }

    @Test func `it goes back as one, but for what somebody has changed since`() throws {
        let agency = try server.quietAgency()
        let leads = try (1...3).map {
            try agency.makeLead($0, ["notes": "before", "custom": ["tier": "gold"]])
        }
        let set = try agency.owner.post(
            "/v1/change-sets",
            body(leads, ["notes": "after", "industry": "retail", "custom": ["tier": .null, "fair": 2026]])
        ).ok(201)
        #expect(set.text("status") == "applied" && set["records"] == 3 && set["changes"] == 9)
        #expect(set["applied"] == 9 && set["progress"]?.double == 1)
        let changed = try agency.owner.get("/v1/leads/\(leads[0].id)").ok()
        #expect(changed.text("notes") == "after" && changed["custom"] == ["fair": 2026])
        try agency.owner.patch("/v1/leads/\(leads[1].id)", ["notes": "a person's word"]).ok()
        let undone = try agency.owner.post("/v1/change-sets/\(set.id)/undo").ok()
        #expect(undone.text("status") == "partly_undone" && undone["undone"] == 8 && undone["kept"] == 1)
        let after = try leads.map { try agency.owner.get("/v1/leads/\($0.id)").ok() }
        #expect(after.map { $0.text("notes") } == ["before", "a person's word", "before"])
        #expect(after.allSatisfy { $0["industry"] == leads[0]["industry"] })
        #expect(after.allSatisfy { $0["custom"] == ["tier": "gold"] })
        let kept = try agency.owner.every("/v1/change-sets/\(set.id)/changes?state=kept")
        #expect(kept.map { $0.text("reason") } == ["changed_since"] && kept[0].text("field") == "notes")
        try agency.owner.post("/v1/change-sets/\(set.id)/undo").problem(409, "invalid_transition")
        #expect(try agency.owner.told("change_set.undone").count == 1)
    }

    @Test func `a large one goes on in the background, and so does its way back`() throws {
        let agency = try server.quietAgency()
        let leads = try (1...90).map { try agency.makeLead($0) }
        let set = try agency.owner.post("/v1/change-sets", body(leads, ["tags": ["fair"]])).ok(201)
        #expect(set.text("status") == "applying")
        func end(_ status: String) throws -> JSON {
            try eventually(status) {
                let now = try agency.owner.get("/v1/change-sets/\(set.id)").ok()
                return now.text("status") == status ? now : .none
            }
        }
        #expect(try end("applied")["applied"] == 90)
        #expect(try agency.owner.get("/v1/leads/\(leads[89].id)").ok()["tags"] == ["fair"])
        #expect(try agency.owner.post("/v1/change-sets/\(set.id)/undo").ok().text("status") == "undoing")
        #expect(try end("undone")["undone"] == 90)
        #expect(try agency.owner.get("/v1/leads/\(leads[0].id)").ok()["tags"] == [])
    }

    /// The job that applied it may still be alive then.
    @Test func `one that is taken back in the moment in which it ends is taken back whole`() throws {
        let agency = try server.quietAgency()
        let leads = try (1...41).map { try agency.makeLead($0) }
        for round in 1...6 {
            let set = try agency.owner.post("/v1/change-sets", body(leads, ["notes": .string("\(round)")]))
                .ok(201)
            try eventuallyTrue("it can be taken back", every: .milliseconds(1)) {
                try agency.owner.post("/v1/change-sets/\(set.id)/undo").status == 200
            }
            try eventuallyTrue("taken back") {
                try agency.owner.get("/v1/change-sets/\(set.id)").ok().text("status") == "undone"
            }
        }
        #expect(try leads.allSatisfy { try agency.owner.get("/v1/leads/\($0.id)").ok()["notes"] == .null })
    }

    @Test func `rules of a record refuse a change, and the others are made`() throws {
        let agency = try server.quietAgency()
        let leads = try (1...2).map {
            try agency.makeLead($0, ["status": .string($0 == 1 ? "won" : "scored")])
        }
        let set = try agency.owner.post("/v1/change-sets", body(leads, ["status": "qualified"])).ok(201)
        #expect(set["applied"] == 1 && set["refused"] == 1)
        let refused = try agency.owner.every("/v1/change-sets/\(set.id)/changes?state=refused")
        #expect(refused.compactMap { $0["subject"]?.text("id") } == [leads[0].id])
        #expect(refused[0].text("reason").contains("won"))
    }

    @Test func `faults are at their places, and who may not change the records changes none`() throws {
        let agency = try server.quietAgency()
        let lead = try agency.makeLead()
        let absent = "lead_00000000000000000000000000"
        let faulty: JSON = [
            "title": "x",
            "changes": [
                ["id": .string(lead.id), "fields": ["country": "Nowhere land"]],
                ["id": .string(absent), "fields": ["notes": "x"]],
                ["id": .string(lead.id), "fields": ["notes": "x"]],
                ["id": "nothing", "fields": [:]],
            ],
        ]
        let problem = try agency.owner.post("/v1/change-sets", faulty).problem(422)
        let places = problem["errors"]?.array?.map { $0.text("pointer") } ?? []
        #expect(
            places == ["/changes/0/fields/country", "/changes/1/id", "/changes/2/id", "/changes/3/id"])
        let key = try agency.key(["change_sets:write", "change_sets:read"])
        try key.post("/v1/change-sets", body([lead], ["notes": "x"])).problem(403)
        let set = try agency.owner.post("/v1/change-sets", body([lead], ["notes": "x"])).ok(201)
        try key.post("/v1/change-sets/\(set.id)/undo").problem(403)
        #expect(try key.every("/v1/change-sets/\(set.id)/changes").isEmpty)
        #expect(try states(set, agency) == ["applied"])
    }
}
