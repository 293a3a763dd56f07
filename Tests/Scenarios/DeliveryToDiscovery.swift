import JSON
import Testing

/// Offers, free capacity and the satisfaction of clients, which delivery knows, change whom lead generation looks for.
@Suite(.ownThread) struct DeliveryToDiscovery {
    let server = BureauProcess.shared
    private static let agent = "/v1/agents/lead_generation"

    private func activate(_ owner: Caller) throws {
        try owner.patch(Self.agent, ["state": "active", "autonomy": "autopilot"]).ok()
    }

    /// The offers of a lead that the agent has just looked at.
    private func offers(_ lead: JSON, _ owner: Caller) throws -> [String] {
        let run = try owner.ended(
            "\(Self.agent)/runs", ["parameters": ["lead_id": .string(lead.id)]])
        #expect(run.text("status") == "succeeded", "\(run.serialized)")
        return (try owner.get("/v1/leads/\(lead.id)").ok()["tags"]?.array ?? []).compactMap(\.text)
    }

    @Test func `leads are matched with what the agency offers now, from the budgets that its packages name`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        try activate(owner)
        let packages = try owner.every("/v1/packages")
        func package(_ tier: String) throws -> String {
            "/v1/packages/\(try #require(packages.first { $0.text("tier") == tier }).id)"
        }
        let bySize = try agency.makeLead(1, ["employee_count": 60])
        let byBudget = try agency.makeLead(2, ["budget": dollars(4500)])
        #expect(try offers(bySize, owner) == ["offer:growth"])
        #expect(try offers(byBudget, owner) == ["offer:starter"])
        try owner.patch(try package("growth"), ["budget_from": dollars(4000)]).ok()
        #expect(try offers(byBudget, owner) == ["offer:growth"])
        // An archived package is promised to nobody.
        try owner.patch(try package("growth"), ["archived": true]).ok()
        #expect(try offers(bySize, owner) == ["offer:starter"])
        #expect(try offers(byBudget, owner) == ["offer:starter"])
        for tier in ["starter", "enterprise"] {
            try owner.patch(try package(tier), ["archived": true]).ok()
        }
        #expect(try offers(bySize, owner).isEmpty)
        // A package of the agency's own takes the place of its tier.
        try owner.post(
            "/v1/packages", ["name": "Boost", "price": dollars(4000), "tier": "growth"]
        ).ok(201)
        #expect(try offers(bySize, owner) == ["offer:growth"])
        let other = try server.quietAgency()
        try activate(other.owner)
        let theirs = try other.makeLead(1, ["employee_count": 600])
        #expect(try offers(theirs, other.owner) == ["offer:enterprise"], "each agency has its own")
    }

    @Test func `while the next weeks are over capacity half as many leads are looked for`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.readyToSend()
        try activate(owner)
        try owner.patch("/v1/agents/client_outlook", ["state": "active"]).ok()
        func result(_ parameters: JSON = [:]) throws -> JSON {
            let run = try owner.ended("\(Self.agent)/runs", ["parameters": parameters])
            return run["result"] ?? .null
        }
        let before = try result()
        #expect(before["target_count"] == 20 && before["over_capacity"] == false)
        let project = try owner.project(try owner.makeClient())
        let task = try owner.post(
            "/v1/tasks",
            [
                "project_id": .string(project.id), "title": "Large", "estimate": "PT400H",
                "due_on": "2027-01-12",
            ]
        ).ok(201)
        try box.advance("P2D")
        let full = try result()
        #expect(full["target_count"] == 10 && full["over_capacity"] == true)
        // A number that the caller names is kept.
        #expect(try result(["target_count": 30])["target_count"] == 30)
        try owner.patch("\(Self.agent)/config", ["respects_capacity": false]).ok()
        try owner.post("\(Self.agent)/config/publish").ok()
        #expect(try result()["target_count"] == 20)
        try owner.patch("\(Self.agent)/config", ["respects_capacity": true]).ok()
        try owner.post("\(Self.agent)/config/publish").ok()
        try owner.patch("/v1/tasks/\(task.id)", ["status": "done"]).ok()
        try box.advance("P1D")
        #expect(try result()["target_count"] == 20, "it goes on by itself")
    }

    @Test func `segments whose clients are more content weigh more, with the reason`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let search = try owner.post("/v1/searches", ["name": "Search", "sources": ["gleif"]]).ok(201)
        func countries() throws -> [String: JSON] {
            let told = try owner.get("/v1/searches/\(search.id)/targeting").ok()["criteria"]?.array ?? []
            let rows = told.filter { $0.text("field") == "country" }.map { ($0.text("value"), $0) }
            return Dictionary(uniqueKeysWithValues: rows)
        }
        let survey = try owner.post(
            "/v1/surveys", ["name": "Help", "kind": "csat", "question": "How is it?"]
        ).ok(201)
        // One of each country is won and one lost, at the same value.
        var clients: [String: JSON] = [:]
        for number in 0..<4 {
            let country = number % 2 == 0 ? "DE" : "FR"
            let lead = try agency.makeLead(number, ["country": .string(country)])
            let deal = try owner.post(
                "/v1/deals", ["lead_id": .string(lead.id), "name": "Deal", "value": dollars(1000)]
            ).ok(201)
            let end: JSON = number < 2 ? ["stage": "won"] : ["stage": "lost", "lost_reason": "Too dear."]
            try owner.patch("/v1/deals/\(deal.id)", end).ok()
            guard number < 2 else { continue }
            clients[country] = try owner.post(
                "/v1/clients", ["name": .string("Client \(country)"), "lead_id": .string(lead.id)]
            ).ok(201)
        }
        let silent = try countries()
        #expect(silent["DE"]?["weight"]?.double == 1 && silent["DE"]?["satisfaction"] == .null)
        for (country, score) in [("DE", 5), ("FR", 3)] {
            try owner.post(
                "/v1/survey-responses",
                [
                    "survey_id": .string(survey.id), "client_id": .string(clients[country]?.id ?? ""),
                    "score": JSON(score),
                ]
            ).ok(201)
        }
        // 10 and 5 of 10, each beside five imagined answers of the usual 7.5.
        let told = try countries()
        #expect(told["DE"]?["satisfaction"] == 10 && told["FR"]?["satisfaction"] == 5)
        #expect(told["DE"]?["weight"]?.double == 1.06 && told["FR"]?["weight"]?.double == 0.94)
        #expect(
            told["FR"]?.text("reason")
                == "1 of 2 closed leads won, worth 1000.00 USD on average, satisfied with 5.0 of 10.",
            "\(told)")
    }
}
