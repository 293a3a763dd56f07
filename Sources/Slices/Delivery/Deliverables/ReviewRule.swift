internal import Agents
package import Database
internal import JSON
package import Nouns
package import Records
package import Telemetry

/// A requirement that reviews check in every deliverable of a client or a type, whatever its project asks for: one row
/// of `review_rules`. The review proposes what was missed again and again.
package struct ReviewRule: ManagedRecord {
    package enum Status: String, Choice { case proposed, adopted, dismissed }

    package var head = Head<ReviewRule>()
    package var requirement = ""
    package var clientID: ClientID?
    package var type: String?
    package var status = Status.adopted
    package var missed = 0
    package var looked = 0
    package var decidedAt: Instant?

    package init() {}

    package static let idPrefix = "rrule", noun = "review_rule"
    package static let writing: Permission = "deliverables:write"
    package static let resource = Resource<ReviewRule>(
        "review_rules", named: "ReviewRule",
        [
            .text(
                "requirement", \.requirement, max: 1000, .required, .writeOnce, .searchable,
                .example("A call to action"), .about("The requirement on deliverables.")),
            .id(
                "client_id", \.clientID, .writeOnce, .filterable,
                .about("The client whose deliverables are checked; null: all clients'.")),
            .text(
                "type", \.type, max: 60, .line, .writeOnce, .filterable, .example("article"),
                .about("The type of deliverables that are checked; null: all types.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether reviews check it, or it waits for somebody to say so, or was dismissed.")),
            .integer(
                "missed", \.missed, in: 0...1000, .readOnly,
                .about("In how many of the last deliverables it was missed when it was proposed.")),
            .integer(
                "looked_at", \.looked, in: 0...1000, .readOnly,
                .about("How many deliverables were looked at when it was proposed.")),
            .instant("decided_at", \.decidedAt, .readOnly, .about("When it was adopted or dismissed.")),
        ])

    package mutating func prepare(replacing old: ReviewRule?, by actor: Actor, in tx: Transaction) throws {
        if status == .proposed { decidedAt = nil } else { decidedAt = decidedAt ?? tx.now }
    }

    /// The statuses that it may come into now.
    var allowed: [String] {
        switch status {
        case .proposed: ["adopt", "dismiss"]
        case .adopted: ["dismiss"]
        case .dismissed: ["adopt"]
        }
    }
}

extension DeliverableStore where Base == Transaction {
    /// Lets reviews check a rule from now on, or no more.
    @discardableResult
    func turn(_ old: ReviewRule, to status: ReviewRule.Status, by actor: Actor) throws -> ReviewRule {
        guard old.status != status else {
            throw Problem(
                .invalidTransition, "The rule is already \(status.rawValue), which does not allow this.",
                extra: ["allowed": JSON(old.allowed)])
        }
        var rule = old
        (rule.status, rule.decidedAt) = (status, tx.now)
        try tx.update(old, to: &rule, by: actor, action: "review_rule.\(status.rawValue)")
        return rule
    }
}

extension DeliverableStore {
    /// Returns the rules that reviews of a deliverable check.
    func rules(for deliverable: Deliverable) throws -> [ReviewRule] {
        try ReviewRule.resource.all(
            where: """
                status = 'adopted' AND (client_id IS NULL OR client_id = \(deliverable.clientID))
                AND (type IS NULL OR type = \(deliverable.type))
                """, suffix: "ORDER BY id LIMIT 200", in: tx)
    }
}
