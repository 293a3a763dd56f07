import Foundation
import JSON
import StandIns
import Testing

extension Isolation {
    /// Creates what networks tell beside posts: a trend, a live talk, a form with somebody's answers, and a post that
    /// is ready to be shown for money.
    func offered(by agency: Agency) throws {
        // Nothing is drafted about it meanwhile.
        try agency.owner.patch("/v1/agents/twitter_agent", ["state": "disabled"]).ok()
        try spoken(of: agency)
        let linkedIn = try LinkedInStandIn()
        linkedIn.leads.fill("r-1", LinkedInLeadShelf.person("Ann", "Lee", "ann@northwind.example", "Northwind"))
        _ = try agency.connect(
            "linkedin", linkedIn.service.url,
            credentials: [
                "access_token": .string(linkedIn.token), "client_secret": .string(LinkedInLeadShelf.secret),
            ],
            settings: [
                "author": .string(linkedIn.author), "lead_forms": true,
                "ad_account": .string(LinkedInLeadShelf.account),
            ], capability: "social_publishing")
        try present("lead-form-responses", of: agency)
        try promoted(by: agency)
    }

    private func present(_ list: String, of agency: Agency) throws {
        try eventuallyTrue("one of \(list)") { try !agency.owner.get("/v1/\(list)").ok().items.isEmpty }
    }

    private func spoken(of agency: Agency) throws {
        let web = try XStandIn()
        web.trend(at: 1, [["trend_name": "#Roses"]])
        web.space(
            "1Roses",
            ["state": "scheduled", "title": "Roses", "scheduled_start": "2099-03-04T18:00:00.000Z"])
        let credentials = web.credentials.merging(["app_token": .string(XStandIn.appToken)])
        let account = try agency.connectNetwork("x", web.service.url, credentials, web.settings)
        try agency.owner.patch(
            "/v1/social-accounts/\(account.id)", ["trends_place": 1, "reads_spaces": true]
        ).ok()
        try present("network-trends", of: agency)
        try present("network-spaces", of: agency)
        let chat = try agency.connect(
            "x", web.service.url, credentials: web.credentials, settings: web.settings, capability: "chat")
        try agency.rest()
        web.mention("We love it")
        try agency.owner.patch("/v1/integrations/\(chat.id)", ["name": "What is said"]).ok()
        try present("social-mentions", of: agency)
    }

    private func promoted(by agency: Agency) throws {
        let (page, ads) = (try GraphPublishingStandIn(), try MetaAdsStandIn())
        let account = try agency.connectNetwork(
            "facebook", page.service.url, ["access_token": .string(page.token)],
            ["page_id": .string(page.page)])
        let post = try agency.post(try agency.publish(account, "Our new shop"), is: "published")
        ads.days["20251101"] = ["clicks": 5, "cost": 12.34]
        ads.budgets["22"] = [:]
        let advertising = try agency.connect(
            "meta_ads", ads.service.url, credentials: ads.credentials, settings: ads.settings,
            capability: "advertising")
        try agency.owner.ended(
            "/v1/integrations/\(advertising.id)/sync", ["from": "2025-11-01", "to": "2025-11-01"])
        let ad = try #require(
            try agency.owner.every("/v1/ad-campaigns").first { $0["remote_id"] == "22" })
        let end = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: 10 * 86_400))
        let promotion = try agency.owner.post(
            "/v1/social-posts/\(post.id)/promote",
            [
                "ad_campaign_id": .string(ad.id), "lifetime_budget": cents(500, "EUR"),
                "end_at": .string(end), "countries": ["DE"],
            ]
        ).ok(202)
        try eventuallyTrue("the advertisement") {
            try agency.owner.get("/v1/post-promotions/\(promotion.id)").ok().text("status") == "ready"
        }
    }
}
