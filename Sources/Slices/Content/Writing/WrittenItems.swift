internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Wording

extension ContentItem {
    private static let titleMax = 200, quoteMax = 2000, briefMax = 1000

    /// A draft of what was written.
    init(
        _ piece: WrittenPiece, of plan: WritingPlan, for client: ClientID?, locale: String,
        resultIDs: [MetricID]
    ) {
        self.init()
        title = piece.title.shortened(to: Self.titleMax)
        (body, isMadeWithAI) = (piece.body, piece.isModels)
        format = Format(rawValue: piece.format.rawValue) ?? .social
        if format == .email { subject = title }
        (clientID, self.locale, status) = (client, locale, .draft)
        var seen: Set<String> = []
        sources.list = piece.sources.compactMap { passage, quote in
            guard passage.id != nil, seen.insert("\(passage.type) \(passage.id ?? "") \(quote)").inserted
            else { return nil }
            return ContentSource(passage.type, passage.id, String(quote.prefix(Self.quoteMax)))
        }
        if format == .blog || format == .email {
            sources.list += resultIDs.map { ContentSource("metric", $0.keyText, nil) }
        }
        sources.list.append(ContentSource("brief", nil, String(plan.brief.prefix(Self.briefMax))))
    }

    /// An idea of a plan.
    init(_ idea: StrategyPlan.Idea, called name: String, for client: ClientID?, locale: String) {
        self.init()
        title = name.shortened(to: Self.titleMax)
        (type, plannedAt, status) = (idea.type, idea.moment.at, .idea)
        switch idea.type {
        case _ where idea.moment.network == nil: format = .blog
        case .educational, .industryInsights: format = .blog
        default: format = .social
        }
        (clientID, self.locale) = (client, locale)
        if let ground = idea.ground { sources.list = [ContentSource(ground.type, ground.id, ground.title)] }
    }
}

extension ContentItem {
    /// Notes that it says again what an article says.
    mutating func isMade(of article: ContentItem) {
        campaignID = article.campaignID
        locale = article.locale ?? locale
        sources.list.insert(ContentSource("content_item", "\(article.id)", article.title), at: 0)
    }

    /// Whether it was written from a brief, together with the other pieces of it.
    fileprivate var hasBrief: Bool { sources.list.contains { $0.type == "brief" } }
}

extension ContentSource {
    fileprivate init(_ type: String, _ id: String?, _ quote: String?) {
        self.init()
        (self.type, self.id, self.quote) = (type, id, quote)
    }
}

/// The material that content is written from, and what was written of it: `tx.contentMaterials`.
struct ContentMaterialStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var contentMaterials: ContentMaterialStore<Self> { ContentMaterialStore(tx: self) }
}

extension ContentMaterialStore {
    /// The pieces of one's own that are looked at for what they say.
    private static var materialsMax: Int { 50 }
    /// The messages that are looked at for what they are made from.
    private static var messagesMax: Int { 200 }

    /// Returns what has been published, the newest first: of a client, and of the agency itself.
    func materials(of client: ClientID?) throws -> [Material] {
        var condition: SQL = "status = 'published' AND format <> 'message'"
        condition +=
            client.map { " AND (client_id IS NULL OR client_id = \($0))" } ?? " AND client_id IS NULL"
        return try ContentItem.resource.all(
            where: condition, suffix: "ORDER BY id DESC LIMIT \(Self.materialsMax)", in: tx
        ).map { item in
            var material = Material(
                "content_item", "\(item.id)", title: item.title, body: item.body, client: item.clientID)
            (material.locale, material.kind) = (item.locale, item.type)
            return material
        }
    }

    /// Returns whether something that a piece is made from was itself made by a model: its words are, too,
    /// then.
    func saysWhatModelsSaid(_ item: ContentItem) throws -> Bool {
        let pieces = item.sources.list.filter { $0.type == "content_item" }.compactMap(\.id)
        guard !pieces.isEmpty else { return false }
        return try tx.exists(
            """
            SELECT 1 FROM content_items
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: pieces) AND made_with_ai = 1 LIMIT 1
            """)
    }

    /// Returns those of some articles that people have approved; all that were changed since then where none are named.
    /// Articles that were written with other pieces have those.
    func articles(_ named: [ContentItemID], since: Instant, limit: Int) throws -> [ContentItem] {
        let which: SQL = named.isEmpty ? "updated_at >= \(since)" : "id IN \(list: named)"
        return try ContentItem.resource.all(
            where: "format = 'blog' AND status IN ('approved', 'scheduled', 'published') AND " + which,
            suffix: "ORDER BY id LIMIT \(limit)", in: tx
        ).filter { !$0.hasBrief }
    }

    /// Returns what the agency's own messages were made from already, by type of record and identifier.
    func toldInMessages() throws -> Set<String> {
        let items = try ContentItem.resource.all(
            where: "format = 'message' AND status <> 'archived' AND client_id IS NULL",
            suffix: "ORDER BY id DESC LIMIT \(Self.messagesMax)", in: tx)
        return Set(
            items.flatMap(\.sources.list).compactMap { source in source.id.map { "\(source.type)/\($0)" } })
    }

    /// Returns how many of the agency's own messages of each type wait to be approved.
    func draftedMessages() throws -> [ContentItem.Kind: Int] {
        let counts = try tx.all(
            """
            SELECT type, count(*) FROM content_items
            WHERE tenant_id = \(tx.tenant) AND format = 'message' AND status IN ('draft', 'in_review')
                AND client_id IS NULL
            GROUP BY type
            """
        ) { (ContentItem.Kind(rawValue: $0.optionalText(0) ?? ""), $0.int(1)) }
        return Dictionary(counts.compactMap { kind, count in kind.map { ($0, count) } }) { $0 + $1 }
    }
}

extension MaterialFigure {
    /// The figure in words, with what it rests on.
    func told(in words: Wording) -> (text: String, id: MetricID) {
        let told = words(
            "content.result", ["metric": .text(name), "from": .decimal(from), "to": .decimal(to)])
        return (told + (unit.map { " \($0)" } ?? ""), id)
    }
}
