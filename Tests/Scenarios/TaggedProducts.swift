import JSON
import StandIns
import Testing

/// Products of a shop's catalogue in posts of Instagram: found, tagged where the network lets the account do so, and
/// otherwise asked of a person.
@Suite(.ownThread) struct TaggedProducts {
    let server = BureauProcess.shared
    private static let (bears, worms) = (InstagramShopShelf.bears, InstagramShopShelf.worms)

    private func connected() throws -> (agency: Agency, web: GraphPublishingStandIn, account: JSON) {
        let (agency, web) = (try server.quietAgency(), try GraphPublishingStandIn())
        let account = try agency.connectNetwork(
            "instagram", web.service.url, ["access_token": .string(web.token)],
            ["ig_user_id": .string(web.account)])
        return (agency, web, account)
    }

    /// A picture in which products are tagged.
    private func picture(_ agency: Agency, _ products: [JSON]) throws -> JSON {
        try agency.medium(SampleMedia.jpeg(1080, 1080), "a.jpg").merging(["products": .array(products)])
    }

    private func tag(_ id: String, _ x: Double? = 0.5, _ y: Double? = 0.25) -> JSON {
        var tag: JSONObject = ["product_id": .string(id)]
        if let x { tag["x"] = .number(x) }
        if let y { tag["y"] = .number(y) }
        return .object(tag)
    }

