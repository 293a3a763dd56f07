import Foundation
import JSON
import StandIns
import Testing

/// Campaigns of an advertising service, and their budgets there.
@Suite(.ownThread) struct AdCampaigns {
    let server = BureauProcess.shared

    private func connected(
        cap: Int64 = 3000, on other: BureauProcess? = nil
    ) throws -> (owner: Caller, web: GoogleAdsStandIn, sync: String) {
        let (owner, web) = (try (other ?? server).quietAgency().owner, try GoogleAdsStandIn())
        for day in 1...2 {
            web.days["2025110\(day)"] = ["clicks": 5, "cost": 12_340_000, "impressions": 100]
        }
        web.budgets["111"] = ["micros": 15_000_000]
        web.budgets["222"] = ["micros": 15_000_000, "shared": 1]
        let integration = try owner.post(
            "/v1/integrations",
            [
                "provider": "google_ads", "capability": "advertising", "credentials": web.credentials,
                "settings": .object(
                    JSONObject(
                        web.settings.members + [
                            ("base_url", .string(web.service.url)), ("ad_budget_cap", .integer(cap)),
                        ])),
            ]
        ).ok(201)
        return (owner, web, "/v1/integrations/\(integration.id)/sync?wait=PT60S")
    }

    private func ads(_ owner: Caller) throws -> [String: JSON] {
        Dictionary(
            uniqueKeysWithValues: try owner.every("/v1/ad-campaigns").map { ($0.text("remote_id"), $0) })
    }

    @Test func `campaigns of a service are read with their days, and twice is once`() throws {
        let (owner, web, sync) = try connected()
        let days: JSON = ["from": "2025-11-01", "to": "2025-11-02"]
        try owner.post(sync, days).ok()
        let first = try ads(owner)
        #expect(first.count == 2 && first["111"]?["daily_budget"] == cents(1500, "EUR"))
        #expect(first["111"]?["spend"] == cents(2468, "EUR") && first["111"]?["clicks"] == 10)
        #expect(first["222"]?["shared_budget"] == true)
        web.days["20251102"]?["clicks"] = 7
        try owner.post(sync, days).ok()
        let again = try ads(owner)
        #expect(again["111"]?.id == first["111"]?.id && again.count == 2)
        #expect(again["111"]?["clicks"] == 12 && again["111"]?["spend"] == cents(2468, "EUR"))
    }

    @Test func `a budget is validated, written and read back; shared and too high ones stay as they are`()
        throws
    {
        let (owner, web, sync) = try connected()
        try owner.post(sync, ["from": "2025-11-01", "to": "2025-11-02"]).ok()
        let known = try ads(owner)
        let brand = "/v1/ad-campaigns/\(try #require(known["111"]).id)/budget"
        let asked = web.service.requests.count
        let set = try owner.post(brand, ["daily_budget": cents(2000, "EUR")]).ok()
        #expect(set["daily_budget"] == cents(2000, "EUR") && web.budgets["111"]?["micros"] == 20_000_000)
        let bodies = web.service.requests.dropFirst(asked).map { (try? JSONParser.parse($0.body)) ?? .null }
        #expect(bodies.compactMap { $0["validateOnly"] } == [true, false])
        #expect(bodies.count == 4, "it is read, validated, written and read back")
        let shared = "/v1/ad-campaigns/\(try #require(known["222"]).id)/budget"
        try owner.post(shared, ["daily_budget": cents(2000, "EUR")]).problem(409, "shared_budget")
        try owner.post(brand, ["daily_budget": cents(9000, "EUR")]).problem(422, "over_cap")
        try owner.post(brand, ["daily_budget": cents(2000, "USD")]).problem(422, "conflict")
        try owner.post(brand, ["daily_budget": cents(0, "EUR")]).problem(422, "out_of_range")
        #expect(web.service.requests.count == asked + 4, "what cannot be is not asked for")
        #expect(web.budgets["222"]?["micros"] == 15_000_000)
        // Since it was read, the budget has become a shared one.
        web.budgets["111"]?["shared"] = 1
        try owner.post(brand, ["daily_budget": cents(2500, "EUR")]).problem(409, "shared_budget")
        #expect(web.budgets["111"]?["micros"] == 20_000_000)
    }

