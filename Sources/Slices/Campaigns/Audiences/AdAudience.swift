internal import Agents
package import Database
internal import Integrations
internal import JSON
internal import Jobs
package import Messages
package import Nouns
package import Records
package import Telemetry

/// People of a segment whom an advertising service finds again, as far as they agree: one row of `ad_audiences`.
package struct AdAudience: ManagedRecord {
    package enum Status: String, Choice {
        /// It has not been told to the service as it is now.
        case waiting
        case current, failed
    }

    package var head = Head<AdAudience>()
    package var name = ""
    package var integrationID = IntegrationID.unset
    package var segmentID = SegmentID.unset
    package var isEnabled = true
    package var status = Status.waiting
    package var reasons = Parts<Reason>()
    package var size = 0
    package var remote: String?
    package var syncedAt: Instant?
    /// Tells how often its people were looked through.
    package var round = 0

    package init() {}

    package static let idPrefix = "ada", noun = "ad_audience"
    package static let resource = Resource<AdAudience>(
        "ad_audiences", named: "AdAudience",
        console: ConsoleForm(
            columns: ["segment_id", "status", "size", "synced_at"],
            form: ["name", "integration_id", "segment_id", "enabled"], filters: ["status"]),
        [
            .text(
                "name", \.name, max: 150, .required, .line, .filterable, .sortable, .searchable,
                .example("Visitors of spring"), .about("The name, for colleagues and at the service.")),
            .id(
                "integration_id", \.integrationID, .required, .writeOnce, .filterable,
                .about("The integration of the advertising service.")),
            .id(
                "segment_id", \.segmentID, .required, .filterable,
                .about("The segment whose people are on it, as far as they have agreed to be.")),
            .boolean(
                "enabled", \.isEnabled, .standard(true), .filterable,
                .about("Whether people are on it; switched off, all are taken off at the service.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the service has been told who is on it now.")),
            .parts("reasons", \.reasons, max: 10, .readOnly, .about("Why the service was not told.")),
            .integer(
                "size", \.size, in: 0...1_000_000_000, .readOnly,
                .about("How many addresses the service has got of it.")),
            .text("remote_id", \.remote, max: 80, .readOnly, .filterable, .about("Its id there.")),
            .instant("synced_at", \.syncedAt, .readOnly, .about("When the service was last told.")),
            .integer("round", \.round, in: 0...1_000_000_000, .secret),
        ])

    package func saved(replacing old: AdAudience?, by actor: Actor, in tx: Transaction) throws {
        guard old?.isEnabled != isEnabled || old?.segmentID != segmentID else { return }
        try tx.adAudiences.tell(id)
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        guard try tx.adAudiences.size(of: id) == 0 else {
            throw Problem(
                .conflict, "People are on the audience at the service: switch it off, and wait until none is."
            )
        }
    }

    /// The end of its name at the service, by which it is found there.
    var key: String { String("\(id)".suffix(8)) }
}
