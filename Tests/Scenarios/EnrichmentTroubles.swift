import Dispatch
import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// The server dies while it researches, and services have bad days: nothing is paid for or fetched twice, and it is
/// told what came of each.
@Suite(.ownThread) struct EnrichmentTroubles {
    private static let only: JSON = ["fields": ["founded_year"]]

    /// An agency that asks Abstract at 5 cents, then Hunter at 3, after the company's own site.
    private func agency(_ server: BureauProcess, _ abstract: String, _ hunter: String) throws -> Agency {
        let agency = try server.researchingAgency()
        for (provider, url, cents) in [("abstract_company", abstract, 5), ("hunter", hunter, 3)] {
            let made = try agency.connect(
                provider, url, credentials: ["api_key": "secret-key-of-tests"],
                settings: ["calls_per_second": 1000], capability: "company_enrichment")
            let price: JSON = ["amount": JSON(cents * 1000), "currency": "USD"]
            try agency.owner.patch("/v1/integrations/\(made.id)", ["price": price]).ok()
        }
        try agency.owner.planned("founded_year", ["website", "abstract_company", "hunter"])
        return agency
    }

    /// Has addresses checked by a service at 7 cents.
    private func check(_ agency: Agency, _ url: String) throws -> JSON {
        let made = try agency.connect(
            "abstract_email", url, credentials: ["api_key": "ok-email"],
            settings: ["calls_per_second": 1000], capability: "email_verification")
        let price: JSON = ["amount": 7000, "currency": "USD"]
        return try agency.owner.patch("/v1/integrations/\(made.id)", ["price": price]).ok()
    }

    private static func abstract(_ host: String) -> String {
        (["domain": .string(host), "company_name": "Northwind", "year_founded": 2008] as JSON).serialized
    }

    private static func hunter(_ host: String) -> String {
        let data: JSON = [
            "id": "u", "name": "Northwind", "domain": .string(host), "foundedYear": 2015, "tech": [],
        ]
        return (["data": data] as JSON).serialized
    }

    private static func host(in request: ReceivedRequest) -> String {
        let parts = request.target.drop { $0 != "?" }.dropFirst().split(separator: "&")
        return parts.first { $0.hasPrefix("domain=") }.map { String($0.dropFirst(7)) } ?? ""
    }

    private func ended(_ run: JSON, _ owner: Caller) throws -> JSON {
        try eventually("the end of the run") {
            let now = try owner.get("/v1/agent-runs/\(run.id)").ok()
            return now.text("status") == "succeeded" ? now["result"] : nil
        }
    }

