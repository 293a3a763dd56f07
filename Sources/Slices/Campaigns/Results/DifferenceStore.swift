internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The row that is kept of a difference: whether it was told, and what a person has said.
private struct KeptDifference: StoredRow {
    /// The metric and the day.
    let key: String
    /// As they were written: numbers read back may be of another kind.
    let figures: String
    let isTold: Bool
    let settlement: Settlement?

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        let (metric, date) = (row.text("metric"), row.text("date"))
        key = "\(metric) \(date)"
        (figures, isTold) = (row.text("figures"), row.optionalInstant("told_at") != nil)
        let source = row.optionalText("source"), reason = row.optionalText("reason")
        let at = row.optionalInstant("settled_at"), by = row.optionalText("settled_by")
        if let source, let at {
            settlement = Settlement(
                source: source, reason: reason, at: at, by: by.map { JSON(stored: $0) } ?? .null)
        } else {
            settlement = nil
        }
    }
}

/// Figures of which two sources say something else: `tx.figureDifferences`.
struct FigureDifferenceStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var figureDifferences: FigureDifferenceStore<Self> { FigureDifferenceStore(tx: self) }
}

extension FigureDifferenceStore {
    /// Returns the differences in a campaign's records, each with the word of a person that still holds: one on other
    /// figures than these does not.
    func all(in records: CampaignRecords) throws -> [FigureDifference] {
        let kept = try kept(of: records.campaign.id)
        return FigureDifference.all(in: records).prefix(Self.differencesMax).map { difference in
            var difference = difference
            let known = kept["\(difference.metric) \(difference.date.iso)"]
            if known?.figures == difference.figures.serialized { difference.settled = known?.settlement }
            return difference
        }
    }

    private static var differencesMax: Int { 200 }

    private func kept(of campaign: CampaignID) throws -> [String: KeptDifference] {
        let rows = try tx.all(
            """
            SELECT \(KeptDifference.columns) FROM campaign_differences
            WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign)
            """, KeptDifference.init)
        return Dictionary(rows.map { ($0.key, $0) }) { first, _ in first }
    }
}

extension FigureDifferenceStore where Base == Transaction {
    /// Tells differences that nobody was told of with these figures; answers how many there were.
    func tell(_ differences: [FigureDifference], of campaign: Campaign) throws -> Int {
        let kept = try kept(of: campaign.id)
        var count = 0
        for difference in differences where difference.settled == nil {
            let known = kept["\(difference.metric) \(difference.date.iso)"]
            if let known, known.isTold, known.figures == difference.figures.serialized { continue }
            try keep(difference, of: campaign.id, toldAt: tx.now, nil)
            try tx.publish(
                "campaign.figures_differ", campaign.subject,
                campaign.payload.merging([
                    "metric": .string(difference.metric), "date": .string(difference.date.iso),
                    "figures": difference.figures,
                ]))
            count += 1
        }
        return count
    }

    /// Settles a difference by a person's word. Where an advertising service is right about what a day has cost, what
    /// it tells takes the place of what was noted.
    func settle(
        _ body: DifferenceSettling, of records: CampaignRecords, by actor: Actor
    ) throws -> FigureDifference {
        let campaign = records.campaign
        let found = try all(in: records).first { $0.metric == body.metric && $0.date == body.date }
        guard var difference = found else {
            throw Problem(
                .notFound,
                "The systems tell no different figures of that on that day: the results list those that differ."
            )
        }
        guard difference.told.contains(where: { $0.source == body.source }) else {
            throw Problem(faults: [
                Fault(
                    "/source", "invalid_choice", "source must be one of those that tell a figure.",
                    choices: difference.told.map(\.source))
            ])
        }
        let settlement = Settlement(source: body.source, reason: body.reason, at: tx.now, by: actor.json)
        try keep(difference, of: campaign.id, toldAt: tx.now, settlement)
        difference.settled = settlement
        try tx.auditLog.add(
            actor, "campaign.difference_settled", campaign.subject,
            [
                "metric": .string(body.metric), "date": .string(body.date.iso),
                "source": .string(body.source),
            ])
        let parts = body.metric.split(separator: ".").map(String.init)
        if body.source == "ad_campaigns", parts.count == 2, parts[1] == "spent" {
            try tx.run(
                """
                DELETE FROM campaign_spend
                WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign.id) AND channel = \(parts[0])
                    AND date = \(body.date.iso)
                """)
            try tx.campaignSpending.takeAds(on: campaign.id, channel: parts[0])
        }
        return difference
    }

    private func keep(
        _ difference: FigureDifference, of campaign: CampaignID, toldAt: Instant, _ settlement: Settlement?
    ) throws {
        let by = settlement?.by.serialized
        try tx.run(
            """
            INSERT INTO campaign_differences
                (tenant_id, campaign_id, metric, date, figures, told_at, source, reason, settled_at, settled_by)
            VALUES (\(tx.tenant), \(campaign), \(difference.metric), \(difference.date.iso),
                \(difference.figures.serialized), \(toldAt), \(settlement?.source), \(settlement?.reason),
                \(settlement?.at), \(by))
            ON CONFLICT (tenant_id, campaign_id, metric, date) DO UPDATE SET
                figures = excluded.figures, told_at = excluded.told_at, source = excluded.source,
                reason = excluded.reason, settled_at = excluded.settled_at, settled_by = excluded.settled_by
            """)
    }
}

/// The body of `POST /v1/campaigns/{id}/differences/settle`.
struct DifferenceSettling: Declared {
    var metric = ""
    var date = CivilDate(year: 1970, month: 1, day: 1)
    var source = ""
    var reason: String?

    static let schema = Schema<DifferenceSettling>(
        "CampaignDifferenceSettling",
        [
            .text("metric", \.metric, max: 161, .required, .line, .example("google_ads.spent")),
            .date("date", \.date, .required, .example("2030-01-31")),
            .text(
                "source", \.source, max: 80, .required, .line, .example("ad_campaigns"),
                .about("The system whose figure is right.")),
            .text("reason", \.reason, max: 500, .about("Why it is right, for colleagues.")),
        ])
}
