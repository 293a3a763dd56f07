package import Database
internal import JSON
package import Records
internal import Runtime
package import Telemetry

/// How soon tickets of a kind are answered and solved: one row of `sla_policies`. The most exact one applies.
package struct ServicePolicy: ManagedRecord {
    package enum Hours: String, Choice { case always, business }
    package enum Status: String, Choice { case active, off }

    package var id = ID<ServicePolicy>.unset
    package var row: Int64 = 0
    package var version = 1
    package var createdAt = Instant(seconds: 0)
    package var updatedAt = Instant(seconds: 0)
    package var name = ""
    package var status = Status.active
    package var priority: Ticket.Priority?
    package var tier: String?
    package var kind: String?
    package var firstResponse = ""
    package var resolution = ""
    package var hours = Hours.always
    package var escalatesTo: ID<Team>?

    package init() {}

    package static let idPrefix = "sla", noun = "sla_policy"
    package static let resource = Resource<ServicePolicy>(
        "sla_policies", named: "SLAPolicy",
        [
            .text("name", \.name, max: 200, .required, .sortable),
            .choice("status", \.status, .standard("active"), .filterable),
            .choice("priority", \.priority, .filterable, .about("Of this priority alone.")),
            .text("tier", \.tier, max: 40, .filterable, .about("For clients of this tier alone.")),
            .text("kind", \.kind, max: 60, .filterable, .about("For this category alone.")),
            .text("first_response", \.firstResponse, max: 40, .required, .example("PT1H")),
            .text("resolution", \.resolution, max: 40, .required, .example("PT8H")),
            .choice(
                "hours", \.hours, .standard("always"),
                .about("Whether the agency's nights and weekends count.")),
            .id(
                "escalates_to", \.escalatesTo,
                .about("The team that takes over what was not done in time.")),
        ])

    package func prepare(replacing old: ServicePolicy?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        for (pointer, text) in [("/first_response", firstResponse), ("/resolution", resolution)] {
            if let duration = Duration(iso8601: text), duration > .zero, duration <= .seconds(366 * 86_400) {
                continue
            }
            faults.add(pointer, "invalid_duration", "Send a duration such as PT15M or P2D.")
        }
        if let escalatesTo, escalatesTo != old?.escalatesTo,
            try Team.resource.find(escalatesTo, in: tx) == nil
        {
            faults.add("/escalates_to", "unknown_reference", "There is no such team.")
        }
        try faults.throwIfAny()
        if old == nil,
            try tx.int("SELECT count(*) FROM sla_policies WHERE tenant_id = \(tx.tenant)") ?? 0 >= 200
        {
            throw Problem(.conflict, "An agency has at most 200 policies.")
        }
    }

    /// How exactly it means a ticket; `nil`: it does not mean it.
    fileprivate func exactness(for ticket: Ticket) -> Int? {
        var exactness = 0
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

extension Queryable {
    /// The policy that means a ticket most exactly; of two, the older.
    func policy(for ticket: Ticket) throws -> ServicePolicy? {
        var best: (policy: ServicePolicy, exactness: Int)?
        for policy in try ServicePolicy.resource.all(
            where: "status = 'active'", suffix: "ORDER BY id LIMIT 200", in: self)
        {
            guard let exactness = policy.exactness(for: ticket) else { continue }
            if best.map({ $0.exactness < exactness }) ?? true { best = (policy, exactness) }
        }
        return best?.policy
    }
}