    @Test
    func `killed between a paid answer and its booking, a service is asked once and booked once`() throws {
        let web = try CrawledWeb()
        let server = try BureauProcess.start(
            web.settings.merging(["outbound.allow_private": "true"]) { $1 })
        let agency = try agency(server, "http://abstract.example", "http://hunter.example")
        let owner = agency.owner, isKilled = DispatchSemaphore(value: 0)
        web.page("paid.example/", "Northwind")
        web.service("abstract.example/v2") { _ in
            isKilled.wait()
            return StandInAnswer(200, Self.abstract("paid.example"))
        }
        web.service("hunter.example/v2/companies/find") { _ in
            StandInAnswer(200, Self.hunter("paid.example"))
        }
        try owner.post(
            "/v1/budgets",
            [
                "agent": "prospect_research", "kind": "money", "per": "day",
                "limit": ["amount": 100, "currency": "USD"],
            ]
        ).ok(201)
        let checking = try check(agency, "http://verifier.example")
        web.service("verifier.example/v1/") { _ in
            isKilled.wait()
            return StandInAnswer(200, AbstractStandIn.told("jane@paid.example").serialized)
        }
        let contact = try agency.makeContact(1, ["email": "jane@paid.example"])
        let lead = try agency.bareLead("paid.example")
        let run = try owner.post("/v1/leads/\(lead.id)/enrich", Self.only).ok(202)
        try eventuallyTrue("both questions", every: .milliseconds(2)) {
            web.asked("abstract.example").count == 1 && web.asked("verifier.example").count == 1
        }
        server.kill()
        for _ in 0..<2 { isKilled.signal() }
        try server.start()
        let result = try ended(run, owner)
        #expect(
            result.tried == ["website empty", "abstract_company failed interrupted", "hunter found"],
            "\(result)")
        #expect(result["cost"] == ["amount": 8, "currency": "USD"])
        #expect(web.asked("abstract.example").count == 1 && web.asked("hunter.example").count == 1)
        let calls = try owner.every("/v1/tool-calls?tool=enrich_company").sorted { $0.id < $1.id }
        #expect(calls.map { $0.text("state") } == ["unknown", "succeeded"], "\(calls)")
        for (provider, cents) in [("abstract_company", 5), ("hunter", 3)] {
            let made = try #require(
                try owner.every("/v1/integrations").first { $0.text("provider") == provider })
            let month = try owner.get("/v1/integrations/\(made.id)/use").ok()["month"]
            #expect(
                month?["calls"] == 1 && month?["cost"]?["amount"] == JSON(cents),
                "\(provider): \(month ?? .null)")
        }
        let budget = try #require(try owner.every("/v1/budgets").first)
        #expect(budget["spent"]?["amount"] == 8, "\(budget)")
        // Asked for anew, it is a new question.
        web.service("abstract.example/v2") { _ in StandInAnswer(200, Self.abstract("paid.example")) }
        let again = try owner.enriched(lead, Self.only.merging(["refresh": true]))
        #expect(again.tried.contains("abstract_company found"), "\(again)")
        // The address of which the service spoke to nobody is not known, until somebody asks anew.
        try eventuallyTrue("the judgement") {
            try owner.get("/v1/contacts/\(contact.id)").ok().text("email_status") == "unknown"
        }
        #expect(web.asked("verifier.example").count == 1)
        let checks = try owner.every("/v1/tool-calls?tool=check_email").map { $0.text("state") }
        let use = try owner.get("/v1/integrations/\(checking.id)/use").ok()["month"]
        #expect(checks == ["unknown"] && use?["calls"] == 1 && use?["cost"]?["amount"] == 7)
        web.service("verifier.example/v1/") { _ in
            StandInAnswer(200, AbstractStandIn.told("jane@paid.example").serialized)
        }
        #expect(try owner.checked("jane@paid.example").text("deliverability") == "deliverable")
        #expect(try owner.checked("jane@paid.example")["cached"] == true)
        #expect(web.asked("verifier.example").count == 2)
    }

    @Test func `killed while a site is read, research goes on behind what was read`() throws {
        let web = try CrawledWeb()
        let server = try BureauProcess.start(web.settings)
        let agency = try server.researchingAgency(), owner = agency.owner
        try owner.planned("founded_year", ["website"])
        web.company("read.example", ["foundingDate": .null])
        let isKilled = DispatchSemaphore(value: 0)
        web.set("read.example/imprint") { _ in
            isKilled.wait()
            return StandInAnswer(200, "<p>late", headers: Searching.page)
        }
        web.text("read.example/about", "About", "<p>Founded in 1984, we are a team of 120 people.</p>")
        let lead = try agency.bareLead("read.example")
        let run = try owner.post("/v1/leads/\(lead.id)/enrich", Self.only).ok(202)
        try eventuallyTrue("the page", every: .milliseconds(2)) {
            web.asked("read.example").contains("/imprint")
        }
        server.kill()
        isKilled.signal()
        try server.start()
        let result = try ended(run, owner)
        #expect(result.tried == ["website found"], "\(result)")
        let pages = web.asked("read.example").filter { $0 != "/robots.txt" }
        #expect(Set(pages).count == pages.count && pages.contains("/about"), "\(pages)")
        #expect(try owner.fact(lead, "founded_year")["value"] == 1984)
        #expect(try owner.every("/v1/crawls?lead_id=\(lead.id)").count == 1)
    }

    @Test func `runs at the same time share the leads: each site is read by one of them`() throws {
        let site = try Searching()
        let firms = (1...12).map { "Maker \($0)" }
        for firm in firms { site.web.company("www.\(firm.lowercased().filter { $0 != " " }).example") }
        site.web.set("many.example/list") { _ in
            let rows = firms.map { name in
                let host = "www.\(name.lowercased().filter { $0 != " " }).example"
                return "<li class='firm'><h2>\(name)</h2><a href='http://\(host)/'>web</a></li>"
            }
            return StandInAnswer(200, "<ul>\(rows.joined())</ul>", headers: Searching.page)
        }
        let owner = site.agency.owner
        try site.declare(
            "many.example", "many", ["next": .null, "fields": ["company": "h2", "website": "a/@href"]])
        #expect(try site.searched(["many"])["created"] == 12)
        try owner.asksSitesOnly()
        try owner.patch("/v1/agents/prospect_research", ["state": "active"]).ok()
        let runs = try (0..<3).map { _ in
            try owner.post("/v1/agents/prospect_research/runs", ["parameters": [:]]).ok(202)
        }
        let results = try runs.map { try ended($0, owner) }
        let taken = results.flatMap { ($0["leads"]?.array ?? []).map { $0.text("lead_id") } }
        #expect(taken.count == 12 && Set(taken).count == 12, "\(results)")
        for firm in firms {
            let asked = site.web.asked("www.\(firm.lowercased().filter { $0 != " " }).example")
            #expect(Set(asked).count == asked.count && asked.contains("/imprint"), "\(asked)")
        }
    }

    @Test func `answers that are cut, late or too many are told with their reason, and the circuit opens`()
        throws
    {
        let web = try CrawledWeb()
        let server = try BureauProcess.start(
            web.settings.merging(["outbound.allow_private": "true"]) { $1 })
        let abstract = try ServiceStandIn { StandInAnswer(200, Self.abstract(Self.host(in: $0))) }
        let hunter = try ServiceStandIn { StandInAnswer(200, Self.hunter(Self.host(in: $0))) }
        let agency = try agency(server, abstract.url, hunter.url), owner = agency.owner
        func tried(_ host: String) throws -> String {
            web.page("\(host)/", "Northwind")
            let result = try owner.enriched(try agency.bareLead(host), Self.only)
            #expect(result.tried.first == "website empty", "\(result)")
            return result.tried.dropFirst().joined(separator: ", ")
        }
        // A slow answer is one, too.
        abstract.next(.wait { Thread.sleep(forTimeInterval: 0.3) })
        #expect(try tried("slow.example") == "abstract_company found, hunter skipped not_needed")
        for number in 1...5 {
            let body = StandInAnswer(200, Self.abstract("cut\(number).example"))
            abstract.next([.cutAfter, .cutWithin(body), .cutBefore][number % 3])
            let outcome = try tried("cut\(number).example")
            #expect(outcome == "abstract_company failed disconnected, hunter found", "\(outcome)")
        }
        let asked = abstract.connections
        #expect(try tried("open.example") == "abstract_company skipped circuit_open, hunter found")
        #expect(abstract.connections == asked)
        let alerts = try owner.every("/v1/alerts?kind=integration_circuit_open")
        #expect(alerts.count == 1, "\(alerts)")
    }
}
