internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import People
package import Records
package import Telemetry

/// A call or a visit that was agreed on: one row of `meetings`.
package struct Meeting: ManagedRecord {
    package enum Status: String, Choice {
        case scheduled, cancelled, done
        case noShow = "no_show"
    }

    package var head = Head<Meeting>()
    package var contactID: ContactID?
    package var dealID: DealID?
    package var title = ""
    package var startsAt = Instant(seconds: 0)
    package var endsAt: Instant?
    package var location: String?
    package var status = Status.scheduled
    package var cancelReason: String?
    package var notes: String?
    package var inviteeEmail: String?
    /// The calendar service's name for it.
    package var externalID: String?
    package var rescheduledFrom: String?
    package var rescheduledTo: String?
    package var rescheduleURL: String?
    package var cancelURL: String?

    package init() {}

    package static let idPrefix = "meet", noun = "meeting"
    package static let resource = Resource<Meeting>(
        "meetings", named: "Meeting",
        rule: .first(of: [
            .parent("deal_id", of: "deals"),
            .parent("contact_id", of: "contacts"),
        ]),
        personal: .emptied(in: "deals"),
        [
            .id("contact_id", \.contactID, .filterable, .about("The contact whom the meeting is with.")),
            .id("deal_id", \.dealID, .filterable),
            .text(
                "title", \.title, max: 300, .required, .searchable, .example("Intro"),
                .about("The subject of the meeting.")),
            .instant("starts_at", \.startsAt, .required, .filterable, .sortable),
            .instant("ends_at", \.endsAt, .filterable),
            .text(
                "location", \.location, max: 1000, .erased,
                .about("The place of the meeting, or the link of the call.")),
            .choice(
                "status", \.status, .standard("scheduled"), .filterable,
                .about("Whether the meeting is booked, cancelled, held or missed.")),
            .text("cancel_reason", \.cancelReason, max: 1000, .erased),
            .text("notes", \.notes, max: 20_000, .personal, .searchable),
            .email("invitee_email", \.inviteeEmail, .personal, .filterable),
            .text("external_id", \.externalID, max: 500, .readOnly, .filterable),
            .text("rescheduled_from", \.rescheduledFrom, max: 500, .readOnly),
            .text("rescheduled_to", \.rescheduledTo, max: 500, .readOnly),
            .url("reschedule_url", \.rescheduleURL, .erased),
            .url("cancel_url", \.cancelURL, .erased),
        ])

    package mutating func prepare(replacing old: Meeting?, by actor: Actor, in tx: Transaction) throws {
        if let endsAt, endsAt < startsAt {
            throw Problem(
                faults: [Fault("/ends_at", "out_of_range", "ends_at must not be before starts_at.")])
        }
    }

    package func saved(replacing old: Meeting?, by actor: Actor, in tx: Transaction) throws {
        if old?.status != status { try tx.publish("meeting.\(status.rawValue)", subject, payload) }
    }

    var payload: JSON {
        [
            "contact_id": JSON(contactID), "deal_id": JSON(dealID),
            "starts_at": .string(startsAt.description), "status": .string(status.rawValue),
        ]
    }
}
