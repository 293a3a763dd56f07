internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// A plan of an agency for itself or a client over some weeks, with its channels and its budget: one row of
/// `campaigns`.
package struct Campaign: ManagedRecord {
    package enum Objective: String, Choice { case awareness, traffic, leads, sales, retention }
    package enum Status: String, Choice { case planning, active, paused, completed }
    package enum PauseReason: String, Choice {
        case person
        case budget = "budget_exhausted"
        case trigger
    }

    package var head = Head<Nouns.Campaign>()
    package var name = ""
    package var objective = Objective.awareness
    package var clientID: ClientID?
    package var startOn: CivilDate?
    package var endOn: CivilDate?
    package var budget: Money?
    package var kpis = Parts<CampaignKPI>()
    package var channels = Parts<CampaignChannel>()
    package var milestones = Parts<CampaignMilestone>()
    package var triggers = Parts<CampaignTrigger>()
    package var status = Status.planning
    package var pausedBecause: PauseReason?
    package var completedAt: Instant?
    package var warnedAt: Instant?
    package var exhaustedAt: Instant?

    package init() {}

    package static let resource = Resource<Campaign>(
        "campaigns", named: "Campaign",
        console: ConsoleForm(
            columns: ["objective", "status", "client_id", "start_on", "end_on", "budget"],
            form: [
                "name", "objective", "client_id", "start_on", "end_on", "budget", "kpis", "channels",
                "milestones", "triggers",
            ],
            filters: ["status", "objective", "client_id"]),
        [
            .text(
                "name", \.name, max: 200, .required, .line, .filterable, .sortable, .searchable,
                .example("Spring"), .about("The name that colleagues know the campaign by.")),
            .choice(
                "objective", \.objective, .required, .filterable, .about("The objective of the campaign.")),
            .id(
                "client_id", \.clientID, .writeOnce, .filterable,
                .about("The client it is for; null: the agency itself.")),
            .date("start_on", \.startOn, .filterable, .sortable, .about("Its first day.")),
            .date("end_on", \.endOn, .filterable, .sortable, .about("Its last day.")),
            .money("budget", \.budget, .about("The most that may be spent on it; then it pauses by itself.")),
            .parts("kpis", \.kpis, max: 20, .about("The figures by which it is judged.")),
            .parts("channels", \.channels, max: 30, .about("The channels, and what each may spend.")),
            .parts("milestones", \.milestones, max: 50, .about("The days that are told when they come.")),
            .parts("triggers", \.triggers, max: 20, .about("The actions when a figure crosses a line.")),
            .choice("status", \.status, .readOnly, .filterable, .about("Whether it runs.")),
            .choice(
                "paused_because", \.pausedBecause, .readOnly,
                .about("The cause of the pause; null: it is not paused.")),
            .instant("completed_at", \.completedAt, .readOnly, .about("When it was completed.")),
            .instant(
                "warned_at", \.warnedAt, .readOnly, .about("When 80 % of the budget had been spent.")),
            .instant("exhausted_at", \.exhaustedAt, .readOnly, .about("When all of it had been spent.")),
        ])

    // MARK: Rules

    package mutating func prepare(replacing old: Campaign?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if let startOn, let endOn, endOn < startOn {
            faults.add("/end_on", "out_of_range", "end_on must not be before start_on.")
        }
        checkChannels(&faults)
        checkTriggers(&faults)
        var days: Set<String> = []
        for (index, milestone) in milestones.list.enumerated()
        where !days.insert("\(milestone.dueOn.iso) \(milestone.name)").inserted {
            faults.add(
                "/milestones/\(index)/name", "duplicate_value",
                "Two milestones of that day have the same name: call one otherwise.")
        }
        try faults.throwIfAny()
        if let old, old.budget != budget { try tx.campaignSpending.weigh(&self) }
    }

    private func checkChannels(_ faults: inout Faults) {
        var names: Set<String> = [], sum: Int64 = 0
        for (index, channel) in channels.list.enumerated() {
            let place = "/channels/\(index)"
            if !names.insert(channel.channel).inserted {
                faults.add(
                    "\(place)/channel", "duplicate_value", "The channel is named twice: give it one entry.")
            }
            guard let part = channel.budget else { continue }
            let currency = budget?.currency ?? channels.list.lazy.compactMap(\.budget).first?.currency
            guard part.currency == currency else {
                faults.add(
                    "\(place)/budget/currency", "conflict",
                    "The budgets of a campaign must all be in one currency.")
                continue
            }
            sum = min(sum + part.amount, Money.amountMax)
            if let budget, sum > budget.amount {
                faults.add(
                    "\(place)/budget/amount", "out_of_range",
                    "The budgets of the channels must not be more than the campaign's.")
            }
        }
    }

    private func checkTriggers(_ faults: inout Faults) {
        for (index, trigger) in triggers.list.enumerated() where trigger.figure == nil {
            faults.add(
                "/triggers/\(index)/metric", "invalid_choice",
                "metric must be a source and a metric, such as google_ads.cost_per_lead.")
        }
    }

    package func saved(replacing old: Campaign?, by actor: Actor, in tx: Transaction) throws {
        if old?.triggers != triggers { try tx.campaignWatch.keepTriggers(of: self) }
        if old?.milestones ?? Parts() != milestones { try tx.campaignWatch.keepMilestones(of: self) }
        if old?.milestones != milestones || old?.status != status {
            try tx.campaignWatch.planMilestones(of: self)
        }
        guard let old else { return }
        if old.status != status { try tx.publish("campaign.\(status.rawValue)", subject, payload) }
        if warnedAt != nil, old.warnedAt == nil { try tx.publish("campaign.budget_warned", subject, payload) }
        if exhaustedAt != nil, old.exhaustedAt == nil {
            try tx.publish("campaign.budget_exhausted", subject, payload)
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        guard status == .planning else {
            throw Problem(.conflict, "Only a campaign in planning is deleted: complete this one instead.")
        }
        try tx.campaigns.forget(self)
    }

    /// The payload of its events.
    var payload: JSON {
        [
            "client_id": JSON(clientID), "name": .string(name), "status": .string(status.rawValue),
            "budget": budget?.json ?? .null, "paused_because": JSON(pausedBecause?.rawValue),
        ]
    }
}
