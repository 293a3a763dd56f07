internal import Database
internal import HTTPServer
internal import Intelligence
internal import JSON
internal import Markdown
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

func articleRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    let services = outbox.services
    routes.standard(Article.resource, read: "articles:read", write: "articles:write")
    routes.standard(
        KnowledgeGap.resource, read: "knowledge_gaps:read", write: "knowledge_gaps:write", create: false)
    routes.declare(QuestionBody.self)
    routes.get(
        "/v1/articles/{id}/versions", .permission("articles:read"),
        "List the versions of an article, newest first", named: "list_article_versions",
        query: ParameterDoc.pages(of: 50),
        .list(of: versionSchema)
    ) { call in
        let id = try call.id("id", of: Article.self)
        return .read { reader in
            _ = try Article.resource.get(id, in: reader)
            var list = try SimpleList(
                call.request.head.query, [], key: "number", dialect: reader.dialect)
            list.add("article_id = \(id)")
            return try list.page(of: "article_versions", ArticleVersion.self, in: reader) {
                $1.value($0.json)
            }
        }
    }
    routes.post(
        "/v1/articles/answers", .permission("articles:read"),
        "Find the articles that answer a question, each with its confidence", named: "find_article_answers",
        body: .json(.reference("Question")), .json(["type": "object"], "The articles, the best first.")
    ) { call in
        let body = try call.body(QuestionBody.self)
        return .read { reader in
            .list(
                try reader.articles.all(answering: body.question, locale: body.locale).map { found in
                    [
                        "article": Article.schema.json(found.article),
                        "score": .number(found.answer.confidence), "answers": .bool(found.isAnswer),
                        "passage": .string(found.answer.passage),
                    ]
                })
        }
    }
    let searched = "q"
    routes.get(
        "/kb/{slug}", .anyone, "Show an agency's published articles, or those that answer a question",
        query: [
            .query(searched, "A question, or a few words.", ["type": "string", "maxLength": 500])
        ], .media("text/html", "The page.")
    ) { call in
        let slug = call.parameters["slug"] ?? ""
        let question = String((call.query(searched) ?? "").trimmed.prefix(500))
        return .task {
            let found = try services.database.acrossTenantsRead { try $0.acrossTenantsTenant(slug: slug) }
            guard let tenant = found else { throw Problem(.notFound) }
            return try services.database.read(tenant) { reader in
                try KnowledgePage(asking: question, of: reader.agency.tenant(), reader).page.response()
            }
        }
    }
    routes.get(
        "/kb/{slug}/{id}", .anyone, "Show a published article", .media("text/html", "The page.")
    ) { call in
        guard let id = ID<Article>(call.parameters["id"] ?? "") else { throw Problem(.notFound) }
        let slug = call.parameters["slug"] ?? ""
        return .task {
            let found = try services.database.acrossTenantsRead { try $0.acrossTenantsTenant(slug: slug) }
            guard let tenant = found else { throw Problem(.notFound) }
            return try services.database.read(tenant) { reader in
                guard let article = try Article.resource.find(id, in: reader), article.status == .published
                else { throw Problem(.notFound) }
                return try article.page(of: try reader.agency.tenant()).response()
            }
        }
    }
}

struct QuestionBody: Declared {
    var question = ""
    var locale: String?
    static let schema = Schema<QuestionBody>(
        "Question",
        [
            .text(
                "question", \.question, max: 2000, .required,
                .about("The question, as a client would ask it.")),
            .text("locale", \.locale, max: 35, .about("The language of whoever asks.")),
        ])
}

extension Article {
    fileprivate func page(of tenant: Tenant) throws -> PublicPage {
        PublicPage(
            title: title, body: "<h1>\(title.htmlEscaped)</h1>\n\(Markdown.html(body))", agency: tenant.name,
            color: tenant.brand?.color ?? "#1f4e79", language: locale ?? tenant.locale)
    }
}

/// An article before a change: one row of `article_versions`.
private struct ArticleVersion: StoredRow {
    let json: JSON

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        json = [
            "number": .integer(row.int64("number")), "title": .string(row.text("title")),
            "body": .string(row.text("body")),
            "by": ["type": .string(row.text("actor_type")), "id": .string(row.text("actor_id"))],
            "at": .string(row.instant("at").description),
        ]
    }
}

private let versionSchema = JSON.schema(
    [
        "number": ["type": "integer"], "title": ["type": "string"], "body": ["type": "string"],
        "by": .schema(["type": ["type": "string"], "id": ["type": "string"]], required: ["type", "id"]),
        "at": ["type": "string", "format": "date-time"],
    ], required: ["number", "title", "body", "by", "at"])

extension SystemReader {
    /// An agency by the name in its addresses; a suspended one shows nothing.
    func acrossTenantsTenant(slug: String) throws -> TenantID? {
        try first("SELECT id FROM tenants WHERE slug = \(slug) AND status = 'active'") {
            TenantID(rawValue: $0.text(0))
        }
    }
}
