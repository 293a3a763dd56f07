internal import Agents
package import Database
internal import JSON
package import Nouns
package import Records
internal import Telemetry

/// The times within which tickets of a kind get a first response and are resolved: one row of `sla_policies`. The most
/// specific one applies.
package struct SLAPolicy: ManagedRecord {
    package enum Hours: String, Choice { case always, business }
    package enum Status: String, Choice { case active, off }

    package var head = Head<SLAPolicy>()
    package var name = ""
    package var status = Status.active
    package var priority: Ticket.Priority?
    package var tier: String?
    package var kind: String?
    package var firstResponse = ""
    package var resolution = ""
    package var hours = Hours.always
    package var escalatesTo: TeamID?
    package var remindEvery: String?
    package var escalationPath: [TeamID] = []
    /// Given to a new agency: one that the agency has made itself applies before it, however exact.
    package var isStandard = false

    package init() {}

    package static let idPrefix = "sla", noun = "sla_policy"
    package static let resource = Resource<SLAPolicy>(
        "sla_policies", named: "SLAPolicy", rule: .everyone,
        console: ConsoleForm(
            "SLA target",
            plural: "SLA targets",
            columns: ["priority", "tier", "first_response", "resolution", "status"],
            form: [
                "name", "priority", "tier", "first_response", "resolution", "hours",
                "status",
            ]),
        [
            .text("name", \.name, max: 200, .required, .sortable, .about("The name of the policy.")),
            .choice(
                "status", \.status, .standard("active"), .filterable, .about("Whether the policy is in use.")),
            .choice(
                "priority", \.priority, .filterable,
                .about("The priority of tickets to which the policy applies; null: all.")),
            .text(
                "tier", \.tier, max: 40, .filterable,
                .about("The tier of clients to which the policy applies; null: all.")),
            .text(
                "kind", \.kind, max: 60, .filterable,
                .about("The category of tickets to which the policy applies; null: all.")),
            .text(
                "first_response", \.firstResponse, max: 40, .required, .example("PT1H"),
                .label("First response time"), .about("The SLA target of the first response, by priority.")),
            .text(
                "resolution", \.resolution, max: 40, .required, .example("PT8H"),
                .label("Resolution time"), .about("The SLA target of the resolution, by priority.")),
            .choice(
                "hours", \.hours, .standard("always"),
                .about("Whether the agency's nights and weekends count.")),
            .id(
                "escalates_to", \.escalatesTo,
                .about("The team that takes over what was not done in time.")),
            .text(
                "remind_every", \.remindEvery, max: 40, .example("PT4H"),
                .about(
                    "How often the assignee of an escalated ticket is reminded, as an ISO 8601 duration; null: every four hours."
                )),
            .ids(
                "escalation_path", \.escalationPath, max: 10,
                .about("The teams to which an escalated ticket goes, one at each reminder.")),
            .boolean(
                "standard", \.isStandard, .readOnly,
                .about("Whether it is the standard policy, which applies where no other does.")),
        ])

    /// The time until the first reminder, and between two.
    var reminderPause: Duration { remindEvery.flatMap { Duration(iso8601: $0) } ?? Self.reminderStandard }
    static let reminderStandard = Duration.seconds(4 * 3600)

    package mutating func prepare(replacing old: SLAPolicy?, by actor: Actor, in tx: Transaction) throws {
        // A policy that somebody has changed is the agency's own from then on.
        if old != nil, actor.kind != .system { isStandard = false }
        var faults = Faults()
        var durations = [("/first_response", firstResponse), ("/resolution", resolution)]
        if let remindEvery { durations.append(("/remind_every", remindEvery)) }
        for (pointer, text) in durations {
            if let duration = Duration(iso8601: text), duration > .zero, duration <= .seconds(366 * 86_400) {
                continue
            }
            faults.add(
                pointer, "invalid_duration",
                "\(pointer.pointedMember) must be a duration such as PT15M or P2D.")
        }
        try faults.throwIfAny()
        if old == nil,
            try tx.int("SELECT count(*) FROM sla_policies WHERE tenant_id = \(tx.tenant)") ?? 0 >= 200
        {
            throw Problem(.conflict, "An agency may have at most 200 SLA policies: delete one first.")
        }
    }

    /// Returns how exactly it means a ticket; `nil`: it does not mean it.
    fileprivate func exactness(for ticket: Ticket) -> Int? {
        var exactness = isStandard ? 0 : 1000
        for (wanted, given, weight) in [
            (priority?.rawValue, ticket.priority?.rawValue, 102), (tier, ticket.tier, 101),
            (kind, ticket.category, 100),
        ] {
            guard let wanted else { continue }
            guard wanted == given else { return nil }
            exactness += weight
        }
        return exactness
    }
}

extension SLATargetStore {
    /// The policy that means a ticket most exactly, one of the agency's own before those that it was given; of two, the
    /// older.
    func policy(for ticket: Ticket) throws -> SLAPolicy? {
        var best: (policy: SLAPolicy, exactness: Int)?
        for policy in try SLAPolicy.resource.all(
            where: "status = 'active'", suffix: "ORDER BY id LIMIT 200", in: tx)
        {
            guard let exactness = policy.exactness(for: ticket) else { continue }
            if best.map({ $0.exactness < exactness }) ?? true { best = (policy, exactness) }
        }
        return best?.policy
    }
}
