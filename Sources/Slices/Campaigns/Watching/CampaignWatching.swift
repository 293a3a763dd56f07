internal import Agents
package import Database
package import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Tells that a milestone of a campaign is due, on its day.
struct CampaignMilestoneJob: JobKind {
    struct Payload: Codable, Sendable { let campaign: CampaignID, name: String, day: String }

    static let kind = "campaign.milestone"
    /// Milestones are told in the morning of their day.
    static let hour = 6

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let campaign = try Campaign.resource.find(payload.campaign, in: tx),
                campaign.status == .active || campaign.status == .paused,
                let milestone = campaign.milestones.list.first(where: {
                    $0.name == payload.name && $0.dueOn.iso == payload.day
                })
            else { return }
            try tx.campaignWatch.tell(milestone, of: campaign)
        }
    }
}

/// Hears the figures that campaigns wait for.
struct CampaignWatch: EventConsumer {
    let dependencies: CampaignDependencies

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "metric.created" || event.type == "metric.updated" else { return }
        let tx = tx.unlimited
        guard try tx.campaignWatch.hasTriggers(),
            let id = event.subject.id(of: Nouns.Metric.self),
            let figure = try dependencies.figure(tx, id)
        else { return }
        try tx.campaignWatch.heard(figure)
    }
}

/// Milestones and triggers of campaigns: `tx.campaignWatch`.
package struct CampaignWatchStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var campaignWatch: CampaignWatchStore<Self> { CampaignWatchStore(tx: self) }
}

extension CampaignWatchStore {
    /// Returns whether any figure is waited for: most agencies' are not.
    func hasTriggers() throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM campaign_triggers WHERE tenant_id = \(tx.tenant) AND fired_at IS NULL")
    }

    /// Returns a campaign as its client's profile has it: each trigger with the moment at which it was met.
    package func profiled(_ campaign: Campaign) throws -> JSON {
        let met = try self.met(campaign.id)
        let triggers = campaign.triggers.list.map { trigger -> JSON in
            let (op, action) = (trigger.comparison.rawValue, trigger.action.rawValue)
            var told = trigger.json.object ?? [:]
            told["met_at"] = JSON(met["\(trigger.metric) \(op) \(trigger.value) \(action)"]?.description)
            return .object(told)
        }
        return Campaign.schema.json(campaign).merging(["triggers": .array(triggers)])
    }

    /// Returns when each trigger of a campaign was met, of those that were.
    fileprivate func met(_ id: CampaignID) throws -> [String: Instant] {
        let fired = try tx.all(
            """
            SELECT \(MetTrigger.columns) FROM campaign_triggers
            WHERE tenant_id = \(tx.tenant) AND campaign_id = \(id) AND fired_at IS NOT NULL
            """, MetTrigger.init)
        return Dictionary(fired.map { ($0.key, $0.at) }) { first, _ in first }
    }
}

/// A trigger whose condition was met, and when.
private struct MetTrigger: StoredRow {
    let key: String
    let at: Instant

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        let (metric, op) = (row.text("metric"), row.text("op"))
        let (value, action) = (row.double("value"), row.text("action"))
        (key, at) = ("\(metric) \(op) \(value) \(action)", row.instant("fired_at"))
    }
}

extension CampaignWatchStore where Base == Transaction {
    // MARK: Milestones

    /// Stores a campaign's milestones by their days.
    func keepMilestones(of campaign: Campaign) throws {
        try tx.run(
            "DELETE FROM campaign_milestones WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign.id)")
        for milestone in campaign.milestones.list {
            try tx.run(
                """
                INSERT INTO campaign_milestones (tenant_id, due_on, campaign_id, name)
                VALUES (\(tx.tenant), \(milestone.dueOn.iso), \(campaign.id), \(milestone.name))
                """)
        }
    }

    /// Stores when the milestones that are ahead are told.
    func planMilestones(of campaign: Campaign) throws {
        guard campaign.status == .active || campaign.status == .paused else { return }
        let zone = try tx.agency.zone(), today = zone.local(of: tx.now).date
        for milestone in campaign.milestones.list where milestone.dueOn >= today {
            let due = zone.firstInstant(
                atOrAfter: LocalTime(milestone.dueOn, hour: CampaignMilestoneJob.hour))
            let day = milestone.dueOn.iso
            try tx.jobs.enqueue(
                CampaignMilestoneJob.self,
                .init(campaign: campaign.id, name: milestone.name, day: day),
                JobOptions(
                    runAt: max(due, tx.now), uniqueKey: "\(campaign.id)/\(day)/\(milestone.name)",
                    subject: campaign.subject))
        }
    }

