internal import Database
package import Nouns
internal import Records
package import Telemetry

/// A day that a campaign has named.
package struct CampaignDay: Sendable {
    package let date: CivilDate
    package let name: String
    package let campaign: CampaignID
    package let client: ClientID?
    package let status: Campaign.Status
    /// The version of the campaign.
    package let version: Int
}

extension CampaignWatchStore {
    /// Returns the milestones of some days, the first first, of all campaigns or of one.
    package func milestones(
        from first: CivilDate, through last: CivilDate, of campaign: CampaignID?, limit: Int
    ) throws -> [CampaignDay] {
        var condition: SQL = "m.due_on >= \(first.iso) AND m.due_on <= \(last.iso)"
        if let campaign { condition += " AND m.campaign_id = \(campaign)" }
        return try tx.all(
            """
            SELECT m.due_on, m.name, m.campaign_id, c.client_id, c.status, c.version FROM campaign_milestones AS m
            JOIN campaigns AS c ON c.tenant_id = m.tenant_id AND c.id = m.campaign_id
            WHERE m.tenant_id = \(tx.tenant) AND \(condition)
            ORDER BY m.due_on, m.campaign_id, m.name LIMIT \(limit)
            """
        ) { row -> CampaignDay? in
            guard let date = CivilDate(iso: row.text(0)), let status = Campaign.Status(rawValue: row.text(4))
            else { return nil }
            return CampaignDay(
                date: date, name: row.text(1), campaign: CampaignID(row, 2),
                client: row.id(3), status: status, version: row.int(5))
        }.compactMap(\.self)
    }
}
