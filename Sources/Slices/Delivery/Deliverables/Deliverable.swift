internal import Agents
package import Database
package import JSON
package import Nouns
package import Records
package import Telemetry
package import Tenancy

/// Something that a client gets, and says yes to: one row of `deliverables`.
package struct Deliverable: ManagedRecord {
    package enum Status: String, Choice {
        case draft
        case inReview = "in_review"
        case withClient = "with_client"
        case approved
        case changesRequested = "changes_requested"
    }

    package var head = Head<Deliverable>()
    package var projectID = ID<Project>.unset
    package var clientID = ClientID.unset
    package var name = ""
    package var description: String?
    package var status = Status.draft
    package var text: String?
    package var files: [ID<StoredFile>] = []
    package var requirements: [String] = []
    package var revision = 0
    package var versions = Parts<DeliverableVersion>()
    package var quality = JSON.null
    package var reviewedBy: String?
    package var reviewedAt: Instant?
    package var reviewNotes: String?
    package var changeRequest: String?
    package var decidedAt: Instant?
    package var evidence = JSON.null
    package var type: String?

    package init() {}

    package static let idPrefix = "dlv", noun = "deliverable"
    package static let resource = Resource<Deliverable>(
        "deliverables", named: "Deliverable",
        console: ConsoleForm(
            columns: ["project_id", "status", "created_at"],
            form: ["name", "project_id", "description", "text"],
            filters: ["status"]),
        [
            .id("project_id", \.projectID, .required, .writeOnce, .filterable),
            .id(
                "client_id", \.clientID, .readOnly, .filterable,
                .about("The client of the deliverable's project.")),
            .text(
                "name", \.name, max: 300, .required, .searchable, .example("Logo"),
                .about("The name of the deliverable.")),
            .text("description", \.description, max: 20_000, .searchable),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about(
                    "How far the deliverable is: draft, in review, with the client, approved, or with changes requested."
                )),
            .text("text", \.text, max: 200_000, .about("The text of the deliverable, as Markdown.")),
            .ids("files", \.files, max: 100, .about("The ids of the files in /v1/files.")),
            .texts(
                "requirements", \.requirements, max: 100, length: 1000,
                .about(
                    "The requirements of its project that it is meant to meet; where none is named, all of them. Its contents decide whether it does."
                )),
            .integer(
                "revision", \.revision, in: 0...1_000_000, .readOnly,
                .about("The number of the newest version.")),
            .parts("versions", \.versions, max: 1000, .readOnly, .about("The submitted versions.")),
            .document(
                "quality", \.quality, .readOnly,
                .about("The quality by the rules: passed, score, and its factors.")),
            .text(
                "reviewed_by", \.reviewedBy, max: 200, .readOnly,
                .about("The colleague who reviewed the last version.")),
            .instant("reviewed_at", \.reviewedAt, .readOnly),
            .text("review_notes", \.reviewNotes, max: 10_000, .readOnly),
            .text(
                "change_request", \.changeRequest, max: 10_000, .readOnly,
                .about("The changes that the client requests.")),
            .instant(
                "decided_at", \.decidedAt, .readOnly, .filterable, .about("When the client has decided.")),
            .document(
                "evidence", \.evidence, .readOnly,
                .about("The proof of the client's decision: who, when and from where.")),
            .text(
                "type", \.type, max: 60, .line, .filterable, .added(in: 1074), .example("article"),
                .about("The kind of work, in the agency's own words: quality is measured by it.")),
        ])

    /// The statuses in which clients see a deliverable.
    package static let clientStatuses: [Status] = [.withClient, .approved, .changesRequested]

    package mutating func prepare(replacing old: Deliverable?, by actor: Actor, in tx: Transaction) throws {
        if let old, !old.isOpen, old.text != text || old.files != files || old.requirements != requirements {
            throw old.refusal("The deliverable was submitted and cannot be changed: wait for its review.")
        }
        if old == nil, let project = try Project.resource.find(projectID, in: tx) {
            clientID = project.clientID
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if decidedAt != nil || status == .withClient {
            throw refusal("The client has seen the deliverable, so it cannot be deleted.")
        }
        try tx.run(
            "DELETE FROM deliverable_reviews WHERE tenant_id = \(tx.tenant) AND deliverable_id = \(id)")
    }

    // MARK: Rules

    /// Whether it is being worked on.
    var isOpen: Bool { status == .draft || status == .changesRequested }

    /// The steps that are possible now.
    package var allowed: [String] {
        switch status {
        case .draft, .changesRequested: ["submit"]
        case .inReview: ["review"]
        case .withClient: ["approve", "request-changes"]
        case .approved: []
        }
    }

    func refusal(_ words: String) -> Problem {
        Problem(.invalidTransition, words, extra: ["allowed": JSON(allowed)])
    }

    func require(_ step: String) throws(Problem) {
        if !allowed.contains(step) {
            throw refusal("The deliverable is \(status.rawValue), which does not allow this.")
        }
    }

    var payload: JSON {
        [
            "project_id": JSON(projectID), "client_id": JSON(clientID),
            "name": .string(name), "status": .string(status.rawValue), "revision": JSON(revision),
        ]
    }
}

/// A deliverable as it was submitted, and what was said of it.
package struct DeliverableVersion: Part {
    package var number = 0
    package var text: String?
    package var files: [ID<StoredFile>] = []
    package var notes: String?
    package var submittedAt: Instant?
    package var submittedBy: String?
    package var passed: Bool?
    package var reviewedAt: Instant?
    package var reviewedBy: String?
    package var reviewNotes: String?
    package var decision: String?
    package var changeRequest: String?

    package init() {}

    package static let schema = Schema<DeliverableVersion>(
        "DeliverableVersion",
        [
            .integer("number", \.number, in: 0...1_000_000),
            .text("text", \.text, max: 200_000), .ids("files", \.files),
            .text("notes", \.notes, max: 10_000), .instant("submitted_at", \.submittedAt),
            .text("submitted_by", \.submittedBy, max: 200), .boolean("passed", \.passed),
            .instant("reviewed_at", \.reviewedAt), .text("reviewed_by", \.reviewedBy, max: 200),
            .text("review_notes", \.reviewNotes, max: 10_000),
            .text(
                "decision", \.decision, max: 40,
                .about("The client's decision: approved or changes_requested.")),
            .text("change_request", \.changeRequest, max: 10_000),
        ])
}
