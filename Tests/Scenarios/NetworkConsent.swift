import Foundation
import JSON
import StandIns
import Testing

/// Networks that are connected by their owner's consent: what it permits, and how long it lasts.
@Suite(.ownThread) struct NetworkConsent {
    let server = BureauProcess.shared
    private static let owner = OAuthStandIn.Settings().owner
    private static let client: JSON = ["client_id": "app", "client_secret": "s3cr3t"]

    /// Says yes where the integration's owner is asked, and follows the way back.
    private func consents(
        _ agency: Agency, _ path: String, _ wayBack: (String) -> String?
    ) throws -> (status: Int, text: String) {
        let page = try agency.owner.post("\(path)/connect").ok().text("authorize_url")
        let way = try #require(wayBack(page), "\(page)")
        let back = try String(way[#require(way.firstRange(of: "/v1/oauth/callback?")).lowerBound...])
        let answer = try server.anonymous.get(back)
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    /// In how many days the credentials of an integration end; `nil`: that is not known.
    private func days(_ agency: Agency, _ path: String) throws -> Int? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let end = try agency.owner.get(path).ok()["credentials_expire_at"]?.text
        return try end.map { Int(((try style.parse($0).timeIntervalSinceNow) / 86_400).rounded()) }
    }

    private func alerts(_ agency: Agency, _ kind: String) throws -> [JSON] {
        try agency.owner.get("/v1/alerts?kind=\(kind)&open=true").ok().items
    }

    // MARK: LinkedIn

    private func linkedIn(
        _ change: (inout OAuthStandIn.Settings) -> Void = { _ in }
    ) throws -> (agency: Agency, consent: OAuthStandIn, web: LinkedInStandIn, account: JSON, path: String) {
        let (agency, consent) = (try server.quietAgency(), try OAuthStandIn(change))
        let web = try LinkedInStandIn { consent.admits(Self.owner, $0, to: "w_organization_social") }
        let account = try agency.connectNetwork(
            "linkedin", web.service.url, Self.client,
            [
                "author": .string(web.author), "authorize_url": .string(consent.authorizeURL),
                "token_url": .string(consent.tokenURL),
            ])
        return (agency, consent, web, account, "/v1/integrations/\(account.text("integration_id"))")
    }

    @Test func `LinkedIn's token is renewed once, and long before the consent ends it is asked for again`()
        throws
    {
        let (agency, consent, web, account, path) = try linkedIn()
        consent.lasts(365 * 86_400)
        #expect(try consents(agency, path) { consent.wayBack(from: $0) }.status == 200)
        #expect(try days(agency, path) == 365)
        try agency.post(try agency.publish(account, "first"), is: "published")
        #expect(consent.grants == ["authorization_code"])
        consent.endAccess()
        let posts = try (0..<3).map { try agency.publish(account, "post \($0)") }
        for post in posts { try agency.post(post, is: "published") }
        #expect(consent.grants == ["authorization_code", "refresh_token"])
        #expect(try alerts(agency, "credential_expiring").isEmpty && days(agency, path) == 365)
        // The year goes on, however often a token is renewed.
        consent.lasts(10 * 86_400)
        consent.endAccess()
        try agency.post(try agency.publish(account, "late"), is: "published")
        #expect(try days(agency, path) == 10)
        let alert = try eventually("the alert") { try alerts(agency, "credential_expiring").first }
        #expect(alert.text("title").contains("consent"))
        #expect(alert.text("recommended_action").contains("Connect"))
        consent.lasts(365 * 86_400)
        #expect(try consents(agency, path) { consent.wayBack(from: $0) }.status == 200)
        #expect(try alerts(agency, "credential_expiring").isEmpty && days(agency, path) == 365)
        #expect(web.posts.all.count == 5)
        // A date that a person has entered stays.
        try agency.owner.patch(path, ["credentials_expire_at": "2031-01-25T10:00:00.000Z"]).ok()
        consent.endAccess()
        try agency.post(try agency.publish(account, "last"), is: "published")
        #expect(try agency.owner.get(path).ok()["credentials_expire_at"] == "2031-01-25T10:00:00.000Z")
    }

    @Test func `a consent that nothing renews ends with its token, and what is withheld is named`() throws {
        let (agency, consent, _, _, path) = try linkedIn {
            ($0.givesRefreshTokens, $0.lifetime) = (false, 60 * 86_400)
        }
        consent.withhold(["r_organization_social", "rw_organization_admin"])
        let page = try consents(agency, path) { consent.wayBack(from: $0) }
        #expect(page.status == 200 && page.text.contains("r_organization_social, rw_organization_admin"))
        #expect(try days(agency, path) == 60)
        let lacking = try agency.owner.get(path).ok()
        #expect(lacking["status"] == "active" && lacking.text("error").contains("r_organization_social"))
        #expect(try alerts(agency, "integration_failing").map { $0.text("severity") } == ["warning"])
        let trial = try agency.owner.post("\(path)/test").ok()
        #expect(trial["ok"] == true && trial["code"] == "permission_missing")
        #expect(trial.text("detail").contains("rw_organization_admin"))
        consent.withhold([])
        #expect(try !consents(agency, path) { consent.wayBack(from: $0) }.text.contains("rw_organization"))
        #expect(try alerts(agency, "integration_failing").isEmpty)
        let whole = try agency.owner.post("\(path)/test").ok()
        #expect(whole["ok"] == true && whole["code"] == .null)
    }

    @Test func `TikTok's word for the end of a consent is read, too`() throws {
        let (agency, consent) = (
            try server.quietAgency(),
            try OAuthStandIn { ($0.hasHexChallenge, $0.consentField) = (true, "refresh_expires_in") }
        )
        let account = try agency.connectNetwork(
            "tiktok", consent.service.url, ["client_key": "app", "client_secret": "s3cr3t"],
            ["authorize_url": .string(consent.authorizeURL), "token_url": .string(consent.tokenURL)])
        let path = "/v1/integrations/\(account.text("integration_id"))"
        consent.lasts(180 * 86_400)
        #expect(try consents(agency, path) { consent.wayBack(from: $0) }.status == 200)
        #expect(try days(agency, path) == 180)
        // Of the next consent nothing is told.
        consent.lasts(nil)
        #expect(try consents(agency, path) { consent.wayBack(from: $0) }.status == 200)
        #expect(try days(agency, path) == nil)
    }

    // MARK: Meta

    @Test func `the chosen page of Facebook is let in by consent, with a token that lasts`() throws {
        let (agency, login) = (try server.quietAgency(), MetaLoginShelf(page: "555"))
        let web = try GraphPublishingStandIn(login: login)
        let account = try agency.connectNetwork(
            "facebook", web.service.url, ["client_id": "app", "app_secret": .string(login.secret)],
            ["page_id": .string(web.page)])
        let path = "/v1/integrations/\(account.text("integration_id"))"
        #expect(try agency.owner.get(path).ok()["status"] == "disabled")
        // A page on which the person may not publish is of no use.
        login.allow(["MESSAGING"])
        let refused = try consents(agency, path) { login.wayBack(from: $0) }
        #expect(refused.status == 400 && refused.text.contains("CREATE_CONTENT"), "\(refused.text)")
        login.allow(["CREATE_CONTENT"])
        let page = try consents(agency, path) { login.wayBack(from: $0) }
        #expect(page.status == 200, "\(page.text)")
        #expect(login.exchanges == 2)
        try agency.post(try agency.publish(account, "A garden"), is: "published")
        #expect(web.posts.texts == ["A garden"])
        // The page's token does not end; the owner's data do.
        #expect(try days(agency, path) == 90)
        #expect(try agency.owner.post("\(path)/test").ok()["code"] == .null)
        login.withhold(["pages_manage_posts"])
        let trial = try agency.owner.post("\(path)/test").ok()
        #expect(trial["ok"] == true && trial["code"] == "permission_missing")
        #expect(trial.text("detail").contains("pages_manage_posts"))
        // Another page than those that the owner has chosen is named beside them.
        try agency.owner.patch(
            path, ["settings": ["page_id": "777", "base_url": .string(web.service.url)]]
        ).ok()
        let other = try consents(agency, path) { login.wayBack(from: $0) }
        #expect(other.status == 400)
        #expect(other.text.contains("Acme (555)") && other.text.contains("page_id"), "\(other.text)")
        #expect(!server.log.contains("EAAB-short") && !server.log.contains("EAAB-long"))
    }

    @Test(arguments: [true, false])
    func `Instagram is let in by consent to publish, through its page or by itself`(isLinked: Bool) throws {
        let (agency, login) = (try server.quietAgency(), MetaLoginShelf(page: isLinked ? "555" : nil))
        let web = try GraphPublishingStandIn(login: login)
        var settings: JSONObject = ["ig_user_id": .string(web.account)]
        if isLinked { settings["page_id"] = .string(web.page) }
        let account = try agency.connectNetwork(
            "instagram", web.service.url, ["client_id": "app", "app_secret": .string(login.secret)], settings)
        let path = "/v1/integrations/\(account.text("integration_id"))"
        #expect(try agency.owner.get(path).ok()["status"] == "disabled")
        let scope = isLinked ? "instagram_content_publish" : "instagram_business_content_publish"
        login.withhold([scope])
        let lacking = try consents(agency, path) { login.wayBack(from: $0) }
        #expect(lacking.status == 200 && lacking.text.contains(scope), "\(lacking.text)")
        login.withhold([])
        let page = try consents(agency, path) { login.wayBack(from: $0) }
        #expect(page.status == 200 && !page.text.contains(scope), "\(page.text)")
        #expect(try days(agency, path) == (isLinked ? 90 : nil))
        #expect(try agency.owner.post("\(path)/test").ok()["code"] == .null)
        let picture = try agency.medium(SampleMedia.jpeg(800, 800), "garden.jpg")
        try agency.post(try agency.publish(account, "A garden", ["media": [picture]]), is: "published")
        #expect(web.posts.texts == ["A garden"])
        #expect(!server.log.contains("EAAB-short") && !server.log.contains("EAAB-long"))
    }

    @Test(arguments: [MetaStandIn.Kind.messenger, .instagram])
    func `Messenger and Instagram are let in by consent, the account's own token being renewed`(
        _ kind: MetaStandIn.Kind
    ) throws {
        let agency = try server.quietAgency(), isPage = kind == .messenger
        let login = MetaLoginShelf(page: isPage ? "5001" : nil, secret: "bureau-test-app-secret")
        let meta = try MetaStandIn(kind, login: login)
        let secrets: JSON = [
            "client_id": "app", "app_secret": .string(meta.secret), "verify_token": .string(meta.verifyToken),
        ]
        let made = try agency.connect(
            kind.rawValue, meta.service.url, credentials: secrets, settings: meta.settings,
            capability: "chat")
        let path = "/v1/integrations/\(made.id)"
        let scope = isPage ? "pages_messaging" : "instagram_business_manage_messages"
        if !isPage { login.withhold([scope]) }
        let page = try consents(agency, path) { login.wayBack(from: $0) }
        #expect(page.status == 200 && page.text.contains(scope) != isPage, "\(page.text)")
        #expect(try days(agency, path) == (isPage ? 90 : nil))
        func trial() throws -> JSON { try agency.owner.post("\(path)/test").ok() }
        let first = try trial()
        #expect(first["ok"] == true && first.text("detail").contains(scope) != isPage, "\(first)")
        #expect(login.renewals == 0)
        // A scope that the page's owner takes back later is named, too.
        if isPage { login.withhold([scope]) }
        let lacking = try trial()
        #expect(lacking.text("code") == "permission_missing" && lacking.text("detail").contains(scope))
        let soon = Date(timeIntervalSinceNow: 2 * 86_400).formatted(.iso8601)
        try agency.owner.patch(path, ["credentials": ["expires_at": .string(soon)]]).ok()
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        #expect(login.renewals == (isPage ? 0 : 1))
        let bare = try agency.owner.post(
            "/v1/integrations",
            [
                "provider": .string(kind.rawValue), "capability": "chat", "settings": .object(meta.settings),
                "credentials": ["app_secret": "s", "verify_token": "v"],
            ])
        #expect(try bare.faults() == ["/credentials/access_token": "required"])
    }

    @Test func `Meta Ads are read by their owner's consent, which is asked for again before it ends`() throws
    {
        let (agency, login) = (try server.quietAgency(), MetaLoginShelf())
        let web = try MetaAdsStandIn(login: login)
        let made = try agency.connect(
            "meta_ads", web.service.url,
            credentials: ["client_id": "app", "app_secret": .string(login.secret)],
            settings: ["ad_account_id": .string(web.account)], capability: "advertising")
        let path = "/v1/integrations/\(made.id)"
        login.withhold(["ads_management"])
        let page = try consents(agency, path) { login.wayBack(from: $0) }
        #expect(page.status == 200 && page.text.contains("ads_management"), "\(page.text)")
        #expect(try days(agency, path) == 60 && login.exchanges == 1)
        login.withhold([])
        #expect(try agency.owner.post("\(path)/test").ok()["code"] == .null)
        #expect(try agency.owner.get(path).ok()["error"] == .null)
        #expect(try alerts(agency, "credential_expiring").isEmpty)
        login.lasts(10 * 86_400)
        #expect(try consents(agency, path) { login.wayBack(from: $0) }.status == 200)
        #expect(try days(agency, path) == 10)
        let alert = try eventually("the alert") { try alerts(agency, "credential_expiring").first }
        #expect(alert["subject"]?["id"] == .string(made.id) && alert.text("title").contains("consent"))
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        #expect(try alerts(agency, "credential_expiring").count == 1)
        login.lasts(60 * 86_400)
        #expect(try consents(agency, path) { login.wayBack(from: $0) }.status == 200)
        #expect(try alerts(agency, "credential_expiring").isEmpty && days(agency, path) == 60)
    }
}