    /// Stores it for all campaigns under way, as in a copy of the agency.
    func planAllMilestones() throws {
        let running = try Campaign.resource.all(
            where: "status IN ('active', 'paused')", suffix: "ORDER BY id LIMIT 1000", in: tx)
        for campaign in running { try planMilestones(of: campaign) }
    }

    fileprivate func tell(_ milestone: CampaignMilestone, of campaign: Campaign) throws {
        let told = try tx.run(
            """
            INSERT INTO campaign_milestones_told (tenant_id, campaign_id, due_on, name, told_at)
            VALUES (\(tx.tenant), \(campaign.id), \(milestone.dueOn.iso), \(milestone.name), \(tx.now))
            ON CONFLICT (tenant_id, campaign_id, due_on, name) DO NOTHING
            """)
        guard told == 1 else { return }
        try tx.publish(
            "campaign.milestone_due", campaign.subject,
            campaign.payload.merging([
                "milestone": .string(milestone.name), "due_on": .string(milestone.dueOn.iso),
            ]))
    }

    // MARK: Triggers

    /// Keeps which figures a campaign waits for; those that stay remember when they have been met.
    func keepTriggers(of campaign: Campaign) throws {
        let met = try self.met(campaign.id)
        try tx.run(
            "DELETE FROM campaign_triggers WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign.id)")
        for trigger in campaign.triggers.list {
            let (op, action) = (trigger.comparison.rawValue, trigger.action.rawValue)
            try tx.run(
                """
                INSERT INTO campaign_triggers (tenant_id, campaign_id, metric, op, value, action, fired_at)
                VALUES (\(tx.tenant), \(campaign.id), \(trigger.metric), \(op), \(trigger.value), \(action),
                    \(met["\(trigger.metric) \(op) \(trigger.value) \(action)"]))
                ON CONFLICT (tenant_id, campaign_id, metric, op, value, action) DO NOTHING
                """)
        }
    }

    /// A figure has come: the active campaigns that wait for it are told of or paused, each once.
    func heard(_ figure: CampaignFigure) throws {
        let whose: SQL
        if let campaign = figure.campaign {
            whose = "c.id = \(campaign)"
        } else if let client = figure.client {
            whose = "c.client_id = \(client)"
        } else {
            return
        }
        let waiting = try tx.all(
            """
            SELECT DISTINCT t.campaign_id FROM campaign_triggers AS t
            JOIN campaigns AS c ON c.tenant_id = t.tenant_id AND c.id = t.campaign_id
            WHERE t.tenant_id = \(tx.tenant) AND t.metric = \(figure.name) AND t.fired_at IS NULL
                AND c.status = 'active' AND \(whose)
            ORDER BY t.campaign_id LIMIT 200
            """
        ) { CampaignID($0, 0) }
        for id in waiting {
            guard let campaign = try Campaign.resource.find(id, in: tx), campaign.status == .active,
                figure.belongs(to: campaign)
            else { continue }
            for trigger in campaign.triggers.list
            where trigger.metric == figure.name && trigger.comparison.holds(figure.value, trigger.value) {
                try fire(trigger, of: id, by: figure)
            }
        }
    }

    private func fire(_ trigger: CampaignTrigger, of id: CampaignID, by figure: CampaignFigure) throws {
        let fired = try tx.run(
            """
            UPDATE campaign_triggers SET fired_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND campaign_id = \(id) AND metric = \(trigger.metric)
                AND op = \(trigger.comparison.rawValue) AND value = \(trigger.value)
                AND action = \(trigger.action.rawValue) AND fired_at IS NULL
            """)
        guard fired == 1, let old = try Campaign.resource.find(id, in: tx) else { return }
        var campaign = old
        if trigger.action == .pause, old.status == .active {
            (campaign.status, campaign.pausedBecause) = (.paused, .trigger)
            try tx.update(old, to: &campaign, by: .system, action: "campaign.paused")
        }
        try tx.publish(
            "campaign.triggered", campaign.subject,
            campaign.payload.merging([
                "trigger": trigger.json, "value": .number(figure.value),
                "evidence": [["type": "metric", "id": .string(figure.id)]],
            ]))
    }
}
