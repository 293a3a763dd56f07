package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// A batch of changes to records that one action has made, and that goes back as one.
package struct ChangeSet: Record {
    package enum Kind: String, Choice {
        case enrichment, sync, crawl, merge, edit
        case qualityFix = "quality_fix"
        case imported = "import"
    }

    package enum Status: String, Choice {
        case applying, applied, undoing, undone
        case partlyUndone = "partly_undone"
        var isAtWork: Bool { self == .applying || self == .undoing }
    }

    package var head = Head<ChangeSet>()
    package var kind = Kind.edit
    package var title = ""
    package var status = Status.applying
    package var records = 0
    package var changes = 0
    package var applied = 0
    package var unchanged = 0
    package var conflicts = 0
    package var refused = 0
    package var undone = 0
    package var kept = 0
    package var progress = 0.0
    package var runID: AgentRunID?
    package var finishedAt: Instant?
    /// The number of the change that was handled last: applied in the order of the numbers, undone against it.
    var position = 0
    var actorType = "user"
    var actorID = ""

    package init() {}

    private static let counts: ClosedRange<Int64> = 0...Int64.max

    package static let idPrefix = "chg"
    package static let noun = "change_set"
    package static let resource = Resource<ChangeSet>(
        "change_sets", named: "ChangeSet",
        console: ConsoleForm(
            title: "title", columns: ["kind", "status", "records", "changes", "created_at"],
            filters: ["kind", "status"]),
        [
            .choice(
                "kind", \.kind, .readOnly, .filterable, .about("The kind of action that made the changes.")),
            .text("title", \.title, max: 300, .readOnly, .about("The action in words.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the changes are being applied, are applied, or were taken back.")),
            .integer("records", \.records, in: counts, .readOnly, .about("How many records it is about.")),
            .integer(
                "changes", \.changes, in: counts, .readOnly,
                .about("How many changes there are: one for each field of each record.")),
            .integer("applied", \.applied, in: counts, .readOnly, .about("How many changes were made.")),
            .integer(
                "unchanged", \.unchanged, in: counts, .readOnly,
                .about("How many fields had the new value already.")),
            .integer(
                "conflicts", \.conflicts, in: counts, .readOnly,
                .about("How many fields somebody had changed in between; they were left alone.")),
            .integer(
                "refused", \.refused, in: counts, .readOnly,
                .about("How many changes the rules of the record refused.")),
            .integer("undone", \.undone, in: counts, .readOnly, .about("How many changes were taken back.")),
            .integer(
                "kept", \.kept, in: counts, .readOnly,
                .about("How many changes the undo kept; the list of changes has the reasons.")),
            .number(
                "progress", \.progress, in: 0...1, .readOnly,
                .about("How much of the work that goes on is done, from 0 to 1.")),
            .id("run_id", \.runID, .readOnly, .filterable, .about("The agent's run that made the changes.")),
            .instant("finished_at", \.finishedAt, .readOnly, .about("When the work was done.")),
            .integer("position", \.position, in: counts, .secret),
            .text("actor_type", \.actorType, max: 20, .secret),
            .text("actor_id", \.actorID, max: 64, .secret),
        ])

    package var subject: Subject { Subject(id) }
    var actor: Actor { Actor(Actor.Kind(rawValue: actorType) ?? .system, id: actorID) }
}

/// A record that an action wants to change, with a merge patch.
package struct WantedChange: Sendable {
    package let id: String
    package let fields: JSONObject

    package init(_ id: String, _ fields: JSONObject) { (self.id, self.fields) = (id, fields) }
}

/// A new set of changes, before it is stored.
package struct NewChangeSet: Sendable {
    package let kind: ChangeSet.Kind
    package let title: String
    package var runID: AgentRunID?

    package init(_ kind: ChangeSet.Kind, _ title: String, run: AgentRunID? = nil) {
        (self.kind, self.title, runID) = (kind, title, run)
    }
}
