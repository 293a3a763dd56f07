internal import Database
internal import JSON
internal import Messages
package import Nouns
internal import Records
package import Telemetry

/// Something that the agency has published: what others may point to as news, and claim nothing beyond it.
package struct PublishedContent: Sendable {
    package let id: ContentItemID
    package let type: ContentItem.Kind
    package let title: String
    /// Markdown as it was written, with its places for values.
    package let body: String
    package let publishedAt: Instant
}

extension ContentStore {
    /// Returns what the agency itself has published last, the newest first; `since`: after a moment, `language`: in
    /// that language or in none.
    package func published(
        since moment: Instant? = nil, types: Set<ContentItem.Kind> = Set(ContentItem.Kind.allCases),
        language: String? = nil, limit: Int = 3
    ) throws -> [PublishedContent] {
        var condition: SQL =
            """
            status = 'published' AND format = 'message' AND client_id IS NULL
                AND type IN \(list: types.map(\.rawValue).sorted())
            """
        if let moment { condition += " AND published_at > \(moment)" }
        if let language {
            condition +=
                " AND (locale IS NULL OR locale = \(language) OR locale LIKE \(language + "-%"))"
        }
        return try ContentItem.resource.all(
            where: condition, suffix: "ORDER BY published_at DESC, id DESC LIMIT \(limit)", in: tx
        ).compactMap { item in
            guard let type = item.type else { return nil }
            return PublishedContent(
                id: item.id, type: type, title: item.title, body: item.body,
                publishedAt: item.publishedAt ?? item.createdAt)
        }
    }
}
