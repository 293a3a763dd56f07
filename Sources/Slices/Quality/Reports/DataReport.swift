internal import Agents
internal import Database
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry
internal import Templates
internal import Tenancy

/// A report on the agency's data in a period, for one kind of readers: one row of `data_reports`.
package struct DataReport: Record {
    package enum Kind: String, Choice {
        /// The scores, and the few things that matter most.
        case executive
        /// Everything: rules, issues, errors.
        case technical
        /// The course of the scores, day by day.
        case trend
    }

    package enum Period: String, Choice {
        case day, week, month
    }

    package var head = Head<DataReport>()
    package var kind = Kind.executive
    package var period = Period.week
    package var periodStart: CivilDate?
    package var periodEnd: CivilDate?
    package var score = 0.0
    package var content: JSONObject = [:]

    package init() {}

    package static let idPrefix = "drep"
    package static let noun = "data_report"
    package static let resource = Resource<DataReport>(
        "data_reports", named: "DataReport",
        console: ConsoleForm(
            title: "kind", columns: ["kind", "period", "period_start", "period_end", "score"],
            filters: ["kind", "period"]),
        [
            .choice("kind", \.kind, .readOnly, .filterable, .about("For whom the report is.")),
            .choice("period", \.period, .readOnly, .filterable, .about("How long the period is.")),
            .date("period_start", \.periodStart, .readOnly, .filterable, .about("The first day.")),
            .date("period_end", \.periodEnd, .readOnly, .about("The last day.")),
            .number(
                "score", \.score, in: 0...100, .readOnly,
                .about("The health of the data when the report was made.")),
            .document(
                "content", \.content, .readOnly,
                .about(
                    "The content of the report: areas, open issues, rules, errors, and the scores of each day."
                )
            ),
        ])

    package var subject: Subject { Subject(id) }
}

/// A report that is made by itself, and who is told of it.
package struct ReportPlan: Part {
    package var kind = DataReport.Kind.executive
    package var every = DataReport.Period.week
    package var userIDs: [UserID] = []

    package init() {}

    package static let schema = Schema<ReportPlan>(
        "DataReportPlan",
        [
            .choice("kind", \.kind, .required, .about("For whom the report is.")),
            .choice("every", \.every, .required, .about("Whether it is made each day, week or month.")),
            .ids(
                "user_ids", \.userIDs,
                .about(
                    "The people who are told, by mail and chat as they have chosen; none: all who may change rules of quality."
                )),
        ])
}

extension DataReport.Period {
    /// The last whole period before a day.
    func last(before today: CivilDate) -> (first: CivilDate, last: CivilDate) {
        switch self {
        case .day:
            let day = today.adding(days: -1)
            return (day, day)
        case .week:
            let end = today.adding(days: -today.weekday)
            return (end.adding(days: -6), end)
        case .month:
            let end = today.adding(days: -today.day)
            return (CivilDate(year: end.year, month: end.month, day: 1), end)
        }
    }
}

/// Reports on data: `tx.dataReports`.
struct DataReportStore<Base: Queryable> {
    let tx: Base

    /// Returns the agency's day.
    func today() throws -> CivilDate { try tx.agency.tenant().zone.local(of: tx.now).date }

    func exists(_ kind: DataReport.Kind, _ period: DataReport.Period, from first: CivilDate) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM data_reports WHERE tenant_id = \(tx.tenant) AND kind = \(kind.rawValue)
                AND period = \(period.rawValue) AND period_start = \(first.iso)
            """)
    }

    /// Composes the report of a period.
    func compose(
        _ kind: DataReport.Kind, _ period: DataReport.Period, _ today: CivilDate, _ registry: RecordRegistry
    ) throws -> DataReport {
        var report = DataReport()
        (report.kind, report.period) = (kind, period)
        let (first, last) = period.last(before: today)
        (report.periodStart, report.periodEnd) = (first, last)
        let overview = try tx.quality.overview(registry)
        let health = try tx.dataHealth.current(overview)
        report.score = (health.score * 10).rounded() / 10
        let days = try tx.dataHealth.days(limit: 366).filter { first.iso <= $0.day && $0.day <= last.iso }
        report.content = [
            "areas": .array(
                health.areas.map { area in
                    [
                        "name": .string(area.area.rawValue), "score": .toATenth(area.score),
                        "weight": .number(area.weight),
                        "recommendations": .array(area.recommendations.map(\.json)),
                    ]
                }),
            "quality": overview.areasJSON,
            "open": ["immediate": JSON(overview.immediate), "routine": JSON(overview.routine)],
            "records": JSON(overview.records),
            "trend": .array(days.map { ["date": .string($0.day), "score": .toATenth($0.score)] }),
        ]
        guard kind != .trend else { return report }
        let most = kind == .technical ? 100 : 5
        report.content["rules"] = .array(
            try tx.all(
                """
                SELECT rule, severity, count(*) FROM quality_issues
                WHERE tenant_id = \(tx.tenant) AND status = 'open' GROUP BY rule, severity
                ORDER BY count(*) DESC, rule LIMIT \(most)
                """
            ) { row in
                ["rule": .string(row.text(0)), "severity": .string(row.text(1)), "issues": JSON(row.int(2))]
            })
        report.content["errors"] = .array(
            try tx.errorPatterns.open(limit: most).map { pattern in
                [
                    "component": .string(pattern.component), "category": .string(pattern.category.rawValue),
                    "count": JSON(pattern.count), "trend": .string(pattern.trend.rawValue),
                    "advice": pattern.advice.json,
                ]
            })
        return report
    }
}

extension Queryable {
    var dataReports: DataReportStore<Self> { DataReportStore(tx: self) }
}

extension DataReportStore where Base == Transaction {
    /// Stores a report, and tells those who listen that it is there.
    func store(_ composed: DataReport, by actor: Actor) throws -> DataReport {
        var report = composed
        report.beginLife(id: tx.nextID(), now: tx.now)
        try DataReport.resource.insert(&report, in: tx)
        try tx.auditLog.add(
            actor, "data_report.created", report.subject, ["kind": .string(report.kind.rawValue)])
        try tx.publish(
            "data_report.created", report.subject,
            ["kind": .string(report.kind.rawValue), "score": .number(report.score)])
        return report
    }
}
