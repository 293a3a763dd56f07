internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry

/// Something that the agency knows and tells: one row of `articles`. What a published one says is what clients and
/// agents are answered with.
package struct Article: ManagedRecord {
    package enum Status: String, Choice { case draft, published }

    package var head = Head<Article>()
    package var title = ""
    package var body = ""
    package var status = Status.draft
    package var category: String?
    package var locale: String?
    package var tags: [String] = []
    package var wordings: [String] = []
    package var publishedAt: Instant?
    /// The article of which this is a translation; an original has none.
    package var translationOf: ID<Article>?
    package var helpful = 0
    package var notHelpful = 0

    package init() {}

    package static let idPrefix = "article", wordingsMax = 50
    package static let resource = Resource<Article>(
        "articles", named: "Article", rule: .everyone,
        console: ConsoleForm(
            columns: ["status", "category", "locale", "updated_at"],
            form: ["title", "body", "status", "category", "tags"],
            filters: ["status"]),
        [
            .text(
                "title", \.title, max: 300, .required, .sortable, .searchable, .example("Changing your logo"),
                .about("The question or subject that the article answers.")),
            .text("body", \.body, max: 100_000, .required, .searchable, .about("Markdown.")),
            .choice(
                "status", \.status, .standard("draft"), .filterable,
                .about("Whether it is a draft or published.")),
            .text(
                "category", \.category, max: 60, .filterable,
                .about("The category of tickets that the article helps with.")),
            .text("locale", \.locale, max: 35, .filterable, .about("The language that it is in; BCP 47.")),
            .texts("tags", \.tags, max: 50, length: 60, .searchable),
            .texts(
                "wordings", \.wordings, max: Article.wordingsMax, length: 300,
                .about(
                    "Questions that the article answers, in the words of those who asked; its page does not show them."
                )),
            .instant("published_at", \.publishedAt, .readOnly, .filterable),
            .id(
                "translation_of", \.translationOf, .filterable, .added(in: 710),
                .about("The article that it is a translation of.")),
            .integer(
                "helpful", \.helpful, in: 0...Int64.max, .readOnly, .sortable, .added(in: 710),
                .about("How many of the clients' people it has helped, as they say in the portal.")),
            .integer(
                "not_helpful", \.notHelpful, in: 0...Int64.max, .readOnly, .sortable, .added(in: 710),
                .about("How many of the clients' people it has not helped, as they say in the portal.")),
        ])

    package mutating func prepare(replacing old: Article?, by actor: Actor, in tx: Transaction) throws {
        if let given = locale {
            guard let tag = LocaleTag(given) else {
                throw Problem(faults: [
                    Fault("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
                ])
            }
            locale = tag.description
        }
        try checkTranslation(replacing: old, in: tx)
        if status == .draft { publishedAt = nil } else if publishedAt == nil { publishedAt = tx.now }
    }

    package func saved(replacing old: Article?, by actor: Actor, in tx: Transaction) throws {
        if old?.title != title || old?.body != body {
            try tx.run(
                """
                INSERT INTO article_versions (tenant_id, article_id, number, title, body, actor_type, actor_id, at)
                SELECT \(tx.tenant), \(id), coalesce(max(number), 0) + 1, \(title), \(body),
                    \(actor.kind.rawValue), \(actor.id), \(tx.now)
                FROM article_versions WHERE tenant_id = \(tx.tenant) AND article_id = \(id)
                """)
        }
        if status == .published || old?.status == .published { try tx.counters.count(knowledgeEdition, 1) }
        if status == .published, old?.status != .published { try tx.publish("article.published", subject) }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if status == .published { try tx.counters.count(knowledgeEdition, 1) }
        try tx.run("DELETE FROM article_versions WHERE tenant_id = \(tx.tenant) AND article_id = \(id)")
        try tx.run("DELETE FROM article_votes WHERE tenant_id = \(tx.tenant) AND article_id = \(id)")
        for translation in try Self.resource.all(
            where: "translation_of = \(id)", suffix: "ORDER BY id", in: tx)
        {
            var alone = translation
            alone.translationOf = nil
            try tx.update(translation, to: &alone, by: actor)
        }
    }
}
