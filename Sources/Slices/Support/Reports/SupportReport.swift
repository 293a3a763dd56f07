internal import Agents
internal import Database
internal import HTTPServer
package import JSON
internal import Nouns
package import Records
internal import Routing
internal import RuntimeRoutes
package import Telemetry

/// A report on support in a week or a month, as it was sent to those who decide about teams: one row of
/// `support_reports`.
package struct SupportReport: ManagedRecord {
    package enum Kind: String, Choice { case weekly, monthly }

    package var head = Head<SupportReport>()
    package var kind = Kind.weekly
    package var periodStart: CivilDate?
    package var periodEnd: CivilDate?
    package var figures = JSON.null
    package var text = ""

    package init() {}

    package static let idPrefix = "srep", noun = "support_report"
    package static let writing: Permission = "tickets:write"
    package static let resource = Resource<SupportReport>(
        "support_reports", named: "SupportReport",
        [
            .choice(
                "kind", \.kind, .readOnly, .filterable, .about("Whether the report covers a week or a month.")
            ),
            .date("period_start", \.periodStart, .readOnly, .filterable),
            .date("period_end", \.periodEnd, .readOnly, .about("The last day of the period.")),
            .document(
                "figures", \.figures, .readOnly,
                .about(
                    "The metrics of the period and the one before, and how they relate to satisfaction."
                )),
            .text("text", \.text, max: 5000, .readOnly, .about("The text of the report, as it was sent.")),
        ])
}

let supportReportMigration = Migration(number: 799, name: "how support did, week by week") { dialect in
    [
        """
        CREATE TABLE support_reports (
            \(dialect.identity()),
            tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            kind TEXT NOT NULL, period_start TEXT, period_end TEXT, figures TEXT NOT NULL, text TEXT NOT NULL,
            \(dialect.key("tenant_id, id"))
        ) \(dialect.tableOptions)
        """,
        "CREATE UNIQUE INDEX support_reports_period ON support_reports (tenant_id, kind, period_start)",
        "CREATE INDEX support_reports_start ON support_reports (tenant_id, period_start, id)",
    ]
}

func supportReportRoutes(_ routes: inout Routes) {
    routes.standard(
        SupportReport.resource, read: "tickets:read", write: "tickets:write", create: false, patch: false,
        delete: false)
    routes.declare(SupportReportBody.self)
    routes.post(
        "/v1/support-reports", .permission("tickets:write"),
        "Create the report of the last whole week or month, where none exists",
        body: .json(.reference("SupportReportRequest")), .record(SupportReport.resource, status: 201)
    ) { call in
        let body = try call.body(SupportReportBody.self)
        return .write { tx in
            let period = SupportPeriod(body.kind, before: try tx.supportQueue.localDay())
            guard try !tx.supportReports.isReported(period) else {
                throw Problem(
                    .alreadyExists, "The report of the period from \(period.start.iso) already exists.")
            }
            let report = try tx.supportReports.make(try tx.supportReports.summary(of: period), by: call.actor)
            return .record(report, status: 201, location: "/v1/support-reports/\(report.id)")
        }
    }
    routes.get(
        "/v1/ticket-figures/definitions", .permission("tickets:read"),
        "List the definitions of the support metrics", query: ParameterDoc.page,
        .list(
            of: .schema(["name": ["type": "string"], "unit": ["type": "string"], "means": ["type": "string"]])
        )
    ) { call in
        .response(try call.window().page(of: MetricDefinition.all.map(\.json)))
    }
}

struct SupportReportBody: Declared {
    var kind = SupportReport.Kind.weekly
    static let schema = Schema<SupportReportBody>(
        "SupportReportRequest", [.choice("kind", \.kind, .standard("weekly"))])
}

/// The definition of a support metric, and when it is counted.
private struct MetricDefinition {
    let name: String, unit: String, means: String

    var json: JSON { ["name": .string(name), "unit": .string(unit), "means": .string(means)] }

    static let all = [
        MetricDefinition(name: "open", unit: "tickets", means: "Neither resolved nor closed at this moment."),
        MetricDefinition(
            name: "created", unit: "tickets", means: "Counted when one is received, whichever way."),
        MetricDefinition(
            name: "answered", unit: "tickets",
            means:
                "Counted with the first answer; neither a note, nor an acknowledgement, nor a trigger's words."
        ),
        MetricDefinition(
            name: "resolved", unit: "tickets",
            means: "Counted each time that one is resolved or closed; merging counts as neither."),
        MetricDefinition(
            name: "reopened", unit: "tickets", means: "Counted each time that one was over and is open again."
        ),
        MetricDefinition(
            name: "first_response_seconds", unit: "seconds",
            means: "From receipt to the first answer, in the mean; all hours count."),
        MetricDefinition(
            name: "resolution_seconds", unit: "seconds",
            means: "From receipt to being over, in the mean; all hours count."),
        MetricDefinition(name: "resolution_rate", unit: "share", means: "Resolved, of those received."),
        MetricDefinition(
            name: "satisfaction", unit: "points",
            means: "The mean of answers to surveys of the kind csat, from 1 to 5."),
        MetricDefinition(
            name: "sla_met, sla_breached", unit: "tickets",
            means:
                "Targets of sla_policies that were met, and missed; time that a ticket waits for its client does not count."
        ),
        MetricDefinition(
            name: "by_itself", unit: "tickets",
            means: "Answered by customer_service alone, and what those who asked said to it."),
    ]
}
