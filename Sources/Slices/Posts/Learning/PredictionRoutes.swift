internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Social
internal import Telemetry
internal import Tenancy

/// The body of `POST /v1/social-posts/{id}/predict`.
struct PostPredictionBody: Declared {
    var at: Instant?
    var metric = ResultMetric.engagements

    static let schema = Schema<PostPredictionBody>(
        "PostPredictionRequest",
        [
            .instant("at", \.at, .about("When it would be published; its own hour, or else now.")),
            .choice(
                "metric", \.metric, .standard("engagements"), .about("The result that is foretold.")),
        ])
}

/// The body of `POST /v1/content-items/{id}/predict`.
struct ItemPredictionBody: Declared {
    var accountID = SocialAccountID.unset
    var format: PostFormat?
    var at: Instant?
    var metric = ResultMetric.engagements

    static let schema = Schema<ItemPredictionBody>(
        "ContentPredictionRequest",
        [
            .id("account_id", \.accountID, .required, .about("The account at which it would stand.")),
            .choice(
                "format", \.format, .about("The shape in which it would stand; the network's usual one.")),
            .instant("at", \.at, .about("When it would be published; now unless said.")),
            .choice(
                "metric", \.metric, .standard("engagements"), .about("The result that is foretold.")),
        ])
}

/// The routes that tell what is to be expected of a post, or of a piece of content as one.
func predictionRoutes(_ routes: inout Routes, _ dependencies: PostsDependencies) {
    routes.declare(PostPredictionBody.self)
    routes.declare(ItemPredictionBody.self)
    routes.schema("ResultPrediction", ResultPrediction.schema)
    routes.post(
        "/v1/social-posts/{id}/predict", .permission("social_posts:read"),
        "Get the prediction for a post, from the results of earlier ones; nothing is changed",
        named: "predict_social_post", body: .json(.reference(PostPredictionBody.schema.name)),
        .json(.reference("ResultPrediction"))
    ) { call in
        let (id, body) = try (call.id("id", of: SocialPost.self), call.body(PostPredictionBody.self))
        return .read { reader in
            let post = try SocialPost.resource.get(id, in: reader)
            let account = try SocialAccount.resource.get(post.accountID, in: reader)
            return .json(try reader.postLearning.prediction(of: post, on: account, at: body.at, body.metric))
        }
    }
    routes.post(
        "/v1/content-items/{id}/predict", .permission("social_posts:read"),
        "Get the prediction for a piece of content as a post; nothing is changed",
        named: "predict_content_item", body: .json(.reference(ItemPredictionBody.schema.name)),
        .json(.reference("ResultPrediction"))
    ) { call in
        let id = try call.id("id", of: Nouns.ContentItem.self)
        let body = try call.body(ItemPredictionBody.self)
        return .read { reader in
            guard let words = try dependencies.words(reader, id) else { throw Problem(.notFound) }
            let account = try SocialAccount.resource.get(body.accountID, in: reader)
            var post = SocialPost()
            (post.accountID, post.text) = (account.id, words)
            post.format = body.format ?? account.network.rules.formats.first ?? .post
            return .json(try reader.postLearning.prediction(of: post, on: account, at: body.at, body.metric))
        }
    }
}

extension PostLearningStore {
    /// Foretells a post from all others of the agency whose figures count.
    func prediction(
        of post: SocialPost, on account: SocialAccount, at moment: Instant?, _ metric: ResultMetric
    ) throws -> JSON {
        let asked = try likeness(of: post, on: account, at: moment)
        let history = try learned().filter { $0.post != asked.post }
        return ResultPrediction(of: metric, from: history).json(for: asked)
    }

    /// Returns what a post is like, as what is learned from knows posts.
    func likeness(
        of post: SocialPost, on account: SocialAccount, at moment: Instant?
    ) throws -> LearnedPost {
        var planned = post
        planned.publishedAt = moment ?? post.publishedAt ?? post.scheduledAt ?? tx.now
        var measure = PostMeasure()
        measure.describe(planned, on: account, zone: try account.zone(in: tx))
        var like = LearnedPost()
        (like.post, like.account) = ("\(post.id)", "\(account.id)")
        (like.network, like.format) = (measure.network, measure.format)
        (like.weekday, like.hour, like.publishedAt) = (measure.weekday, measure.hour, measure.publishedAt)
        (like.length, like.media, like.hashtags) = (measure.length, measure.media, measure.hashtags)
        (like.hasFilm, like.hasLink, like.asks) = (measure.hasFilm, measure.hasLink, measure.asks)
        return like
    }
}

extension ResultPrediction {
    static let schema: JSON = {
        let figure: JSON = ["type": ["number", "null"]]
        func described(_ about: String) -> JSON { figure.merging(["description": .string(about)]) }
        return .schema(
            [
                "enough": ["type": "boolean", "description": "Whether there is history enough to say."],
                "reason": [
                    "type": ["string", "null"], "description": "not_enough_history: under 50 posts.",
                ],
                "sample": ["type": "integer", "description": "How many posts it is learned from."],
                "metric": [
                    "enum": JSON(ResultMetric.choices), "description": "The metric of the prediction.",
                ],
                "level": ["type": "number", "description": "The share of posts that lie in the interval."],
                "value": described("The expected value; null without enough history."),
                "low": described("The lower end of the interval."),
                "high": described("The upper end of the interval."),
                "model": [
                    "type": ["object", "null"],
                    "description": "ridge_regression; mean, where that would have foretold better.",
                    "properties": ["name": ["type": "string"]],
                ],
                "backtest": [
                    "type": ["object", "null"],
                    "description": "How well later posts would have been foretold from those before them.",
                    "properties": [
                        "posts": ["type": "integer", "description": "How many were foretold."],
                        "mae": ["type": "number", "description": "How far off it was, on average."],
                        "naive_mae": ["type": "number", "description": "How far off the mean of all was."],
                        "coverage": ["type": "number", "description": "The share within their interval."],
                    ],
                ],
                "factors": [
                    "type": "array",
                    "description": "The factors by which the mean of all is multiplied, the strongest first.",
                    "items": .schema(
                        [
                            "name": ["type": "string", "description": "The feature of the post."],
                            "factor": ["type": "number", "description": "1.2 is a fifth more."],
                        ], required: ["name", "factor"]),
                ],
            ], required: ["enough", "reason", "sample", "metric", "value", "low", "high", "factors"])
    }()
}
