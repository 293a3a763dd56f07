import JSON
import Testing

/// Searches look first for companies like those that are won more often, are worth more, and are served better.
@Suite(.ownThread) struct SearchTargeting {
    private func countries(_ search: JSON, _ owner: Caller) throws -> [String: JSON] {
        let criteria = try owner.get("/v1/searches/\(search.id)/targeting").ok()["criteria"]?.array ?? []
        let rows = criteria.filter { $0.text("field") == "country" }.map { ($0.text("value"), $0) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Three leads of each country are won and three lost; who is won in Germany is worth five times as much.
    private func leads(of agency: Agency) throws -> [String: JSON] {
        var last: [String: JSON] = [:]
        for number in 0..<12 {
            let country = number % 2 == 0 ? "DE" : "FR", isWon = number < 6
            let lead = try agency.makeLead(number, ["country": .string(country)])
            let deal = try agency.owner.post(
                "/v1/deals",
                [
                    "lead_id": .string(lead.id), "name": "Deal",
                    "value": dollars(country == "DE" ? 5000 : 1000),
                ]
            ).ok(201)
            let end: JSON = isWon ? ["stage": "won"] : ["stage": "lost", "lost_reason": "Too dear."]
            try agency.owner.patch("/v1/deals/\(deal.id)", end).ok()
            if isWon { last[country] = lead }
        }
        return last
    }

    /// Five tasks for somebody who became a client are done by a day.
    private func serve(_ lead: JSON?, by day: String, _ owner: Caller) throws {
        let id = try #require(lead?.id)
        let client = try owner.post("/v1/clients", ["name": .string("Client \(id)"), "lead_id": .string(id)])
            .ok(201)
        let project = try owner.post("/v1/projects", ["client_id": .string(client.id), "name": "Site"])
            .ok(201)
        for number in 1...5 {
            let body: JSON = [
                "project_id": .string(project.id), "title": .string("Part \(number)"), "due_on": .string(day),
            ]
            let task = try owner.post("/v1/tasks", body).ok(201)
            try owner.patch("/v1/tasks/\(task.id)", ["status": "done"]).ok()
        }
    }

    @Test func `segments weigh by how often they are won, what they are worth, and how well they are served`()
        throws
    {
        let agency = try BureauProcess.shared.quietAgency(), owner = agency.owner
        let search = try owner.post("/v1/searches", ["name": "Search", "sources": ["gleif"]]).ok(201)
        let won = try leads(of: agency)
        // As often won; of six deals worth 3,000 on average, beside five imagined ones of the usual kind.
        let worth = try countries(search, owner)
        let (germany, france) = (try #require(worth["DE"]), try #require(worth["FR"]))
        #expect(germany["won"] == 3 && germany["lost"] == 3 && germany["weight"]?.double == 1.25)
        #expect(germany["worth"] == dollars(5000) && germany["in_time"] == .null)
        #expect(
            germany.text("reason") == "3 of 6 closed leads won, worth 5000.00 USD on average.", "\(germany)")
        #expect(france["weight"]?.double == 0.75 && france["worth"] == dollars(1000))

        try serve(won["DE"], by: "2020-01-01", owner)
        try serve(won["FR"], by: "2099-01-01", owner)
        let served = try countries(search, owner)
        #expect(served["DE"]?["weight"]?.double == 0.63 && served["DE"]?["in_time"]?.double == 0)
        #expect(served["FR"]?["weight"]?.double == 1.13 && served["FR"]?["in_time"]?.double == 1)
        #expect(
            served["FR"]?.text("reason")
                == "3 of 6 closed leads won, worth 1000.00 USD on average, 100 % of the work for them in time."
        )
        let other = try BureauProcess.shared.quietAgency().owner
        let own = try other.post("/v1/searches", ["name": "Search", "sources": ["gleif"]]).ok(201)
        #expect(try countries(own, other).isEmpty, "each agency learns from itself")
    }
}
