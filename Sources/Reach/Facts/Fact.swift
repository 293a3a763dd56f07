internal import Agents
internal import ChangeSets
package import JSON
package import Jobs
internal import Nouns
package import Records
package import Telemetry

/// A value of a field of a record, with the source that says it.
package struct Fact: Record {
    package enum Status: String, Choice {
        case current, alternative, disputed, rejected, expired
    }

    package var head = Head<Fact>()
    package var field = ""
    package var value = JSON.null
    package var status = Status.current
    package var confidence = 1.0
    package var sourceDocument: JSONObject = [:]
    package var evidence: JSONObject = [:]
    package var observedAt = Instant(seconds: 0)
    package var expiresAt: Instant?
    package var cost: Money?
    package var reason: String?
    /// The record that it is about.
    package var subjectType = ""
    package var subjectID = ""
    /// When a person accepted it; it counts as theirs from then on.
    var acceptedAt: Instant?
    /// The change set that gave the record the value.
    var changeSetID: ID<ChangeSet>?
    /// The record that it was about before that one was merged.
    var movedFrom: String?
    /// Whether it is stored as the one that the record shows, whatever its status is by now.
    var wasCurrent = false

    package init() {}

    package static let idPrefix = "fact"
    package static let resource = Resource<Fact>(
        "facts", named: "Fact",
        console: ConsoleForm(
            title: "field", columns: ["value", "status", "confidence", "observed_at"]),
        [
            .text("field", \.field, max: 64, .readOnly, .about("The field of the record.")),
            .document("value", \.value, schema: [:], .readOnly, .about("The value that the source names.")),
            .choice(
                "status", \.status, .readOnly,
                .about(
                    "Whether the record shows it, it stands beside that, contradicts it, was rejected, or is stale."
                )),
            .number(
                "confidence", \.confidence, in: 0...1, .readOnly,
                .about("How likely it is that this is true, from 0 to 1.")),
            .document(
                "source", \.sourceDocument, schema: factSourceSchema, .readOnly,
                .about("The source of the fact: kind, name, url, integration_id.")),
            .document(
                "evidence", \.evidence, schema: factEvidenceSchema, .readOnly,
                .about("The words of the source, as they stand there, and their address.")),
            .instant("observed_at", \.observedAt, .readOnly, .about("When the source was read.")),
            .instant("expires_at", \.expiresAt, .readOnly, .about("When it becomes stale; null: never.")),
            .money("cost", \.cost, .readOnly, .about("The cost of the question.")),
            .text("reason", \.reason, max: 500, .readOnly, .about("Why a person rejected it.")),
            .text("subject_type", \.subjectType, max: 64, .secret),
            .text("subject_id", \.subjectID, max: 64, .secret),
            .instant("accepted_at", \.acceptedAt, .secret),
            .id("change_set_id", \.changeSetID, .secret),
            .text("moved_from", \.movedFrom, max: 64, .secret),
        ])

    /// The record that it is about.
    package var subject: Subject { Subject(type: subjectType, id: subjectID) }

    package var source: FactSource {
        get {
            FactSource(
                sourceDocument["kind"]?.text.flatMap(FactSource.Kind.init(rawValue:)) ?? .person,
                sourceDocument["name"]?.text ?? "", url: sourceDocument["url"]?.text,
                integration: sourceDocument["integration_id"]?.id(of: Nouns.Integration.self))
        }
        set {
            sourceDocument = [
                "kind": .string(newValue.kind.rawValue), "name": .string(newValue.name),
                "url": JSON(newValue.url), "integration_id": JSON(newValue.integrationID),
            ]
        }
    }

    package var quote: String? { evidence["quote"]?.text }

    /// Whether a person said or accepted it: nothing else replaces that.
    package var isHuman: Bool { acceptedAt != nil || source.isHuman }

    /// Returns whether its time is over at `now`.
    func isStale(at now: Instant) -> Bool { expiresAt.map { $0 <= now } ?? false }
}

private let factSourceSchema: JSON = .record([
    "kind": JSON.choice(FactSource.Kind.self).merging(["description": "The kind of source."]),
    "name": ["type": "string", "description": "The source's name."],
    "url": ["type": ["string", "null"], "description": "The address of the entry, page or record."],
    "integration_id": ["type": ["string", "null"], "description": "The integration that was asked."],
])

private let factEvidenceSchema: JSON = .record([
    "quote": ["type": ["string", "null"], "description": "The words, as they stand in the source."],
    "url": ["type": ["string", "null"], "description": "Where they stand."],
])
