internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Social
package import Telemetry
internal import Tenancy

/// The pieces of the agency's content that may be told on social networks.
extension ContentStore {
    /// The most pieces that are looked through at once, and the most of them whose sources are known.
    private static var toldMax: Int { 5000 }
    private static var sourcesMax: Int { 500 }

    /// Returns the pieces that people may be told of, the most urgent first: what is approved and no mail, and what
    /// stands on a blog.
    package func told(plannedBefore end: Instant, changedSince begin: Instant) throws -> [ContentItemID] {
        try tx.all(
            """
            SELECT id FROM content_items
            WHERE tenant_id = \(tx.tenant) AND updated_at > \(begin)
                AND (planned_at IS NULL OR planned_at < \(end))
                AND (format IN ('social', 'video', 'story') AND status IN ('approved', 'scheduled')
                    OR format = 'blog' AND status = 'published' AND url IS NOT NULL)
            ORDER BY coalesce(planned_at, updated_at), id LIMIT \(Self.toldMax)
            """
        ) { ContentItemID($0, 0) }
    }

    /// Returns a piece with its words as networks get them; `nil` where it may not be told.
    package func told(_ id: ContentItemID) throws -> (item: ContentItem, piece: LongPiece)? {
        guard let item = try ContentItem.resource.find(id, in: tx), item.isTold else { return nil }
        var piece = try LongPiece(of: item, in: tx)
        piece.link = item.publishing.url
        return (item, piece)
    }

    /// Returns the ids of what pieces for networks rest on.
    package func sourcesOfPosts() throws -> Set<String> {
        let items = try ContentItem.resource.all(
            where: "format = 'social'", suffix: "ORDER BY id DESC LIMIT \(Self.sourcesMax)", in: tx)
        return Set(items.flatMap { $0.sources.list.compactMap(\.id) })
    }
}

extension ContentItem {
    fileprivate var isTold: Bool {
        switch format {
        case .social, .video, .story: status.isReady
        case .blog: status == .published && publishing.url != nil
        case .message, .email, .ad: false
        }
    }
}

extension ContentItem {
    /// Keeps a draft of a post that rests on sentences of one's own.
    package static func keepDraft(
        _ title: String, _ body: String, from source: (type: String, id: String), quotes: [String],
        by actor: Actor, in tx: Transaction
    ) throws -> ContentItemID {
        var item = ContentItem.new(id: tx.nextID(), now: tx.now)
        item.title = title.shortened(to: 200)
        (item.body, item.format, item.status) = (body, .social, .draft)
        item.locale = try tx.agency.tenant().locale
        item.sources.list = quotes.prefix(100).map { quote in
            var kept = ContentSource()
            (kept.type, kept.id, kept.quote) = (source.type, source.id, String(quote.prefix(5000)))
            return kept
        }
        item.isMadeWithAI = try tx.contentMaterials.saysWhatModelsSaid(item)
        try tx.create(&item, by: actor)
        return item.id
    }
}

extension Material {
    /// The sentences of it that may be said: whole ones, no orders to machines, no addresses of people.
    package var sayable: [String] { Passage.sentences(of: body) }
}
