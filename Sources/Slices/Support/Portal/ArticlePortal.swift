internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

/// Adds the portal's routes for articles, which clients look up themselves: the same for all of them.
func articlePortal(_ routes: inout Routes) {
    let path = "/v1/portal/articles", hidden = Article.hiddenInPortal
    let searched = "q"
    routes.get(
        path, .portal("portal:read"), "List the articles for clients, or find answers in them",
        query: [
            .query(searched, "A question, or a few words.", ["type": "string", "maxLength": 500])
        ] + ParameterDoc.page, .list(of: .reference("PortalArticle"))
    ) { call in
        _ = try call.portal
        return .read { reader in
            if let question = call.query(searched), !question.trimmed.isEmpty {
                let found = try reader.articles.all(answering: String(question.prefix(500)), locale: nil)
                return try call.window(searched).page(
                    of: found.map { .object(Article.resource.json($0.article, hiding: hidden)) })
            }
            var list = try ListQuery(
                Article.resource, call.request.head.query, dialect: reader.dialect, extra: [searched],
                hiding: hidden)
            list.add("status = 'published'")
            return try list.page(in: reader)
        }
    }
    routes.schema(
        "PortalArticle",
        .object(Article.resource.jsonSchema(hiding: hidden)).merging(["properties": ["voted": votedSchema]]))
    routes.get(
        "\(path)/{id}", .portal("portal:read"), "Get an article",
        .json(.reference("PortalArticle"), "The article.")
    ) { call in
        let id = try call.id("id", of: Article.self)
        let portal = try call.portal
        return .read { reader in
            guard let article = try Article.resource.find(id, in: reader), article.status == .published else {
                throw Problem(.notFound)
            }
            let voted = try reader.articles.vote(of: portal.userID, on: id)
            return .json(.object(Article.portal(article, voted: voted)))
        }
    }
    articleVoteRoute(&routes)
}

private let votedSchema: JSON = [
    "type": ["boolean", "null"],
    "description": "For one article: whether it has helped you, as you have said; null: you have not.",
]

extension Article {
    static let hiddenInPortal: Set<String> = ["status", "tags", "helpful", "not_helpful"]

    /// As its reader sees it in the portal.
    static func portal(_ article: Article, voted: Bool?) -> JSONObject {
        var object = resource.json(article, hiding: hiddenInPortal)
        object["voted"] = voted.map { .bool($0) } ?? .null
        return object
    }
}
