import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// The time for which answers of services are kept, what they cost, and whose allowance they take.
@Suite(.ownThread) struct KeptAnswers {
    let server = EmailChecks.server

    @Test func `an integration says how long its answers are kept, and each fault is named`() throws {
        let agency = try server.quietAgency(), services = try AddressServices(agency)
        let path = "/v1/integrations/\(services.first.id)", url = services.abstract.service.url
        func set(_ settings: JSON) throws -> Answer {
            try agency.owner.patch(
                path,
                [
                    "settings": (["base_url": .string(url), "calls_per_second": 1000] as JSON).merging(
                        settings)
                ])
        }
        for (settings, code) in [
            (["cache_for": "soon"], "invalid_duration"), (["cache_for": "PT0S"], "invalid_duration"),
            (["cache_for": 30], "wrong_type"), (["max_concurrent": 0], "out_of_range"),
        ] as [(JSON, String)] {
            #expect(try set(settings).faults().values.map { $0 } == [code], "\(settings)")
        }
        try set(["cache_for": "PT1S", "max_concurrent": 2]).ok()
        let one = try agency.owner.checked("one@shop.example")
        let kept = try agency.owner.checked("one@shop.example")
        #expect(one["cached"] == false && kept["cached"] == true)
        try eventuallyTrue("the end of the answer") {
            try agency.owner.checked("one@shop.example")["cached"] == false
        }
        let form = try agency.owner.every("/v1/integration-providers").first { $0.text("name") == "hunter" }
        let names = form?["settings"]?.array?.map { $0.text("name") } ?? []
        #expect(names == ["cache_for", "max_concurrent", "calls_per_second"])
    }

    @Test func `what was told once serves while the service is down`() throws {
        let agency = try server.quietAgency(), abstract = try AbstractStandIn()
        try agency.connect(
            "abstract_email", abstract.service.url, credentials: ["api_key": "ok-email"],
            settings: ["cache_for": "PT1S", "calls_per_second": 1000], capability: "email_verification")
        _ = try agency.owner.checked("one@shop.example")
        usleep(1_100_000)
        // First it is under maintenance, then nobody is there.
        abstract.service.next(.answer(503, "<html>Back soon.</html>"))
        let meanwhile = try agency.owner.checked("one@shop.example")
        #expect(meanwhile.text("deliverability") == "deliverable" && meanwhile["cached"] == true)
        #expect(meanwhile["quality_score"] == 0.9 && meanwhile["checks"]?["smtp"] == true, "\(meanwhile)")
        #expect(meanwhile.tried == ["abstract_email failed unavailable"])
        abstract.service.stop()
        let told = try agency.owner.checked("one@shop.example")
        #expect(told.text("deliverability") == "deliverable" && told["cached"] == true)
        #expect(told.tried.first?.hasPrefix("abstract_email failed") == true)
        #expect(try agency.owner.checked("two@shop.example").text("source") == "local")
    }

