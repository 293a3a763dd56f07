internal import Database
package import Nouns
internal import Records
package import Telemetry
internal import Tenancy

extension CampaignResultStore {
    /// The campaigns, and the links of them, that are looked through.
    private var campaignsMax: Int { 200 }
    private var linksMax: Int { 2000 }

    /// Returns what the links of a client's campaigns, or of the agency's own, are marked with (`utm_campaign`), and
    /// the days of the campaign. A mark that several campaigns share says nothing of either: it is left out.
    package func marks(
        of client: ClientID?
    ) throws -> [(name: String, campaign: CampaignID, days: ClosedRange<CivilDate>)] {
        let owned: SQL = client.map { "client_id = \($0)" } ?? "client_id IS NULL"
        let campaigns = try Campaign.resource.all(
            where: "\(owned) AND status <> 'planning'", suffix: "ORDER BY id DESC LIMIT \(campaignsMax)",
            in: tx)
        guard !campaigns.isEmpty else { return [] }
        let byID = Dictionary(uniqueKeysWithValues: campaigns.map { ($0.id, $0) })
        let links = try TrackedLink.resource.all(
            where: "campaign_id IN \(list: campaigns.map(\.id))",
            suffix: "ORDER BY campaign_id DESC, id DESC LIMIT \(linksMax)", in: tx)
        var holders: [String: Set<CampaignID>] = [:]
        for link in links {
            guard let name = link.mark, let campaign = link.campaignID else { continue }
            holders[name, default: []].insert(campaign)
        }
        let zone = try tx.reading.agency.zone()
        var marks: [(name: String, campaign: CampaignID, days: ClosedRange<CivilDate>)] = []
        for (name, those) in holders.sorted(by: { $0.key < $1.key }) where those.count == 1 {
            guard let campaign = those.first.flatMap({ byID[$0] }) else { continue }
            let first = campaign.startOn ?? CivilDate(year: 1970, month: 1, day: 1)
            let last =
                campaign.endOn ?? campaign.completedAt.map { zone.local(of: $0).date }
                ?? CivilDate(year: 9999, month: 12, day: 31)
            if first <= last { marks.append((name, campaign.id, first...last)) }
        }
        return marks
    }
}

extension TrackedLink {
    /// The campaign that its address names to whoever answers there.
    fileprivate var mark: String? {
        let target = LinkTarget(url)?.completed(with: utm?.parameters ?? [])
        return target?.parameter("utm_campaign").flatMap { $0.isEmpty ? nil : $0 }
    }
}
