internal import Agents
internal import Jobs
internal import Messages
internal import Addresses
internal import Records
package import Tenancy

extension Module {
    /// The quality of the agency's data: rules, issues with their remedies, errors, one health score, reports, and the
    /// agent that sees to all of that.
    package static let quality = Module(
        "quality", resources: [.standard(QualityRule.resource, writers: .manager)],
        migrations: qualityMigrations, sandboxTables: { qualitySandboxTables },
        permissions: qualityPermissions, asks: [QualityDependencies.self],
        offers: [ModuleOffer(NotificationKind.self) { _ in [.dataReport] }],
        seeding: Seeding(counter: qualitySeeded, seedQuality),
        agents: { parts in [dataManagement(parts)] },
        jobs: { registration, parts in
            registration.add(QualityWatch())
            registration.add(ErrorBook(agent: dataManagement(parts)))
            registration.add(QualityCheckJob(dependencies: parts.answers()))
            registration.add(QualityIssueData())
        },
        routes: { routes, parts, runtime in
            qualityRoutes(&routes, runtime)
            errorPatternRoutes(&routes)
            dataHealthRoutes(&routes, runtime)
            dataReportRoutes(&routes, runtime, parts.answers())
        })
}

private func dataManagement(_ parts: ModuleParts) -> DataManagementAgent {
    DataManagementAgent(parts.answers(), parts.answers(MessagingDependencies.self).lookups)
}

private let qualityPermissions: [DeclaredPermission] = [
    .init(
        "quality:read", for: .viewer,
        "Read the quality of records, errors, and the issues of records that you may read."),
    .init(
        "quality:write", for: .member,
        "Fix and ignore issues of records that you may change, handle error patterns, and make reports on data."
    ),
]
