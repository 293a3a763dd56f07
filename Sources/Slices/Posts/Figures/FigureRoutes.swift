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

/// The body of `POST /v1/social-posts/{id}/metrics`.
struct PostFiguresBody: Declared {
    var asOf: Instant?
    var figures = PostFigures()

    static let schema = Schema<PostFiguresBody>("PostFiguresRequest", [moment] + figures)

    private static let moment = Field<PostFiguresBody>.instant(
        "as_of", \.asOf, .about("The moment at which it had done so well; now unless said."))

    private static let figures = PostFigure.allCases.map { figure in
        Field<PostFiguresBody>.integer(
            figure.rawValue, \.figures[figure], in: PostFigure.range, .about(figure.about))
    }

    /// All that is wrong with figures of a post.
    func check(for post: SocialPost, at now: Instant) throws -> Instant {
        var faults = Faults()
        if figures.isEmpty {
            faults.add("", "required", "A figure is required: what the network does not tell is left out.")
        }
        let moment = asOf ?? now
        if moment > now {
            faults.add("/as_of", "out_of_range", "as_of has not come yet: say when the figures were so.")
        } else if let published = post.publishedAt, moment < published {
            faults.add("/as_of", "out_of_range", "as_of is before the post was published.")
        }
        try faults.throwIfAny()
        return moment
    }
}

/// `/v1/post-measures`, and figures that a person has read.
func figureRoutes(_ routes: inout Routes) {
    routes.standard(
        PostMeasure.resource, read: "social_posts:read", write: "social_posts:write", create: false,
        patch: false, delete: false)
    routes.declare(PostFiguresBody.self)
    routes.post(
        "/v1/social-posts/{id}/metrics", .permission("social_posts:write"),
        "Record the figures of a post, as a person has read them at the network",
        named: "record_social_post_metrics", body: .json(.reference(PostFiguresBody.schema.name)),
        .record(PostMeasure.resource, status: 201)
    ) { call in
        let (id, body) = try (call.id("id", of: SocialPost.self), call.body(PostFiguresBody.self))
        return .write { tx in
            let old = try SocialPost.resource.get(id, in: tx)
            guard old.status == .published else { throw old.refusal() }
            let moment = try body.check(for: old, at: tx.now)
            let measure = try tx.postFigures.measured(
                old, body.figures, at: moment, from: .person, by: call.actor)
            if old.results.map({ $0.asOf <= moment }) ?? true {
                var post = old
                post.results = PostResults(measure)
                try tx.update(old, to: &post, by: call.actor)
            }
            return .record(measure, status: 201, location: "/v1/post-measures/\(measure.id)")
        }
    }
}
