internal import Agents
package import ChangeSets
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry
internal import Templates
internal import Wording

/// A record that does not meet a rule, with the evidence and what can be done.
package struct QualityIssue: Record {
    package enum Status: String, Choice {
        case open, fixed, ignored, resolved
    }

    package var head = Head<QualityIssue>()
    package var rule = ""
    package var ruleID = ID<QualityRule>.unset
    package var kind = QualityRule.Kind.required
    package var severity = QualityRule.Severity.routine
    package var about: JSONObject = [:]
    package var subjectType = ""
    package var subjectID = ""
    package var field = ""
    package var value = JSON.null
    package var status = Status.open
    package var remedy: JSONObject = [:]
    package var reason: String?
    package var foundAt = Instant(seconds: 0)
    package var closedAt: Instant?
    package var changeSetID: ID<ChangeSet>?
    /// Another record that it has to do with: the first of two with the same value.
    package var otherID: String?
    /// By which a check sees without reading the rest that the value, and all that it would store, is the same.
    var valueDigest = 0
    var digest = 0

    package init() {}

    package static let idPrefix = "qiss"
    package static let noun = "quality_issue"
    package static let resource = Resource<QualityIssue>(
        "quality_issues", named: "QualityIssue",
        console: ConsoleForm(
            title: "rule", columns: ["subject_type", "field", "severity", "status", "found_at"],
            filters: ["status", "severity", "kind"]),
        [
            .text("rule", \.rule, max: 100, .readOnly, .filterable, .about("The name of the rule.")),
            .id(
                "rule_id", \.ruleID, .readOnly, .filterable, .about("The rule that the record does not meet.")
            ),
            .choice("kind", \.kind, .readOnly, .filterable, .about("The kind of the rule.")),
            .choice(
                "severity", \.severity, .readOnly, .filterable,
                .about("Whether it asks for immediate intervention, or belongs to routine maintenance.")),
            .document("subject", \.about, .readOnly, .about("The record, by its type and id.")),
            .text(
                "subject_type", \.subjectType, max: 64, .readOnly, .filterable, .about("The kind of record.")),
            .text("subject_id", \.subjectID, max: 64, .readOnly, .filterable, .about("The record.")),
            .text("field", \.field, max: 64, .readOnly, .filterable, .about("The field that was checked.")),
            .document("value", \.value, schema: [:], .readOnly, .about("The value that was found.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about(
                    "Whether the issue is open, was fixed by its remedy, is ignored, or is over since the record changed."
                )),
            .document(
                "remedy", \.remedy, .readOnly,
                .about("The remedy: action, changes, detail, and whether it is applied unasked.")),
            .text("reason", \.reason, max: 500, .readOnly, .about("Why the issue is ignored.")),
            .instant("found_at", \.foundAt, .readOnly, .sortable, .filterable, .about("When it was found.")),
            .instant("closed_at", \.closedAt, .readOnly, .about("When it was fixed, ignored or over.")),
            .id(
                "change_set_id", \.changeSetID, .readOnly, .filterable,
                .about("The change set that applied its remedy.")),
            .text("other_id", \.otherID, max: 64, .secret),
            .integer("value_digest", \.valueDigest, in: Int64.min...Int64.max, .secret),
            .integer("digest", \.digest, in: Int64.min...Int64.max, .secret),
        ])

    package var subject: Subject { Subject(id) }
    /// The record that it is about.
    var record: Subject { Subject(type: subjectType, id: subjectID) }

    /// Returns its remedy in the reader's words; issues of earlier releases have it in English alone.
    static func told(_ remedy: JSONObject, in words: Wording, _ zone: TimeZoneRules) -> JSON {
        var told = remedy
        if let said = Saying(json: remedy["said"]) { told["detail"] = .string(said.said(in: words, zone)) }
        told.remove("said")
        return .object(told)
    }

    /// The changes of its remedy, where that can be applied.
    var changes: JSONObject? {
        guard let action = remedy["action"]?.text.flatMap(Remedy.Action.init(rawValue:)),
            action == .set || action == .clear, let changes = remedy["changes"]?.object, !changes.isEmpty
        else { return nil }
        return changes
    }
}
