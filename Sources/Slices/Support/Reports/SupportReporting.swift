internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Tells those who decide about teams how support did in the week or month that is over, once each.
struct SupportReporting {
    let run: AgentRun
    let kinds: [SupportReport.Kind]

    /// Answers how many reports were made.
    func write() async throws -> Int {
        var made = 0
        for kind in kinds {
            let summary = try run.read { reader in
                let period = SupportPeriod(kind, before: try reader.supportQueue.localDay())
                return try reader.supportReports.isReported(period)
                    ? nil : reader.supportReports.summary(of: period)
            }
            guard let summary, summary.isEventful else { continue }
            made += try await run.write { tx in
                guard try !tx.supportReports.isReported(summary.period),
                    try run.may(
                        "create_record", permission: "tickets:write", about: summary.period.subject,
                        decision: nil, in: tx)
                else { return 0 }
                let report = try tx.supportReports.make(summary, by: run.actor)
                try tx.notifications.notify(
                    .permission("teams:write"), kind: .supportReport,
                    title: Saying(
                        "notification.support_report",
                        ["start": .day(summary.period.start), "end": .day(summary.period.end)]),
                    body: summary.saying, subject: Subject(report.id))
                return 1
            }
        }
        return made
    }
}

/// The results of support in a period, beside the one before.
struct SupportSummary: Sendable {
    /// Over which figures are looked at for how they go together.
    static let correlationDays = 56

    let period: SupportPeriod
    let now: JSON, before: JSON
    let together: JSON
    /// Something has come in, or was resolved.
    let isEventful: Bool

    init(_ period: SupportPeriod, until today: CivilDate, in reader: some Queryable) throws {
        let first = min(period.previous.start, today.adding(days: -Self.correlationDays))
        let days = try SupportDays(from: first, to: today, in: reader)
        let (r, count) = days.speedAndSatisfaction
        self.period = period
        now = TicketMetrics.metrics { days.sum($0, period) }
        before = TicketMetrics.metrics { days.sum($0, period.previous) }
        together = ["r": r.map { .number(($0 * 100).rounded() / 100) } ?? .null, "days": JSON(count)]
        isEventful = days.sum("created", period) + days.sum("resolution.count", period) > 0
    }

    var saying: Saying {
        func line(_ key: String, _ shown: (Double) -> String) -> Saying? {
            now[key]?.double.map { value in
                let earlier = before[key]?.double.map(shown)
                return Saying(
                    "support_report.line",
                    [
                        "figure": .text(key), "now": .text(shown(value)), "has_before": .flag(earlier != nil),
                        "before": .text(earlier ?? ""),
                    ])
            }
        }
        func number(_ value: Double) -> String { String(Int(value)) }
        func hours(_ seconds: Double) -> String { "\((seconds / 360).rounded() / 10) h" }
        func share(_ value: Double) -> String { "\(Int((value * 100).rounded())) %" }
        func points(_ value: Double) -> String { "\((value * 10).rounded() / 10) / 5" }
        return .lines(
            [
                line("created", number), line("resolved", number), line("resolution_rate", share),
                line("reopened", number), line("first_response_seconds", hours),
                line("resolution_seconds", hours), line("satisfaction", points),
            ].compactMap(\.self))
    }
}

extension SupportPeriod {
    /// The period, before there is a report of it.
    fileprivate var subject: Subject {
        Subject(type: SupportReport.noun, id: "\(kind.rawValue)/\(start.iso)")
    }
}

extension SupportReportStore {
    func summary(of period: SupportPeriod) throws -> SupportSummary {
        try SupportSummary(period, until: tx.supportQueue.localDay(), in: tx)
    }

    func isReported(_ period: SupportPeriod) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM support_reports
            WHERE tenant_id = \(tx.tenant) AND kind = \(period.kind.rawValue) AND period_start = \(period.start.iso)
            """)
    }
}

extension SupportReportStore where Base == Transaction {
    func make(_ summary: SupportSummary, by actor: Actor) throws -> SupportReport {
        var report = SupportReport.new(id: tx.nextID(), now: tx.now)
        report.kind = summary.period.kind
        (report.periodStart, report.periodEnd) = (summary.period.start, summary.period.end)
        report.figures = [
            "period": summary.now, "previous": summary.before,
            "first_response_and_satisfaction": summary.together,
        ]
        // As a record of the agency's, in its own language.
        report.text = summary.saying.said(in: try tx.wordings.find(tx.agency.tenant().locale))
        try tx.create(&report, by: actor)
        return report
    }
}
