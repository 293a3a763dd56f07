import JSON
import StandIns
import Testing

/// Films and pictures on TikTok: nothing is chosen that the creator's account does not offer, and each is begun once.
@Suite(.ownThread) struct TikTokPosts {
    let server = BureauProcess.shared
    private static let everybody: JSON = ["privacy_level": "PUBLIC_TO_EVERYONE"]

    private func connected() throws -> (agency: Agency, web: TikTokStandIn, account: JSON) {
        let (agency, web) = (try server.quietAgency(), try TikTokStandIn())
        return (agency, web, try agency.connectNetwork("tiktok", web.service.url, web.credentials))
    }

    private func film(_ agency: Agency, size: Int = 6_000_000, seconds: Int = 12) throws -> (JSON, [UInt8]) {
        let bytes = SampleMedia.mp4(720, 1280, seconds: seconds, size: size)
        return ([try agency.medium(bytes, "film.mp4", altText: "")], bytes)
    }

    private func begun(_ web: TikTokStandIn) -> Int {
        web.service.requests.count { $0.target.hasSuffix("/init/") }
    }

    @Test func `TikTok's creator is asked before each post, and fetches its pictures by their addresses`()
        throws
    {
        let (agency, web, account) = try connected()
        let bytes = SampleMedia.jpeg(720, 1280)
        let media: JSON = [try agency.medium(bytes, "p.jpg", altText: "A dance")]
        let id = try agency.publish(account, "Dance", ["media": media, "options": Self.everybody])
        let post = try agency.post(id, is: "published")
        // All of its digits are there.
        #expect(post.text("remote_id") == "\(TikTokStandIn.firstPost)")
        #expect(post.text("url") == "https://www.tiktok.com/@acme/photo/\(TikTokStandIn.firstPost)")
        let publication = try #require(web.publications.first)
        #expect(publication.info["description"] == "Dance")
        let address = try #require(publication.pictures.first)
        let path = try #require(address.firstRange(of: "/f/")).lowerBound
        #expect(try server.anonymous.get(String(address[path...])).body == bytes)
        #expect(web.creatorsAsked == 1)
        // A privacy level that the account no longer offers is refused.
        web.offer(["SELF_ONLY"])
        let other = try agency.publish(account, "Dance again", ["media": media, "options": Self.everybody])
        let refused = try agency.post(other, is: "failed")
        #expect(refused["reasons"]?[0].text("code") == "privacy_level_option_mismatch")
        #expect(refused["reasons"]?[0].text("detail").contains("SELF_ONLY") == true)
        #expect(web.creatorsAsked == 2 && web.publications.count == 1)
        // A post that is not public has no number: the publication's name stands for it.
        let own = try agency.publish(
            account, "For us", ["media": media, "options": ["privacy_level": "SELF_ONLY"]])
        #expect(try agency.post(own, is: "published").text("remote_id").hasPrefix("v_pub_file"))
        #expect(web.creatorsAsked == 3)
    }

