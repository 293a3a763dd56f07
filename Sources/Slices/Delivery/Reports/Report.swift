internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry
package import Tenancy

/// An account of the work for a client in some time, and of its results: one row of `reports`. Every metric in it names
/// the records that it was computed from.
package struct Report: ManagedRecord {
    package enum Kind: String, Choice { case weekly, monthly, quarterly, adhoc }
    package enum Status: String, Choice { case draft, ready, sent, rejected }
    /// Whom it is for: only what is for clients is shown and sent to them.
    package enum Audience: String, Choice { case client, manager, executive }

    package var head = Head<Report>()
    package var clientID = ClientID.unset
    package var kind = Kind.adhoc
    package var audience = Audience.client
    package var periodStart: CivilDate?
    package var periodEnd: CivilDate?
    package var status = Status.draft
    package var title = ""
    package var locale = ""
    package var summary: String?
    package var sections = Parts<ReportSection>()
    package var sentAt: Instant?
    package var fileID: ID<StoredFile>?
    package var messageID: MessageID?

    package init() {}

    package static let idPrefix = "rep", noun = "report"
    package static let resource = Resource<Report>(
        "reports", named: "Report",
        console: ConsoleForm(
            columns: ["client_id", "kind", "status", "period_start", "created_at"],
            form: ["client_id", "kind", "audience", "title", "period_start", "period_end"],
            filters: ["status", "kind", "audience"]),
        [
            .id("client_id", \.clientID, .required, .writeOnce, .filterable),
            .choice(
                "kind", \.kind, .standard("adhoc"), .writeOnce, .filterable,
                .about("The period that the report covers.")),
            .choice(
                "audience", \.audience, .standard("client"), .writeOnce, .filterable, .added(in: 1052),
                .about(
                    "The readers of the report: the client, the account manager, or the agency's executives.")
            ),
            .date(
                "period_start", \.periodStart, .writeOnce, .filterable, .sortable,
                .about(
                    "The first day of the period; that of the last whole week, month or quarter by default.")),
            .date("period_end", \.periodEnd, .writeOnce, .about("The last day of the period.")),
            .choice(
                "status", \.status, .standard("draft"), .filterable,
                .about("Whether the report is a draft, ready, sent, or its mail was rejected.")),
            .text("title", \.title, max: 300, .about("The title of the report.")),
            .text(
                "locale", \.locale, max: 35, .writeOnce,
                .about("The language of the report; the client's by default.")),
            .text(
                "summary", \.summary, max: 20_000,
                .about("The summary in words, first written from the metrics.")),
            .parts("sections", \.sections, max: 60, .readOnly),
            .instant("sent_at", \.sentAt, .readOnly),
            .id("file_id", \.fileID, .readOnly, .about("The PDF, as it was sent.")),
            .id(
                "message_id", \.messageID, .readOnly,
                .about("The mail that the report was sent with.")),
        ])

    package mutating func prepare(replacing old: Report?, by actor: Actor, in tx: Transaction) throws {
        let isChanged =
            old.map { $0.summary != summary || $0.title != title || $0.status != status } ?? false
        // Only Bureau itself takes back when it was sent, or its mail.
        if let old, isChanged, old.status == .sent, sentAt != nil { throw old.isSent }
        if let old, isChanged, old.waitsForYes, messageID == old.messageID, sentAt == nil {
            throw Self.waiting
        }
        if old?.status != .sent, status == .sent, sentAt == nil {
            throw Problem(faults: [
                Fault(
                    "/status", "invalid_choice",
                    "status cannot be set to sent: send the report with POST /v1/reports/{id}/send.")
            ])
        }
    }

    package func saved(replacing old: Report?, by actor: Actor, in tx: Transaction) throws {
        if old?.status != status, status != .draft {
            try tx.publish("report.\(status.rawValue)", subject, payload)
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if status == .sent { throw isSent }
        if waitsForYes { throw Self.waiting }
    }

    /// Whether its mail is written, and a person has to say yes before it leaves.
    var waitsForYes: Bool { status == .ready && messageID != nil }

    static var waiting: Problem {
        Problem(.conflict, "The report's mail waits for approval: decide that first.")
    }

    var isInternal: Problem {
        Problem(.conflict, "The report is for the agency: one for the client has the audience client.")
    }

    var isSent: Problem {
        Problem(
            .invalidTransition, "The report was sent and cannot be changed: create another one.",
            extra: ["allowed": []])
    }

    private var payload: JSON {
        [
            "client_id": JSON(clientID), "kind": .string(kind.rawValue),
            "audience": .string(audience.rawValue),
            "period_start": JSON(periodStart?.iso), "period_end": JSON(periodEnd?.iso),
            "status": .string(status.rawValue),
        ]
    }
}

/// Some figures that belong together.
package struct ReportSection: Part {
    package var title = ""
    package var text: String?
    package var figures = Parts<ReportMetric>()
    package var charts = Parts<ReportChart>()

    package init() {}
    init(_ title: String, _ figures: [ReportMetric], _ charts: [ReportChart] = []) {
        (self.title, self.figures, self.charts) = (title, Parts(figures), Parts(charts))
    }

    package static let schema = Schema<ReportSection>(
        "ReportSection",
        [
            .text("title", \.title, max: 300, .required), .text("text", \.text, max: 20_000),
            .parts("figures", \.figures, max: 200), .parts("charts", \.charts, max: 60),
        ])
}

/// A number, and where it comes from.
package struct ReportMetric: Part {
    package enum Aggregate: String, Choice { case count, sum, average, value }

    package var label = ""
    package var value = 0.0
    package var unit: String?
    package var previous: Double?
    package var aggregate = Aggregate.count
    package var source = ""
    package var query = ""

    package init() {}

    /// The change from the period before, in percent; `nil` where that has no value or zero.
    var change: Double? {
        guard let previous, previous != 0 else { return nil }
        return ((value - previous) / abs(previous) * 1000).rounded() / 10
    }

    package static let schema = Schema<ReportMetric>(
        "ReportMetric",
        [
            .text("label", \.label, max: 300, .required),
            .number("value", \.value, in: -1e18...1e18, .required),
            .text("unit", \.unit, max: 40),
            .number("previous", \.previous, in: -1e18...1e18, .about("The value in the period before.")),
            .choice("aggregate", \.aggregate, .about("How the value comes of the records.")),
            .text("source", \.source, max: 100, .required, .about("The source of the records.")),
            .text(
                "query", \.query, max: 1000, .required,
                .about("The request that lists the records of which the value is made.")),
        ])
}

/// A series of figures, as it is drawn.
package struct ReportChart: Part {
    package var title = ""
    package var source = ""
    package var unit: String?
    package var query = ""
    package var points = Parts<ReportPoint>()

    package init() {}

    package static let schema = Schema<ReportChart>(
        "ReportChart",
        [
            .text("title", \.title, max: 300, .required), .text("source", \.source, max: 100, .required),
            .text("unit", \.unit, max: 40), .text("query", \.query, max: 1000, .required),
            .parts("points", \.points, max: 400),
        ])
}

/// One day of a chart.
package struct ReportPoint: Part {
    package var date = CivilDate(year: 1970, month: 1, day: 1)
    package var value = 0.0

    package init() {}
    init(_ date: CivilDate, _ value: Double) { (self.date, self.value) = (date, value) }

    package static let schema = Schema<ReportPoint>(
        "ReportPoint",
        [.date("date", \.date, .required), .number("value", \.value, in: -1e18...1e18, .required)])
}
