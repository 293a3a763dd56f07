internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import Records
package import Telemetry
internal import Tenancy
package import Wording

/// A campaign as a report to its client has it: how it stands, and what it has brought in the report's period.
package struct ReportedCampaign: Sendable {
    /// The sum of a metric in the period, or its newest value where it adds up to nothing.
    package struct Figure: Sendable {
        package let label: String
        package let source: String, metric: String
        package let value: Double
        package let unit: String?
        package let isSum: Bool
    }

    package let id: CampaignID
    package let name: String
    /// The standing of the campaign, what was reached in the period, and what is next.
    package let text: String
    package let figures: [Figure]
}

extension CampaignTellingStore {
    /// Returns a client's campaigns of a period, at most 20.
    package func reported(
        toClient client: ClientID, from first: CivilDate, through last: CivilDate, _ words: Wording,
        _ figures: (any Queryable, CampaignID) throws -> [CampaignFigure]
    ) throws -> [ReportedCampaign] {
        let begin = try tx.reading.agency.zone().firstInstant(atOrAfter: LocalTime(first, hour: 0))
        return try Campaign.resource.all(
            where: """
                client_id = \(client)
                AND (status IN ('active', 'paused') OR (status = 'completed' AND completed_at >= \(begin)))
                """, suffix: "ORDER BY id LIMIT 20", in: tx
        ).map { campaign in
            let telling = try CampaignTelling(
                campaign, { try figures($0, $1).filter { $0.date >= first && $0.date <= last } }, in: tx)
            let reached = campaign.milestones.list.filter { $0.dueOn >= first && $0.dueOn <= last }
            let milestones =
                reached.isEmpty
                ? nil
                : words(
                    "campaign.word_reached",
                    ["milestones": .text(reached.map(\.name).joined(separator: ", "))])
            let sentences = [telling.state(words), milestones, telling.best(words), telling.next(words)]
            return ReportedCampaign(
                id: campaign.id, name: campaign.name,
                text: sentences.compactMap(\.self).joined(separator: " "), figures: telling.reported)
        }
    }
}
