internal import Agents
package import Database
internal import Intelligence
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry

/// A question that the articles do not answer, and how often it was asked: one row of `knowledge_gaps`.
package struct KnowledgeGap: ManagedRecord {
    package enum Status: String, Choice { case open, closed }

    package var head = Head<KnowledgeGap>()
    /// Its words in order, by which the same question is known again.
    package var key = ""
    package var question = ""
    package var asked = 1
    package var lastAskedAt = Instant(seconds: 0)
    package var status = Status.open
    package var articleID: ID<Article>?

    package init() {}

    package static let idPrefix = "gap", noun = "knowledge_gap"
    package static let resource = Resource<KnowledgeGap>(
        "knowledge_gaps", named: "KnowledgeGap", personal: .within("knowledge_gaps"),
        [
            .text("key", \.key, max: 400, .secret),
            .text(
                "question", \.question, max: 500, .readOnly, .personal,
                .about("The question that no article answers.")),
            .integer("asked", \.asked, in: 1...Int64.max, .readOnly, .filterable, .sortable),
            .instant("last_asked_at", \.lastAskedAt, .readOnly, .sortable),
            .choice(
                "status", \.status, .standard("open"), .filterable,
                .about("Whether the gap is open or closed.")),
            .id("article_id", \.articleID, .filterable, .about("The article that answers it now.")),
        ])

    package mutating func prepare(replacing old: KnowledgeGap?, by actor: Actor, in tx: Transaction) throws {
        // A question that has an answer now is no longer a gap.
        if articleID != nil, articleID != old?.articleID, status == old?.status { status = .closed }
    }

    /// Adds the question's wordings to the article that a person names, which answers it from then on.
    package func saved(replacing old: KnowledgeGap?, by actor: Actor, in tx: Transaction) throws {
        guard let articleID, articleID != old?.articleID else { return }
        let wording = String(Redactor().redact(question).prefix(300)).trimmed
        let old = try Article.resource.get(articleID, in: tx)
        guard !wording.isEmpty, !old.wordings.contains(wording) else { return }
        var article = old
        article.wordings = (old.wordings + [wording]).suffix(Article.wordingsMax)
        try tx.update(old, to: &article, by: actor)
    }
}

extension ArticleStore where Base == Transaction {
    /// Counts a question that could not be answered from the articles. One that was closed is open again: its answer
    /// is not found.
    package func noteUnanswered(_ question: String) throws {
        let stems = QuestionWords(question).stems.prefix(wordsMax)
        guard !stems.isEmpty else { return }
        let key = String(stems.sorted().joined(separator: " ").prefix(400))
        if let old = try KnowledgeGap.resource.first(where: "key = \(key)", in: tx) {
            var gap = old
            (gap.asked, gap.lastAskedAt, gap.status) = (old.asked + 1, tx.now, .open)
            try tx.update(old, to: &gap, by: .system)
        } else {
            var gap = KnowledgeGap.new(id: tx.nextID(), now: tx.now)
            (gap.key, gap.question, gap.lastAskedAt) = (key, String(question.prefix(500)), tx.now)
            try tx.create(&gap, by: .system)
        }
    }
}

/// The most words of a question by which it is recognised.
private let wordsMax = 8