    @Test func `after a lost answer what stands at Google tells whether a budget was set`() throws {
        let (owner, web, sync) = try connected()
        try owner.post(sync, ["from": "2025-11-01", "to": "2025-11-02"]).ok()
        let brand = "/v1/ad-campaigns/\(try #require(ads(owner)["111"]).id)/budget"
        // The campaign and the trial are answered; the write is done, and its answer lost.
        web.service.next(.wait {}, .wait {}, .cutDone)
        let set = try owner.post(brand, ["daily_budget": cents(2000, "EUR")]).ok()
        #expect(set["daily_budget"] == cents(2000, "EUR") && web.budgets["111"]?["micros"] == 20_000_000)
        web.service.next(.wait {}, .wait {}, .cutAfter)
        try owner.post(brand, ["daily_budget": cents(2500, "EUR")]).problem(503)
        #expect(web.budgets["111"]?["micros"] == 20_000_000)
    }

    /// Makes all of them part of a campaign that has much to spend, and that an agent looks after.
    private func campaign(
        of ads: [String: JSON], _ owner: Caller, until end: String = "2099-12-31", budget: Int64 = 900_000_000
    ) throws -> JSON {
        let campaign = try owner.post(
            "/v1/campaigns",
            [
                "name": "Spring", "objective": "sales", "budget": cents(900_000_000, "EUR"),
                "start_on": "2025-11-01", "end_on": .string(end),
                "channels": [["channel": "google_ads", "budget": cents(budget, "EUR")]],
            ]
        ).ok(201)
        for ad in ads.values {
            try owner.patch("/v1/ad-campaigns/\(ad.id)", ["campaign_id": .string(campaign.id)]).ok()
        }
        try owner.post("/v1/campaigns/\(campaign.id)/activate").ok()
        try owner.patch("/v1/agents/campaign_manager", ["state": "active", "autonomy": "autopilot"]).ok()
        return campaign
    }

    @Test func `a budget that an agent wants waits for a person's yes, and is set then`() throws {
        let (owner, web, sync) = try connected(cap: 1_000_000)
        try owner.post(sync, ["from": "2025-11-01", "to": "2025-11-02"]).ok()
        let known = try ads(owner), brand = try #require(known["111"])
        // On its last day a channel has left what its ads may spend in a day, of which some is spent already.
        let today = String(brand.text("created_at").prefix(10))
        let before = known.values.reduce(Int64(0)) { $0 + ($1.cents("spend") ?? 0) }
        let last = try self.campaign(of: known, owner, until: today, budget: before + 1500)
        let part: JSON = ["channel": "google_ads", "date": .string(today), "amount": cents(600, "EUR")]
        try owner.post("/v1/campaigns/\(last.id)/spend", part).ok()
        _ = try owner.runAgent("campaign_manager", ["campaign_id": .string(last.id)])
        #expect(try owner.pendingApprovals().allSatisfy { $0["tool"] != "order_ad_budget" })
        let campaign = try campaign(of: known, owner)
        for _ in 0..<2 {
            _ = try owner.runAgent("campaign_manager", ["campaign_id": .string(campaign.id)])
        }
        let waiting = try owner.pendingApprovals().filter { $0["tool"] == "order_ad_budget" }
        #expect(waiting.count == 1, "once, and not for the budget that others share")
        #expect(web.budgets["111"]?["micros"] == 15_000_000, "nothing is set before somebody agrees")
        try owner.post("/v1/approvals/\(try #require(waiting.first).id)/approve", [:]).ok()
        try eventuallyTrue("the budget") {
            try owner.get("/v1/ad-campaigns/\(brand.id)").ok()["daily_budget"] != cents(1500, "EUR")
        }
        let set = try #require(try owner.get("/v1/ad-campaigns/\(brand.id)").ok().cents("daily_budget"))
        #expect(set > 20_000 && web.budgets["111"]?["micros"] == Double(set) * 10_000)
        #expect(web.budgets["222"]?["micros"] == 15_000_000)
        let agents = try owner.every("/v1/agents").filter {
            $0["tools"]?.array?.contains("order_ad_budget") == true
        }
        #expect(agents.map { $0.text("name") } == ["campaign_manager"])
    }

