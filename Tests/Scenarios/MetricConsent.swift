import Foundation
import JSON
import StandIns
import Testing

/// Tokens for analytics and advertising services are renewed by themselves.
@Suite(.ownThread) struct MetricConsent {
    let server = BureauProcess.shared
    private static let scope = "https://www.googleapis.com/auth/analytics.readonly"
    private static let owner = OAuthStandIn.Settings().owner

    private func sync(_ agency: Agency, _ integration: JSON, to last: String = "2025-11-09") throws -> Answer
    {
        try agency.owner.post(
            "/v1/integrations/\(integration.id)/sync?wait=PT60S",
            ["from": "2025-11-01", "to": .string(last)])
    }

    private func connect(
        _ agency: Agency, _ provider: String, _ url: String, _ settings: JSONObject, _ credentials: JSON,
        for capability: String = "analytics"
    ) throws -> JSON {
        try agency.owner.post(
            "/v1/integrations",
            [
                "provider": .string(provider), "capability": .string(capability),
                "settings": .object(JSONObject(settings.members + [("base_url", .string(url))])),
                "credentials": credentials,
            ]
        ).ok(201)
    }

    /// Opens the page of consent as the owner does, says yes, and follows the way back.
    private func consents(_ agency: Agency, _ integration: JSON, _ consent: OAuthStandIn) throws -> Int {
        let page = try agency.owner.post("/v1/integrations/\(integration.id)/connect").ok()
            .text("authorize_url")
        let way = try #require(consent.wayBack(from: page))
        let back = try String(way[#require(way.firstRange(of: "/v1/oauth/callback?")).lowerBound...])
        return try server.anonymous.get(back).status
    }

    @Test func `the owner of a Google account consents once, and tokens are renewed until it is taken back`()
        throws
    {
        let (agency, consent) = (try server.quietAgency(), try OAuthStandIn())
        let web = try GoogleAnalyticsStandIn(admits: { consent.admits(Self.owner, $0, to: Self.scope) })
        for day in 1...9 { web.days["2025110\(day)"] = ["sessions": Double(day)] }
        var settings = web.settings
        settings["authorize_url"] = .string(consent.authorizeURL)
        settings["token_url"] = .string(consent.tokenURL)
        let made = try connect(
            agency, "google_analytics", web.service.url, settings,
            ["client_id": "app", "client_secret": "s3cr3t"])
        #expect(made.text("status") == "disabled")
        try sync(agency, made).problem(409, "conflict")
        #expect(try consents(agency, made, consent) == 200)
        #expect(try sync(agency, made).ok()["created"] == 54)
        #expect(consent.grants == ["authorization_code"])
        // Nearly over, the token is replaced before it is used.
        let soon = Date(timeIntervalSinceNow: 200).formatted(.iso8601)
        let path = "/v1/integrations/\(made.id)"
        try agency.owner.patch(path, ["credentials": ["expires_at": .string(soon)]]).ok()
        _ = try sync(agency, made, to: "2025-11-02").ok()
        #expect(consent.grants == ["authorization_code", "refresh_token"])
        // Over before its time, it is renewed once, and the question asked again.
        consent.endAccess()
        _ = try sync(agency, made, to: "2025-11-03").ok()
        #expect(consent.grants.count == 3)
        #expect(try agency.owner.get(path).ok().text("status") == "active")
        let calls = try agency.owner.every("/v1/tool-calls?integration_id=\(made.id)")
        #expect(calls.count { $0.text("tool") == "renew_access" } == 3)
        // The owner takes it back: nothing is read, what was stays, and a person is told.
        consent.revoke()
        try sync(agency, made, to: "2025-11-04").problem(409, "conflict")
        #expect(try agency.owner.get(path).ok().text("status") == "failing")
        #expect(try agency.owner.every("/v1/metrics").count == 54)
        #expect(!server.log.contains("access-1") && !server.log.contains("refresh-1"))
    }

    @Test func `Google Ads is let in by its owner's consent, and a budget set with a renewed token`() throws {
        let (agency, consent) = (try server.quietAgency(), try OAuthStandIn())
        let scope = "https://www.googleapis.com/auth/adwords"
        let web = try GoogleAdsStandIn(admits: { consent.admits(Self.owner, $0, to: scope) })
        for day in 1...2 { web.days["2025110\(day)"] = ["clicks": 5, "cost": 12_340_000] }
        web.budgets["111"] = ["micros": 15_000_000]
        var settings = web.settings
        settings["authorize_url"] = .string(consent.authorizeURL)
        settings["token_url"] = .string(consent.tokenURL)
        let made = try connect(
            agency, "google_ads", web.service.url, settings,
            [
                "client_id": "app", "client_secret": "s3cr3t", "developer_token": .string(web.developer),
            ], for: "advertising")
        let path = "/v1/integrations/\(made.id)"
        #expect(made.text("status") == "disabled")
        try sync(agency, made).problem(409, "conflict")
        // Without the second of its two scopes no audience can be told: it is named.
        consent.withhold(["https://www.googleapis.com/auth/datamanager"])
        #expect(try consents(agency, made, consent) == 200)
        #expect(try agency.owner.get(path).ok().text("error").contains("datamanager"))
        consent.withhold([])
        #expect(try consents(agency, made, consent) == 200)
        #expect(try agency.owner.get(path).ok()["error"] == .null)
        _ = try sync(agency, made, to: "2025-11-02").ok()
        let ads = try agency.owner.every("/v1/ad-campaigns")
        let brand = try #require(ads.first { $0["remote_id"] == "111" })
        #expect(brand["spend"] == cents(2468, "EUR"))
        // Over before its time, it is renewed once, and the budget is set all the same.
        consent.endAccess()
        try agency.owner.post(
            "/v1/ad-campaigns/\(brand.id)/budget", ["daily_budget": cents(2000, "EUR")]
        ).ok()
        #expect(web.budgets["111"]?["micros"] == 20_000_000)
        #expect(consent.grants == ["authorization_code", "authorization_code", "refresh_token"])
        consent.revoke()
        try sync(agency, made, to: "2025-11-02").problem(409, "conflict")
        #expect(try agency.owner.get(path).ok().text("status") == "failing")
        #expect(!server.log.contains("access-1") && !server.log.contains("refresh-1"))
    }

    @Test func `Adobe's token is fetched with the project's secret, and again before its day is over`() throws
    {
        let (agency, consent) = (
            try server.quietAgency(),
            try OAuthStandIn { $0.clientID = "adobe-client" }
        )
        let web = try AdobeAnalyticsStandIn(admits: { consent.admits(Self.owner, $0, to: "AdobeID") })
        for day in 1...9 { web.days["2025110\(day)"] = ["visits": Double(day)] }
        var settings = web.settings
        settings["token_url"] = .string(consent.tokenURL)
        let made = try connect(
            agency, "adobe_analytics", web.service.url, settings,
            ["api_key": .string(web.key), "client_secret": "s3cr3t"])
        #expect(made.text("status") == "active")
        #expect(try agency.owner.post("/v1/integrations/\(made.id)/test").ok()["ok"] == true)
        #expect(try sync(agency, made).ok()["created"] == 9)
        // It is said to be good for an hour, which is its last: each use fetches another.
        #expect(!consent.grants.isEmpty && Set(consent.grants) == ["client_credentials"])
        let later = Date(timeIntervalSinceNow: 7200).formatted(.iso8601), before = consent.grants.count
        try agency.owner.patch(
            "/v1/integrations/\(made.id)", ["credentials": ["expires_at": .string(later)]]
        ).ok()
        _ = try sync(agency, made, to: "2025-11-02").ok()
        #expect(consent.grants.count == before)
        let neither: JSON = [
            "provider": "adobe_analytics", "capability": "analytics", "settings": .object(settings),
            "credentials": ["api_key": "x"],
        ]
        #expect(
            try agency.owner.post("/v1/integrations", neither).faults()
                == ["/credentials/access_token": "required"])
    }
}
