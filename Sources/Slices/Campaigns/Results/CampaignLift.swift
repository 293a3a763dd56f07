internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Sequences

/// The effect of an e-mail campaign, beyond what happens anyway: all who were drawn to get it, against those who were
/// drawn to get none.
struct CampaignLift {
    /// Below so many people in a group nothing is sure.
    private static let peopleMin = 50
    /// The goals that both groups can reach: a booked meeting, or the wish for a demonstration.
    private static let kinds = ["calendly_book", "demo_request"]
    static let goal = "enquiry"

    let mailing: CampaignMailing
    var treated = (hits: 0, count: 0), heldOut = (hits: 0, count: 0)

    /// `nil` where nobody was held out, or nothing has begun.
    init?(of mailing: CampaignMailing, in reader: some Queryable) throws {
        guard mailing.heldOut > 0, let begun = mailing.startedAt else { return nil }
        self.mailing = mailing
        var groups = (treated: (hits: 0, count: 0), heldOut: (hits: 0, count: 0))
        try reader.each(
            """
            SELECT CASE WHEN r.variant = '' THEN 1 ELSE 0 END, count(*),
                sum(CASE WHEN EXISTS (
                    SELECT 1 FROM contact_activities AS did
                    WHERE did.tenant_id = r.tenant_id AND did.contact_id = r.contact_id
                        AND did.source = 'human' AND did.type IN \(list: Self.kinds) AND did.at >= \(begun)
                ) THEN 1 ELSE 0 END)
            FROM email_recipients AS r
            WHERE r.tenant_id = \(reader.tenant) AND r.email_campaign_id = \(mailing.id)
            GROUP BY CASE WHEN r.variant = '' THEN 1 ELSE 0 END
            """
        ) { row in
            let group = (hits: row.int(2), count: row.int(1))
            if row.int(0) == 1 { groups.heldOut = group } else { groups.treated = group }
        }
        (treated, heldOut) = groups
    }

    private func rate(_ group: (hits: Int, count: Int)) -> Double {
        group.count == 0 ? 0 : Double(group.hits) / Double(group.count)
    }

    var json: JSON {
        let test = SequentialTest(treated, against: heldOut)
        let hasEnough = min(treated.count, heldOut.count) >= Self.peopleMin
        return [
            "email_campaign_id": JSON(mailing.id), "goal": .string(Self.goal),
            "treated": JSON(treated.count), "held_out": JSON(heldOut.count),
            "rate_treated": .number(rate(treated)), "rate_held_out": .number(rate(heldOut)),
            "difference": .number(test?.difference ?? rate(treated) - rate(heldOut)),
            "low": .number(test?.low ?? -1), "high": .number(test?.high ?? 1),
            "sure": .bool(hasEnough && (test.map { $0.chance < SequentialTest.chanceMax } ?? false)),
        ]
    }
}
