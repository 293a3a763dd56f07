internal import Agents
package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// Registers what a person asks for under data protection law, and what became of it: one row of `privacy_requests`.
/// An erasure of the person empties it: that somebody asked, when, and what was done stays.
package struct SubjectRequest: ManagedRecord {
    package enum Kind: String, Choice { case access, erasure, rectification, objection, portability }
    package enum Status: String, Choice {
        case received, completed, refused
        case inProgress = "in_progress"
    }
    package enum Source: String, Choice {
        case email, portal, letter, phone, other
        case inPerson = "in_person"
    }
    /// The ways in which it was confirmed that it is the person who asks. Nothing else is kept of a document that was
    /// seen.
    package enum IdentityCheck: String, Choice {
        case document, other
        case knownAddress = "known_address"
        case signedIn = "signed_in"
        case calledBack = "called_back"
        case inPerson = "in_person"
    }

    package var head = Head<SubjectRequest>()
    package var name = ""
    package var address: String?
    package var addressDigest: String?
    package var kind = Kind.access
    package var status = Status.received
    package var source = Source.email
    package var receivedAt: Instant?
    package var dueAt: Instant?
    package var extendedAt: Instant?
    package var extensionReason: String?
    package var identityCheck: IdentityCheck?
    package var handledBy: UserID?
    package var contactID: ContactID?
    package var leadID: LeadID?
    package var messageID: MessageID?
    package var notes: String?
    package var refusalReason: String?
    package var outcome: String?
    package var result = JSON.null
    package var closedAt: Instant?

    package init() {}

    package static let idPrefix = "preq", noun = "privacy_request"
    package static let resource = Resource<SubjectRequest>(
        "privacy_requests", named: "PrivacyRequest", path: "privacy/requests",
        personal: .emptied(
            own: [
                "id", "name", "address", "kind", "source", "status", "received_at", "due_at", "extended_at",
                "extension_reason", "refusal_reason", "outcome", "closed_at",
            ],
            kept: KeptData(
                "privacy requests",
                "That a person asked, when, and what was done must stay provable (GDPR art. 5(2)): without name, words and address, of which only a digest is kept."
            )),
        console: ConsoleForm(
            title: "name", columns: ["kind", "status", "due_at", "handled_by", "received_at"],
            form: ["name", "address", "kind", "source", "received_at", "identity_check", "handled_by"],
            filters: ["status", "kind"]),
        [
            .text(
                "name", \.name, max: 200, .required, .line, .personal, .example("Jane Doe"),
                .about("The name of the person, as they gave it.")),
            .text(
                "address", \.address, max: 320, .line, .personal, .example("jane@example.com"),
                .about("The address that the person gave: of email, or another one.")),
            .text(
                "address_digest", \.addressDigest, max: 64, .readOnly, .filterable,
                .about(
                    "The SHA-256 of the agency's id, a colon and the address in lower case; it stays once the person is erased."
                )),
            .choice("kind", \.kind, .required, .filterable, .about("The kind of request.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the request is new, being handled, completed or refused.")),
            .choice("source", \.source, .standard("email"), .writeOnce, .about("How the request came.")),
            .instant(
                "received_at", \.receivedAt, .writeOnce, .filterable, .sortable,
                .about("When the request came; now by default.")),
            .instant(
                "due_at", \.dueAt, .readOnly, .filterable, .sortable,
                .about("When the month for the answer ends, or the three months of an extended one.")),
            .instant(
                "extended_at", \.extendedAt, .readOnly, .about("When the time for the answer was extended.")),
            .text(
                "extension_reason", \.extensionReason, max: 2000, .readOnly, .personal,
                .about("Why the answer takes longer, as the person was told.")),
            .choice(
                "identity_check", \.identityCheck,
                .about("How it was confirmed that the person asks themselves; null: not yet.")),
            .id(
                "handled_by", \.handledBy, of: .colleague, .filterable,
                .about("The user who handles the request.")),
            .id(
                "contact_id", \.contactID, .filterable,
                .about("The contact who asks; found by the address where it is left out.")),
            .id("lead_id", \.leadID, .filterable, .about("The lead who asks.")),
            .id("message_id", \.messageID, .readOnly, .about("The message in which they asked.")),
            .text("notes", \.notes, max: 5000, .personal),
            .text(
                "refusal_reason", \.refusalReason, max: 2000, .readOnly, .personal,
                .about("Why the request was refused, as the person was told.")),
            .text(
                "outcome", \.outcome, max: 2000, .readOnly, .personal,
                .about("The outcome, in words, where it was neither an export nor an erasure.")),
            .document(
                "result", \.result, .readOnly,
                .about(
                    "The result of an export or an erasure: counts, what was kept, and the SHA-256 of an exported file."
                )),
            .instant(
                "closed_at", \.closedAt, .readOnly, .filterable, .sortable,
                .about("When the request was completed or refused.")),
        ])

    package var isOpen: Bool { status == .received || status == .inProgress }

    package mutating func prepare(
        replacing old: SubjectRequest?, by actor: Actor, in tx: Transaction
    ) throws {
        let received = receivedAt ?? tx.now
        guard received <= tx.now else {
            throw Problem(faults: [
                Fault("/received_at", "out_of_range", "received_at is in the future: enter when it came.")
            ])
        }
        receivedAt = received
        let tenant = try tx.agency.tenant()
        dueAt = Self.deadline(
            of: received, months: extendedAt == nil ? 1 : 3,
            in: TimeZoneRules(named: tenant.timeZone) ?? .utc)
        if old?.address != address {
            addressDigest = address.map { tx.privacyRequests.digest(of: $0) }
        }
        if contactID == nil, leadID == nil { contactID = try tx.privacyRequests.contact(at: address) }
        if status == .received, identityCheck != nil || handledBy != nil || extendedAt != nil {
            status = .inProgress
        }
    }

    package func saved(replacing old: SubjectRequest?, by actor: Actor, in tx: Transaction) throws {
        guard isOpen, old?.dueAt != dueAt else { return }
        try tx.privacyRequests.remind(of: self)
    }

    /// The last second of the day of the same number so many months later, or of that month's last day, by the clocks
    /// of the agency.
    static func deadline(of received: Instant, months: Int, in zone: TimeZoneRules) -> Instant {
        let day = zone.local(of: received).date
        let month = day.year * 12 + day.month - 1 + months
        let (year, number) = (month / 12, month % 12 + 1)
        let last = CivilDate(
            year: year, month: number, day: min(day.day, CivilDate.daysInMonth(number, year: year)))
        return zone.firstInstant(atOrAfter: LocalTime(last.adding(days: 1), hour: 0)) - .seconds(1)
    }
}

let privacyMigration = Migration(number: 439, name: "privacy requests") { dialect in
    SubjectRequest.resource.creation(dialect) + [
        "CREATE INDEX privacy_requests_status ON privacy_requests (tenant_id, status, id)",
        "CREATE INDEX privacy_requests_due ON privacy_requests (tenant_id, due_at, id)",
        "CREATE INDEX privacy_requests_contact ON privacy_requests (tenant_id, contact_id, id)",
        "CREATE INDEX privacy_requests_lead ON privacy_requests (tenant_id, lead_id, id)",
        "CREATE INDEX privacy_requests_digest ON privacy_requests (tenant_id, address_digest, id)",
        "CREATE INDEX privacy_requests_closed ON privacy_requests (tenant_id, closed_at, id)",
    ]
}
