package import Agents
package import Database
package import Nouns
package import Social
package import Telemetry
internal import Tenancy

/// The questions that agents who plan and write content ask the slices beside it.
package struct WritingDependencies: Asking {
    /// Returns published articles, those that may be about a brief first.
    @ModuleNeed("published articles", for: "writing content")
    package var articles: @Sendable (any Queryable, _ brief: String) throws -> [Material]
    /// Returns published case studies, the newest first.
    @ModuleNeed("published case studies", for: "writing content")
    package var stories: @Sendable (any Queryable) throws -> [Material]
    /// Returns the texts among a client's documents that the client has been shown, the newest first; of contracts,
    /// guidelines and access data nothing is told.
    @ModuleNeed("the documents of a client", for: "writing content")
    package var documents: @Sendable (any Queryable, ClientID) throws -> [Material]
    /// Returns the results of a client, those that have grown most first.
    @ModuleNeed("the results of a client", for: "writing content")
    package var results: @Sendable (any Queryable, ClientID) throws -> [MaterialFigure]
    /// Returns what the agency has found out about its market of late; for a client, only what anybody can read: its
    /// own numbers are nobody else's.
    @ModuleNeed("what moves the market", for: "writing content")
    package var trends: @Sendable (any Queryable, ClientID?) throws -> [Material]
    /// Returns of what more people speak than before to the accounts of a client, or to the agency's own: each is a
    /// word, with the conversation that says so.
    @ModuleNeed("what people speak of", for: "planning content")
    package var subjects: @Sendable (any Queryable, ClientID?) throws -> [Material]
    /// Returns the hours of the week at which accounts say something: those of a client, or the agency's own.
    @ModuleNeed("the hours at which accounts post", for: "planning content")
    package var hours: @Sendable (any Queryable, ClientID?) throws -> [AccountHours]
    /// Returns when posts of those accounts leave, between two moments.
    @ModuleNeed("when posts leave", for: "planning content")
    package var posts: @Sendable (any Queryable, ClientID?, Instant, Instant) throws -> [Instant]
    /// Returns how posts of pieces of content have done since a moment, by the logarithm of what they have brought
    /// above the mean of their account.
    @ModuleNeed("how posts of content have done", for: "planning content")
    package var posted: @Sendable (any Queryable, Instant) throws -> [PostedPiece]
    /// Whether there is such a client.
    @ModuleNeed("whether a client exists", for: "planning content")
    package var isClient: @Sendable (any Queryable, ClientID) throws -> Bool

    package init() {}
}

/// The result of a post of a piece of content.
package struct PostedPiece: Sendable {
    package let item: ContentItemID
    package let deviation: Double

    package init(_ item: ContentItemID, deviation: Double) { (self.item, self.deviation) = (item, deviation) }
}

/// Something of the agency's own that readers may know, and that pieces are written from.
package struct Material: Sendable {
    /// The type of record, and which.
    package let type: String, id: String
    package let title: String
    /// Markdown.
    package let body: String
    package var client: ClientID?
    /// The language that it is in; `nil`: the agency's.
    package var locale: String?
    /// The type of content that it is, where it is of one.
    package var kind: ContentItem.Kind?

    package init(_ type: String, _ id: String, title: String, body: String, client: ClientID? = nil) {
        (self.type, self.id, self.title, self.body, self.client) = (type, id, title, body, client)
    }
}

/// A figure of a client that has changed.
package struct MaterialFigure: Sendable {
    package let id: MetricID, name: String
    package let from: Double, to: Double
    package let unit: String?

    package init(_ id: MetricID, _ name: String, from: Double, to: Double, unit: String?) {
        (self.id, self.name, self.from, self.to, self.unit) = (id, name, from, to, unit)
    }
}

/// The hours of the week at which an account says something, or at which its readers are there.
package struct AccountHours: Sendable {
    package struct Hour: Sendable {
        /// 1 is Monday.
        package let weekday: Int, minuteOfDay: Int
        package let score: Double

        package init(_ weekday: Int, minuteOfDay: Int, score: Double) {
            (self.weekday, self.minuteOfDay, self.score) = (weekday, minuteOfDay, score)
        }
    }

    package let account: String
    package let network: SocialNetwork
    /// The name of its time zone; `nil`: the agency's.
    package let zone: String?
    package let hours: [Hour]
    /// Whether the hours are those of its own queue.
    package let isQueue: Bool

    package init(_ account: String, _ network: SocialNetwork, zone: String?, _ hours: [Hour], isQueue: Bool) {
        (self.account, self.network, self.zone) = (account, network, zone)
        (self.hours, self.isQueue) = (hours, isQueue)
    }
}
