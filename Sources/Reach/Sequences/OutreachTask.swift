internal import Agents
internal import Database
internal import JSON
internal import Messages
package import Nouns
internal import People
package import Records
package import Telemetry
internal import Tenancy

/// A task that a person does for a sequence, with the words prepared, or because somebody asked for it: one row of
/// `outreach_tasks`. Once it is done or skipped, the sequence goes on.
package struct OutreachTask: ManagedRecord {
    package enum Status: String, Choice { case open, done, skipped }

    package var head = Head<OutreachTask>()
    package var enrollmentID: ID<Enrollment>?
    package var messageID: MessageID?
    package var leadID: LeadID?
    package var contactID: ContactID?
    package var title = ""
    package var text: String?
    package var dueAt: Instant?
    package var status = Status.open
    package var assignee: UserID?
    package var doneAt: Instant?
    package var note: String?

    package init() {}

    package static let idPrefix = "otask", noun = "outreach_task"
    package static let resource = Resource<OutreachTask>(
        "outreach_tasks", named: "OutreachTask",
        rule: .first(of: [.parent("lead_id", of: "leads"), .parent("contact_id", of: "contacts")]),
        [
            .id(
                "enrollment_id", \.enrollmentID, .readOnly, .filterable,
                .about("The enrolment whose step it is; null where a person asked for it.")),
            .id(
                "message_id", \.messageID, .readOnly, .filterable,
                .about("The message in which the task was asked for.")),
            .id("lead_id", \.leadID, .readOnly, .filterable),
            .id("contact_id", \.contactID, .readOnly, .filterable),
            .text("title", \.title, max: 300, .required, .searchable, .about("The title of the task.")),
            .text("text", \.text, max: 20_000),
            .instant("due_at", \.dueAt, .filterable, .sortable),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the task is open, done or skipped.")),
            .id("assignee", \.assignee, of: .colleague, .filterable),
            .instant("done_at", \.doneAt, .readOnly),
            .text("note", \.note, max: 2000),
        ])
}
