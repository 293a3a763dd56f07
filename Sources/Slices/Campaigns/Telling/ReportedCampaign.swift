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
        /// The place of the records that it comes from; `nil`: they are metrics.
        package var records: String?
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
        _ figures: (any Queryable, CampaignID) throws -> [CampaignFigure],
        posts: (any Queryable, CampaignID) throws -> [CampaignPost]
    ) throws -> [ReportedCampaign] {
        let zone = try tx.reading.agency.zone()
        let begin = zone.firstInstant(atOrAfter: LocalTime(first, hour: 0))
        let end = zone.firstInstant(atOrAfter: LocalTime(last.adding(days: 1), hour: 0))
        return try Campaign.resource.all(
            where: """
                client_id = \(client)
                AND (status IN ('active', 'paused') OR (status = 'completed' AND completed_at >= \(begin)))
                """, suffix: "ORDER BY id LIMIT 20", in: tx
        ).map { campaign in
            var records = try CampaignRecords(
                of: campaign,
                figures: { try figures($0, $1).filter { $0.date >= first && $0.date <= last } },
                posts: posts, in: tx)
            records.keep(from: first, through: last, begin..<end)
            let telling = try CampaignTelling(records, in: tx), metrics = telling.reported
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
                text: sentences.compactMap(\.self).joined(separator: " "),
                figures: metrics + records.reported(begin..<end, beside: metrics))
        }
    }
}

extension CampaignRecords {
    /// Leaves out what is of other days, and advertisements in the account of another client.
    fileprivate mutating func keep(
        from first: CivilDate, through last: CivilDate, _ moments: Range<Instant>
    ) {
        let client = campaign.clientID
        posts = posts.filter { $0.publishedAt.map { moments.contains($0) } ?? false }
        mailings = mailings.filter { $0.startedAt.map { moments.contains($0) } ?? false }
        adDays = adDays.filter { day in
            day.date >= first && day.date <= last && (day.client == nil || day.client == client)
        }
    }

    /// The figures of channels that a report has, and their names there.
    private static let reportedNames = [
        "ads.clicks": "clicks", "ads.impressions": "impressions", "posts.published": "posts",
        "posts.impressions": "impressions", "mails.sent": "sent", "mails.clicks_people": "clicks",
        "mails.replied": "replies",
    ]
    /// The figures of channels that a report has at most.
    private static let reportedMax = 10

    /// Returns what ads, posts and mails tell themselves, where no metric says the same.
    fileprivate func reported(
        _ moments: Range<Instant>, beside metrics: [ReportedCampaign.Figure]
    ) -> [ReportedCampaign.Figure] {
        let known = Set(metrics.map { "\($0.source).\($0.metric)" }), id = campaign.id
        let published = "published_at[gte]=\(moments.lowerBound)&published_at[lt]=\(moments.upperBound)"
        let places = [
            "ads": "/v1/ad-campaigns?campaign_id=\(id)", "mails": "/v1/email-campaigns?campaign_id=\(id)",
            "posts": "/v1/social-posts?campaign_id=\(id)&\(published)",
        ]
        var found: [ReportedCampaign.Figure] = []
        for channel in CampaignResults(records: self, lift: [], differences: []).channels {
            for figure in channel.figures where figure.value > 0 {
                guard let name = Self.reportedNames[figure.name], !known.contains("\(channel.name).\(name)")
                else { continue }
                let means = String(figure.name.prefix { $0 != "." })
                found.append(
                    ReportedCampaign.Figure(
                        label: CampaignTelling.readable(name), source: channel.name, metric: name,
                        value: figure.value, unit: nil, isSum: true, records: places[means]))
            }
        }
        return Array(found.prefix(Self.reportedMax))
    }
}
