internal import Database
internal import Nouns
internal import People
internal import Records
package import Telemetry

/// The reason for which a client is left alone by marketing for a while.
package struct ClientTrouble: Hashable, Sendable {
    package let detail: String
    /// The time at which it is over by itself; `nil`: when somebody acts.
    package let until: Instant?

    package init(_ detail: String, until: Instant? = nil) { (self.detail, self.until) = (detail, until) }
}

/// Praise and offers hurt a client that waits for help, has complained or owes something. They wait until that is over,
/// and are not sent at all once they would come too late.
package enum UnsuitableMoment {
    package static let code = "unsuitable_moment"
    /// Topics of messages that come too late after that, whatever they waited for.
    private static let occasions: Set = [
        "client_anniversary", "project_completed", "goal_reached", "upcoming_milestone",
        "campaign_target", "campaign_thanks",
    ]
    /// The longest delay with which a message may still leave.
    static let patience: Duration = .seconds(14 * 86_400)

    static func isOccasion(_ topic: String?) -> Bool { topic.map(occasions.contains) ?? false }

    /// Returns why a client is left alone at the moment.
    static func trouble(
        of client: ClientID, _ dependencies: MessagingDependencies, in reader: some Queryable
    ) throws -> ClientTrouble? {
        if let trouble = try dependencies.trouble(reader, client) { return trouble }
        guard try dependencies.isOverdue(reader, client) else { return nil }
        return ClientTrouble("The client has an overdue invoice.")
    }
}

extension Message {
    /// The moment after which it comes too late to be sent after a bad moment.
    var lateAt: Instant { (notBefore.map { max($0, createdAt) } ?? createdAt) + UnsuitableMoment.patience }

    /// Returns whether it has waited for a good moment for too long: it never leaves.
    func isTooLate(_ sendability: Sendability, at now: Instant) -> Bool {
        purpose == .marketing && lateAt <= now
            && (UnsuitableMoment.isOccasion(topic)
                || sendability.reasons.contains { $0.code == UnsuitableMoment.code })
    }
}
