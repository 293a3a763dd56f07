internal import Agents
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// The findings of a month about the market, with its sources: one row of `market_reports`.
package struct MarketReport: Record {
    package var head = Head<MarketReport>()
    package var month = CivilDate(year: 1970, month: 1, day: 1)
    package var title = ""
    package var text = ""
    package var findings = JSON.array([])
    package var sources = JSON.array([])
    package var decisionID: DecisionID?

    package init() {}

    package static let idPrefix = "mrep", noun = "market_report"
    package static let resource = Resource<MarketReport>(
        "market_reports", named: "MarketReport",
        console: ConsoleForm(title: "title", columns: ["month", "created_at"]),
        [
            .date("month", \.month, .readOnly, .filterable, .sortable, .about("The first day of the month.")),
            .text("title", \.title, max: 300, .readOnly),
            .text(
                "text", \.text, max: 40_000, .readOnly,
                .about("The findings with their recommendations, in Markdown.")),
            .document(
                "findings", \.findings, schema: ["type": "array", "items": ["type": "object"]], .readOnly,
                .about(
                    "The findings, as they were: kind, title, recommendation, numbers, interval, evidence.")),
            .document(
                "sources", \.sources, schema: ["type": "array", "items": ["type": "object"]], .readOnly,
                .about("The evidence: records by type and count, what is public by url and title.")),
            .id("decision_id", \.decisionID, .readOnly, .about("The decision that made it.")),
        ])

    package var subject: Subject { Subject(id) }
}