    /// Returns whether a request changes a budget, and is not only tried.
    @Sendable private static func isWrite(_ request: ReceivedRequest) -> Bool {
        (try? JSONParser.parse(request.body))?["validateOnly"] == false
    }

    @Test func `where Google answers twice, a budget is set once, and no answer is taken for another`()
        throws
    {
        let (owner, web, sync) = try connected(cap: 1_000_000)
        let days: JSON = ["from": "2025-11-01", "to": "2025-11-02"]
        try owner.post(sync, days).ok()
        let known = try ads(owner), brand = try #require(known["111"])
        let campaign = try campaign(of: known, owner)
        _ = try owner.runAgent("campaign_manager", ["campaign_id": .string(campaign.id)])
        let waiting = try #require(try owner.pendingApprovals().first { $0["tool"] == "order_ad_budget" })
        // The campaign, the trial, the change and the campaign as it is then: each is said once more.
        web.service.next(.twice, .twice, .twice, .twice)
        try owner.post("/v1/approvals/\(waiting.id)/approve", [:]).ok()
        let path = "/v1/ad-campaigns/\(brand.id)"
        try eventuallyTrue("the budget") { try owner.get(path).ok()["daily_budget"] != cents(1500, "EUR") }
        let set = try #require(try owner.get(path).ok().cents("daily_budget"))
        #expect(set > 20_000 && web.budgets["111"]?["micros"] == Double(set) * 10_000)
        #expect(web.budgets["222"]?["micros"] == 15_000_000)
        let told = try owner.every("/v1/audit?action=ad_campaign.budget_set")
        #expect(told.count == 1 && told[0]["changes"]?["to"] == cents(set, "EUR"))
        #expect(web.service.requests.count(where: Self.isWrite) == 1)
        // Nothing that was said once more is left over for the next question.
        try owner.post(sync, days).ok()
        #expect(try ads(owner)["111"]?["daily_budget"] == cents(set, "EUR"))
    }

    /// Google's part of a write before the server dies: all of it, unheard, or nothing.
    enum Write: CaseIterable, Sendable { case done, never }

    @Test(arguments: Write.allCases)
    func `killed between Google's answer and its note, a budget is what people agreed to, and told once`(
        _ write: Write
    ) throws {
        let server = try BureauProcess.start()
        let (owner, web, sync) = try connected(cap: 1_000_000, on: server)
        try owner.post(sync, ["from": "2025-11-01", "to": "2025-11-02"]).ok()
        let known = try ads(owner), brand = try #require(known["111"])
        let campaign = try campaign(of: known, owner)
        _ = try owner.runAgent("campaign_manager", ["campaign_id": .string(campaign.id)])
        let waiting = try #require(try owner.pendingApprovals().first { $0["tool"] == "order_ad_budget" })
        let isDead = DispatchSemaphore(value: 0)
        web.service.next(write == .done ? .wait { isDead.wait() } : .silence, when: Self.isWrite)
        try owner.post("/v1/approvals/\(waiting.id)/approve", [:]).ok()
        try eventuallyTrue("the write", every: .milliseconds(2)) {
            web.service.requests.contains(where: Self.isWrite)
        }
        server.kill()
        isDead.signal()
        if write == .done {
            try eventuallyTrue("it is done there") { web.budgets["111"]?["micros"] != 15_000_000 }
        }
        try server.start()
        let path = "/v1/ad-campaigns/\(brand.id)"
        try eventuallyTrue("the budget", within: .seconds(90)) {
            try owner.get(path).ok()["daily_budget"] != cents(1500, "EUR")
        }
        let set = try #require(try owner.get(path).ok().cents("daily_budget"))
        #expect(set > 20_000 && web.budgets["111"]?["micros"] == Double(set) * 10_000)
        #expect(web.budgets["222"]?["micros"] == 15_000_000)
        let writes = web.service.requests.count(where: Self.isWrite)
        // Nothing of it is done again, however often it dies.
        for _ in 0..<2 { try server.killAndRestart() }
        let told = try owner.every("/v1/audit?action=ad_campaign.budget_set")
        #expect(told.count == 1 && told[0]["changes"]?["to"] == cents(set, "EUR"))
        #expect(web.service.requests.count(where: Self.isWrite) == writes && writes <= 2)
    }
}
