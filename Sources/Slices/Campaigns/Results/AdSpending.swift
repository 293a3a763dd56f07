internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

extension CampaignSpendingStore where Base == Transaction {
    /// Takes over what an advertising service tells of the campaigns there that are part of a campaign. What somebody
    /// has noted of a day stands before it: how far both are apart is told with the results.
    func takeAds(on id: CampaignID, channel: String) throws {
        guard let old = try Campaign.resource.find(id, in: tx), old.status != .completed else { return }
        let currency = try currency(of: old)
        let ads = try tx.campaignResults.adDays(of: old).filter {
            $0.network == channel && $0.spend?.currency == currency
        }
        let days = Dictionary(grouping: ads, by: \.date).mapValues { day in
            day.reduce(Int64(0)) { $0 + ($1.spend?.amount ?? 0) }
        }
        try tx.run(
            """
            DELETE FROM campaign_spend
            WHERE tenant_id = \(tx.tenant) AND campaign_id = \(id) AND channel = \(channel)
                AND source = \(CampaignSpend.ofService)
            """)
        for (date, amount) in days.sorted(by: { $0.key < $1.key }) {
            try tx.run(
                """
                INSERT INTO campaign_spend
                    (tenant_id, campaign_id, channel, date, id, amount, currency, noted_at, source)
                VALUES (\(tx.tenant), \(id), \(channel), \(date.iso), \(tx.makeID("spend")), \(amount),
                    \(currency), \(tx.now), \(CampaignSpend.ofService))
                ON CONFLICT (tenant_id, campaign_id, channel, date) DO NOTHING
                """)
        }
        var campaign = old
        try weigh(&campaign, stops: true)
        if campaign.warnedAt != old.warnedAt || campaign.exhaustedAt != old.exhaustedAt {
            try tx.update(old, to: &campaign, by: .system)
        }
    }
}
