internal import Agents
internal import JSON
package import Records

/// The settings of data management.
package struct DataManagementSettings: AgentSettings {
    package var errorsWarning = 10, errorsCritical = 100
    package var errorRules: Parts<ErrorRule> = Parts()
    package var mergesLeads = false
    package var mergeFrom = 97
    package var archives = false
    package var archiveAfterDays = 730
    package var archiveStatuses = Self.idleStatuses
    package var archiveKeepTags: [String] = []
    /// Less than the week between two rounds: each looks up all.
    package var verifyAfterDays = 6
    package var keepIssuesDays = 180
    package var reports: Parts<ReportPlan> = Parts()

    package init() {}

    /// The statuses of leads with which nobody is at work.
    static let idleStatuses = ["new", "researched", "scored", "disqualified", "lost"]

    package static let schema = Schema<DataManagementSettings>(
        "DataManagementSettings",
        [
            .integer(
                "errors_warning", \.errorsWarning, in: 1...1_000_000,
                .about("Errors of one pattern in a day from which it is a warning.")),
            .integer(
                "errors_critical", \.errorsCritical, in: 1...1_000_000,
                .about("Errors of one pattern in a day from which it is critical, and an alert is raised.")),
            .parts(
                "error_rules", \.errorRules, max: 50,
                .about("How certain errors are told: by the beginning of their code or component.")),
            .boolean(
                "merge_leads", \.mergesLeads,
                .about("Whether leads that are surely the same are merged; otherwise that is proposed.")),
            .integer(
                "merge_from", \.mergeFrom, in: 80...100,
                .about("How sure, in per cent, a pair of leads must be to be merged.")),
            .boolean(
                "archive", \.archives,
                .about("Whether leads that nobody uses are archived; otherwise that is proposed.")),
            .integer(
                "archive_after_days", \.archiveAfterDays, in: 30...36_500,
                .about("Days without any change after which an open lead counts as unused.")),
            .texts(
                "archive_statuses", \.archiveStatuses, max: 5, length: 20,
                .about("Only leads of these are archived: new, researched, scored, disqualified, lost.")),
            .texts(
                "archive_keep_tags", \.archiveKeepTags, max: 50, length: 100,
                .about("Leads with one of these tags are never archived.")),
            .integer(
                "verify_after_days", \.verifyAfterDays, in: 1...3650,
                .about("Days after which it is looked up again whether an address's domain takes mail.")),
            .integer(
                "keep_issues_days", \.keepIssuesDays, in: 7...3650,
                .about("Days for which issues that are over, and errors that no longer come, are kept.")),
            .parts(
                "reports", \.reports, max: 20,
                .about("The reports on data that are made by themselves, and who is told of them.")),
        ])

    package func check(_ faults: inout Faults) {
        for (index, status) in archiveStatuses.enumerated() where !Self.idleStatuses.contains(status) {
            faults.add(
                "/archive_statuses/\(index)", "invalid_choice",
                "archive_statuses must be of \(Self.idleStatuses.joined(separator: ", ")).",
                choices: Self.idleStatuses)
        }
        if errorsCritical < errorsWarning {
            faults.add(
                "/errors_critical", "out_of_range", "errors_critical must not be less than errors_warning.")
        }
    }

    /// The first rule that an error fits.
    func rule(for code: String, _ component: String) -> ErrorRule? {
        errorRules.list.first { code.hasPrefix($0.match) || component.hasPrefix($0.match) }
    }
}
