internal import Agents
package import Database
package import JSON
internal import Nouns
internal import People
package import Records
package import Telemetry

/// A stop to everything outbound of a scope: one row of `brakes`. It is looked at in the transaction that lets a
/// message go, so that from its own commit on none is let go; only a person takes it off.
package struct Brake: ManagedRecord {
    package enum Scope: String, Choice { case tenant, client, channel, campaign, topic }

    package var head = Head<Brake>()
    package var scope = Scope.tenant
    package var target: String?
    package var reason = ""
    package var sentBefore = 0
    package var releasedAt: Instant?
    package var actor = JSON.null
    package var releaseVotes: [String] = []

    package init() {}

    package static let idPrefix = "brk", noun = "brake"
    package static let resource = Resource<Brake>(
        "brakes", named: "Brake",
        [
            .choice(
                "scope", \.scope, .required, .writeOnce, .filterable, .about("The scope that is stopped.")),
            .text(
                "target", \.target, max: 100, .writeOnce, .filterable,
                .about("The client, channel, campaign or topic that is stopped.")),
            .text(
                "reason", \.reason, max: 500, .required, .writeOnce, .example("A wrong price."),
                .about("Why everything was stopped.")),
            .integer(
                "sent_before", \.sentBefore, in: 0...Int64.max, .readOnly,
                .about("The number of messages of the scope that had left in the day before.")),
            .instant("released_at", \.releasedAt, .readOnly, .filterable),
            .document("actor", \.actor, .readOnly, .about("The actor who created the brake.")),
            .texts(
                "release_votes", \.releaseVotes, .readOnly,
                .about(
                    "The people who have agreed to release the brake, where two must.")),
        ])

    package mutating func prepare(replacing old: Brake?, by actor: Actor, in tx: Transaction) throws {
        guard old == nil else { return }
        self.actor = actor.json
        var faults = Faults()
        switch (scope, target) {
        case (.tenant, .some):
            faults.add("/id", "unknown_field", "id cannot be given for the whole agency: leave it out.")
        case (.tenant, .none): break
        case (_, .none):
            faults.add("/id", "required", "id is required: name the \(scope.rawValue) that is stopped.")
        case (.channel, .some(let target)) where Channel(rawValue: target) == nil:
            faults.add(
                "/id", "invalid_choice",
                "id must be a channel: one of \(Channel.choices.joined(separator: ", ")).",
                choices: Channel.choices)
        default: break
        }
        try faults.throwIfAny()
        sentBefore = try tx.brakes.sent(in: self, since: tx.now - .seconds(86_400))
    }

    /// The messages of its scope, as a condition on `messages`.
    fileprivate var condition: SQL {
        switch scope {
        case .tenant: "1 = 1"
        case .client: "client_id = \(target)"
        case .channel: "channel = \(target)"
        case .campaign: "campaign_id = \(target)"
        case .topic: "topic = \(target)"
        }
    }

    /// Returns whether the brake stops everything that would leave in the name of a client, or of the agency
    /// itself where `client` is nil.
    func holdsEverything(for client: ClientID?) -> Bool {
        scope == .tenant || scope == .client && client != nil && client?.keyText == target
    }

    func stops(_ message: Message) -> Bool {
        switch scope {
        case .tenant: true
        case .client: message.clientID?.keyText == target
        case .channel: message.channel.rawValue == target
        case .campaign: message.campaignID == target
        case .topic: message.topic == target
        }
    }
}

extension BrakeStore {
    /// All brakes that are on, however many: clients pull their own in the portal, and each of them has to hold.
    func all() throws -> [Brake] {
        guard try tx.exists(anyBrake, [tx.tenant.sqlValue]) else { return [] }
        return try Brake.resource.all(
            where: "released_at IS NULL", suffix: "ORDER BY row", in: tx)
    }

    fileprivate func sent(in brake: Brake, since: Instant) throws -> Int {
        Int(
            try tx.int(
                """
                SELECT count(*) FROM messages
                WHERE tenant_id = \(tx.tenant) AND sent_at > \(since) AND \(brake.condition)
                """) ?? 0)
    }

    /// Returns the counts of a brake: `left`, the messages of the 24 hours before it was pulled and, until it is
    /// released, those that left since because they were on their way; `held`, the messages that it holds.
    func figures(of brake: Brake) throws -> JSONObject {
        let late = try sent(in: brake, since: brake.createdAt)
        let held = try tx.int(
            "SELECT count(*) FROM messages WHERE tenant_id = \(tx.tenant) AND held_code = 'brake' AND brake_id = \(brake.id)"
        )
        let stopped = brake.releasedAt == nil ? late : 0
        return ["left": JSON(brake.sentBefore + stopped), "held": JSON(Int(held ?? 0))]
    }
}

private let anyBrake = Statement("SELECT 1 FROM brakes WHERE tenant_id = $1 AND released_at IS NULL LIMIT 1")
