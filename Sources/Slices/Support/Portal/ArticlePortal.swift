internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

/// Adds the portal's routes for articles, which clients look up themselves: the same for all of them.
func articlePortal(_ routes: inout Routes) {
    let path = "/v1/portal/articles", hidden: Set<String> = ["status", "tags"]
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
    routes.schema("PortalArticle", .object(Article.resource.jsonSchema(hiding: hidden)))
    routes.get(
        "\(path)/{id}", .portal("portal:read"), "Get an article",
        .json(.reference("PortalArticle"), "The article.")
    ) { call in
        let id = try call.id("id", of: Article.self)
        _ = try call.portal
        return .read { reader in
            guard let article = try Article.resource.find(id, in: reader), article.status == .published else {
                throw Problem(.notFound)
            }
            return .json(.object(Article.resource.json(article, hiding: hidden)))
        }
    }
}
