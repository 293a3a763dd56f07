import JSON
import StandIns
import Testing

/// Campaigns of Meta Ads, whose budgets are their own or those of their ad sets.
@Suite(.ownThread) struct MetaAdCampaigns {
    let server = BureauProcess.shared

    private func connected(
        currency: String = "EUR", cap: Int64 = 300_000
    ) throws -> (owner: Caller, web: MetaAdsStandIn, sync: String) {
        let (owner, web) = (try server.quietAgency().owner, try MetaAdsStandIn(currency: currency))
        for day in 1...2 { web.days["2025110\(day)"] = ["clicks": 5, "cost": 12.34, "leads": 1] }
        web.budgets["11"] = ["daily": 5000]
        web.budgets["22"] = [:]
        let settings =
            web.settings.members + [
                ("base_url", .string(web.service.url)), ("ad_budget_cap", .integer(cap)),
            ]
        let integration = try owner.post(
            "/v1/integrations",
            [
                "provider": "meta_ads", "capability": "advertising", "credentials": web.credentials,
                "settings": .object(JSONObject(settings)),
            ]
        ).ok(201)
        return (owner, web, "/v1/integrations/\(integration.id)/sync?wait=PT60S")
    }

    private func ads(_ owner: Caller, _ sync: String) throws -> [String: JSON] {
        try owner.post(sync, ["from": "2025-11-01", "to": "2025-11-02"]).ok()
        return Dictionary(
            uniqueKeysWithValues: try owner.every("/v1/ad-campaigns").map { ($0.text("remote_id"), $0) })
    }

    @Test func `campaigns of Meta Ads come with their days, and a budget of ad sets is not theirs alone`()
        throws
    {
        let (owner, web, sync) = try connected()
        let first = try ads(owner, sync)
        #expect(first.count == 2 && first["11"]?["daily_budget"] == cents(5000, "EUR"))
        #expect(first["11"]?["network"] == "meta_ads" && first["11"]?["status"] == "enabled")
        #expect(first["11"]?["spend"] == cents(2468, "EUR") && first["11"]?["clicks"] == 10)
        #expect(first["11"]?["shared_budget"] == false && first["22"]?["shared_budget"] == true)
        #expect(first["22"]?["daily_budget"] == .null)
        // A campaign that neither runs nor is paused any more stays with what it has cost.
        web.budgets["22"] = nil
        let again = try ads(owner, sync)
        #expect(again["22"]?["status"] == "unknown" && again["22"]?["spend"] == cents(2468, "EUR"))
        #expect(again["11"]?.id == first["11"]?.id && again.count == 2)
    }

    @Test func `a budget at Meta is tried, written as an absolute, and read back`() throws {
        let (owner, web, sync) = try connected()
        let known = try ads(owner, sync)
        let brand = "/v1/ad-campaigns/\(try #require(known["11"]).id)/budget"
        let asked = web.service.requests.count
        let set = try owner.post(brand, ["daily_budget": cents(6000, "EUR")]).ok()
        #expect(set["daily_budget"] == cents(6000, "EUR") && web.budgets["11"]?["daily"] == 6000)
        let writes = web.service.requests.dropFirst(asked).filter { $0.method == "POST" }
            .map { String(decoding: $0.body, as: UTF8.self) }
        #expect(writes.count == 2 && writes.allSatisfy { $0.contains("daily_budget=6000") })
        #expect(writes.first?.contains("validate_only") == true)
        #expect(writes.last?.contains("execution_options") == false)
        #expect(web.service.requests.last?.method == "GET", "it is read back")
        let shared = "/v1/ad-campaigns/\(try #require(known["22"]).id)/budget"
        let until = web.service.requests.count
        try owner.post(shared, ["daily_budget": cents(6000, "EUR")]).problem(409, "shared_budget")
        try owner.post(brand, ["daily_budget": cents(300_001, "EUR")]).problem(422, "over_cap")
        try owner.post(brand, ["daily_budget": cents(6000, "USD")]).problem(422, "conflict")
        #expect(web.service.requests.count == until, "what cannot be is not asked for")
        // A budget that Meta does not take is refused, and not written.
        let low = try owner.post(brand, ["daily_budget": cents(50, "EUR")]).problem(409, "conflict")
        #expect(low.text("detail").contains("budget_too_low") && web.budgets["11"]?["daily"] == 6000)
        // Since it was read, its ad sets have got the budgets.
        web.budgets["11"] = [:]
        try owner.post(brand, ["daily_budget": cents(7000, "EUR")]).problem(409, "shared_budget")
        #expect(web.budgets["11"] == [:])
    }

    @Test func `after a lost answer what stands at Meta tells whether a budget was set`() throws {
        let (owner, web, sync) = try connected()
        let brand = "/v1/ad-campaigns/\(try #require(ads(owner, sync)["11"]).id)/budget"
        // The currency, the campaign and the trial are answered; the write is done, and its answer lost.
        web.service.next(.wait {}, .wait {}, .wait {}, .cutDone)
        let set = try owner.post(brand, ["daily_budget": cents(6000, "EUR")]).ok()
        #expect(set["daily_budget"] == cents(6000, "EUR") && web.budgets["11"]?["daily"] == 6000)
        web.service.next(.wait {}, .wait {}, .wait {}, .cutAfter)
        try owner.post(brand, ["daily_budget": cents(7000, "EUR")]).problem(503)
        #expect(web.budgets["11"]?["daily"] == 6000)
        // The value is an absolute: saying it again is no harm.
        try owner.post(brand, ["daily_budget": cents(7000, "EUR")]).ok()
        #expect(web.budgets["11"]?["daily"] == 7000)
    }

    @Test func `currencies without cents at Meta are whole there, and here as everywhere`() throws {
        let (owner, web, sync) = try connected(currency: "HUF", cap: 10_000_000)
        let known = try #require(ads(owner, sync)["11"])
        #expect(known["daily_budget"] == cents(500_000, "HUF"), "5000 forints, in hundredths here")
        let path = "/v1/ad-campaigns/\(known.id)/budget"
        try owner.post(path, ["daily_budget": cents(600_050, "HUF")]).problem(409, "conflict")
        #expect(web.budgets["11"]?["daily"] == 5000)
        let set = try owner.post(path, ["daily_budget": cents(600_000, "HUF")]).ok()
        #expect(set["daily_budget"] == cents(600_000, "HUF") && web.budgets["11"]?["daily"] == 6000)
    }
}
