import Foundation
import JSON
import StandIns
import Testing

/// Talk on X is read, and drafted about in the agency's own words, for people to review, while people speak
/// of it.
@Suite(.ownThread) struct NetworkTrends {
    /// The agency's own texts.
    private static let care = [
        "Roses are cut in March, when the frost is over.", "Good rose care takes an hour of every week.",
        "Clean water in the morning helps all roses.",
    ]

    private func connected(
        _ agency: Agency, _ web: XStandIn, app: String? = XStandIn.appToken
    ) throws -> JSON {
        var credentials = web.credentials.object ?? [:]
        if let app { credentials["app_token"] = .string(app) }
        return try agency.connectNetwork("x", web.service.url, .object(credentials), web.settings)
    }

    private func article(_ owner: Caller, _ title: String, _ body: String) throws -> JSON {
        try owner.post(
            "/v1/articles", ["title": .string(title), "body": .string(body), "status": "published"]
        ).ok(201)
    }

    private func trends(_ owner: Caller) throws -> [JSON] {
        try owner.every("/v1/network-trends").sorted { ($0["rank"]?.int ?? 0) < ($1["rank"]?.int ?? 0) }
    }

    private func drafts(_ owner: Caller) throws -> [JSON] { try owner.every("/v1/content-items?status=draft") }

    @Test func `trends are read with their time and price, and what fits own material is drafted once`()
        throws
    {
        let agency = try BureauProcess.shared.quietAgency(), owner = agency.owner, web = try XStandIn()
        let roses = try article(owner, "Rose care in spring", Self.care.joined(separator: " "))
        _ = try article(
            owner, "Our invoices", "All of our invoices come on a Monday. They are paid within thirty days or so.")
        try owner.patch("/v1/agents/twitter_agent", ["state": "active", "autonomy": "autopilot"]).ok()
        web.trend(
            at: 23_424_829,
            [
                ["trend_name": "#Championship", "tweet_count": 232_408], ["trend_name": "Monday"],
                ["trend_name": "#RoseCare", "tweet_count": 5120], ["trend_name": "#rosecare"],
                ["trend_name": "Evil\u{202E}gnp", "tweet_count": 7], ["trend_name": "  "],
                ["trend_name": .string(String(repeating: "x", count: 10_000))], ["tweet_count": 3],
            ])
        let account = try connected(agency, web)
        #expect(try trends(owner).isEmpty && web.service.requests.allSatisfy { !$0.target.contains("trends") })
        try owner.patch("/v1/social-accounts/\(account.id)", ["trends_place": 23_424_829]).ok()
        let told = try eventually("the trends") {
            let told = try trends(owner)
            return told.isEmpty ? nil : told
        }
        #expect(told.map { $0.text("name") } == ["#Championship", "Monday", "#RoseCare"])
        #expect(told.map { $0["posts"] } == [232_408, .null, 5120], "what is not told is not nothing")
        #expect(told.allSatisfy { $0["account_id"] == .string(account.id) && $0["place"] == 23_424_829 })
        let draft = try eventually("the draft") { try drafts(owner).first }
        #expect(draft["sources"]?[0]["id"] == .string(roses.id) && draft["format"] == "social")
        #expect(Self.care.allSatisfy { draft.text("body").contains($0) }, "\(draft.text("body"))")
        let about = try eventually("the trend of the draft") {
            try trends(owner).first { $0["draft_id"] == .string(draft.id) }
        }
        #expect(about["name"] == "#RoseCare" && about["drafted_at"] != .null)
        #expect(try owner.every("/v1/social-posts").isEmpty, "people review it first")
        let decision = try #require(try owner.every("/v1/decisions?agent=twitter_agent").first)
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
        let factors = decision["factors"]?.array ?? []
        #expect(factors.contains { $0["name"] == "trend" && $0["value"] == "#RoseCare" })
        // "Monday" is a word of an article, and no subject of it.
        _ = try owner.runAgent("twitter_agent")
        #expect(try drafts(owner).count == 1)
        let calls = try owner.every("/v1/tool-calls?tool=read_social_trends")
        #expect(calls.map { $0.text("state") } == ["succeeded"])
        // Each costs a third of what a post does, which is 1.5 cents.
        #expect(calls[0]["cost_micros"] == 1_500_000, "\(calls[0])")
    }

    @Test func `what X does not tell is said, and others tell no trends`() throws {
        let agency = try BureauProcess.shared.quietAgency(), owner = agency.owner, web = try XStandIn()
        web.trend(at: 1, [["trend_name": "Roses"]])
        let account = try connected(agency, web, app: nil)
        try owner.patch("/v1/social-accounts/\(account.id)", ["trends_place": 1]).ok()
        let alert = try eventually("the alert") {
            try owner.every("/v1/alerts").first { $0.text("kind") == "social_trends" }
        }
        #expect(alert.text("title").contains("app_token"), "\(alert)")
        #expect(try trends(owner).isEmpty)
        let linkedin = try owner.post("/v1/social-accounts", ["network": "linkedin", "name": "Acme"]).ok(201)
        #expect(
            try owner.patch("/v1/social-accounts/\(linkedin.id)", ["trends_place": 1]).faults()
                == ["/trends_place": "conflict"])
    }

    @Test func `trends that are over draft nothing, and what nobody owns is not read`() throws {
        let story = try MeasuringAgency(), agency = story.agency, web = try XStandIn()
        web.trend(at: 1, [["trend_name": "#RoseCare", "tweet_count": 5120]])
        let account = try connected(agency, web)
        func asked() -> Int { web.service.requests.count { $0.target.contains("trends") } }
        func pass(_ hours: Double) throws -> Caller {
            try story.pass(hours * MeasuringAgency.hour)
            return agency.server.caller(try agency.signIn().text("access_token"))
        }
        try agency.owner.patch("/v1/social-accounts/\(account.id)", ["trends_place": 1]).ok()
        try eventuallyTrue("the trends") { try trends(agency.owner).count == 1 }
        // Seven hours pass, and X is away then.
        web.service.next(.answer(XStandIn.refusal(503, "Away")), when: { $0.target.contains("trends") })
        var owner = try pass(7)
        try eventuallyTrue("X is asked in vain") { asked() == 2 }
        _ = try article(owner, "Rose care in spring", Self.care.joined(separator: " "))
        try owner.patch("/v1/agents/twitter_agent", ["state": "active", "autonomy": "autopilot"]).ok()
        #expect(try owner.runAgent("twitter_agent")["drafts"] == [])
        #expect(try drafts(owner).isEmpty && trends(owner).count == 1)
        // People still speak of it.
        owner = try pass(1)
        try eventuallyTrue("the draft") { try drafts(owner).count == 1 }
        try owner.patch("/v1/social-accounts/\(account.id)", ["trends_place": .null]).ok()
        let before = asked()
        owner = try pass(7)
        #expect(try owner.runAgent("twitter_agent")["drafts"] == [] && asked() == before)
    }
}
