internal import Agents
internal import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Social
package import Telemetry

/// The figures of a post at a moment, from when it was published: one row of `post_measures`, which never changes but
/// for whether it still counts. What a network does not tell is null. Beside the figures stands what the post was like,
/// so that what does well is learned from this table alone.
package struct PostMeasure: ManagedRecord {
    package enum Source: String, Choice { case network, person }

    package var head = Head<PostMeasure>()
    package var postID = SocialPostID.unset
    package var accountID = SocialAccountID.unset
    package var clientID: ClientID?
    package var campaignID: CampaignID?
    package var itemID: ContentItemID?
    package var network = SocialNetwork.x
    package var format = PostFormat.post
    package var source = Source.network
    package var measuredAt = Instant(seconds: 0)
    package var publishedAt = Instant(seconds: 0)
    package var weekday = 1
    package var hour = 0
    package var figures = PostFigures()
    package var engagements: Int?
    package var fallen: [String] = []
    package var hashtags: [String] = []
    package var counts = false
    package var length = 0
    package var media = 0
    package var hasFilm = false
    package var hasLink = false
    package var asks = false
    /// Whether the agent that looks at how content does has judged it.
    package var isJudged = false

    package init() {}

    package static let idPrefix = "pms", noun = "post_measure"
    package static let resource = Resource<PostMeasure>(
        "post_measures", named: "PostMeasure",
        console: ConsoleForm(
            columns: ["post_id", "measured_at", "impressions", "engagements", "source"],
            filters: ["network", "format", "source", "counts"]),
        placing + figures + [earnings] + learning)

    /// The fields that say which post it was, and when.
    private static let placing: [Field<PostMeasure>] = [
        .id("post_id", \.postID, .readOnly, .filterable, .about("The post.")),
        .id("account_id", \.accountID, .readOnly, .filterable, .about("The account at which it stands.")),
        .id("client_id", \.clientID, .readOnly, .filterable, .about("The client for whom it is.")),
        .id("campaign_id", \.campaignID, .readOnly, .filterable, .about("The campaign that it is of.")),
        .id(
            "content_item_id", \.itemID, .readOnly, .filterable,
            .about("The piece of content that it is of.")),
        .choice("network", \.network, .readOnly, .filterable, .about("The network on which it stands.")),
        .choice("format", \.format, .readOnly, .filterable, .about("The shape in which it stands.")),
        .choice(
            "source", \.source, .readOnly, .filterable,
            .about("Whether the network has told the figures, or a person.")),
        .instant(
            "measured_at", \.measuredAt, .readOnly, .filterable, .sortable,
            .about("The moment at which it had done so well.")),
        .instant(
            "published_at", \.publishedAt, .readOnly, .filterable, .sortable,
            .about("When the post was published.")),
        .integer(
            "weekday", \.weekday, in: 1...7, .readOnly, .filterable,
            .about("The day on which it was published, by the account's clock; 1 is Monday.")),
        .integer(
            "hour", \.hour, in: 0...23, .readOnly, .filterable,
            .about("The hour at which it was published, by the account's clock.")),
    ]

    private static let figures = PostFigure.allCases.filter { $0 != .earnings }.map { figure in
        Field<PostMeasure>.integer(
            figure.rawValue, \.figures[figure], in: PostFigure.range, .readOnly, .sortable,
            .about(figure.about))
    }

    private static let earnings = Field<PostMeasure>.integer(
        PostFigure.earnings.rawValue, \.figures[PostFigure.earnings], in: PostFigure.range, .readOnly,
        .sortable,
        .added(in: 1310), .about(PostFigure.earnings.about))

    /// The fields that say what the post brought, and what it was like.
    private static let learning: [Field<PostMeasure>] = [
        .integer(
            "engagements", \.engagements, in: PostFigure.range, .readOnly, .sortable,
            .about(PostFigures.engagementsAbout)),
        .texts(
            "fallen", \.fallen, max: 10, length: 40, .readOnly,
            .about("The figures that are smaller than they were: networks take some back.")),
        .texts(
            "hashtags", \.hashtags, max: 60, length: 200, .readOnly,
            .about("Its hashtags, in small letters.")),
        .boolean(
            "counts", \.counts, .readOnly, .filterable,
            .about(
                "Whether what is learned counts it: it is the newest of its post, a day old or more, and "
                    + "has engagements.")),
        .integer("length", \.length, in: 0...1_000_000, .secret),
        .integer("media", \.media, in: 0...1000, .secret),
        .boolean("has_film", \.hasFilm, .secret),
        .boolean("has_link", \.hasLink, .secret),
        .boolean("asks", \.asks, .secret),
        .boolean("judged", \.isJudged, .secret),
    ]
}

/// The newest figures of a post, as the post has them.
package struct PostResults: Part {
    package var asOf = Instant(seconds: 0)
    package var source = PostMeasure.Source.network
    package var figures = PostFigures()
    package var engagements: Int?

    package init() {}

    package init(_ measure: PostMeasure) {
        (asOf, source, figures) = (measure.measuredAt, measure.source, measure.figures)
        engagements = measure.engagements
    }

    package static let schema = Schema<PostResults>(
        "PostResults", reading + figures + [engagements])

    private static let reading: [Field<PostResults>] = [
        .instant("as_of", \.asOf, .about("The moment at which it had done so well.")),
        .choice(
            "source", \.source,
            .about("Whether the network has told the figures, or a person.")),
    ]

    private static let engagements = Field<PostResults>.integer(
        "engagements", \.engagements, in: PostFigure.range, .about(PostFigures.engagementsAbout))
    private static let figures = PostFigure.allCases.map { figure in
        Field<PostResults>.integer(
            figure.rawValue, \.figures[figure], in: PostFigure.range, .about(figure.about))
    }
}

extension PostFigures {
    static let engagementsAbout =
        "Engagements of readers: likes, comments, shares and saves, as far as they are known."
}
