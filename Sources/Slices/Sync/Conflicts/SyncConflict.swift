internal import Agents
internal import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// A field that both sides have changed since they last agreed, and that waits for a person.
package struct SyncConflict: Record {
    package enum Status: String, Choice { case open, resolved }
    package enum Resolution: String, Choice { case local, remote, value, agreed }

    package var head = Head<SyncConflict>()
    package var syncID = ID<RecordSync>.unset
    package var about: JSONObject = [:]
    package var subjectType = ""
    package var subjectID = ""
    package var remoteID = ""
    package var field = ""
    package var base = JSON.null
    package var local: JSONObject = [:]
    package var remote: JSONObject = [:]
    package var status = Status.open
    package var resolution: Resolution?
    package var resolvedAt: Instant?

    package init() {}

    package static let idPrefix = "sconf", noun = "sync_conflict"
    package static let resource = Resource<SyncConflict>(
        "sync_conflicts", named: "FieldConflict", rule: .hidden,
        console: ConsoleForm(
            title: "field", columns: ["subject_id", "base", "local", "remote", "status"],
            filters: ["status"]),
        [
            .id("sync_id", \.syncID, .readOnly, .filterable, .about("The sync.")),
            .document("subject", \.about, .readOnly, .about("The agency's record: type and id.")),
            .text(
                "subject_type", \.subjectType, max: 40, .readOnly, .filterable,
                .about("The kind of the agency's record.")),
            .text(
                "subject_id", \.subjectID, max: 100, .readOnly, .filterable, .about("The agency's record.")),
            .text("remote_id", \.remoteID, max: 300, .readOnly, .about("The service's record.")),
            .text("field", \.field, max: 100, .readOnly, .filterable, .about("The agency's field.")),
            .document(
                "base", \.base, schema: [:], .readOnly,
                .about("The value that both sides last agreed on; null where there was none.")),
            .document("local", \.local, .readOnly, .about("The agency's value, and when it was set.")),
            .document("remote", \.remote, .readOnly, .about("The service's value, and when it was set.")),
            .choice(
                "status", \.status, .readOnly, .filterable, .about("Whether a person has decided.")),
            .choice(
                "resolution", \.resolution, .readOnly,
                .about("The side whose value was taken; agreed: both sides came to the same by themselves.")),
            .instant("resolved_at", \.resolvedAt, .readOnly, .about("When it was decided.")),
        ])

    package var subject: Subject { Subject(id) }
}
