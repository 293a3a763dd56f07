package import ChangeSets
internal import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// One run of a sync: what came in and went out.
package struct SyncRun: Record {
    package enum Status: String, Choice {
        case queued, running, completed, failed, cancelled
        var isOver: Bool { self != .queued && self != .running }
    }

    /// The part of the work that a run is at. After a crash it goes on there.
    package enum Phase: String, Choice { case pull, archive, push }

    package var head = Head<SyncRun>()
    package var syncID = ID<RecordSync>.unset
    package var status = Status.queued
    package var pulled = PulledCounts()
    package var pushed = PushedCounts()
    package var conflicts = 0
    package var calls = 0
    package var cursor: String?
    package var error = JSON.null
    package var changeSetID: ID<ChangeSet>?
    package var isFull = false
    package var startedAt: Instant?
    package var finishedAt: Instant?
    var phase = Phase.pull
    /// The time since when the service is asked for changes; `nil`: for everything.
    var since: String?
    /// The page that comes next, and the latest time that was seen.
    var page: String?
    var newest: String?
    /// The pages of this listing that were read.
    var pages = 0
    /// The last of the agency's records that was compared, or the last event that was looked at.
    var place: String?
    /// The last event when the agency's records began to be compared.
    var eventRow = 0
    /// The number of records that are listed with what became of them.
    var outcomes = 0
    /// Whether the service has asked to be left alone for a while.
    var isSlowedDown = false
    /// The number of records that became a pair with one of the other side.
    var paired = 0

    package init() {}

    private static let counts: ClosedRange<Int64> = 0...Int64.max

    package static let idPrefix = "srun", noun = "sync_run"
    package static let resource = Resource<SyncRun>(
        "sync_runs", named: "SyncRun", rule: .hidden,
        console: ConsoleForm(
            title: "created_at", columns: ["sync_id", "status", "conflicts", "calls", "finished_at"],
            filters: ["status"]),
        [
            .id("sync_id", \.syncID, .readOnly, .filterable, .about("The sync.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the run waits, runs, has completed, failed or was cancelled.")),
            .part(
                "pulled", \.pulled, .readOnly, .about("How many of the service's records came to what here.")),
            .part(
                "pushed", \.pushed, .readOnly, .about("How many of the agency's records came to what there.")),
            .integer(
                "conflicts", \.conflicts, in: counts, .readOnly,
                .about("How many fields were left to a person because both sides had changed them.")),
            .integer("calls", \.calls, in: counts, .readOnly, .about("How often the service was asked.")),
            .text("cursor", \.cursor, max: 200, .readOnly, .about("The sync's cursor after the run.")),
            .document(
                "error", \.error, schema: ["type": ["object", "null"]], .readOnly,
                .about("Why the run failed: code and detail.")),
            .id(
                "change_set_id", \.changeSetID, .readOnly,
                .about("The change set of what the run changed here, which can be undone.")),
            .boolean("is_full", \.isFull, .readOnly, .about("Whether all records were compared.")),
            .instant("started_at", \.startedAt, .readOnly, .about("When the run began.")),
            .instant("finished_at", \.finishedAt, .readOnly, .about("When the run ended.")),
            .choice("phase", \.phase, .secret),
            .text("since", \.since, max: 200, .secret),
            .text("page", \.page, max: 4000, .secret),
            .text("newest", \.newest, max: 200, .secret),
            .integer("pages", \.pages, in: counts, .secret),
            .text("place", \.place, max: 64, .secret),
            .integer("event_row", \.eventRow, in: counts, .secret),
            .integer("outcomes", \.outcomes, in: counts, .secret),
            .boolean("slowed_down", \.isSlowedDown, .secret),
            .integer("paired", \.paired, in: counts, .secret, .added(in: 867)),
        ])

    package var subject: Subject { Subject(id) }
}

/// The numbers of the service's records, by what they came to here.
package struct PulledCounts: Part {
    package var created = 0, updated = 0, unchanged = 0, skipped = 0, archived = 0, failed = 0

    package init() {}

    package static let schema = Schema<PulledCounts>(
        "SyncPulled",
        [
            .integer(
                "created", \.created, in: 0...Int64.max, .standard(0), .about("How many records were made.")),
            .integer(
                "updated", \.updated, in: 0...Int64.max, .standard(0),
                .about("How many records were changed.")),
            .integer(
                "unchanged", \.unchanged, in: 0...Int64.max, .standard(0),
                .about("In how many records nothing had to change.")),
            .integer(
                "skipped", \.skipped, in: 0...Int64.max, .standard(0),
                .about("How many records were left out.")),
            .integer(
                "archived", \.archived, in: 0...Int64.max, .standard(0),
                .about("How many records were archived.")),
            .integer(
                "failed", \.failed, in: 0...Int64.max, .standard(0), .about("How many records did not fit.")),
        ])
}

/// The numbers of the agency's records, by what they came to in the service.
package struct PushedCounts: Part {
    package var created = 0, updated = 0, unchanged = 0, failed = 0

    package init() {}

    package static let schema = Schema<PushedCounts>(
        "SyncPushed",
        [
            .integer(
                "created", \.created, in: 0...Int64.max, .standard(0), .about("How many records were made.")),
            .integer(
                "updated", \.updated, in: 0...Int64.max, .standard(0),
                .about("How many records were changed.")),
            .integer(
                "unchanged", \.unchanged, in: 0...Int64.max, .standard(0),
                .about("In how many records nothing had to change.")),
            .integer(
                "failed", \.failed, in: 0...Int64.max, .standard(0), .about("How many records did not fit.")),
        ])
}