    @Test func `answers that somebody needs are renewed in the quiet hours, before they are too old`() throws
    {
        let agency = try server.quietAgency()
        try agency.moveToNoon()
        let services = try AddressServices(agency, settings: ["cache_for": "PT6H"])
        let lead = try agency.makeLead(1, ["email": "needed@shop.example"])
        try eventuallyTrue("the judgement") {
            try agency.owner.get("/v1/leads/\(lead.id)").ok().text("email_status") == "deliverable"
        }
        _ = try agency.owner.checked("forgotten@shop.example")
        let renewal = try #require(
            try agency.owner.every("/v1/jobs?kind=answers.renew").first { $0.text("state") == "scheduled" })
        try agency.owner.post("/v1/jobs/\(renewal.id)/cancel").ok()
        try agency.owner.post("/v1/jobs/\(renewal.id)/retry").ok()
        try eventuallyTrue("the renewal") {
            try agency.owner.get("/v1/jobs/\(renewal.id)").ok().text("state") == "completed"
        }
        let asked = services.abstract.service.requests.map(\.target)
        #expect(
            asked.count { $0.contains("needed%40") } == 2 && asked.count { $0.contains("forgotten%40") } == 1)
    }

    @Test func `a batch waits for the hour of the day in which its service has answered clearly better`()
        throws
    {
        let isSlow = Mutex(true), clock = try MovedClock(at: Date(iso: "2027-03-10T02:00:00.000Z"))
        let service = try ServiceStandIn { request in
            if isSlow.withLock({ $0 }) { usleep(300_000) }
            let address = request.query("email")?.removingPercentEncoding ?? ""
            return StandInAnswer(200, AbstractStandIn.told(address).serialized)
        }
        let server = try BureauProcess.start(EmailChecks.names.settings, variables: clock.variables)
        let agency = try server.quietAgency()
        try agency.connect(
            "abstract_email", service.url, credentials: ["api_key": "ok-email"],
            capability: "email_verification")
        func owner(at time: String) throws -> Caller {
            try clock.move(to: Date(iso: time))
            return server.caller(try agency.signIn().text("access_token"))
        }
        for (time, name) in [("2027-03-10T02:10:00.000Z", "night"), ("2027-03-10T14:10:00.000Z", "day")] {
            isSlow.withLock { $0 = name == "night" }
            let owner = try owner(at: time)
            for number in 0..<4 {
                let told = try owner.checked("\(name)\(number)@shop.example")
                #expect(told.text("source") == "abstract_email", "\(told)")
            }
        }
        // At a call a second sixty are a batch; these are more.
        let late = try owner(at: "2027-03-10T20:00:00.000Z")
        let leads = (1...130).map { number -> JSON in
            ["op": "create", "body": lead(number, ["email": .string("n\(number)@shop.example")])]
        }
        try late.post("/v1/leads/bulk", ["operations": .array(leads)]).ok()
        let batch = try eventually("the batch") { try late.every("/v1/jobs?kind=addresses.batch").first }
        #expect(batch.text("run_at").hasPrefix("2027-03-11T14:00:00"), "\(batch)")
        #expect(service.requests.count == 8, "until then nobody is asked")
    }

    @Test func `those who ask the same at the same time cost one call, at the pace of the service`() throws {
        let agency = try server.quietAgency(), services = try AddressServices(agency)
        let answers = try inParallel(8, Array(0..<8)) { _ in try agency.owner.checked("one@shop.example") }
        #expect(answers.allSatisfy { $0.text("deliverability") == "deliverable" })
        #expect(services.abstract.service.requests.count == 1)
        let slow = try server.quietAgency(), paced = try AbstractStandIn()
        try slow.connect(
            "abstract_email", paced.service.url, credentials: ["api_key": "ok-email"],
            capability: "email_verification")
        let start = ContinuousClock.now
        _ = try inParallel(3, Array(0..<3)) { try slow.owner.checked("n\($0)@shop.example") }
        #expect(ContinuousClock.now - start >= .seconds(2), "one call a second")
    }

    @Test func `never more calls of a service are under way at once than its setting says`() throws {
        let open = Mutex((now: 0, most: 0))
        let service = try ServiceStandIn { request in
            open.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            usleep(150_000)
            open.withLock { $0.now -= 1 }
            let address = request.query("email")?.removingPercentEncoding ?? ""
            return StandInAnswer(200, AbstractStandIn.told(address).serialized)
        }
        for (most, range) in [(2, 2...2), (8, 3...8)] {
            let agency = try server.quietAgency()
            open.withLock { $0.most = 0 }
            try agency.connect(
                "abstract_email", service.url, credentials: ["api_key": "ok-email"],
                settings: ["max_concurrent": JSON(most), "calls_per_second": 1000],
                capability: "email_verification")
            let told = try inParallel(8, Array(0..<8)) { try agency.owner.checked("n\($0)@shop.example") }
            #expect(told.allSatisfy { $0.text("source") == "abstract_email" })
            #expect(range.contains(open.withLock { $0.most }), "\(most)")
        }
    }

    @Test func `limits, price, budget and switch hold, and each is told`() throws {
        let agency = try server.quietAgency(), abstract = try AbstractStandIn()
        let made = try agency.connect(
            "abstract_email", abstract.service.url, credentials: ["api_key": "ok-email"],
            settings: ["calls_per_second": 1000], capability: "email_verification")
        let path = "/v1/integrations/\(made.id)"
        try agency.owner.patch(
            path,
            [
                "price": ["amount": 5000, "currency": "USD"], "limits": ["month": 3], "pacing": "burst",
            ]
        ).ok()
        for number in 1...3 {
            let told = try agency.owner.checked("n\(number)@shop.example")
            #expect(told["cost"] == ["amount": 5, "currency": "USD"])
        }
        #expect(
            try agency.owner.checked("n4@shop.example").tried == ["abstract_email skipped quota_exhausted"])
        #expect(abstract.service.requests.count == 3)
        let use = try agency.owner.get("\(path)/use").ok()
        #expect(use["month"]?["calls"] == 3 && use["return"]?["cost"]?["amount"] == 15)
        try agency.owner.patch(path, ["limits": ["month": nil]]).ok()
        try agency.owner.post(
            "/v1/budgets",
            ["kind": "money", "limit": ["amount": 4, "currency": "USD"], "per": "day"]
        ).ok(201)
        #expect(try agency.owner.checked("n5@shop.example").tried == ["abstract_email skipped over_budget"])
        try agency.owner.patch("/v1/tools/check_email", ["enabled": false]).ok()
        #expect(try agency.owner.checked("n6@shop.example").tried == ["abstract_email skipped disabled"])
    }

    @Test func `what came of a connection is told: leads, those that qualified, and what was won`() throws {
        let agency = try server.quietAgency(), services = try AddressServices(agency)
        let lead = try agency.makeLead(1, ["email": "one@shop.example"])
        let other = try agency.makeLead(2, ["email": "two@shop.example"])
        try eventuallyTrue("the judgements") {
            try agency.owner.every("/v1/leads").allSatisfy { $0.text("email_status") == "deliverable" }
        }
        func worth(_ integration: JSON) throws -> JSON {
            try agency.owner.get("/v1/integrations/\(integration.id)/use").ok()["return"] ?? .null
        }
        let before = try worth(services.first)
        #expect(before["leads"] == 2 && before["qualified"] == 0 && before["won"]?["amount"] == 0)
        #expect(before["score"] == .null && before["converted"] == 0)
        for status in ["researched", "scored", "qualified"] {
            try agency.owner.patch("/v1/leads/\(lead.id)", ["status": .string(status)]).ok()
        }
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "active"]).ok()
        for id in [lead.id, other.id] { _ = try agency.score(id) }
        try agency.quieten()
        let deal = try agency.owner.post(
            "/v1/deals", ["lead_id": .string(lead.id), "name": "Deal", "value": dollars(50)]
        ).ok(201)
        try agency.owner.patch("/v1/deals/\(deal.id)", ["stage": "won"]).ok()
        let after = try worth(services.first)
        #expect(after["calls"] == 2 && after["leads"] == 2 && after["qualified"] == 1)
        #expect(after["won"] == dollars(50) && after["won_per_call"] == dollars(25))
        let scores = try agency.owner.every("/v1/leads").compactMap { $0["score"]?.double }
        #expect(scores.count == 2 && after["score"]?.double == scores.reduce(0, +) / 2, "\(after) \(scores)")
        #expect(after["converted"] == 1)
        let second = try worth(services.second)
        #expect(second["leads"] == 0 && second["won"]?["amount"] == 0 && second["won_per_call"] == .null)
        #expect(second["score"] == .null && second["converted"] == 0)
    }

    @Test func `integrations of one key share what the key allows`() throws {
        let agency = try server.quietAgency(), hunter = try HunterStandIn()
        func connect(_ capability: String) throws -> JSON {
            try agency.connect(
                "hunter", hunter.service.url, credentials: ["api_key": .string(hunter.apiKey)],
                capability: capability)
        }
        let (checks, companies) = (try connect("email_verification"), try connect("company_enrichment"))
        for integration in [checks, companies] {
            try agency.owner.patch(
                "/v1/integrations/\(integration.id)", ["limits": ["month": 2], "pacing": "burst"]
            ).ok()
        }
        for number in 1...2 { _ = try agency.owner.checked("n\(number)@shop.example") }
        #expect(try agency.owner.checked("n3@shop.example").tried == ["hunter skipped quota_exhausted"])
        #expect(hunter.service.requests.count == 2)
    }

    @Test func `the installation's key serves all agencies within one allowance, and is shown nowhere`()
        throws
    {
        let abstract = try AbstractStandIn()
        let server = try BureauProcess.start(
            EmailChecks.names.settings, variables: ["ABSTRACT_EMAIL_API_KEY": "ok-of-the-installation"])
        let path = server.folder + "/api_config.json"
        let made = try JSONParser.parse(try Data(contentsOf: URL(fileURLWithPath: path)).map { $0 })
        _ = server.stop()
        let change: JSON = [
            "apis": [
                "abstract_email": ["base_url": .string(abstract.service.url), "limits": ["month": 3]]
            ]
        ]
        try Data(made.merging(change).bytes).write(to: URL(fileURLWithPath: path))
        try server.start()
        let (one, other) = (try server.quietAgency(), try server.quietAgency())
        #expect(try one.owner.checked("a@shop.example").text("source") == "abstract_email")
        _ = try one.owner.checked("b@shop.example")
        #expect(try other.owner.checked("c@shop.example").text("source") == "abstract_email")
        for agency in [one, other] {
            #expect(
                try agency.owner.checked("d@shop.example").tried == ["abstract_email skipped quota_exhausted"]
            )
        }
        #expect(abstract.service.requests.count == 3)
        // Abstract's companies have a key of their own: this one is no help there.
        let sources = try one.owner.get("/v1/enrichment-plan").ok()["sources"]?.array ?? []
        let companies = sources.first { $0.text("name") == "abstract_company" }
        #expect(companies?["connected"] == false)
        try one.connect(
            "abstract_email", abstract.service.url, credentials: ["api_key": "ok-own"],
            capability: "email_verification")
        #expect(try one.owner.checked("e@shop.example").text("source") == "abstract_email")
        #expect(abstract.service.requests.last?.target.contains("api_key=ok-own") == true)
        let shown = try ["integrations", "integration-providers", "tool-calls", "audit"].flatMap {
            try one.owner.every("/v1/\($0)")
        }
        let ended = try server.command("integrations", "test", "--tenant", other.tenant.id, "--json")
        #expect(ended.output.contains("quota_exhausted"))
        for text in [JSON.array(shown).serialized, server.log, ended.output] {
            #expect(!text.contains("ok-of-the-installation") && !text.contains("ok-own"))
        }
    }
}
