package import Agents
package import Database
package import Nouns
internal import Records
package import Telemetry
internal import Tenancy

/// The questions that campaigns ask the slices beside them.
package struct CampaignDependencies: Asking {
    /// Returns a figure by its id; `nil`: there is none.
    @ModuleNeed("the figures of campaigns", for: "triggers of campaigns")
    package var figure: @Sendable (any Queryable, MetricID) throws -> CampaignFigure?
    /// Returns the figures of a campaign, newest first; at most 5000.
    @ModuleNeed("the figures of a campaign", for: "results of campaigns")
    package var figures: @Sendable (any Queryable, CampaignID) throws -> [CampaignFigure]

    /// Returns the posts of a campaign on social networks, the oldest first; at most 1000.
    @ModuleNeed("the posts of a campaign", for: "results of campaigns")
    package var posts: @Sendable (any Queryable, CampaignID) throws -> [CampaignPost]

    /// Returns a post that is to be shown as an advertisement; `nil`: there is no such post.
    @ModuleNeed("a post as its network has it", for: "advertisements of posts")
    package var promotable: @Sendable (any Queryable, SocialPostID) throws -> PromotablePost?

    /// Returns whom a client is written to by; `nil`: there is no such client.
    @ModuleNeed("whom a client is written to by", for: "word of campaigns")
    package var addressee: @Sendable (any Queryable, ClientID) throws -> CampaignAddressee?

    package init() {}
}

/// The person whom a client is written to by.
package struct CampaignAddressee: Sendable {
    package let name: String
    package let contact: ContactID?, email: String?

    package init(_ name: String, _ contact: ContactID?, email: String?) {
        (self.name, self.contact, self.email) = (name, contact, email)
    }
}

/// A post on a social network, as far as campaigns know it.
package struct CampaignPost: Sendable {
    package let id: String
    /// The network, which is a channel.
    package let network: String
    package let publishedAt: Instant?
    /// Whether it was to be published, and was not, or nobody knows.
    package let isAmiss: Bool
    /// The figures that the network tells of it, by name, such as `impressions`.
    package var figures: [String: Double] = [:]

    package init(_ id: String, on network: String, publishedAt: Instant?, isAmiss: Bool) {
        (self.id, self.network) = (id, network)
        (self.publishedAt, self.isAmiss) = (publishedAt, isAmiss)
    }
}

/// A figure of one day, as far as campaigns know it.
package struct CampaignFigure: Sendable {
    package let id: String
    /// The source and the metric, with a dot between them.
    package let name: String
    package let value: Double
    package let unit: String?
    package let date: CivilDate
    package let campaign: CampaignID?
    package let client: ClientID?
    /// The type of the record that it stands in.
    var type = "metric"

    package init(
        _ id: String, _ name: String, _ value: Double, unit: String?, on date: CivilDate,
        of campaign: CampaignID?, _ client: ClientID?
    ) {
        (self.id, self.name, self.value, self.unit) = (id, name, value, unit)
        (self.date, self.campaign, self.client) = (date, campaign, client)
    }

    /// Whether it is a share or a price, which adds up to nothing.
    var isRatio: Bool { unit == "%" || name.contains("_per_") || name.hasSuffix("rate") }

    /// Returns whether it says something of a campaign: it is the campaign's own, or of its client without a
    /// campaign.
    func belongs(to other: Campaign) -> Bool {
        if let campaign { return campaign == other.id }
        return client != nil && client == other.clientID
    }
}
