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
internal import Social
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// The body of `POST /v1/social-posts/{id}/product-tags`.
private struct ProductTagsBody: Declared {
    var tags = Parts<TaggedProduct>()

    static let schema = Schema<ProductTagsBody>(
        "ProductTagsRequest",
        [
            .parts(
                "tags", \.tags, max: 20, .required,
                .about("The products, each with its place; those that are tagged already get a new place."))
        ])
}

/// The body of `POST /v1/social-accounts/{id}/products/{product_id}/appeal`.
private struct ProductAppealBody: Declared {
    var reason = ""

    static let schema = Schema<ProductAppealBody>(
        "ProductAppealRequest",
        [
            .text(
                "reason", \.reason, max: 1000, .required,
                .about("Why the network should look at the product again."))
        ])
}

/// The products of an account's shop, and those that are tagged in posts. The network is asked each time.
func productRoutes(_ routes: inout Routes, _ services: IntegrationServices) {
    routes.declare(ProductTagsBody.self)
    routes.declare(ProductAppealBody.self)
    routes.schema("ProductShop", shopSchema)
    routes.schema("ShopProducts", productsSchema)
    routes.schema("ProductTags", tagsSchema)
    routes.schema("ProductReview", reviewSchema)
    routes.get(
        "/v1/social-accounts/{id}/shop", .permission("social_accounts:read"),
        "Get whether an account may tag products, and of which catalogues",
        named: "get_social_account_shop", .json(.reference("ProductShop"))
    ) { call in
        try call.allowQuery()
        let id = try call.id("id", of: SocialAccount.self)
        return .task {
            guard let client = try services.client(ofAccount: id, call) else {
                return .json([
                    "eligible": false, "catalogs": [],
                    "reason": "Products are tagged at accounts of Instagram that are connected.",
                ])
            }
            let shop = try await asking { try await client.shop() }
            return .json([
                "eligible": .bool(shop.isEligible),
                "reason": shop.isEligible
                    ? .null : "The network does not let the account tag products: people are asked to do it.",
                "catalogs": .array(
                    shop.catalogs.map {
                        [
                            "id": .string($0.id), "name": .string($0.name), "shop_name": JSON($0.shop),
                            "product_count": JSON($0.count.map { Int($0) }),
                        ]
                    }),
            ])
        }
    }
    routes.get(
        "/v1/social-accounts/{id}/products", .permission("social_accounts:read"),
        "Find the products of a catalogue that an account may tag",
        named: "find_social_account_products",
        query: [
            .query("catalog_id", "The catalogue; see the shop of the account.", isRequired: true),
            .query("q", "Words of the product's name; all products unless it is given."),
            .query("place", "Where the page before has ended, as next."),
        ], .json(.reference("ShopProducts"))
    ) { call in
        try call.allowQuery("catalog_id", "q", "place")
        let id = try call.id("id", of: SocialAccount.self)
        let (words, place) = (call.query("q") ?? "", call.query("place"))
        return .task {
            let client = try services.requireClient(ofAccount: id, call)
            guard let catalog = call.query("catalog_id"), !catalog.isEmpty else {
                throw Problem(.invalidParameter, "catalog_id names the catalogue.")
            }
            let page = try await asking {
                try await client.products(of: catalog, named: words, after: place)
            }
            return .json(["data": .array(page.products.map(\.json)), "next": JSON(page.next)])
        }
    }
    reviewRoutes(&routes, services)
    tagRoutes(&routes, services)
}

