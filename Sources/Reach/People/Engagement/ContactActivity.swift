internal import Database
internal import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// Something that a contact has done towards the agency, counted once: one row of `contact_activities`.
package struct ContactActivity: Record {
    /// The doer: the person, or a program that opens mails and follows links before people do.
    package enum Source: String, Choice { case human, machine }

    package var head = Head<ContactActivity>()
    package var contactID = ContactID.unset
    package var type = ""
    package var at = Instant(seconds: 0)
    package var channel: Channel?
    package var source = Source.human
    /// The mark of what happened, by which it is known again.
    package var fact = ""
    /// The contact who had it before their lead was merged into another.
    package var movedFrom: ContactID?

    package init() {}

    package static let idPrefix = "act", noun = "contact_activity"
    package static let resource = Resource<ContactActivity>(
        "contact_activities", named: "ContactActivity",
        rule: .parent("contact_id", of: "contacts"), personal: .deleted(own: ["type", "at", "channel"]),
        [
            .id("contact_id", \.contactID, .readOnly, .about("The contact who did it.")),
            .text(
                "type", \.type, max: 60, .readOnly, .personal, .filterable, .example("link_click"),
                .about(
                    """
                    The activity: message_read, link_click, message_reply, calendly_book, demo_request, \
                    referral_made, or a word of the agency's own.
                    """)),
            .instant("at", \.at, .readOnly, .filterable, .sortable, .about("When they did it.")),
            .choice(
                "channel", \.channel, .readOnly, .filterable, .about("The channel on which they did it.")),
            .choice(
                "source", \.source, .readOnly, .filterable,
                .about("Whether a person did it, or a program, which counts for nothing.")),
            .text("fact", \.fact, max: 200, .secret),
            .id("moved_from", \.movedFrom, .secret),
        ])

    package var subject: Subject { Subject(id) }
}

extension ContactActivity {
    /// The kinds of activity that weigh something unless an agency says otherwise.
    package enum Kind: String, Sendable, CaseIterable {
        case messageRead = "message_read", linkClick = "link_click", messageReply = "message_reply"
        case calendlyBook = "calendly_book", demoRequest = "demo_request", referralMade = "referral_made"

        /// The weight that the kind has unless an agency says otherwise.
        package var weight: Double {
            switch self {
            case .messageRead: 1
            case .linkClick: 3
            case .messageReply: 5
            case .calendlyBook: 15
            case .demoRequest: 20
            case .referralMade: 25
            }
        }
    }
}
