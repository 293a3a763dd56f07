internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

/// The body of `POST /v1/social-posts/{id}/promote`.
private struct PromotionBody: Declared {
    var adCampaignID: ID<AdCampaign>?
    var dailyBudget: Money?, lifetimeBudget: Money?
    var startAt: Instant?, endAt: Instant?
    var countries: [String] = []

    static let schema = Schema<PromotionBody>(
        "PostPromotionRequest",
        [
            .id(
                "ad_campaign_id", \.adCampaignID,
                .about("The campaign of Meta Ads that it is to be in, with budgets in its ad sets.")),
            .money("daily_budget", \.dailyBudget, .about("The daily budget of the promotion.")),
            .money("lifetime_budget", \.lifetimeBudget, .about("The budget of all its days.")),
            .instant("start_at", \.startAt, .about("When it begins; once it is started unless said.")),
            .instant("end_at", \.endAt, .about("When it ends by itself.")),
            .texts(
                "countries", \.countries, max: 25, length: 2, .about("The countries whose people see it."),
                .example(["DE"])),
        ])

    /// Adds what cannot be, all at once.
    func check(_ faults: inout Faults, at now: Instant) {
        if adCampaignID == nil {
            faults.add("/ad_campaign_id", "required", "ad_campaign_id names the campaign of Meta Ads.")
        }
        if (dailyBudget == nil) == (lifetimeBudget == nil) {
            faults.add(
                "/daily_budget", "required", "Give daily_budget or lifetime_budget, and only one of them.")
        }
        for (name, money) in [("daily_budget", dailyBudget), ("lifetime_budget", lifetimeBudget)] {
            if let money, money.amount < 1 {
                faults.add("/\(name)/amount", "out_of_range", "The budget must be above 0.")
            }
        }
        if let startAt, startAt < now {
            faults.add("/start_at", "in_the_past", "start_at must not be in the past.")
        }
        checkEnd(&faults, at: now)
        if countries.isEmpty {
            faults.add("/countries", "required", "countries says whose people see it, as DE.")
        }
        for (index, code) in countries.enumerated()
        where code.count != 2 || !code.allSatisfy({ $0.isASCII && $0.isUppercase }) {
            faults.add(
                "/countries/\(index)", "invalid_country", "A country is two capital letters, such as DE.")
        }
    }

    private func checkEnd(_ faults: inout Faults, at now: Instant) {
        guard let endAt else {
            return faults.add("/end_at", "required", "end_at says when it ends: nothing runs without an end.")
        }
        let start = max(startAt ?? now, now)
        if endAt < start + .seconds(86_400) || endAt > start + .seconds(90 * 86_400) {
            faults.add("/end_at", "out_of_range", "end_at must be a day to 90 days after it begins.")
        }
    }
}

/// `/v1/post-promotions`: posts of Facebook and Instagram that are shown as advertisements.
func promotionRoutes(
    _ routes: inout Routes, _ services: IntegrationServices, _ dependencies: CampaignDependencies
) {
    let resource = PostPromotion.resource
    routes.standard(
        resource, read: "campaigns:read", write: "campaigns:write", create: false, patch: false)
    let facts: JSONObject = ["post_id": .anyText, "campaign_id": .textOrNull, "reason": .textOrNull]
    routes.events(
        "post_promotion",
        [
            "ready": "An advertisement of a post is ready to run.", "running": "A post is shown for money.",
            "stopped": "A post is shown for money no more.",
            "ended": "The advertisement of a post has come to its end.",
            "failed": "An advertisement of a post was refused.",
        ], facts)
    routes.declare(PromotionBody.self)
    routes.post(
        "/v1/social-posts/{id}/promote", .permission("campaigns:write"),
        "Create an advertisement of a published post, which runs once it is started",
        named: "promote_social_post", body: .json(.reference("PostPromotionRequest")),
        .record(resource, status: 202)
    ) { call in
        let post: SocialPostID = try call.id("id", of: Nouns.SocialPost.self)
        let body = try call.body(PromotionBody.self)
        return .write { tx in
            var promotion = try draft(of: post, body, services, dependencies, in: tx)
            try tx.create(&promotion, by: call.actor)
            try tx.promotions.wake(promotion.id)
            return .record(promotion, status: 202, location: "/v1/post-promotions/\(promotion.id)")
        }
    }
    promotionTurns(&routes)
    routes.schema("PostPromotionResults", resultsSchema)
    routes.get(
        "/v1/post-promotions/{id}/results", .permission("campaigns:read"),
        "Get what an advertised post has brought for money, beside what it brings by itself",
        named: "get_post_promotion_results", .json(.reference("PostPromotionResults"), "The results.")
    ) { call in
        let id = try call.id("id", of: PostPromotion.self)
        return .read { reader in
            let promotion = try resource.get(id, in: reader)
            let post = try dependencies.promotable(reader, promotion.postID)
            return .json([
                "post_id": JSON(promotion.postID),
                "paid": [
                    "as_of": JSON(promotion.measuredAt?.description),
                    "spend": promotion.spend?.json ?? .null, "impressions": JSON(promotion.impressions),
                    "reach": JSON(promotion.people), "clicks": JSON(promotion.clicks),
                ],
                "organic": post?.results ?? .null,
            ])
        }
    }
}