private func reviewRoutes(_ routes: inout Routes, _ services: IntegrationServices) {
    routes.get(
        "/v1/social-accounts/{id}/products/{product_id}/review", .permission("social_accounts:read"),
        "Get what the network's review says of a product", named: "get_product_review",
        .json(.reference("ProductReview"))
    ) { call in
        try call.allowQuery()
        let id = try call.id("id", of: SocialAccount.self)
        let product = call.parameters["product_id"] ?? ""
        return .task {
            let client = try services.requireClient(ofAccount: id, call)
            return .json(try await asking { try await client.review(of: product) }.json(of: product))
        }
    }
    routes.post(
        "/v1/social-accounts/{id}/products/{product_id}/appeal", .permission("social_accounts:write"),
        "Request another review of a product that the network has rejected", named: "appeal_product",
        body: .json(.reference("ProductAppealRequest")), .json(.reference("ProductReview"))
    ) { call in
        let id = try call.id("id", of: SocialAccount.self)
        let (product, reason) = (
            call.parameters["product_id"] ?? "", try call.body(ProductAppealBody.self).reason
        )
        return .task {
            let client = try services.requireClient(ofAccount: id, call)
            let known = try await asking { try await client.review(of: product) }
            guard known.mayAppeal else {
                throw Problem(
                    .conflict, "The network takes no appeal for the product: it is \(known.status).")
            }
            let now = try await asking { try await client.appeal(product, because: reason) }
            return try await call.commit { tx in
                try tx.auditLog.add(
                    call.actor, "social_account.product_appealed", Subject(id),
                    ["product_id": .string(product), "reason": .string(reason)])
                return .json(now.json(of: product))
            }
        }
    }
}

private func tagRoutes(_ routes: inout Routes, _ services: IntegrationServices) {
    routes.get(
        "/v1/social-posts/{id}/product-tags", .permission("social_posts:read"),
        "List the products that are tagged in a post, as its network has them; none before it is published",
        named: "list_product_tags", .json(.reference("ProductTags"))
    ) { call in
        try call.allowQuery()
        let id = try call.id("id", of: SocialPost.self)
        return .task {
            let post = try call.read { try SocialPost.resource.get(id, in: $0) }
            guard post.status == .published, let remote = post.remote,
                let client = try services.client(ofAccount: post.accountID, call)
            else { return .json(["data": []]) }
            return .json(tagged(try await asking { try await client.tags(of: remote) }))
        }
    }
    routes.post(
        "/v1/social-posts/{id}/product-tags", .permission("social_posts:write"),
        "Set the products that a published post is tagged with", named: "tag_products",
        body: .json(.reference("ProductTagsRequest")), .json(.reference("ProductTags"))
    ) { call in
        let id = try call.id("id", of: SocialPost.self)
        let places = try call.body(ProductTagsBody.self).tags.list.map {
            ProductPlace($0.productID, x: $0.x, y: $0.y)
        }
        return .task {
            let post = try call.read { try SocialPost.resource.get(id, in: $0) }
            guard post.status == .published, let remote = post.remote else { throw post.refusal() }
            let client = try services.requireClient(ofAccount: post.accountID, call)
            let known = Set(try await asking { try await client.tags(of: remote) }.map(\.place.product))
            let most = SocialNetwork.instagram.rules.products?.ofMedium ?? 0
            guard known.union(places.map(\.product)).count <= most * max(post.media.list.count, 1) else {
                throw Problem(faults: [
                    Fault(
                        "/tags", "too_many",
                        "The network takes \(most) products in a picture or film: tag fewer.")
                ])
            }
            let now = try await asking { try await client.tag(places, in: remote) }
            return try await call.commit { tx in
                try tx.auditLog.add(
                    call.actor, "social_post.products_tagged", Subject(id),
                    ["tags": .array(places.map(\.json))])
                return .json(tagged(now))
            }
        }
    }
}

private func tagged(_ tags: [ProductTag]) -> JSON {
    [
        "data": .array(
            tags.map {
                $0.place.json.merging(["name": JSON($0.name), "review_status": JSON($0.review)])
            })
    ]
}

/// Asks the network, and says why where it refuses.
private func asking<Answer>(_ question: () async throws -> Answer) async throws -> Answer {
    do {
        return try await question()
    } catch let failure as ToolFailure {
        let type: ProblemType =
            switch failure.code {
            case "rate_limited", "quota_exhausted": .serviceLimited
            case "not_found": .notFound
            default: failure.isRetryable ? .toolUnavailable : .conflict
            }
        throw Problem(type, "\(failure.detail) (\(failure.code)).")
    }
}

