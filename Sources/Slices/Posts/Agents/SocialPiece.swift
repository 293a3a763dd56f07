package import Agents
package import Database
internal import JSON
package import Nouns
package import Records
package import Social
package import Telemetry
package import Tenancy

/// A piece of content that may be told on networks, as the agents of networks know it.
package struct SocialPiece: Sendable {
    package struct Medium: Sendable {
        package let file: ID<StoredFile>
        package let altText: String
        package let probe: MediaProbe

        package init(_ file: ID<StoredFile>, altText: String, _ probe: MediaProbe) {
            (self.file, self.altText, self.probe) = (file, altText, probe)
        }
    }

    package let id: ContentItemID
    package var shape = LongPiece.Shape.words
    package var title = ""
    /// Markdown.
    package var body = ""
    /// The address at which the whole of it stands.
    package var link: String?
    package var media: [Medium] = []
    package var client: ClientID?
    package var campaign: CampaignID?
    /// The moment for which the calendar has it; nothing leaves before.
    package var plannedAt: Instant?
    /// Whether it tells of something that begins, which people may be invited to.
    package var isLaunch = false

    package init(_ id: ContentItemID) { self.id = id }

    /// The piece as it is made into posts, with some of its media.
    func long(_ chosen: [Medium]? = nil) -> LongPiece {
        var piece = LongPiece()
        (piece.shape, piece.title, piece.body, piece.link) = (shape, title, body, link)
        piece.media = (chosen ?? media).map { PostDraft.Medium(altText: $0.altText, probe: $0.probe) }
        return piece
    }
}

/// The questions that the agents of networks ask about what the agency has written.
package struct PieceDependencies: Asking {
    /// Returns the pieces that people may be told of, of any client, the most urgent first: planned before a moment,
    /// or changed since another.
    @ModuleNeed("the content that is approved", for: "the agents of social networks")
    package var pieces:
        @Sendable (any Queryable, _ before: Instant, _ since: Instant) throws -> [ContentItemID]
    /// Returns one of them; `nil` where it may not, or not any more.
    @ModuleNeed("a piece of content", for: "the agents of social networks")
    package var piece: @Sendable (any Queryable, ContentItemID) throws -> SocialPiece?
    /// Returns articles that the agency has published, those that may be about a topic first.
    @ModuleNeed("published articles", for: "the agents of social networks")
    package var articles: @Sendable (any Queryable, _ topic: String) throws -> [OwnMaterial]
    /// Returns its published case studies, the newest first.
    @ModuleNeed("published case studies", for: "the agents of social networks")
    package var stories: @Sendable (any Queryable) throws -> [OwnMaterial]
    /// Returns what moves the agency's market these days, each in a line.
    @ModuleNeed("what moves the market", for: "the agents of social networks")
    package var trends: @Sendable (any Queryable) throws -> [String]
    /// Keeps a draft that rests on such material, for people to review.
    @ModuleNeed("drafts of content", for: "the agents of social networks")
    package var draft: @Sendable (Transaction, OwnDraft, _ by: Actor) throws -> ContentItemID
    /// Returns the ids of material on which pieces for networks rest already.
    @ModuleNeed("what content rests on", for: "the agents of social networks")
    package var drafted: @Sendable (any Queryable) throws -> Set<String>
    /// Returns how pieces that were sent to people since a moment have done, those that most got first.
    @ModuleNeed("how content that was sent has done", for: "the look at results of content")
    package var sent: @Sendable (any Queryable, _ since: Instant) throws -> [SentPiece]

    package init() {}
}

/// Something of the agency's own that may be told: an article, or a case study.
package struct OwnMaterial: Sendable {
    package let type: String, id: String, title: String
    /// The sentences that may be said of it, in their order.
    package let sentences: [String]

    package init(_ type: String, _ id: String, title: String, _ sentences: [String]) {
        (self.type, self.id, self.title, self.sentences) = (type, id, title, sentences)
    }
}

/// A draft in words of the agency's own.
package struct OwnDraft: Sendable {
    package let title: String, body: String
    package let source: OwnMaterial
    /// The sentences that were taken from it.
    package let quotes: [String]
}