private let resultsSchema: JSON = {
    let count: JSON = ["type": ["integer", "null"]]
    return .schema(
        [
            "post_id": .anyText,
            "paid": .schema(
                [
                    "as_of": .instantOrNull, "spend": ["type": ["object", "null"]], "impressions": count,
                    "reach": count, "clicks": count,
                ], required: ["as_of", "spend", "impressions", "reach", "clicks"]),
            "organic": ["type": ["object", "null"]],
        ], required: ["post_id", "paid", "organic"])
}()

private func promotionTurns(_ routes: inout Routes) {
    routes.post(
        "/v1/post-promotions/{id}/start", .permission("campaigns:spend"),
        "Start showing a post for money", named: "start_post_promotion",
        .record(PostPromotion.resource, status: 202)
    ) { call in
        let id = try call.id("id", of: PostPromotion.self)
        return .write { tx in
            try call.checkVersion(try PostPromotion.resource.get(id, in: tx).version)
            return .record(try tx.promotions.start(id, by: call.actor), status: 202)
        }
    }
    routes.post(
        "/v1/post-promotions/{id}/stop", .permission("campaigns:write"),
        "Stop showing a post for money", named: "stop_post_promotion",
        .record(PostPromotion.resource, status: 202)
    ) { call in
        let id = try call.id("id", of: PostPromotion.self)
        return .write { tx in
            try call.checkVersion(try PostPromotion.resource.get(id, in: tx).version)
            let reasons = Parts([Reason("stopped", "A person has stopped it.")])
            return .record(try tx.promotions.stop(id, because: reasons, by: call.actor), status: 202)
        }
    }
    routes.post(
        "/v1/post-promotions/{id}/refresh", .permission("campaigns:write"),
        "Update an advertised post: go on with it, and read what it has cost and brought",
        named: "refresh_post_promotion",
        .record(PostPromotion.resource, status: 202)
    ) { call in
        let id = try call.id("id", of: PostPromotion.self)
        return .write { tx in
            let promotion = try PostPromotion.resource.get(id, in: tx)
            guard promotion.status.isOpen, promotion.status != .ready else { throw promotion.refusal() }
            try tx.promotions.wake(id)
            return .record(promotion, status: 202)
        }
    }
}

/// Makes the promotion that a body asks for; throws all that keeps it from being one.
private func draft(
    of id: SocialPostID, _ body: PromotionBody, _ services: IntegrationServices,
    _ dependencies: CampaignDependencies, in tx: Transaction
) throws -> PostPromotion {
    guard let post = try dependencies.promotable(tx, id) else { throw Problem(.notFound) }
    guard post.network == "facebook" || post.network == "instagram" else {
        throw Problem(
            .conflict,
            "Only posts of Facebook and Instagram become advertisements; this is one of \(post.network).")
    }
    guard post.remote != nil, post.network == "facebook" || post.account != nil else {
        throw Problem(.conflict, "The post does not stand at its network yet, or only a person knows where.")
    }
    if let other = try tx.promotions.open(ofPost: id) {
        throw Problem(
            .conflict, "A promotion of the post is \(other.status.rawValue): stop it first.",
            extra: ["promotion_id": JSON(other.id)])
    }
    var faults = Faults()
    body.check(&faults, at: tx.now)
    let found = try body.adCampaignID.flatMap { try AdCampaign.resource.find($0, in: tx) }
    if body.adCampaignID != nil, found == nil {
        faults.add(
            "/ad_campaign_id", "unknown_reference",
            "The campaign of Meta Ads does not exist: choose another.")
    }
    try faults.throwIfAny()
    guard let ad = found, let endAt = body.endAt,
        let integration = try Integration.resource.find(ad.integrationID, in: tx),
        services.providers[integration.provider] is any PostPromoting
    else {
        throw Problem(
            .conflict, "The campaign is of a service that shows no posts for money: choose one of Meta Ads.")
    }
    guard ad.isShared, ad.status == .enabled || ad.status == .paused else {
        throw Problem(
            .conflict,
            "The campaign has a budget of its own, or is gone: name one whose ad sets have the budgets.")
    }
    if let mine = post.clientID, let theirs = ad.clientID, mine != theirs {
        throw Problem(
            .conflict,
            "The post and the campaign are of different clients: choose a campaign of the post's client.")
    }
    var promotion = PostPromotion.new(id: tx.nextID(), now: tx.now)
    (promotion.postID, promotion.adCampaignID, promotion.integrationID) = (id, ad.id, integration.id)
    (promotion.clientID, promotion.campaignID) = (post.clientID ?? ad.clientID, ad.campaignID)
    (promotion.dailyBudget, promotion.lifetimeBudget) = (body.dailyBudget, body.lifetimeBudget)
    (promotion.startAt, promotion.endAt, promotion.countries) = (body.startAt, endAt, body.countries)
    promotion.reckon(at: tx.now)
    try tx.promotions.check(promotion, integration, &faults)
    try faults.throwIfAny()
    return promotion
}