    @Test func `catalogues and products are read as the network has them, with their reviews`() throws {
        let (agency, web, account) = try connected()
        let shop = "/v1/social-accounts/\(account.id)"
        let told = try agency.owner.get("\(shop)/shop").ok()
        #expect(told["eligible"] == true && told["reason"] == .null)
        #expect(
            told["catalogs"] == [
                [
                    "id": .string(InstagramShopShelf.catalog), "name": "Snacks", "shop_name": "Acme",
                    "product_count": 3,
                ]
            ])
        let path = "\(shop)/products?catalog_id=\(InstagramShopShelf.catalog)"
        let first = try agency.owner.get(path).ok()
        #expect(first["data"]?.array?.map { $0.text("product_id") } == [Self.bears, Self.worms])
        #expect(first["data"]?[0]["taggable"] == true)
        let rest = try agency.owner.get("\(path)&place=\(first.text("next"))").ok()
        #expect(rest["data"]?[0]["product_id"] == .string(InstagramShopShelf.rejected), "to the last digit")
        #expect(rest["data"]?[0]["taggable"] == false && rest["next"] == .null)
        let found = try agency.owner.get("\(path)&q=Worms").ok()
        #expect(found["data"]?.array?.map { $0.text("name") } == ["Gummy Worms"])
        try agency.owner.get("\(shop)/products").problem(400)
        let refused = try agency.owner.get("\(shop)/products?catalog_id=1").problem(409)
        #expect(refused.text("detail").contains("not this account's"))
        // Accounts of other networks, and by hand, have no shop.
        let other = try agency.owner.post("/v1/social-accounts", ["network": "x", "name": "X"]).ok(201)
        #expect(try agency.owner.get("/v1/social-accounts/\(other.id)/shop").ok()["eligible"] == false)
        #expect(!server.log.contains(web.token))
    }

    @Test func `products are tagged as a post is published, read back, and tagged in one that stands`() throws
    {
        let (agency, web, account) = try connected()
        let draft = try agency.owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": "Sweets",
                "media": [try picture(agency, [tag(Self.bears)])],
            ]
        ).ok(201)
        #expect(draft["media"]?[0]["products"]?[0]["product_id"] == .string(Self.bears))
        let path = "/v1/social-posts/\(draft.id)/product-tags"
        #expect(try agency.owner.get(path).ok()["data"] == [], "nothing stands yet")
        try agency.owner.post(path, ["tags": [tag(Self.worms)]]).problem(409, "invalid_transition")
        try agency.owner.post("/v1/social-posts/\(draft.id)/publish", [:]).ok(202)
        let post = try agency.post(draft.id, is: "published")
        let container = try #require(web.containers.first)
        let sent = try JSONParser.parse(Array((container["product_tags"] ?? "").utf8))
        #expect(sent == [["product_id": .string(Self.bears), "x": 0.5, "y": 0.25]])
        let tags = try agency.owner.get(path).ok()["data"]?.array ?? []
        #expect(tags.count == 1 && tags[0]["product_id"] == .string(Self.bears))
        #expect(tags[0]["name"] == "Gummy Bears" && tags[0]["review_status"] == "approved")
        let after = try agency.owner.post(path, ["tags": [tag(Self.worms, 0.1, 0.9)]]).ok()
        #expect(
            Set(after["data"]?.array?.map { $0.text("product_id") } ?? []) == [Self.bears, Self.worms])
        #expect(web.shop.tags(of: post.text("remote_id")).count == 2)
        // A tag that the network refuses is told with its reason, and nothing changes.
        let refused = try agency.owner.post(path, ["tags": [tag(InstagramShopShelf.rejected)]])
            .problem(409)
        #expect(refused.text("detail").contains("rejected in review"))
        #expect(web.shop.tags(of: post.text("remote_id")).count == 2)
        try agency.owner.post(path, ["tags": .array((1...4).map { tag("\($0)") })]).problem(422, "too_many")
        #expect(try agency.owner.every("/v1/audit?action=social_post.products_tagged").count == 1)
    }

    @Test func `in a carousel each picture has its own products, and what does not fit is named at once`()
        throws
    {
        let (agency, web, account) = try connected()
        func post(_ media: [JSON], _ more: JSONObject = [:]) throws -> String {
            var body: JSONObject = [
                "account_id": .string(account.id), "text": "Sweets", "media": .array(media),
            ]
            for (name, value) in more.members { body[name] = value }
            return try agency.owner.post("/v1/social-posts", .object(body)).ok(201).id
        }
        let pair = [
            try picture(agency, [tag(Self.bears)]), try picture(agency, [tag(Self.worms), tag(Self.bears)]),
        ]
        let id = try post(pair, ["format": "carousel"])
        try agency.owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202)
        try agency.post(id, is: "published")
        #expect(web.containers.count { $0["product_tags"] != nil } == 2)
        #expect(web.containers.first { $0["media_type"] == "CAROUSEL" }?["product_tags"] == nil)
        let six = try post([try picture(agency, (1...6).map { tag("\($0)") })], ["allow_repeat": true])
        try agency.owner.post("/v1/social-posts/\(six)/publish", [:]).problem(422, "too_many")
        let story = try post([try picture(agency, [tag(Self.bears)])], ["format": "story"])
        let refused = try agency.owner.post("/v1/social-posts/\(story)/publish", [:]).faults()
        #expect(refused["/media/0/products"] == "conflict")
        let unplaced = try post([try picture(agency, [tag(Self.bears, nil, nil)])], ["allow_repeat": true])
        try agency.owner.post("/v1/social-posts/\(unplaced)/publish", [:]).problem(422, "required")
        let twice = try post(
            [try picture(agency, [tag(Self.bears), tag(Self.bears)])], ["allow_repeat": true])
        try agency.owner.post("/v1/social-posts/\(twice)/publish", [:]).problem(422, "duplicate_value")
        // A product of another's catalogue is refused by the network, in its words.
        let foreign = try post([try picture(agency, [tag("42")])], ["allow_repeat": true])
        try agency.owner.post("/v1/social-posts/\(foreign)/publish", [:]).ok(202)
        let failed = try agency.post(foreign, is: "failed")
        #expect(failed["reasons"]?[0].text("detail").contains("does not belong to a catalog") == true)
    }

    @Test func `where the account may not tag, the post stands, and a person is asked to tag`() throws {
        let (agency, web, account) = try connected()
        web.shop.setEligible(false)
        let told = try agency.owner.get("/v1/social-accounts/\(account.id)/shop").ok()
        #expect(told["eligible"] == false && told["catalogs"] == [] && told["reason"] != .null)
        let id = try agency.publish(
            account, "Sweets for all", ["media": [try picture(agency, [tag(Self.bears)])]])
        try agency.post(id, is: "published")
        #expect(
            web.containers.allSatisfy { $0["product_tags"] == nil } && web.posts.texts == ["Sweets for all"])
        let task = try eventually("the task of a person") {
            try agency.owner.every("/v1/social-posts?by_hand=product_tags").first {
                $0["status"] == "awaiting_person"
            }
        }
        #expect(task.text("text").contains("Sweets for all") && task.text("text").contains(Self.bears))
        try agency.owner.post("/v1/social-posts/\(task.id)/done", ["url": "https://www.instagram.com/p/1/"])
            .ok()
        #expect(try agency.owner.every("/v1/social-posts?by_hand=product_tags").count == 1)
    }

    @Test func `a product that was rejected is appealed for once, with the reason`() throws {
        let (agency, web, account) = try connected()
        let products = "/v1/social-accounts/\(account.id)/products"
        let rejected = "\(products)/\(InstagramShopShelf.rejected)"
        let review = try agency.owner.get("\(rejected)/review").ok()
        #expect(review["review_status"] == "rejected" && review["eligible_for_appeal"] == true)
        let now = try agency.owner.post("\(rejected)/appeal", ["reason": "It is chewing gum."]).ok()
        #expect(now["review_status"] == "pending" && now["eligible_for_appeal"] == false)
        #expect(web.shop.appeals == [InstagramShopShelf.rejected: "It is chewing gum."])
        try agency.owner.post("\(rejected)/appeal", ["reason": "Again."]).problem(409, "conflict")
        try agency.owner.post("\(products)/\(Self.bears)/appeal", ["reason": "Why not?"]).problem(
            409, "conflict")
        try agency.owner.get("\(products)/42/review").problem(404)
        #expect(web.shop.appeals.count == 1)
    }
}
