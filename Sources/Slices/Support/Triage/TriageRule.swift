internal import Agents
internal import Database
internal import JSON
internal import Nouns
package import Records
internal import Telemetry

/// Words of an agency's own that say what a ticket is about, or that it is urgent: one row of `triage_rules`.
package struct TriageRule: ManagedRecord {
    package enum Status: String, Choice { case active, off }

    package var head = Head<TriageRule>()
    package var name = ""
    package var status = Status.active
    package var words: [String] = []
    package var category: String?
    package var priority: Ticket.Priority?

    package init() {}

    package static let idPrefix = "triage", noun = "triage_rule"
    package static let resource = Resource<TriageRule>(
        "triage_rules", named: "TriageRule", rule: .everyone,
        [
            .text("name", \.name, max: 200, .required, .sortable, .about("The name of the rule.")),
            .choice(
                "status", \.status, .standard("active"), .filterable, .about("Whether the rule is in use.")),
            .texts(
                "words", \.words, max: 50, length: 100, .required,
                .about("The words that match; one is enough.")),
            .text("category", \.category, max: 60, .about("The category of a matching ticket.")),
            .choice("priority", \.priority, .about("The lowest priority of a matching ticket.")),
        ])
}
