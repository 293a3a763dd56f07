internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

/// Adds the route by which a client's people say whether an article has helped them: one vote of each, which they may
/// change.
func articleVoteRoute(_ routes: inout Routes) {
    routes.declare(VoteBody.self)
    routes.limit("article_votes", .hidden)
    routes.post(
        "/v1/portal/articles/{id}/vote", .portal("portal:read"), "Record your rating of an article",
        named: "vote_on_article",
        body: .json(.reference("ArticleVote")), .json(.reference("PortalArticle"), "The article.")
    ) { call in
        let (id, portal) = (try call.id("id", of: Article.self), try call.portal)
        let body = try call.body(VoteBody.self)
        return .write { tx in
            let article = try tx.articles.vote(body.helpful, of: portal.userID, on: id, by: call.actor)
            return .json(.object(Article.portal(article, voted: body.helpful)))
        }
    }
}

struct VoteBody: Declared {
    var helpful = false

    static let schema = Schema<VoteBody>(
        "ArticleVote",
        [.boolean("helpful", \.helpful, .required, .about("Whether the article has helped."))])
}

extension ArticleStore {
    /// Returns whether an article has helped somebody, as they have said; `nil`: they have not.
    func vote(of user: UserID, on article: ID<Article>) throws -> Bool? {
        try tx.first(
            """
            SELECT helpful FROM article_votes
            WHERE tenant_id = \(tx.tenant) AND article_id = \(article) AND user_id = \(user)
            """
        ) { $0.int64(0) == 1 }
    }
}

extension ArticleStore where Base == Transaction {
    /// Keeps a vote, in place of an earlier one. The article's version stays: nobody who edits it is late for a vote.
    fileprivate func vote(
        _ isHelpful: Bool, of user: UserID, on id: ID<Article>, by actor: Actor
    ) throws -> Article {
        guard let article = try Article.resource.find(id, in: tx), article.status == .published else {
            throw Problem(.notFound)
        }
        guard try vote(of: user, on: id) != isHelpful else { return article }
        try tx.run(
            """
            INSERT INTO article_votes (tenant_id, article_id, user_id, helpful, at)
            VALUES (\(tx.tenant), \(id), \(user), \(isHelpful), \(tx.now))
            ON CONFLICT (tenant_id, article_id, user_id) DO UPDATE SET helpful = excluded.helpful, at = excluded.at
            """)
        try tx.run(
            """
            UPDATE articles SET
                helpful = (SELECT count(*) FROM article_votes v WHERE v.tenant_id = articles.tenant_id
                    AND v.article_id = articles.id AND v.helpful = 1),
                not_helpful = (SELECT count(*) FROM article_votes v WHERE v.tenant_id = articles.tenant_id
                    AND v.article_id = articles.id AND v.helpful = 0)
            WHERE tenant_id = \(tx.tenant) AND id = \(id)
            """)
        try tx.auditLog.add(actor, "article.voted", article.subject, ["helpful": .bool(isHelpful)])
        try tx.publish("article.voted", article.subject, ["helpful": .bool(isHelpful)])
        return try Article.resource.get(id, in: tx)
    }
}