extension IntegrationServices {
    /// `nil`: nothing is connected that products are tagged at.
    fileprivate func client(ofAccount id: SocialAccountID, _ call: Call) throws -> ProductClient? {
        let found = try call.read { reader -> (SocialAccount, Integration)? in
            let account = try SocialAccount.resource.get(id, in: reader)
            guard let name = account.integrationID,
                let integration = try Integration.resource.find(name, in: reader.reading)
            else { return nil }
            return (account, integration)
        }
        guard let (account, integration) = found else { return nil }
        let caller = ToolCaller(actor: call.actor, subject: account.subject, clientID: account.clientID)
        return products(of: integration, call.tenant, for: caller)
    }

    fileprivate func requireClient(ofAccount id: SocialAccountID, _ call: Call) throws -> ProductClient {
        guard let client = try client(ofAccount: id, call) else {
            throw Problem(.conflict, "Products are tagged at accounts of Instagram that are connected.")
        }
        return client
    }
}

extension ProductPage.Product {
    fileprivate var json: JSON {
        [
            "product_id": .string(id), "name": .string(name), "retailer_id": JSON(retailer),
            "image_url": JSON(image), "review_status": JSON(review),
            // Others are taken, and shown to nobody.
            "taggable": .bool(review == "approved"),
        ]
    }
}

extension ProductReview {
    fileprivate func json(of product: String) -> JSON {
        [
            "product_id": .string(product), "review_status": .string(status),
            "eligible_for_appeal": .bool(mayAppeal),
        ]
    }
}

extension PostStore where Base == Transaction {
    /// Asks a person to tag the products of a post that its account may not tag by itself.
    func askToTag(_ post: SocialPost) throws {
        let words = try tx.wordings.find(tx.agency.tenant().locale)
        var task = SocialPost.new(id: tx.nextID(), now: tx.now)
        (task.accountID, task.clientID) = (post.accountID, post.clientID)
        (task.itemID, task.campaignID) = (post.itemID, post.campaignID)
        (task.handWork, task.mayRepeat) = (.productTags, true)
        let names = post.media.list.flatMap { $0.products.list.map(\.productID) }
        task.text = words(
            "social.task_product_tags",
            ["text": .text("\(post.text.prefix(500)) (\(names.joined(separator: ", ")))")])
        _ = try tx.postPlans.keep(&task, at: tx.now, asks: false, by: .system)
    }
}

private let shopSchema: JSON = .schema(
    [
        "eligible": ["type": "boolean"], "reason": .textOrNull,
        "catalogs": [
            "type": "array",
            "items": .schema(
                [
                    "id": .anyText, "name": .anyText, "shop_name": .textOrNull,
                    "product_count": ["type": ["integer", "null"]],
                ], required: ["id", "name", "shop_name", "product_count"]),
        ],
    ], required: ["eligible", "reason", "catalogs"])

private let productsSchema: JSON = .schema(
    [
        "data": [
            "type": "array",
            "items": .schema(
                [
                    "product_id": .anyText, "name": .anyText, "retailer_id": .textOrNull,
                    "image_url": .textOrNull, "review_status": .textOrNull, "taggable": ["type": "boolean"],
                ], required: ["product_id", "name", "review_status", "taggable"]),
        ], "next": .textOrNull,
    ], required: ["data", "next"])

private let tagsSchema: JSON = .schema(
    [
        "data": [
            "type": "array",
            "items": .schema(
                [
                    "product_id": .anyText, "x": ["type": "number"], "y": ["type": "number"],
                    "name": .textOrNull, "review_status": .textOrNull,
                ], required: ["product_id", "name", "review_status"]),
        ]
    ], required: ["data"])

private let reviewSchema: JSON = .schema(
    [
        "product_id": .anyText, "review_status": .anyText, "eligible_for_appeal": ["type": "boolean"],
    ], required: ["product_id", "review_status", "eligible_for_appeal"])
