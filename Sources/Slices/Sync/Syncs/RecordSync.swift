internal import Agents
package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry

/// The agreement of some records of the agency with those of an outside service: one row of `syncs`.
package struct RecordSync: ManagedRecord {
    package enum Local: String, Choice { case leads, companies, deals, clients, tasks }
    package enum Direction: String, Choice { case pull, push, both }
    package enum Conflict: String, Choice { case newest, local, remote, review }
    package enum Deletes: String, Choice { case ignore, archive }
    /// The messages that are written into the history that the service keeps of each record.
    package enum History: String, Choice { case none, conversations, all }
    package enum Status: String, Choice { case idle, running, paused, failing }

    package var head = Head<RecordSync>()
    package var integrationID = IntegrationID.unset
    package var provider = ""
    package var object = ""
    package var local = Local.leads
    package var direction = Direction.both
    package var mapping = Parts<SyncMapping>()
    package var conflict = Conflict.newest
    package var deletes = Deletes.ignore
    package var filter = JSON.null
    package var defaults = JSON.null
    package var every: String?
    package var history = History.none
    package var status = Status.idle
    package var pausedBecause: String?
    package var cursor: String?
    package var backfill = SyncBackfill()
    package var lastRunAt: Instant?
    package var nextRunAt: Instant?
    package var error = JSON.null
    /// The last event whose record has been looked at; those behind it tell what has changed here.
    var eventRow = 0
    /// Where a listing was broken off, so that the next run goes on there.
    var resume = JSON.null
    /// A person has said that what the brake held back is to be archived.
    var acceptsDeletions = false
    /// The service's records of which a hook has said that they have changed.
    var heard: [String] = []
    /// When the service was last asked for what was deleted there.
    var removedReadAt: Instant?
    /// The number of times that the time between two runs was doubled, because the service could not keep up.
    var slowdown = 0

    package init() {}

    package static let idPrefix = "sync", noun = "sync"
    package static let resource = Resource<RecordSync>(
        "syncs", named: "Sync",
        console: ConsoleForm(
            title: "object", columns: ["provider", "local", "direction", "status", "last_run_at"],
            form: [
                "integration_id", "object", "local", "direction", "conflict", "deletes", "every", "history",
                "mapping",
            ],
            filters: ["status", "local"]),
        [
            .id(
                "integration_id", \.integrationID, .required, .writeOnce, .filterable,
                .about("The integration with the service.")),
            .text(
                "provider", \.provider, max: 80, .readOnly,
                .about("The service, as its integration names it.")),
            .text(
                "object", \.object, max: 100, .required, .writeOnce, .filterable, .example("contacts"),
                .about("The kind of the service's records; GET /v1/integrations/{id}/objects has them.")),
            .choice(
                "local", \.local, .required, .writeOnce, .filterable,
                .about("The agency's records that they are kept in step with.")),
            .choice(
                "direction", \.direction, .standard("both"), .filterable,
                .about("Whether changes come in (pull), go out (push), or both.")),
            .parts(
                "mapping", \.mapping, max: 100,
                .about("The fields that belong together; the suggested ones by default.")),
            .choice(
                "conflict", \.conflict, .standard("newest"),
                .about("The side whose value counts where both have changed a field; review: a person says.")),
            .choice(
                "deletes", \.deletes, .standard("ignore"),
                .about("Whether a record that is deleted in the service is archived here.")),
            .document(
                "filter", \.filter, schema: ["type": ["object", "null"]],
                .about("Filters of the list of records: only those that it has are made in the service."),
                .example(["status": "qualified"])),
            .document(
                "defaults", \.defaults, schema: ["type": ["object", "null"]],
                .about("Values of fields that are not mapped, for records that the sync makes here.")),
            .text(
                "every", \.every, max: 40, .example("PT5M"),
                .about("How often the service is asked; changes here go out at once then. null: on demand.")),
            .choice(
                "history", \.history, .standard("none"), .added(in: 867),
                .about(
                    "The messages that go into the history that the service keeps: none, conversations, or mailings, too."
                )),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the sync rests, runs, is paused, or fails at the moment.")),
            .text("paused_because", \.pausedBecause, max: 300, .readOnly, .about("Why the sync is paused.")),
            .text(
                "cursor", \.cursor, max: 200, .readOnly,
                .about("The time of the last change that was seen, as the service writes it.")),
            .part("backfill", \.backfill, .readOnly, .about("How far the first reading of all records is.")),
            .instant("last_run_at", \.lastRunAt, .readOnly, .about("When the last run ended.")),
            .instant("next_run_at", \.nextRunAt, .readOnly, .about("When the next run is due.")),
            .document(
                "error", \.error, schema: ["type": ["object", "null"]], .readOnly,
                .about("Why the last run failed: code and detail.")),
            .integer("event_row", \.eventRow, in: 0...Int64.max, .secret),
            .document("resume", \.resume, schema: [:], .secret),
            .boolean("accepts_deletions", \.acceptsDeletions, .secret),
            .integer("slowdown", \.slowdown, in: 0...20, .secret),
            .instant("removed_read_at", \.removedReadAt, .secret),
            .texts("heard", \.heard, max: 200, length: 300, .secret),
        ])

    /// Returns whether it is time to ask for what was deleted, where the service lists that apart: all of it,
    /// each time.
    func isToLookForRemoved(at now: Instant) -> Bool {
        guard let last = removedReadAt else { return true }
        return now - last >= .seconds(3600)
    }

    /// The time between two runs by itself; longer while the service cannot keep up.
    var period: Duration? {
        every.flatMap { Duration(iso8601: $0) }.map { period in
            min(period * (1 << min(slowdown, 8)), max(period, .seconds(86_400)))
        }
    }
    var isPaused: Bool { status == .paused }

    package func deleted(by actor: Actor, in tx: Transaction) throws { try tx.syncs.forget(self) }
}

/// A field of the agency's records and the service's field that belongs to it.
package struct SyncMapping: Part {
    package var local = ""
    package var remote = ""
    package var direction: RecordSync.Direction?
    package var isKey = false

    package init() {}

    package init(local: String, remote: String, direction: RecordSync.Direction? = nil, isKey: Bool = false) {
        (self.local, self.remote, self.direction, self.isKey) = (local, remote, direction, isKey)
    }

    package static let schema = Schema<SyncMapping>(
        "SyncMapping",
        [
            .text(
                "local", \.local, max: 100, .required, .example("contact_name"),
                .about("The agency's field; custom.NAME for one of its own; unsubscribed, or id.")),
            .text("remote", \.remote, max: 200, .required, .example("name"), .about("The service's field.")),
            .choice(
                "direction", \.direction,
                .about("Whether values come in, go out, or both; by default as the sync says.")),
            .boolean("key", \.isKey, .about("Whether records are recognised by it.")),
        ])
}

/// The state of the first reading of all records.
package struct SyncBackfill: Part {
    package enum State: String, Choice { case waiting, running, done }

    package var state = State.waiting
    package var done = 0
    package var total: Int?

    package init() {}

    package static let schema = Schema<SyncBackfill>(
        "SyncBackfill",
        [
            .choice(
                "state", \.state, .standard("waiting"), .about("Whether the reading waits, runs or is done.")),
            .integer(
                "done", \.done, in: 0...Int64.max, .standard(0), .about("How many records were read.")),
            .integer(
                "total", \.total, in: 0...Int64.max,
                .about("How many records there are; null where the service does not say.")),
        ])
}
