internal import Agents
package import Database
internal import Integrations
package import JSON
internal import Jobs
package import Messages
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// A post that stands and is shown as an advertisement, for a sum and until a day: one row of `post_promotions`.
package struct PostPromotion: ManagedRecord {
    package enum Status: String, Choice {
        /// It is being made at the service, paused.
        case preparing
        /// All of it is there, and rests until somebody says yes.
        case ready
        case starting
        /// The service looks at it before it shows it.
        case inReview = "in_review"
        case running, stopping, stopped, ended, failed

        /// Whether it may still spend.
        var isOpen: Bool { ![.stopped, .ended, .failed].contains(self) }
        /// Whether it is at work at the service, or will be.
        var isOn: Bool { self == .starting || self == .inReview || self == .running }
    }

    package var head = Head<PostPromotion>()
    package var postID = SocialPostID.unset
    package var adCampaignID = ID<AdCampaign>.unset
    package var integrationID = IntegrationID.unset
    package var clientID: ClientID?
    package var campaignID: CampaignID?
    package var dailyBudget: Money?
    package var lifetimeBudget: Money?
    package var total: Money?
    package var startAt: Instant?
    package var endAt = Instant(seconds: 0)
    package var countries: [String] = []
    package var status = Status.preparing
    package var reasons = Parts<Reason>()
    package var adSet: String?
    package var creative: String?
    package var ad: String?
    package var spend: Money?
    package var impressions: Int?
    package var people: Int?
    package var clicks: Int?
    package var measuredAt: Instant?

    package init() {}

    package static let idPrefix = "ppr", noun = "post_promotion"
    package static let writing: Permission = "campaigns:write"
    package static let resource = Resource<PostPromotion>(
        "post_promotions", named: "PostPromotion",
        console: ConsoleForm(
            columns: ["post_id", "status", "total", "spend", "clicks", "end_at"], filters: ["status"]),
        order + standing + results)

    private static let order: [Field<PostPromotion>] = [
        .id("post_id", \.postID, .readOnly, .filterable, .about("The post that is shown.")),
        .id(
            "ad_campaign_id", \.adCampaignID, .readOnly, .filterable,
            .about("The campaign at the service that it is in.")),
        .id(
            "integration_id", \.integrationID, .readOnly, .filterable,
            .about("The integration of the advertising service.")),
        .id("client_id", \.clientID, .readOnly, .filterable, .about("The client it is for.")),
        .id(
            "campaign_id", \.campaignID, .readOnly, .filterable,
            .about("The campaign of the agency from whose budget it spends.")),
        .money("daily_budget", \.dailyBudget, .readOnly, .about("The daily budget of the promotion.")),
        .money("lifetime_budget", \.lifetimeBudget, .readOnly, .about("The budget of all its days.")),
        .money("total", \.total, .readOnly, .about("The most that it may spend until its end.")),
        .instant(
            "start_at", \.startAt, .readOnly, .filterable,
            .about("When it begins; null: once it is started.")),
        .instant("end_at", \.endAt, .readOnly, .filterable, .sortable, .about("When it ends by itself.")),
        .texts(
            "countries", \.countries, max: 25, length: 2, .readOnly,
            .about("The countries whose people see it.")),
    ]

    private static let standing: [Field<PostPromotion>] = [
        .choice("status", \.status, .readOnly, .filterable, .about("The state that it is in.")),
        .parts(
            "reasons", \.reasons, max: 10, .readOnly, .about("Why it waits, or what the service refused.")),
        .text("ad_set_remote_id", \.adSet, max: 80, .readOnly, .about("The ad set at the service.")),
        .text("creative_remote_id", \.creative, max: 80, .readOnly, .about("The creative at the service.")),
        .text(
            "ad_remote_id", \.ad, max: 80, .readOnly, .filterable, .about("The advertisement at the service.")
        ),
    ]

    private static let results: [Field<PostPromotion>] = [
        .money("spend", \.spend, .readOnly, .about("The cost so far.")),
        .integer(
            "impressions", \.impressions, in: 0...1_000_000_000_000, .readOnly,
            .about("How often it was shown for money.")),
        .integer(
            "reach", \.people, in: 0...1_000_000_000_000, .readOnly,
            .about("How many people have seen it for money.")),
        .integer(
            "clicks", \.clicks, in: 0...1_000_000_000_000, .readOnly,
            .about("How often it was clicked where it was shown for money.")),
        .instant("measured_at", \.measuredAt, .readOnly, .about("When the service was last asked.")),
    ]

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        guard !status.isOpen else {
            throw Problem(.conflict, "The promotion is \(status.rawValue): stop it first.")
        }
    }

    /// The end of the names of what is made for it at the service.
    var key: String { String("\(id)".suffix(10)) }
    var parts: PromotionParts { PromotionParts(adSet: adSet, creative: creative, ad: ad) }
    /// The amount that it may still spend.
    var rest: Int64 { max(0, (total?.amount ?? 0) - (spend?.amount ?? 0)) }

    func refusal() -> Problem {
        var allowed = status == .ready || status == .stopped ? ["start"] : []
        if status.isOpen { allowed.append("stop") }
        return Problem(
            .invalidTransition, "The promotion is \(status.rawValue), which does not allow this.",
            extra: ["allowed": JSON(allowed)])
    }
}

