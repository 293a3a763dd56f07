package import Agents
package import Database
package import Nouns
internal import Tenancy

/// The questions that posts ask the slices beside them.
package struct PostsDependencies: Asking {
    /// Whether a piece of content may leave; `nil`: there is none such.
    @ModuleNeed("whether a piece of content is approved", for: "posts")
    package var isApproved: @Sendable (any Queryable, _ item: ContentItemID) throws -> Bool?
    /// The sentences of a piece of content, as its readers see them; none of one that is not approved.
    @ModuleNeed("what a piece of content says", for: "posts")
    package var sentences: @Sendable (any Queryable, _ item: ContentItemID) throws -> [String]
    /// Returns how a campaign stands to what is of it; `nil`: there is none such.
    @ModuleNeed("how a campaign stands", for: "posts")
    package var campaign: @Sendable (any Queryable, _ campaign: CampaignID) throws -> CampaignStand?
    /// Returns the words of a piece of content; `nil`: there is none such.
    @ModuleNeed("the words of a piece of content", for: "posts")
    package var words: @Sendable (any Queryable, _ item: ContentItemID) throws -> String?
    /// Whether a piece of content was put away before its day.
    @ModuleNeed("whether a piece of content is called off", for: "events on networks")
    package var isCalledOff: @Sendable (any Queryable, _ item: ContentItemID) throws -> Bool
    /// Whether a model has made a piece of content.
    @ModuleNeed("whether a model has made a piece of content", for: "posts")
    package var isMadeWithAI: @Sendable (any Queryable, _ item: ContentItemID) throws -> Bool
    /// Returns what the market shows of late, each a trend that rises.
    @ModuleNeed("the rising trends of the market", for: "posts")
    package var trends: @Sendable (any Queryable) throws -> [RisingSubject]

    package init() {}
}

/// Whether a campaign lets out what is of it: now, later, or not any more.
package enum CampaignStand: Sendable { case active, resting, over }

/// Something of which feeds, the agency's own numbers, or what people say to accounts, show more and more.
package struct RisingSubject: Sendable {
    /// The record that says so.
    package let type: String, id: String
    package let title: String

    package init(_ type: String, _ id: String, title: String) {
        (self.type, self.id, self.title) = (type, id, title)
    }
}
