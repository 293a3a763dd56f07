package import Database
internal import Records
internal import Runtime
internal import Telemetry

extension [String] {
    /// `nil` behind the end.
    subscript(safe index: Int) -> String? { indices.contains(index) ? self[index] : nil }
}

/// What a new agency promises until it says something else: answers within hours, by priority, and sooner for its
/// highest tier.
private let standards:
    [(
        name: String, priority: Ticket.Priority, tier: String?, first: String, last: String,
        ServicePolicy.Hours
    )] = [
        ("Urgent", .urgent, nil, "PT1H", "PT8H", .always),
        ("High", .high, nil, "PT4H", "P1D", .always),
        ("Normal", .normal, nil, "PT8H", "PT24H", .business),
        ("Low", .low, nil, "PT16H", "PT40H", .business),
        ("Urgent, enterprise", .urgent, "enterprise", "PT30M", "PT4H", .always),
        ("High, enterprise", .high, "enterprise", "PT2H", "PT12H", .always),
        ("Normal, enterprise", .normal, "enterprise", "PT4H", "PT16H", .business),
    ]

/// Gives a new agency its policies.
@Sendable package func furnishSupport(_ tx: Transaction) throws {
    for (name, priority, tier, first, last, hours) in standards {
        var policy = ServicePolicy.new(id: tx.nextID(), now: tx.now)
        (policy.name, policy.priority, policy.tier) = (name, priority, tier)
        (policy.firstResponse, policy.resolution, policy.hours) = (first, last, hours)
        policy.isStandard = true
        try tx.create(&policy, by: .system)
    }
}
