import JSON
import StandIns
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

    /// Puts a directory on the web that is one page of firms, each with the industry, country and size that are known.
    private func list(_ rows: [(name: String, more: String)], at name: String, of site: Searching) throws {
        let items = rows.map { "<li class='firm'><h2>\($0.name)</h2>\($0.more)</li>" }.joined()
        site.web.set("\(name).example/list") { _ in
            StandInAnswer(200, "<html><body>\(items)</body></html>", headers: Searching.page)
        }
        let fields: JSON = ["company": "h2", "industry": "i", "country": "u", "employee_count": "b"]
        try site.declare("\(name).example", name, ["next": .null, "fields": fields])
    }

    @Test func `the segments that an agency aims at come first, and a search may name one as a whole`()
        throws
    {
        let site = try Searching()
        try list(
            [
                ("Trawlers", "<i>Fishing</i>"), ("Bureau of Roads", "<i>Government</i>"),
                ("Code Works", "<i>Software</i>"), ("Web Shop", "<i>E-Commerce</i>"),
                ("Ledger", "<i>Accounting</i>"), ("New Works", "<i>Startups</i>"),
            ], at: "segments", of: site)
        // Four are wanted, and the first two of the page are none of them.
        let first = try site.searched(["segments"], ["target_count": 4])
        #expect(first["created"] == 4, "\(first)")
        let aimed: Set = ["Code Works", "Web Shop", "Ledger", "New Works"]
        #expect(Set(try site.leads.map { $0.text("company") }) == aimed)

        try list(
            [
                ("Cloud Nine", "<i>SaaS</i>"), ("Old Bank", "<i>Financial services</i>"),
                ("Advice", "<i>Consulting</i>"), ("Crates", "<i>ecommerce</i>"),
                ("Bakers", "<i>Bakery</i>"), ("Quiet Works", ""), ("Huge", "<i>SaaS</i><b>2000</b>"),
                ("Tiny", "<i>SaaS</i><b>3</b>"),
            ], at: "named", of: site)
        let named = try site.searched(
            ["named"],
            [
                "industries": ["Technology", "e-commerce", "professional services"],
                "employee_count": ["gte": 10, "lte": 1000],
            ])
        let reasons: JSON = ["other_industry": 2, "too_large": 1, "too_small": 1]
        #expect(named["by_source"]?.array?.first?["reasons"] == reasons, "\(named)")
        let taken = try site.leads.filter { $0.text("source") == "named" }.map { $0.text("company") }
        #expect(
            Set(taken) == ["Cloud Nine", "Advice", "Crates", "Quiet Works"], "what is not known is no misfit")

        // Outcomes of the agency's own say more than its aims.
        for number in 0..<12 {
            let isWon = number % 2 == 0
            _ = try site.agency.makeLead(
                number,
                [
                    "status": isWon ? "won" : "lost", "country": isWon ? "DE" : "FR",
                    "industry": isWon ? "fishing" : "technology",
                ])
        }
        try list(
            [
                ("Paris Works", "<i>technology</i><u>FR</u>"), ("Kiel Fishers", "<i>fishing</i><u>DE</u>"),
            ], at: "learned", of: site)
        #expect(try site.searched(["learned"], ["target_count": 1])["created"] == 1)
        let best = try site.leads.filter { $0.text("source") == "learned" }
        #expect(best.map { $0.text("company") } == ["Kiel Fishers"])
    }
}
