internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// Something more that a client may buy, or go on with: one row of `opportunities`.
package struct Opportunity: ManagedRecord {
    package enum Kind: String, Choice {
        case upgrade
        case crossSell = "cross_sell"
        case renewal, retention
        case winBack = "win_back"
    }
    package enum Status: String, Choice { case open, offered, won, lost, dismissed }

    package var head = Head<Opportunity>()
    package var clientID = ClientID.unset
    package var kind = Kind.upgrade
    package var packageID: PackageID?
    package var value: Money?
    package var reason: String?
    package var evidence: [String] = []
    package var steps = Parts<RetentionStep>()
    package var dueOn: CivilDate?
    package var status = Status.open
    package var proposalID: ID<DraftedProposal>?
    package var dismissedAt: Instant?
    package var dismissReason: String?
    /// Names what it was raised for: each is raised once.
    package var key: String?

    package init() {}

    package static let idPrefix = "opp", noun = "opportunity"
    package static let resource = Resource<Opportunity>(
        "opportunities", named: "Opportunity",
        console: ConsoleForm(
            title: "kind", columns: ["client_id", "status", "value", "due_on"],
            form: ["client_id", "kind", "package_id", "value", "reason", "due_on"],
            filters: ["kind", "status"]),
        [
            .id("client_id", \.clientID, .required, .writeOnce, .filterable),
            .choice("kind", \.kind, .required, .writeOnce, .filterable, .about("The kind of opportunity.")),
            .id(
                "package_id", \.packageID, .filterable, .about("The package that is to be offered.")),
            .money("value", \.value, .about("The expected value of the opportunity.")),
            .text("reason", \.reason, max: 2000, .about("Why it was raised.")),
            .texts(
                "evidence", \.evidence, max: 50, length: 64, .readOnly,
                .about("The ids of the records that it rests on.")),
            .parts(
                "steps", \.steps, max: 20, .readOnly, .added(in: 1411),
                .about("The steps by which a client is kept, each with the records that call for it.")),
            .date("due_on", \.dueOn, .filterable, .sortable, .about("The day by which to act.")),
            .choice("status", \.status, .readOnly, .filterable, .about("The status of the opportunity.")),
            .id("proposal_id", \.proposalID, .readOnly, .about("The proposal with which it was offered.")),
            .instant(
                "dismissed_at", \.dismissedAt, .readOnly,
                .about("When the agency dismissed it, or the client declined it or let it expire.")),
            .text(
                "dismiss_reason", \.dismissReason, max: 2000, .readOnly,
                .about("Why it was dismissed; it is not raised again for 90 days.")),
            .text("key", \.key, max: 200, .secret),
        ])

    package func saved(replacing old: Opportunity?, by actor: Actor, in tx: Transaction) throws {
        guard let old, old.status != status else { return }
        try tx.publish("opportunity.\(status.rawValue)", subject, payload)
    }

    /// The payload of its events.
    var payload: JSON {
        [
            "client_id": JSON(clientID), "kind": .string(kind.rawValue), "status": .string(status.rawValue),
            "value": value?.json ?? .null,
        ]
    }

    /// Refuses to ask a client at risk for more.
    func requireCalm(_ client: Client) throws(Problem) {
        guard client.isAtRisk, kind == .upgrade || kind == .crossSell else { return }
        throw Problem(
            .conflict,
            "The client is at risk and is not asked for more: dismiss the opportunity, or wait until it fares better."
        )
    }

    func requireOpen() throws(Problem) {
        guard status == .open || status == .offered else {
            throw Problem(
                .invalidTransition,
                "The opportunity is \(status.rawValue): only an open or offered one can be dismissed.",
                extra: ["allowed": []])
        }
    }
}