    @Test func `a film goes to TikTok in parts, and an answer that is lost begins none anew`() throws {
        let (agency, web, account) = try connected()
        let (media, bytes) = try film(agency, size: 20_500_000)
        // The creator, the beginning, one part; then the last part arrives, and nobody is told.
        web.service.next(.wait({}), .wait({}), .wait({}), .cutDone)
        let id = try agency.publish(account, "Watch", ["media": media, "options": Self.everybody])
        #expect(try agency.post(id, is: "published").text("remote_id") == "\(TikTokStandIn.firstPost)")
        #expect(begun(web) == 1 && web.publications.first?.bytes == bytes)
        let parts = web.service.requests.filter { $0.method == "PUT" }.map(\.body.count)
        #expect(parts == [10_000_000, 10_500_000])
        #expect(web.publications.first?.info["disable_stitch"] == true)
        // A part that never arrived is sent again.
        web.service.next(.wait({}), .wait({}), .cutAfter)
        let (small, short) = try film(agency)
        #expect(["is_aigc", "brand_content_toggle", "brand_organic_toggle"].allSatisfy {
            web.publications.first?.info[$0] == false
        })
        let own = Self.everybody.merging(["brand_organic_toggle": true])
        let next = try agency.publish(
            account, "And this",
            ["media": small, "options": own, "made_with_ai": true, "paid_partnership": true])
        try agency.post(next, is: "published")
        #expect(begun(web) == 2 && web.publications.last?.bytes == short)
        #expect(["is_aigc", "brand_content_toggle", "brand_organic_toggle"].allSatisfy {
            web.publications.last?.info[$0] == true
        })
        #expect(!server.log.contains(web.uploadToken))
        let shown = try agency.owner.get("/v1/social-posts/\(next)").ok()
        #expect(!shown.serialized.contains(web.uploadToken))
    }

    @Test func `pictures whose beginning TikTok has not answered for are left to a person`() throws {
        let (agency, web, account) = try connected()
        let media: JSON = [try agency.medium(SampleMedia.jpeg(720, 1280), "p.jpg", altText: "A dance")]
        web.service.next(.wait({}), .cutDone)
        let id = try agency.publish(account, "Dance", ["media": media, "options": Self.everybody])
        try agency.post(id, is: "unknown")
        #expect(begun(web) == 1)
        // Somebody has looked: it does not stand, and leaves once more when it is told to.
        let path = "/v1/social-posts/\(id)"
        try agency.owner.post("\(path)/resolve", ["outcome": "not_published"]).ok()
        try agency.owner.post("\(path)/retry", [:]).ok(202)
        try agency.post(id, is: "published")
        #expect(begun(web) == 2 && web.creatorsAsked == 2)
    }

    @Test func `pictures that TikTok cannot be told to mark are published by a person`() throws {
        let (agency, web, account) = try connected()
        let media: JSON = [try agency.medium(SampleMedia.jpeg(720, 1280), "p.jpg", altText: "A dance")]
        let usual: JSONObject = ["media": media, "options": Self.everybody]
        func publish(_ text: String, _ mark: JSONObject) throws -> String {
            var more = usual
            for (name, value) in mark.members { more[name] = value }
            return try agency.publish(account, text, more)
        }
        let piece = try agency.owner.approvedPiece("Dance", "Dance", ["made_with_ai": true])
        let marked = try [
            publish("one", ["made_with_ai": true]), publish("two", ["paid_partnership": true]),
            publish("three", ["content_item_id": .string(piece.id)]),
        ].map { try agency.post($0, is: "awaiting_person") }
        #expect(marked.allSatisfy { $0["reasons"]?[0]["code"] == "cannot_mark" })
        #expect(marked[1]["reasons"]?[0].text("detail").contains("paid for") == true)
        #expect(begun(web) == 0 && web.creatorsAsked == 0)
        let address = "https://www.tiktok.com/@acme/photo/7"
        try agency.owner.post("/v1/social-posts/\(marked[0].id)/done", ["url": .string(address)]).ok()
        try agency.post(marked[0].id, is: "published")
        let looked = try publish("four", ["content_item_id": .string(piece.id), "made_with_ai": false])
        try agency.post(looked, is: "published")
        #expect(begun(web) == 1)
    }

    @Test func `TikTok's reasons are told, its own faults are tried once more, and limits are waited for`()
        throws
    {
        let (agency, web, account) = try connected()
        let (media, _) = try film(agency)
        func publish(_ text: String) throws -> String {
            try agency.publish(account, text, ["media": media, "options": Self.everybody])
        }
        web.fail("frame_rate_check_failed")
        let bad = try agency.post(try publish("one"), is: "failed")
        #expect(bad["reasons"]?[0].text("code") == "frame_rate_check_failed")
        web.fail("internal")
        try agency.post(try publish("two"), is: "published")
        #expect(begun(web) == 3 && web.creatorsAsked == 3)
        web.service.next(.answer(TikTokStandIn.refusal(403, "spam_risk_too_many_posts", "Daily cap")))
        let many = try agency.post(try publish("three"), is: "failed")
        #expect(many["reasons"]?[0].text("code") == "spam_risk_too_many_posts")
        #expect(many["reasons"]?[0].text("detail").contains("Daily cap") == true)
        web.offer(["PUBLIC_TO_EVERYONE"], seconds: 10)
        let long = try agency.post(try publish("four"), is: "failed")
        #expect(long["reasons"]?[0].text("code") == "duration_check_failed")
        web.offer(["PUBLIC_TO_EVERYONE"])
        // An address elsewhere gets no film.
        web.upload(to: "https://films.example")
        let astray = try agency.post(try publish("five"), is: "failed")
        #expect(astray["reasons"]?[0].text("code") == "foreign_address")
        web.service.next(.answer(TikTokStandIn.refusal(429, "rate_limit_exceeded")))
        let later = try agency.post(try publish("six"), is: "held")
        #expect(later["reasons"]?[0].text("code") == "rate_limited")
        #expect(later["reasons"]?[0]["until"] != .null)
    }

    @Test func `TikTok's token is renewed once by the client's key, and the next by what came with it`()
        throws
    {
        let (agency, consent) = (
            try server.quietAgency(), try OAuthStandIn { $0.hasHexChallenge = true }
        )
        let owner = OAuthStandIn.Settings().owner
        let web = try TikTokStandIn {
            consent.admits(owner, $0, to: "user.info.basic,video.publish,video.list")
        }
        let account = try agency.connectNetwork(
            "tiktok", web.service.url, ["client_key": "app", "client_secret": "s3cr3t"],
            [
                "authorize_url": .string(consent.authorizeURL), "token_url": .string(consent.tokenURL),
            ])
        let path = "/v1/integrations/\(account.text("integration_id"))"
        let page = try agency.owner.post("\(path)/connect").ok().text("authorize_url")
        let way = try #require(consent.wayBack(from: page))
        let back = try String(way[#require(way.firstRange(of: "/v1/oauth/callback?")).lowerBound...])
        #expect(try server.anonymous.get(back).status == 200)
        let (media, _) = try film(agency, size: 50_000)
        func publish(_ text: String) throws -> String {
            try agency.publish(account, text, ["media": media, "options": Self.everybody])
        }
        consent.endAccess()
        let posts = try (0..<3).map { try publish("film \($0)") }
        for post in posts { try agency.post(post, is: "published") }
        #expect(consent.grants == ["authorization_code", "refresh_token"])
        consent.endAccess()
        try agency.post(try publish("last"), is: "published")
        #expect(consent.grants.count == 3 && web.publications.count == 4)
    }
}
