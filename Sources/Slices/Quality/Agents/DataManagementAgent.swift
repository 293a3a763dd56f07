package import Agents
internal import ChangeSets
internal import Database
package import JSON
package import Jobs
package import Addresses
internal import Nouns
package import Records
internal import Telemetry

/// Looks after the agency's data: checks all records each night, and once a week addresses, duplicates and what nobody
/// uses. It mends what it may, and proposes the rest.
package struct DataManagementAgent: AgentDefinition {
    let dependencies: QualityDependencies
    let lookups: DomainLookups

    package init(_ dependencies: QualityDependencies, _ lookups: DomainLookups = DomainLookups()) {
        (self.dependencies, self.lookups) = (dependencies, lookups)
    }

    /// The things that a run may be asked to do.
    enum Task: String, CaseIterable {
        case scan, verify, duplicates, archive, report, weekly

        /// The parts of the work that it stands for. What is wrong with addresses is found by the scan after it.
        var parts: [Task] {
            switch self {
            case .weekly: [.verify, .scan, .duplicates, .archive]
            case .verify: [.verify, .scan]
            default: [self]
            }
        }
    }

    static let id = "data_management"
    package let name = DataManagementAgent.id
    package let title = "Data management"
    package let purpose =
        "Keeps data clean: checks records and addresses, finds duplicates and what is unused, and mends what it may."
    package let cannot = [
        "It judges records by the agency's rules, and does not know whether a value is true.",
        "It merges and archives leads only where its settings say so; otherwise it proposes that.",
        "It does not look after the database itself: those who run the installation do.",
    ]
    package let schedules = [
        DefaultSchedule(name: "Nightly quality scan", cron: "0 2 * * *", parameters: ["task": "scan"]),
        DefaultSchedule(
            name: "Weekly data maintenance", cron: "0 3 * * sun", parameters: ["task": "weekly"],
            isMaintenance: true),
        DefaultSchedule(name: "Reports on data", cron: "0 6 * * *", parameters: ["task": "report"]),
    ]
    package let timeout: Duration = .seconds(3600)
    package let permissions: Set<Permission> = [
        "leads:read", "companies:read", "contacts:read", "leads:write", "companies:write", "contacts:write",
    ]
    package let tools = ["update_record"]
    package typealias Settings = DataManagementSettings

    package func faults(parameters: JSON) -> [ValueFault] {
        var faults: [ValueFault] = []
        let tasks = Task.allCases.map(\.rawValue)
        for (name, value) in parameters.object?.members ?? [] {
            if name != "task" {
                faults.append(
                    ValueFault(
                        pointer: "/\(name.pointerToken)", code: "unknown_field",
                        detail: "The parameter \(name.prefix(64)) does not exist: take it out."))
            } else if !tasks.contains(value.text ?? "") {
                faults.append(
                    ValueFault(
                        pointer: "/task", code: "invalid_choice",
                        detail: "task must be one of \(tasks.joined(separator: ", ")).", choices: tasks))
            }
        }
        return faults
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run)
        let task = run.parameters["task"]?.text.flatMap(Task.init(rawValue:)) ?? .scan
        var result: JSONObject = ["task": .string(task.rawValue)]
        var counts = QualityScan.Counts(), remedies: [JSON] = []
        for part in task.parts {
            switch part {
            case .scan, .weekly:
                counts = try await QualityScan(run: run, dependencies: dependencies).finish()
                remedies = try await RemedyRound(run: run).finish()
            case .verify:
                result["verified"] = try await DomainRound(
                    run: run, lookups: lookups, dependencies: dependencies, settings: settings
                ).finish()
            case .duplicates:
                result["duplicates"] = try await DuplicateRound(
                    run: run, dependencies: dependencies, settings: settings
                ).finish()
            case .archive: result["archived"] = try await ArchiveRound(run: run, settings: settings).finish()
            case .report: result["reports"] = try await ReportRound(run: run, settings: settings).finish()
            }
        }
        let (done, found, mended) = (result, counts, remedies)
        // Counted before the transaction: nobody else writes while it lasts, and there may be a million scores.
        let standing = try task.parts.contains(.scan) ? Standing(of: run, after: task.parts) : nil
        return try await run.finish { tx in
            for part in task.parts { try tx.quality.setPlace(of: "done/\(part.rawValue)", to: "\(tx.now)") }
            guard let standing else { return .object(done) }
            return try close(done, found, mended, standing, run, settings, in: tx)
        }
    }

    /// The state of the agency's data once the parts of a run's work are done.
    private struct Standing: Sendable {
        let overview: QualityOverview
        let health: DataHealth

        init(of run: AgentRun, after parts: [Task]) throws {
            let registry = run.job.runtime.records
            (overview, health) = try run.read { reader in
                let overview = try reader.quality.overview(registry)
                return (overview, try reader.dataHealth.current(overview, after: parts))
            }
        }
    }

    /// Keeps what a scan has come to: the scores of the day, and what it found.
    private func close(
        _ result: JSONObject, _ counts: QualityScan.Counts, _ remedies: [JSON], _ standing: Standing,
        _ run: AgentRun, _ settings: DataManagementSettings, in tx: Transaction
    ) throws -> JSON {
        let overview = standing.overview
        try tx.quality.keep(overview)
        let day = try tx.runtime.questions.zone(tx).local(of: tx.now).date
        try tx.dataHealth.keep(standing.health, on: day)
        let kept = Duration.seconds(settings.keepIssuesDays * 86_400)
        try tx.errorPatterns.review(on: day, keptFor: kept)
        try tx.quality.removeClosed(before: tx.now - kept)
        try tx.quality.forgetPlaces(under: QualityScan.place(of: run.id))
        let figures: JSONObject = [
            "records": JSON(counts.records), "found": JSON(counts.found), "resolved": JSON(counts.resolved),
            "score": .toATenth(overview.score),
        ]
        try tx.publish("quality.scanned", Subject(run.id), .object(figures))
        return JSON.object(result).merging(.object(figures)).merging([
            "open": ["immediate": JSON(overview.immediate), "routine": JSON(overview.routine)],
            "remedies": .array(remedies),
        ])
    }
}
