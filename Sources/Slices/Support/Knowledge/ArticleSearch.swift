internal import Database
package import Intelligence
internal import Jobs
internal import Markdown
internal import Nouns
internal import Records
internal import Synchronization

/// An article that may answer a question.
package struct FoundArticle: Sendable {
    package let article: Article
    package let answer: AnswerFinder.Answer

    /// Whether the article is certain enough to be given as the answer.
    package var isAnswer: Bool { answer.confidence >= AnswerFinder.confidenceMin }
}

extension ArticleStore {
    /// Returns the published articles that may answer a question, the likeliest first, and none about anything else.
    /// `locale` is that of whoever asks, for questions that do not show their language.
    package func all(
        answering question: String, locale: String? = nil, limit: Int = 3
    ) throws -> [FoundArticle] {
        let language = locale.map { $0.prefix(2).lowercased() }
        return try knowledge().answers(to: question, language: language, limit: limit).compactMap { answer in
            guard answer.confidence >= foundMin, let id = ID<Article>(answer.text.id),
                let article = try Article.resource.find(id, in: tx)
            else { return nil }
            return FoundArticle(article: article, answer: answer)
        }
    }

    /// Returns the index of the published articles; only articles that have changed are read again.
    package func knowledge() throws -> AnswerFinder {
        let edition = try tx.counters.find(knowledgeEdition), known = shelf.withLock { $0.known[tx.tenant] }
        if let known, known.edition == edition { return known.finder }
        let texts = try Article.resource.all(
            where: "status = 'published'", suffix: "ORDER BY id DESC LIMIT \(articlesMax)", in: tx
        ).map(\.text)
        let finder = AnswerFinder(of: texts, reusing: known?.finder)
        // Only complete and committed articles are kept: a transaction may be undone, and a limited caller does not
        // see all.
        if tx is Reader, tx.limit == nil { shelf.withLock { $0.keep(finder, edition, of: tx.tenant) } }
        return finder
    }
}

extension Article {
    fileprivate var text: AnswerFinder.Text {
        var text = AnswerFinder.Text(id: "\(id)", title: title, body: Markdown.plainText(body).trimmed)
        (text.wordings, text.tags, text.revision) = (wordings, tags, version)
        text.language = locale.map { $0.prefix(2).lowercased() }
        return text
    }
}

/// The counter that every change of a published article increments.
let knowledgeEdition = "articles.edition"
/// The most articles that are searched: the newest ones.
private let articlesMax = 2000
/// The least confidence with which an article is shown at all.
private let foundMin = 0.15

/// The indexes of the agencies that were asked last.
private let shelf = Mutex(ArticleIndex())

private struct ArticleIndex: Sendable {
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
