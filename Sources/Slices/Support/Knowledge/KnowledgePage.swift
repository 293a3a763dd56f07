internal import Database
internal import Intelligence
internal import Nouns
internal import Records
internal import Tenancy
internal import Wording

/// The public page of an agency's articles: all of them by category, or those that answer a question.
struct KnowledgePage {
    let page: PublicPage

    /// The most articles on the page, in all and as answers; nobody reads through more.
    private static let shownMax = 500, foundMax = 10

    init(asking question: String, of tenant: Tenant, _ reader: Reader) throws {
        let words = try reader.wordings.find(tenant.locale)
        let title = words("help.title")
        var body = """
            <h1>\(title.htmlEscaped)</h1>
            <form method="get" action="/kb/\(tenant.slug.htmlEscaped)" role="search">
            <label>\(words("help.question").htmlEscaped)
            <input type="text" name="q" maxlength="500" value="\(question.htmlEscaped)"></label>
            <button>\(words("help.search").htmlEscaped)</button></form>
            """
        func link(_ article: Article) -> String {
            let address = "/kb/\(tenant.slug)/\(article.id)"
            return "<a href=\"\(address.htmlEscaped)\">\(article.title.htmlEscaped)</a>"
        }
        if question.isEmpty {
            let articles = try Article.resource.all(
                where: "status = 'published'", suffix: "ORDER BY id DESC LIMIT \(Self.shownMax)", in: reader)
            if articles.isEmpty { body += "\n<p>\(words("help.empty").htmlEscaped)</p>" }
            let groups = Dictionary(grouping: articles) { $0.category ?? "" }
            for (category, articles) in groups.sorted(by: { $0.key < $1.key }) {
                if !category.isEmpty { body += "\n<h2>\(category.htmlEscaped)</h2>" }
                let items = articles.sorted { ($0.title, $0.id) < ($1.title, $1.id) }
                body += "\n<ul>" + items.map { "<li>\(link($0))</li>" }.joined() + "</ul>"
            }
        } else {
            let found = try reader.articles.all(
                answering: question, locale: tenant.locale, limit: Self.foundMax)
            if found.isEmpty { body += "\n<p>\(words("help.no_answer").htmlEscaped)</p>" }
            for one in found {
                body += "\n<h2>\(link(one.article))</h2><p>\(one.answer.passage.htmlEscaped)</p>"
            }
        }
        page = PublicPage(
            title: title, body: body, agency: tenant.name,
            color: tenant.brand?.color ?? "#1f4e79", language: tenant.locale)
    }
}
