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
            SELECT \(trusted: MilestoneRow.joined) FROM campaign_milestones AS m
            JOIN campaigns AS c ON c.tenant_id = m.tenant_id AND c.id = m.campaign_id
            WHERE m.tenant_id = \(tx.tenant) AND \(condition)
            ORDER BY m.due_on, m.campaign_id, m.name LIMIT \(limit)
            """
        ) { try MilestoneRow($0).day }.compactMap(\.self)
    }
}

/// A milestone, with what is known of its campaign.
private struct MilestoneRow: StoredRow {
    /// `nil` where the date or the status is none.
    let day: CampaignDay?

    static let columns = Columns(of: Self.self)

    static let joined = columns.of(
        "m", with: ["client_id": "c.client_id", "status": "c.status", "version": "c.version"])

    init(_ row: inout ColumnReader) {
        let date = CivilDate(iso: row.text("due_on")), name = row.text("name")
        let campaign: CampaignID = row.id("campaign_id"), client: ClientID? = row.optionalID("client_id")
        let status = Campaign.Status(rawValue: row.text("status")), version = row.int("version")
        if let date, let status {
            day = CampaignDay(
                date: date, name: name, campaign: campaign, client: client, status: status, version: version)
        } else {
            day = nil
        }
    }
}
