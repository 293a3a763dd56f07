import Glibc
import JSON
import StandIns
import Synchronization
import Testing

/// Searches find companies in several sources at once, within their cost, and never twice.
@Suite(.ownThread) struct Searches {
    @Test func `a search that could not work is refused`() throws {
        let agency = try BureauProcess.shared.quietAgency()
        let answer = try agency.owner.post(
            "/v1/searches",
            [
                "name": "Bad", "sources": ["gleif", "nowhere", "file"], "countries": ["ZZ", "de"],
                "employee_count": ["gte": 9, "lte": 3, "eq": 1], "area": "!!", "websites": ["no site"],
                "max_cost": ["amount": 100, "currency": "EUR"],
            ])
        #expect(answer.status == 422)
        let faults = Set(
            (answer.json["errors"]?.array ?? []).map { "\($0.text("pointer")) \($0.text("code"))" })
        #expect(
            faults.isSuperset(of: [
                "/countries/0 invalid_country", "/sources/1 unknown_reference", "/sources/2 invalid_choice",
                "/employee_count/eq unknown_field", "/employee_count/lte out_of_range", "/area invalid_text",
                "/websites/0 invalid_url", "/max_cost/currency invalid_currency",
            ]), "\(faults)")
    }

    @Test func `plain HTTP leads to hosts that an operator leads elsewhere, and to no others`() throws {
        let site = try Searching(), owner = site.agency.owner
        func faults(_ url: String) throws -> [String: String] {
            try owner.post(
                "/v1/integrations",
                [
                    "provider": "openstreetmap", "capability": "lead_source",
                    "settings": ["base_url": .string(url)],
                ]
            ).faults()
        }
        #expect(try faults("http://map.test") == ["/settings/base_url": "invalid_url"])
        #expect(try faults("http://map.example:81") == ["/settings/base_url": "invalid_url"])
        #expect(try faults("http://127.0.0.1") == ["/settings/base_url": "refused_address"])
        try site.connect("openstreetmap", at: "map.example")
    }

    @Test
    func `never more sources at once than set, a broken one leaves the others alone, and the target ends it`()
        throws
    {
        let site = try Searching()
        let open = Mutex((now: 0, most: 0, wanted: 3))
        for number in 0..<6 {
            let host = "dir\(number).example"
            site.web.set("\(host)/list") { _ in
                if number == 0 { return StandInAnswer(500, "") }
                open.withLock { ($0.now, $0.most) = ($0.now + 1, max($0.most, $0.now + 1)) }
                // None answers before as many have come as may, and for a while after that.
                for _ in 0..<100 where open.withLock({ $0.most < $0.wanted }) { usleep(50_000) }
                usleep(200_000)
                open.withLock { $0.now -= 1 }
                return StandInAnswer(
                    200, "<html><body><li class='firm'><h2>Firm \(number)</h2></li></body></html>",
                    headers: Searching.page)
            }
            try site.declare(host, "dir\(number)", ["next": .null])
        }
        let result = try site.searched((0..<6).map { "dir\($0)" })
        #expect(open.withLock { $0.most } == 3 && result["created"] == 5, "\(result)")
        let broken = result["by_source"]?.array?.first { $0.text("source") == "dir0" }
        #expect(broken?["error"]?["code"] == "server_error")
        // An agency that wants one after the other gets that.
        let agent = "/v1/agents/lead_generation"
        try site.agency.owner.patch("\(agent)/config", ["max_concurrent_searches": 1]).ok()
        try site.agency.owner.post("\(agent)/config/publish").ok()
        open.withLock { $0 = (0, 0, 1) }
        #expect(try site.searched(["dir1", "dir2", "dir3"])["duplicates"] == 3)
        #expect(open.withLock { $0.most } == 1)
        site.directory("many.example", (1...40).map { "Many \($0)" })
        try site.declare("many.example", "many", ["pages_max": 50])
        let bounded = try site.searched(["many"], ["target_count": 6])
        #expect(bounded["created"] == 6 && bounded["target_reached"] == true)
        #expect(site.web.asked("many.example").count <= 6)
    }

    @Test func `a company that is there already becomes no second lead`() throws {
        let site = try Searching()
        func known(_ body: JSON) throws { try site.agency.owner.post("/v1/leads", body).ok(201) }
        try known([
            "company": "Acme Robotics GmbH", "website": "https://acme.example",
            "contact_name": "Jane Example",
        ])
        try known(["company": "Beta AG", "location": "Berlin"])
        try known(["company": "Gamma", "location": "Munich"])
        try known(["company": "Delta", "website": "https://delta-one.example", "location": "Berlin"])
        site.web.set("firms.example/list") { _ in
            func row(_ name: String, _ site: String, _ place: String) -> String {
                "<li class='firm'><h2>\(name)</h2><a href='\(site)'>w</a><i>\(place)</i></li>"
            }
            let rows =
                row("ACME", "http://www.acme.example/home", "Bonn") + row("Beta", "", "Berlin")
                + row("Gamma", "", "Hamburg") + row("Delta", "https://delta-two.example", "Berlin")
            return StandInAnswer(200, "<html><body>\(rows)</body></html>", headers: Searching.page)
        }
        try site.declare("firms.example", "firms", ["next": .null])
        let result = try site.searched(["firms"])
        #expect(result["duplicates"] == 2 && result["created"] == 2, "\(result)")
        #expect(
            try site.leads.filter { $0.text("source") == "firms" }.map { $0.text("company") }.sorted() == [
                "Delta", "Gamma",
            ])
        // One that a person has put away does not come back.
        let gamma = try #require(
            try site.leads.first { $0.text("source") == "firms" && $0.text("company") == "Gamma" })
        try site.agency.owner.delete("/v1/leads/\(gamma.id)").ok(204)
        #expect(try site.searched(["firms"])["created"] == 0)
    }

    @Test func `registers are searched without a key, and one company in two of them is one lead`() throws {
        let site = try Searching()
        site.web.set("gleif.example/api/v1/lei-records") { request in
            guard request.target.contains("country"),
                request.header("User-Agent")?.hasPrefix("BureauBot/") == true
            else {
                return StandInAnswer(400, "{}")
            }
            let isFirst = request.target.contains("number%5D=1")
            return Searching.answer([
                "data": [
                    lei(
                        isFirst ? "AAA" : "BBB", isFirst ? "Alpha SA" : "Omega SA",
                        isFirst ? "111 222 333" : "9")
                ],
                "links": isFirst ? ["next": "http://gleif.example/next"] : [:],
            ])
        }
        site.web.set("annuaire.example/search") { _ in
            Searching.answer([
                "results": [
                    [
                        "siren": "111222333", "nom_complet": "ALPHA", "nom_raison_sociale": "ALPHA",
                        "nature_juridique": "5510", "statut_diffusion": "O",
                        "siege": ["libelle_commune": "LYON"],
                        "date_creation": "2009-03-01",
                    ],
                    [
                        "siren": "5", "nom_complet": "JEAN EXEMPLE", "nature_juridique": "1000",
                        "statut_diffusion": "P",
                    ],
                ], "total_pages": 1,
            ])
        }
        try site.connect("gleif", at: "gleif.example")
        try site.connect("recherche_entreprises", at: "annuaire.example")
        let first = try site.searched(["gleif"], ["countries": ["FR"]])
        #expect(first["created"] == 2, "\(first)")
        let lead = try #require(try site.leads.first { $0.text("company") == "Alpha SA" })
        #expect(lead.text("country") == "FR")
        let second = try site.searched(
            ["recherche_entreprises"], ["keywords": ["alpha"], "countries": ["FR"]])
        // A sole trader is a natural person, of whom nothing is taken.
        #expect(second["found"] == 1 && second["duplicates"] == 1, "\(second)")
        let facts = try site.agency.owner.every("/v1/leads/\(lead.id)/facts?field=registration_number")
        #expect(facts.contains { $0["source"]?["name"] == "recherche_entreprises" }, "\(facts)")
        let all = try site.agency.owner.every("/v1/leads/\(lead.id)/facts")
        let names = Set(all.compactMap { $0["source"]?["name"]?.text })
        #expect(names.isSuperset(of: ["gleif", "recherche_entreprises"]), "one profile of both: \(all)")
        // A company that was asked about today is not asked about again.
        let calls = site.web.asked("gleif.example").count
        _ = try site.searched(["gleif"], ["countries": ["FR"]])
        #expect(site.web.asked("gleif.example").count == calls)
        #expect(
            Searching.error(try site.searched(["recherche_entreprises"], ["countries": ["DE"]]))
                == "no_criteria")
    }

    private func lei(_ id: String, _ name: String, _ number: String) -> JSON {
        [
            "id": .string(id),
            "attributes": [
                "entity": [
                    "legalName": ["name": .string(name)], "legalAddress": ["city": "Lyon", "country": "FR"],
                    "registeredAs": .string(number), "jurisdiction": "FR", "status": "ACTIVE",
                ], "registration": ["status": "ISSUED"],
            ],
        ]
    }

    @Test func `the map is asked by its own words, and one that is busy is asked again`() throws {
        let site = try Searching()
        let asked = Mutex<[String]>([])
        site.web.set("map.example/search") { _ in
            Searching.answer([["name": "Berlin", "boundingbox": ["52.3", "52.7", "13.0", "13.8"]]])
        }
        site.web.set("map.example/api/interpreter") { request in
            let count = asked.withLock { list in
                list.append(String(decoding: request.body, as: UTF8.self))
                return list.count
            }
            guard count > 1 else { return StandInAnswer(504, "busy", headers: [("Retry-After", "1")]) }
            return Searching.answer([
                "elements": [
                    [
                        "type": "node", "id": 1,
                        "tags": [
                            "name": "Zahnarzt Muster", "website": "https://zahn.example",
                            "phone": "+49 30 901820",
                        ],
                    ]
                ]
            ])
        }
        try site.connect("openstreetmap", at: "map.example")
        let result = try site.searched(
            ["openstreetmap"], ["area": "Berlin", "keywords": ["dentist", "\"];out;"]])
        #expect(result["created"] == 1, "\(result)")
        let question = asked.withLock { $0.last ?? "" }
        #expect(question.contains("dentist") && !question.contains("%22%5D%3Bout%3B%22"))
        #expect(try site.leads.first?.text("phone") == "+4930901820")
    }

    @Test func `services with keys wait for theirs, cost what they may, and are told when it is refused`()
        throws
    {
        let site = try Searching()
        site.web.set("places.example/v1/places:searchText") { request in
            guard request.header("X-Goog-FieldMask") != nil, request.header("X-Goog-Api-Key") == "good" else {
                return StandInAnswer(401, "{}")
            }
            let page = String(decoding: request.body, as: UTF8.self).contains("pageToken") ? 2 : 1
            return Searching.answer([
                "places": [
                    [
                        "id": .string("p\(page)"), "displayName": ["text": .string("Place \(page)")],
                        "websiteUri": .string("https://place\(page).example/"),
                        "businessStatus": "OPERATIONAL",
                    ]
                ], "nextPageToken": "p2",
            ])
        }
        let criteria: JSON = [
            "keywords": ["dentist"], "area": "Bilbao", "max_cost": ["amount": 1, "currency": "USD"],
        ]
        // The most that an amount may be is more than prices are counted in.
        let dear: JSON = ["max_cost": ["amount": 9_007_199_254_740_991, "currency": "USD"]]
        let searched = try site.searched(["google_places"], criteria.merging(dear))
        #expect(Searching.error(searched) == "no_credentials")
        let connection = try site.connect(
            "google_places", at: "places.example", ["api_key": "good"],
            ["price": ["amount": 1000, "currency": "USD"]])
        #expect(try site.source("google_places").text("state") == "active")
        // Each call is a cent, and a cent is all that there is.
        let result = try site.searched(["google_places"], criteria)
        #expect(result["created"] == 1, "\(result)")
        let part = result["by_source"]?.array?.first
        #expect(
            part?["calls"] == 1 && part?["cost"]?["amount"] == 1 && part?["error"]?["code"] == "over_budget")
        // Its terms forbid to keep more than where to begin.
        let lead = try #require(try site.leads.first)
        #expect(lead.text("website") == "https://place1.example" && lead["phone"] == .null)
        try site.agency.owner.delete("/v1/integrations/\(connection.id)").ok(204)
        #expect(try site.source("google_places").text("state") == "needs_credentials")
    }

    @Test func `what was won and lost decides where is searched first, with its reasons`() throws {
        let site = try Searching()
        for name in ["poor", "rich"] {
            site.directory("\(name).example", ["\(name) 1"])
            try site.declare("\(name).example", name)
        }
        for number in 0..<12 {
            let isRich = number % 2 == 0
            let lead = try site.agency.makeLead(
                number, ["source": isRich ? "rich" : "poor", "country": isRich ? "DE" : "FR"])
            try close(lead, isRich ? "won" : "lost", site.agency)
        }
        let search = try site.search(["poor", "rich"])
        let targeting = try site.agency.owner.get("/v1/searches/\(search.id)/targeting").ok()
        let sources = targeting["sources"]?.array ?? []
        #expect(sources.map { $0.text("value") } == ["rich", "poor"], "\(targeting)")
        #expect(sources.allSatisfy { $0.text("reason").contains("of 6 closed leads won") })
        let criteria = targeting["criteria"]?.array ?? []
        #expect(criteria.first { $0.text("value") == "DE" }?["weight"]?.double ?? 0 > 1)
        let result = try site.run(search)
        #expect(result["by_source"]?.array?.map { $0.text("source") } == ["rich", "poor"])
    }

    private func close(_ lead: JSON, _ end: String, _ agency: Agency) throws {
        for status in [
            "researched", "scored", "qualified", "contacted", "engaged", "proposal", "negotiation", end,
        ] {
            try agency.owner.patch("/v1/leads/\(lead.id)", ["status": .string(status)]).ok()
        }
    }

    @Test func `the daily run searches what is enabled, tags the matching offer, and tells how it goes`()
        throws
    {
        let site = try Searching()
        let schedule = try #require(
            try site.agency.owner.every("/v1/schedules").first { $0.text("agent") == "lead_generation" })
        #expect(schedule.text("cron").hasPrefix("0 9 ") || schedule.text("cron") == "daily", "\(schedule)")
        site.web.set("firms.example/list") { _ in
            let rows = (1...3).map {
                "<li class='firm'><h2>Firm \($0)</h2><b>\($0 * 100)</b><i>Berlin</i></li>"
            }
            return StandInAnswer(200, "<html><body>\(rows.joined())</body></html>", headers: Searching.page)
        }
        try site.declare(
            "firms.example", "firms",
            ["next": .null, "fields": ["company": "h2", "employee_count": "b", "location": "i"]])
        _ = try site.search(["firms"], ["employee_count": ["gte": 150]])
        let off = try site.search(["firms"], ["enabled": false])
        let run = try site.agency.owner.ended(
            "/v1/agents/lead_generation/runs", ["parameters": [:]])
        let result = run["result"] ?? .null
        #expect(
            result["created"] == 2 && result["rejected"] == 1 && result["target_count"] == 20, "\(result)")
        #expect(result["by_source"]?.array?.first?["reasons"]?["too_small"] == 1)
        #expect(try site.agency.owner.get("/v1/searches/\(off.id)").ok()["last_run_at"] == .null)
        #expect(try site.leads.allSatisfy { $0["tags"]?.array?.contains("offer:growth") == true })
        let figures = try site.agency.owner.get("/v1/lead-source-figures?days=7").ok()
        #expect(
            figures["leads"] == 2 && figures["found"] == 3 && figures["diversity"]?.double == 0, "\(figures)")
        #expect((figures["active_sources"]?.int ?? 0) >= 5)
        let events = try site.agency.owner.every("/v1/events?type=lead.found")
        #expect(events.count == 2 && events.allSatisfy { $0["data"]?["source"] == "firms" })
        // They are scored, and only then qualified.
        let owner = site.agency.owner
        func work(_ agent: String) throws {
            try owner.patch("/v1/agents/\(agent)", ["state": "active"]).ok()
            let run = try owner.ended("/v1/agents/\(agent)/runs", ["parameters": [:]])
            #expect(run.text("status") == "succeeded", "\(run)")
        }
        func qualified() throws -> Int {
            try work("lead_qualification")
            return try owner.every("/v1/decisions?agent=lead_qualification").count
        }
        #expect(try qualified() == 0)
        try work("lead_scoring")
        #expect(try qualified() == 2)
    }

    @Test
    func `sites that a search names are read one by one, and one that cannot be is told with its reason`()
        throws
    {
        let site = try Searching()
        site.web.page("good.example/", "Good Works")
        site.web.set("closed.example/") { _ in StandInAnswer(403, "") }
        let none = try site.searched(["websites"])
        #expect(Searching.error(none) == "no_criteria")
        let sites: JSON = ["http://closed.example", "http://good.example"]
        let result = try site.searched(["websites"], ["websites": sites])
        #expect(result["found"] == 2 && result["created"] == 1 && result["rejected"] == 1, "\(result)")
        let part = result["by_source"]?.array?.first
        #expect(part?["reasons"] == ["access_denied": 1] && part?["error"] == .null)
        #expect(try site.leads.map { $0.text("company") } == ["Good Works"])
        #expect(try site.source("websites").text("state") == "active")
    }

    @Test func `what a search finds is enriched, its address judged, and scored by itself`() throws {
        let site = try Searching()
        for agent in ["prospect_research", "lead_scoring"] {
            try site.agency.owner.patch("/v1/agents/\(agent)", ["state": "active"]).ok()
        }
        let organisation: JSON = [
            "@context": "https://schema.org", "@type": "Organization", "name": "Acme Robotics",
            "telephone": "+49 30 901820", "url": "http://acme-robotics.example/",
            "numberOfEmployees": ["@type": "QuantitativeValue", "value": 140],
            "email": "erika@acme-robotics.example",
        ]
        site.web.page(
            "acme-robotics.example/", "Acme Robotics",
            head: "<script type='application/ld+json'>\(organisation.serialized)</script>")
        site.web.set("firms.example/list") { _ in
            func row(_ name: String, _ host: String, _ people: String) -> String {
                "<li class='firm'><h2>\(name)</h2><a href='http://\(host)/'>w</a>\(people)</li>"
            }
            let rows =
                row("Acme Robotics", "acme-robotics.example", "")
                + row("Tiny Works", "tiny-works.example", "<b>5</b>")
            return StandInAnswer(200, "<html><body>\(rows)</body></html>", headers: Searching.page)
        }
        let fields: JSON = ["company": "h2", "website": "a/@href", "employee_count": "b"]
        try site.declare("firms.example", "firms", ["next": .null, "fields": fields])
        let found = try site.searched(["firms"], ["employee_count": ["gte": 50]])
        #expect(found["created"] == 1 && found["rejected"] == 1, "\(found)")
        let lead = try #require(try site.leads.first)
        try eventuallyTrue("the lead is enriched, its address judged, and scored") {
            let now = try site.agency.owner.get("/v1/leads/\(lead.id)").ok()
            return now["score"] != .null && now["employee_count"] == 140 && now.text("phone") == "+4930901820"
                && now.text("email") == "erika@acme-robotics.example" && now["email_status"] != .null
        }
        let facts = try site.agency.owner.every("/v1/leads/\(lead.id)/facts?field=employee_count")
        #expect(facts.first?["source"]?["kind"] == "website", "\(facts)")
        // Nothing is asked about a company that does not fit.
        #expect(site.web.asked("tiny-works.example").isEmpty)
    }
}
