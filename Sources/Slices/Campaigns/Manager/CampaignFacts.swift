internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// All that the manager's judgement of a campaign rests on, besides what its channels bring.
struct CampaignFacts {
    var status = Campaign.Status.active
    var isExhausted = false, isWarned = false
    var pace: String?
    var spent: Int64 = 0
    var expected: Int64?
    var projected: Int64?
    /// Days after its last one; `nil`: it goes on, or has none.
    var daysOver: Int?
    /// The posts that should stand somewhere, and do not, or nobody knows.
    var postsAmiss: [String] = []
    /// The e-mail campaigns whose groups are of other sizes than chance makes them.
    var mismatched: [String] = []
    /// The number of differences between systems that nobody has settled.
    var differences = 0
    /// The milestones of today, and the triggers that were met since yesterday.
    var milestones: [String] = [], triggers: [String] = []

    /// The most records of a kind that are named.
    static let namedMax = 20

    init() {}

    init(of records: CampaignRecords, unsettled: Int, in reader: some Queryable) throws {
        let campaign = records.campaign, today = try reader.campaignSpending.today()
        let pacing = try reader.campaignSpending.pacing(of: campaign)
        (status, isExhausted, isWarned) = (
            campaign.status, campaign.exhaustedAt != nil, campaign.warnedAt != nil
        )
        (pace, spent) = (pacing.status?.rawValue, pacing.spent.amount)
        (expected, projected) = (pacing.expected?.amount, pacing.projected?.amount)
        daysOver = campaign.endOn.flatMap { end in
            let days = today.daysSinceEpoch - end.daysSinceEpoch
            return days > 0 ? days : nil
        }
        postsAmiss = records.posts.filter(\.isAmiss).prefix(Self.namedMax).map(\.id)
        mismatched = try records.mailings.filter { $0.sent > 0 }.prefix(Self.namedMax).filter { mailing in
            guard let one = try EmailCampaign.resource.find(mailing.id, in: reader) else { return false }
            return try EmailCampaignResults(of: one, in: reader).hasMismatch
        }.map { "\($0.id)" }
        differences = unsettled
        milestones = campaign.milestones.list.filter { $0.dueOn == today }.map(\.name)
        triggers = try reader.campaignWatch.firedTriggers(
            of: campaign.id, since: reader.now - .seconds(86_400)
        )
        .map(\.metric)
    }

    // MARK: As a decision keeps it

    var json: JSON {
        [
            "status": .string(status.rawValue), "exhausted": .bool(isExhausted), "warned": .bool(isWarned),
            "pace": JSON(pace), "spent": .integer(spent),
            "expected": expected.map(JSON.integer) ?? .null,
            "projected": projected.map(JSON.integer) ?? .null, "days_over": JSON(daysOver),
            "posts_amiss": JSON(postsAmiss), "mismatched": JSON(mismatched),
            "differences": JSON(differences), "milestones": JSON(milestones), "triggers": JSON(triggers),
        ]
    }

    init?(json: JSON) {
        guard let status = json["status"]?.text.flatMap(Campaign.Status.init(rawValue:)),
            let spent = json["spent"]?.int
        else { return nil }
        func texts(_ name: String) -> [String] { json[name]?.array?.compactMap(\.text) ?? [] }
        (self.status, self.spent, pace) = (status, spent, json["pace"]?.text)
        (isExhausted, isWarned) = (json["exhausted"] == true, json["warned"] == true)
        (expected, projected) = (json["expected"]?.int, json["projected"]?.int)
        daysOver = json["days_over"]?.int.map(Int.init)
        (postsAmiss, mismatched) = (texts("posts_amiss"), texts("mismatched"))
        (milestones, triggers) = (texts("milestones"), texts("triggers"))
        differences = json["differences"]?.int.map(Int.init) ?? 0
    }
}

extension CampaignWatchStore {
    /// Returns the triggers of a campaign that were met from a moment on, with when.
    func firedTriggers(of campaign: CampaignID, since moment: Instant) throws -> [FiredTrigger] {
        try tx.all(
            """
            SELECT metric, op, value, fired_at FROM campaign_triggers
            WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign) AND fired_at >= \(moment)
            ORDER BY fired_at, metric
            """
        ) {
            FiredTrigger(
                metric: $0.text(0), comparison: $0.text(1), value: $0.double(2), at: $0.instant(3))
        }
    }

    /// Returns the milestones of a campaign that were told from a moment on.
    func toldMilestones(of campaign: CampaignID, since moment: Instant) throws -> [(name: String, on: String)]
    {
        try tx.all(
            """
            SELECT name, due_on FROM campaign_milestones_told
            WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign) AND told_at >= \(moment)
            ORDER BY due_on, name
            """
        ) { (name: $0.text(0), on: $0.text(1)) }
    }
}

/// A trigger that a figure has met.
struct FiredTrigger {
    let metric: String, comparison: String
    let value: Double
    let at: Instant
}