/// A post that may be promoted, as its network and its account have it.
package struct PromotablePost: Sendable {
    package let network: String
    /// Its id there; `nil`: it does not stand, or only a person knows where.
    package let remote: String?
    /// The account at the network, where posts are named beside it.
    package let account: String?
    package let clientID: ClientID?
    package let title: String
    /// The figures that it has by itself.
    package let results: JSON

    package init(
        on network: String, _ remote: String?, of account: String?, client clientID: ClientID?,
        title: String, results: JSON
    ) {
        (self.network, self.remote, self.account) = (network, remote, account)
        (self.clientID, self.title, self.results) = (clientID, title, results)
    }
}

/// Posts that are advertised: `tx.promotions`.
struct PromotionStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var promotions: PromotionStore<Self> { PromotionStore(tx: self) }
}

extension PromotionStore {
    func open(ofPost post: SocialPostID) throws -> PostPromotion? {
        try PostPromotion.resource.first(
            where: "post_id = \(post) AND status NOT IN ('stopped', 'ended', 'failed')", suffix: "LIMIT 1",
            in: tx)
    }

    /// Returns the promotions of a campaign that may still spend.
    func open(of campaign: CampaignID) throws -> [PostPromotion] {
        try PostPromotion.resource.all(
            where: "campaign_id = \(campaign) AND status NOT IN ('stopped', 'ended', 'failed')",
            suffix: "ORDER BY id LIMIT 1000", in: tx)
    }
}

extension PromotionStore where Base == Transaction {
    @discardableResult
    func move(
        _ id: ID<PostPromotion>, to status: PostPromotion.Status, by actor: Actor = .system,
        _ change: (inout PostPromotion) -> Void = { _ in }
    ) throws -> PostPromotion? {
        guard let old = try PostPromotion.resource.find(id, in: tx) else { return nil }
        var promotion = old
        promotion.status = status
        change(&promotion)
        guard try tx.update(old, to: &promotion, by: actor), old.status != status else { return promotion }
        let told: [PostPromotion.Status] = [.ready, .running, .stopped, .ended, .failed]
        if told.contains(status) {
            try tx.publish(
                "post_promotion.\(status.rawValue)", promotion.subject,
                [
                    "post_id": JSON(promotion.postID), "campaign_id": JSON(promotion.campaignID),
                    "reason": JSON(promotion.reasons.list.first?.detail),
                ])
        }
        return promotion
    }

    /// One step at a time; one that waits is enough, and is not let wait longer.
    func wake(_ id: ID<PostPromotion>, at moment: Instant? = nil) throws {
        if moment == nil, let job = try tx.jobs.live(PromotePostJob.self, uniqueKey: id) {
            try tx.jobs.hasten(job)
        }
        try tx.jobs.enqueue(
            PromotePostJob.self, .init(promotion: id),
            JobOptions(
                runAt: moment, uniqueKey: id, uniqueness: .untilStarted, subject: Subject(id), limitKey: id,
                limits: JobLimits(concurrency: 1)))
    }
}
