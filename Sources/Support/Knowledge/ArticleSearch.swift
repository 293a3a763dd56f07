package import Database
package import Intelligence
internal import Markdown
internal import Records
internal import Runtime
internal import Synchronization

/// An article that may answer a question.
package struct FoundArticle: Sendable {
    package let article: Article
    package let answer: AnswerFinder.Answer

    /// Whether it is sure enough to answer with it.
    package var isAnswer: Bool { answer.confidence >= AnswerFinder.confidenceMin }
}

extension Queryable {
    /// The published articles that may answer a question, the likeliest first; none that speaks of something else.
    /// `locale` is that of whoever asks, where their words do not show their language.
    package func articles(
        answering question: String, locale: String? = nil, limit: Int = 3
    ) throws -> [FoundArticle] {
        let language = locale.map { $0.prefix(2).lowercased() }
        return try knowledge().answers(to: question, language: language, limit: limit).compactMap { answer in
            guard answer.confidence >= foundMin, let id = ID<Article>(answer.text.id),
                let article = try Article.resource.find(id, in: self)
            else { return nil }
            return FoundArticle(article: article, answer: answer)
        }
    }

    /// What the published articles say, as answers are looked for in it: read once, and again what has changed.
    package func knowledge() throws -> AnswerFinder {
        let edition = try counter(knowledgeEdition), known = shelf.withLock { $0.known[tenant] }
        if let known, known.edition == edition { return known.finder }
        let texts = try Article.resource.all(
            where: "status = 'published'", suffix: "ORDER BY id DESC LIMIT \(articlesMax)", in: self
        ).map(\.text)
        let finder = AnswerFinder(of: texts, reusing: known?.finder)
        // What a transaction has read may never have been, and whoever is limited does not see all.
        if self is Reader, limit == nil { shelf.withLock { $0.keep(finder, edition, of: tenant) } }
        return finder
    }
}

extension Article {
    fileprivate var text: AnswerFinder.Text {
        var text = AnswerFinder.Text(id: id.text, title: title, body: Markdown.plainText(body).trimmed)
        (text.wordings, text.tags, text.revision) = (wordings, tags, version)
        text.language = locale.map { $0.prefix(2).lowercased() }
        return text
    }
}

/// The counter that every change of what is published moves on.
let knowledgeEdition = "articles.edition"
/// Articles beyond are looked for by nobody: the newest are.
private let articlesMax = 2000
/// Below it an article is not even worth a look.
private let foundMin = 0.15

/// What is read of the articles of those agencies that are asked most.
private let shelf = Mutex(Shelf())

private struct Shelf: Sendable {
    struct Known: Sendable {
        let edition: Int
        let finder: AnswerFinder
    }

    private(set) var known: [TenantID: Known] = [:]
    private var order: [TenantID] = []
    private static let tenantsMax = 64

    mutating func keep(_ finder: AnswerFinder, _ edition: Int, of tenant: TenantID) {
        if known[tenant] == nil { order.append(tenant) }
        known[tenant] = Known(edition: edition, finder: finder)
        if order.count > Self.tenantsMax { known[order.removeFirst()] = nil }
    }
}
