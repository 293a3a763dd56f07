package import Database
internal import Intelligence
internal import Records
internal import Telemetry

/// An article that may answer a question.
package struct FoundArticle: Sendable {
    package let article: Article
    /// From 0 to 1: how much of what the question asks about the article speaks of.
    package let score: Double

    /// Whether it says enough to answer with it.
    package var isAnswer: Bool { score >= Self.answerMin }

    package static let answerMin = 0.5
}

extension Queryable {
    /// The published articles that speak most of what a question asks about, the best first; none that does not.
    package func articles(
        answering question: String, locale: String? = nil, limit: Int = 3
    ) throws -> [FoundArticle] {
        let asked = Array(QuestionWords(question).stems.prefix(wordsMax))
        guard !asked.isEmpty, let table = Article.resource.searchTable else { return [] }
        var found: [String: Article] = [:], holders: [String: Int] = [:]
        for stem in asked {
            let match = dialect.searchMatch(table: table, tenant: tenant, SearchQuery(stem))
            let articles = try Article.resource.all(
                where: "status = 'published' AND row IN \(match)",
                suffix: "ORDER BY row DESC LIMIT \(candidatesMax)", in: self)
            holders[stem] = articles.count
            for article in articles { found[article.id.text] = article }
        }
        // A word that few articles hold tells more than one that all do; one that none holds is missed the most.
        let total = Double(found.count + 1)
        let weights = asked.map {
            (stem: $0, weight: 1 + (total / Double(holders[$0, default: 0] + 1)).logarithm)
        }
        let whole = weights.reduce(0) { $0 + $1.weight }
        let language = locale.map { $0.prefix(2).lowercased() }
        return found.values.map { article in
            let (title, body) = (
                QuestionWords.stems(in: article.title), QuestionWords.stems(in: article.body)
            )
            let tags = QuestionWords.stems(in: article.tags.joined(separator: " "))
            var sum = 0.0
            for (stem, weight) in weights {
                if Self.holds(title, stem) || Self.holds(tags, stem) {
                    sum += weight
                } else if Self.holds(body, stem) {
                    sum += 0.7 * weight
                }
            }
            var score = sum / whole
            if let language, let own = article.locale, !own.hasPrefix(language) { score *= 0.8 }
            return FoundArticle(article: article, score: score)
        }
        .sorted { ($0.score, $1.article.id.text) > ($1.score, $0.article.id.text) }
        .prefix(limit).map(\.self)
    }

    private static func holds(_ words: Set<String>, _ stem: String) -> Bool {
        words.contains(stem) || stem.utf8.count >= 4 && words.contains { $0.hasPrefix(stem) }
    }
}

/// Articles that are weighed of those that hold a word.
private let candidatesMax = 50
/// Words of a question that are looked for.
let wordsMax = 8

extension Double {
    /// The natural logarithm, by a series: the same on every machine.
    fileprivate var logarithm: Double {
        guard self > 0 else { return 0 }
        var value = self, powers = 0.0
        while value > 1.5 { (value, powers) = (value / 2, powers + 1) }
        while value < 0.75 { (value, powers) = (value * 2, powers - 1) }
        let ratio = (value - 1) / (value + 1)
        var (term, sum) = (ratio, 0.0)
        for step in 0..<20 {
            sum += term / Double(2 * step + 1)
            term *= ratio * ratio
        }
        return 2 * sum + powers * 0.693_147_180_559_945_3
    }
}
