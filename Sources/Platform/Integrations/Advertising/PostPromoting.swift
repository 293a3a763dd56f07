package import Agents
package import Records
package import Telemetry

/// A service of advertisements that shows a post that stands to more people than follow it. One instance serves every
/// agency.
package protocol PostPromoting: AdService {
    /// Takes the next step of an order: what is there already under its key is found, and nothing is made twice.
    /// Everything is made so that it does not run.
    func promote(
        _ order: PromotionOrder, _ parts: PromotionParts, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PromotionParts

    /// Has an advertisement run or rest, as an absolute, and returns what stands there then.
    func run(
        _ parts: PromotionParts, _ isOn: Bool, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PromotionState

    /// Returns what an advertisement has cost and brought so far; `nil`: it was shown to nobody yet.
    func figures(
        ofAd ad: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PromotionFigures?
}

/// An order: the post that is to be shown, to whom, and for how much.
package struct PromotionOrder: Sendable {
    package enum Story: Sendable {
        /// A post of a page.
        case page(post: String)
        /// A picture or film of an account of Instagram.
        case instagram(media: String, account: String)
    }

    /// The end of the names of all that is made for it, by which it is found again.
    package let key: String
    package let story: Story
    package let remoteCampaign: String
    package let daily: Money?, lifetime: Money?
    package let startAt: Instant?
    package let endAt: Instant
    /// ISO 3166 codes.
    package let countries: [String]

    package init(
        key: String, story: Story, in remoteCampaign: String, daily: Money?, lifetime: Money?,
        from startAt: Instant?, until endAt: Instant, countries: [String]
    ) {
        (self.key, self.story, self.remoteCampaign) = (key, story, remoteCampaign)
        (self.daily, self.lifetime) = (daily, lifetime)
        (self.startAt, self.endAt, self.countries) = (startAt, endAt, countries)
    }
}

/// The parts that have been made at the service, by its ids there.
package struct PromotionParts: Hashable, Sendable {
    package enum Step: String, Sendable { case adSet, creative, ad }

    package var adSet: String?, creative: String?, ad: String?

    package init(adSet: String?, creative: String?, ad: String?) {
        (self.adSet, self.creative, self.ad) = (adSet, creative, ad)
    }

    package var next: Step? {
        adSet == nil ? .adSet : creative == nil ? .creative : ad == nil ? .ad : nil
    }
}

/// The state of an advertisement at its service.
package enum PromotionState: Hashable, Sendable {
    case running, resting
    case inReview
    /// It does not run there, in the service's words.
    case refused(String)
}

/// The cost of an advertisement, and its results.
package struct PromotionFigures: Hashable, Sendable {
    package let spend: Money?
    package let impressions: Int64, reach: Int64?, clicks: Int64

    package init(spend: Money?, impressions: Int64, reach: Int64?, clicks: Int64) {
        (self.spend, self.impressions, self.reach, self.clicks) = (spend, impressions, reach, clicks)
    }
}
