internal import Agents
package import Database
internal import Jobs
internal import Records
internal import Telemetry

extension Array {
    /// `nil` behind the end.
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

/// The SLA policies of a new agency until it sets others: responses within hours, by priority, and sooner for its
/// highest tier.
private let standards:
    [(
        name: String, priority: Ticket.Priority, tier: String?, first: String, last: String,
        SLAPolicy.Hours
    )] = [
        ("Urgent", .urgent, nil, "PT1H", "PT8H", .always),
        ("High", .high, nil, "PT4H", "P1D", .always),
        ("Normal", .normal, nil, "PT8H", "PT24H", .business),
        ("Low", .low, nil, "PT16H", "PT40H", .business),
        ("Urgent, enterprise", .urgent, "enterprise", "PT30M", "PT4H", .always),
        ("High, enterprise", .high, "enterprise", "PT2H", "PT12H", .always),
        ("Normal, enterprise", .normal, "enterprise", "PT4H", "PT16H", .business),
        ("Low, enterprise", .low, "enterprise", "PT8H", "PT24H", .business),
    ]

/// Counts how often an agency was seeded.
package let supportSeeded = "support.furnished"

/// Gives an agency its policies, once: what it has taken away does not come back.
@Sendable package func seedSupport(_ tx: Transaction) throws {
    guard try tx.counters.find(supportSeeded) == 0 else { return }
    try tx.counters.count(supportSeeded, 1)
    // One of a time before this was counted may have them, or have filled its list.
    let known = try SLAPolicy.resource.all(where: "1 = 1", suffix: "ORDER BY id LIMIT 200", in: tx)
    guard !known.contains(where: \.isStandard), known.count + standards.count <= 200 else { return }
    for (name, priority, tier, first, last, hours) in standards {
        var policy = SLAPolicy.new(id: tx.nextID(), now: tx.now)
        (policy.name, policy.priority, policy.tier) = (name, priority, tier)
        (policy.firstResponse, policy.resolution, policy.hours) = (first, last, hours)
        policy.isStandard = true
        try tx.create(&policy, by: .system)
    }
}
