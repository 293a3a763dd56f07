internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Templates
internal import Tenancy

/// Makes the reports that are due, each once, and tells people of them by mail and chat as they have chosen; programs
/// hear of them by the event.
struct ReportRound {
    let run: AgentRun
    let settings: DataManagementSettings

    func finish() async throws -> JSON {
        var made: [JSON] = []
        let registry = run.job.runtime.records
        for plan in settings.reports.list {
            let id = try await run.write { tx -> ID<DataReport>? in
                let today = try tx.dataReports.today()
                let first = plan.every.last(before: today).first
                guard try !tx.dataReports.exists(plan.kind, plan.every, from: first) else { return nil }
                let composed = try tx.dataReports.compose(plan.kind, plan.every, today, registry)
                let report = try tx.dataReports.store(composed, by: run.actor)
                try tx.notifications.notify(
                    plan.userIDs.isEmpty ? .permission("quality_rules:write") : .users(plan.userIDs),
                    kind: .dataReport,
                    title: Saying(
                        "notification.data_report",
                        [
                            "kind": .text(plan.kind.rawValue), "score": .number(Int(report.score.rounded())),
                        ]), body: report.advice, subject: report.subject)
                return report.id
            }
            if let id { made.append(JSON(id)) }
        }
        return .array(made)
    }
}

extension DataReport {
    /// The advice that is told with the report.
    fileprivate var advice: Saying {
        let all = (content["areas"]?.array ?? []).flatMap { $0["recommendations"]?.array ?? [] }
        return .lines(all.prefix(10).compactMap { Saying(json: $0) })
    }
}

extension NotificationKind {
    static let dataReport = NotificationKind("data_report", Saying("notification.kind_data_report"))
}
