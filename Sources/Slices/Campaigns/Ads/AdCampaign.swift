internal import Agents
package import Database
package import Integrations
internal import JSON
package import Jobs
package import Nouns
package import Records
internal import Telemetry

/// A campaign at an advertising service, as it was read last: one row of `ad_campaigns`.
package struct AdCampaign: Record {
    package var head = Head<AdCampaign>()
    package var integrationID = IntegrationID.unset
    package var clientID: ClientID?
    package var campaignID: CampaignID?
    package var network = ""
    package var remoteID = ""
    package var name = ""
    package var status = RemoteAd.Status.unknown
    package var dailyBudget: Money?
    package var isShared = false
    package var spend: Money?
    package var clicks = 0
    package var impressions = 0

    package init() {}

    package static let idPrefix = "adc", noun = "ad_campaign"
    package static let resource = Resource<AdCampaign>(
        "ad_campaigns", named: "AdCampaign",
        console: ConsoleForm(
            title: "name", columns: ["network", "name", "status", "daily_budget", "spend", "clicks"],
            filters: ["network", "status"]),
        [
            .id(
                "integration_id", \.integrationID, .readOnly, .filterable,
                .about("The integration through which it was read.")),
            .id("client_id", \.clientID, .readOnly, .filterable, .about("The client it is for.")),
            .text(
                "network", \.network, max: 80, .readOnly, .filterable, .about("The advertising service."),
                .example("google_ads")),
            .text("remote_id", \.remoteID, max: 80, .readOnly, .filterable, .about("Its id there.")),
            .text(
                "name", \.name, max: 400, .readOnly, .sortable, .about("The name of the campaign there."),
                .example("Brand")),
            .choice("status", \.status, .readOnly, .filterable, .about("Whether it runs there.")),
            .money("daily_budget", \.dailyBudget, .readOnly, .about("The daily budget of the campaign.")),
            .boolean(
                "shared_budget", \.isShared, .readOnly,
                .about("Whether the budget is not the campaign's alone: that of others, or of its ad sets.")),
            .money("spend", \.spend, .readOnly, .about("The cost on the days that were read.")),
            .integer(
                "clicks", \.clicks, in: 0...1_000_000_000_000, .readOnly,
                .about("How often it was clicked on these days.")),
            .integer(
                "impressions", \.impressions, in: 0...1_000_000_000_000, .readOnly,
                .about("How often it was shown on these days.")),
            .id(
                "campaign_id", \.campaignID, .filterable, .added(in: 1215),
                .about("The campaign that it is part of: what it costs is spent on that.")),
        ])

    package var subject: Subject { Subject(id) }
}

/// Campaigns at advertising services: `tx.ads`.
package struct AdStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var ads: AdStore<Self> { AdStore(tx: self) }
}

extension AdStore where Base == Transaction {
    /// Keeps the campaigns that were read, with what they cost and brought: the same day again is replaced.
    package func keep(_ days: [RemoteAdDay], of integration: Integration) throws {
        var parts: Set<CampaignID> = []
        for (remoteID, rows) in Dictionary(grouping: days, by: \.ad.id).sorted(by: { $0.key < $1.key }) {
            guard let newest = rows.max(by: { $0.date < $1.date }) else { continue }
            let old = try AdCampaign.resource.first(
                where: "integration_id = \(integration.id) AND remote_id = \(remoteID)", suffix: "LIMIT 1",
                in: tx)
            var ad = old ?? AdCampaign.new(id: tx.nextID(), now: tx.now)
            (ad.integrationID, ad.clientID) = (integration.id, integration.clientID)
            (ad.network, ad.remoteID) = (integration.provider, remoteID)
            for row in rows {
                try tx.run(
                    """
                    INSERT INTO ad_days (tenant_id, ad_campaign_id, date, spend, clicks, impressions)
                    VALUES (\(tx.tenant), \(ad.id), \(row.date.iso), \(row.spend?.amount ?? 0), \(row.clicks),
                        \(row.impressions))
                    ON CONFLICT (tenant_id, ad_campaign_id, date) DO UPDATE SET
                        spend = excluded.spend, clicks = excluded.clicks, impressions = excluded.impressions
                    """)
            }
            let sums = try tx.first(
                """
                SELECT sum(spend), sum(clicks), sum(impressions) FROM ad_days
                WHERE tenant_id = \(tx.tenant) AND ad_campaign_id = \(ad.id)
                """
            ) { (spend: Int64($0.double(0)), clicks: Int($0.double(1)), impressions: Int($0.double(2))) }
            if let sums {
                (ad.clicks, ad.impressions) = (sums.clicks, sums.impressions)
                ad.spend = newest.spend.map { Money(amount: sums.spend, currency: $0.currency) }
            }
            try keep(newest.ad, as: &ad, replacing: old)
            if let campaign = ad.campaignID { parts.insert(campaign) }
        }
        for campaign in parts.sorted(by: { $0.text < $1.text }) {
            try tx.campaignSpending.takeAds(on: campaign, channel: integration.provider)
        }
    }

    /// Makes a campaign of a service part of a campaign, or of none.
    func put(_ id: ID<AdCampaign>, into campaign: CampaignID?, by actor: Actor) throws -> AdCampaign {
        let old = try AdCampaign.resource.get(id, in: tx)
        if let campaign, try Campaign.resource.find(campaign, in: tx) == nil {
            throw Problem(faults: [
                Fault("/campaign_id", "unknown_reference", "The campaign does not exist: name another.")
            ])
        }
        guard old.campaignID != campaign else { return old }
        var ad = old
        (ad.campaignID, ad.version, ad.updatedAt) = (campaign, old.version + 1, tx.now)
        try AdCampaign.resource.update(old, to: ad, in: tx)
        try tx.auditLog.add(
            actor, "ad_campaign.assigned", ad.subject,
            ["from": JSON(old.campaignID), "to": JSON(campaign)])
        for part in [old.campaignID, campaign].compactMap(\.self) {
            try tx.campaignSpending.takeAds(on: part, channel: ad.network)
        }
        return ad
    }

    /// Keeps a campaign as the service has it now.
    func keep(_ remote: RemoteAd, as ad: inout AdCampaign, replacing old: AdCampaign?) throws {
        (ad.name, ad.status) = (String(remote.name.prefix(400)), remote.status)
        (ad.dailyBudget, ad.isShared) = (remote.dailyBudget, remote.isShared)
        guard let old else { return try AdCampaign.resource.insert(&ad, in: tx) }
        (ad.version, ad.updatedAt) = (old.version + 1, tx.now)
        try AdCampaign.resource.update(old, to: ad, in: tx)
    }
}
