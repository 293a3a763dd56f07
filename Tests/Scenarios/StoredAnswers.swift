import JSON
import Testing

/// Rows of leads hold the beginning of their answers: by whichever road a lead is changed, pages that copy it, pages
/// that are written from the columns, and the record itself say the same.
@Suite(.ownThread) struct StoredAnswers {
    let server = BureauProcess.shared
    /// Archived leads are listed only where they are asked for.
    private static let every =
        "/v1/leads?status="
        + [
            "new", "researched", "scored", "qualified", "disqualified", "contacted", "engaged", "proposal",
            "negotiation", "won", "lost", "archived",
        ].joined(separator: ",")

    /// The judgements behind the requests settle in the meantime.
    private func compare(_ agency: Agency, _ road: String) throws {
        let owner = agency.owner
        try eventuallyTrue("the same leads after: \(road)", within: .seconds(30)) {
            let held = try owner.every(Self.every)
            let names = (held.first?.object?.keys ?? []).joined(separator: ",")
            let columns = try owner.every("\(Self.every)&fields=\(names)")
            let read = try held.map { try owner.get("/v1/leads/\($0.id)").ok() }
            return !held.isEmpty && held == columns && held == read
        }
    }

    @Test func `each field is the same everywhere once it is set and once it is emptied`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let client = try owner.post("/v1/clients", ["name": "Quoted \"Client\""]).ok(201)
        let place = "/v1/leads/\(try agency.makeLead(1).id)"
        let values: [(String, JSON)] = [
            ("company", "Über \"Quotes\" \\ GmbH"), ("website", "https://www.elsewhere.example"),
            ("industry", "retail"), ("employee_count", 7), ("annual_revenue", dollars(2_500_000)),
            ("location", "Austin, TX"), ("country", "DE"), ("contact_name", "Zoë Ångström"),
            ("contact_title", "Head 😀"), ("email", "zoe@elsewhere.example"), ("phone", "+4930901820"),
            ("linkedin_url", "https://www.linkedin.com/company/example"), ("source", "fair"),
            ("status", "researched"), ("budget", dollars(5000)), ("timeline_days", 60), ("authority", false),
            ("pain_points", ["too few leads"]), ("tags", ["b", "a"]), ("notes", "One.\n\"Two\"."),
            ("custom", ["tier": "gold", "seats": 4.5, "vip": true]), ("external_ids", ["crm": "17"]),
            ("owner_id", .string(agency.user.id)), ("client_id", .string(client.id)),
        ]
        for (name, value) in values {
            let old = try owner.get(place).ok()
            let new = try owner.patch(place, [name: value]).ok()
            #expect(new[name] != old[name], "\(name)")
            try compare(agency, "setting \(name)")
        }
        for (name, _) in values where !["company", "status"].contains(name) {
            try owner.patch(place, [name: nil]).ok()
            try compare(agency, "emptying \(name)")
        }
    }

    @Test func `changes of many, imports, merges and their undoing leave no other answer behind`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let known = try agency.makeLead(
            1, ["company": "Import 1", "email": "p1@import1.com", "website": "www.import1.com"])
        let (kept, gone) = (try agency.makeLead(2), try agency.makeLead(3, ["notes": "Theirs."]))
        let operation: JSON = ["op": "update", "id": .string(kept.id), "body": ["industry": "retail"]]
        try owner.post("/v1/leads/bulk", ["operations": [operation]]).ok()
        try compare(agency, "a list of many")
        try owner.post(
            "/v1/leads/upsert", ["match_on": "email", "email": kept["email"] ?? .null, "location": "Bonn"]
        ).ok()
        try compare(agency, "an upsert")

        let state = try agency.imported(
            csv(csvHeader, (1...4).map { csvRow($0, ["Employees": "7\($0)"]) }), query: "?dedupe=update")
        #expect(try owner.get("/v1/leads/\(known.id)").ok()["employee_count"]?.int == 71)
        try compare(agency, "an import")
        try owner.post("/v1/imports/\(state.id)/undo").ok(202)
        try eventuallyTrue("the end of the undo") {
            try owner.get("/v1/imports/\(state.id)").ok().text("status") == "undone"
        }
        try compare(agency, "the undo of an import")

        let merged = try owner.post(
            "/v1/leads/merge", ["keep": .string(kept.id), "merge": [.string(gone.id)]]
        ).ok()
        try compare(agency, "a merge")
        try owner.post("/v1/leads/merges/\(merged.text("merge_id"))/undo").ok()
        try compare(agency, "the undo of a merge")

        let change: JSON = ["id": .string(gone.id), "fields": ["notes": "after", "tags": ["fair"]]]
        let set = try owner.post(
            "/v1/change-sets", ["title": "Trade fair", "changes": [change], "dry_run": false]
        ).ok(201)
        try compare(agency, "a set of changes")
        try owner.post("/v1/change-sets/\(set.id)/undo").ok()
        try compare(agency, "the undo of a set of changes")
    }

    @Test func `what agents, deals and archiving change is in every answer`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        let one = try agency.makeLead(1, ["status": "negotiation"]), two = try agency.makeLead(2)
        _ = try agency.score(one.id)
        let scored = try owner.get("/v1/leads/\(one.id)").ok()
        #expect(scored["score"] != .null && scored["next_action"] != .null)
        try compare(agency, "a score")
        // A German reader is told the next step in German, in the list as alone; all else is what rows hold.
        let german = ["Accept-Language": "de"]
        let words: JSON = ["next_action": nil, "email_status": nil, "quality_score": nil]
        let told = try owner.get("/v1/leads/\(one.id)", german).ok()
        let listed = try owner.get("/v1/leads?limit=10", german).ok().items.first { $0.id == one.id }
        #expect(told["next_action"] != scored["next_action"])
        #expect(listed?.merging(words) == told.merging(words))
        #expect(listed?["next_action"] == told["next_action"] && told.text("company") == one.text("company"))
        let untold = try owner.get("/v1/leads/\(two.id)", german).ok()
        #expect(untold.text("company") == two.text("company"))

        let deal = try owner.post("/v1/deals", ["lead_id": .string(one.id), "name": "Acme"]).ok(201)
        try owner.patch("/v1/deals/\(deal.id)", ["stage": "won"]).ok()
        #expect(try owner.get("/v1/leads/\(one.id)").ok().text("status") == "won")
        try compare(agency, "a deal that is won")
        try owner.delete("/v1/leads/\(two.id)").ok(204)
        try compare(agency, "archiving")
    }
}
