internal import Agents
internal import Jobs
internal import Records
internal import Routing
package import Tenancy

extension Module {
    /// Batches of changes to records: previewed, applied with what became of each, and undone.
    package static let changeSets = Module(
        "change_sets", migrations: changeSetMigrations, sandboxTables: { changeSetSandboxTables },
        permissions: changeSetPermissions, slots: [ChangeSetJob.queue: 4],
        jobs: { registration, _ in
            registration.add(ChangeSetJob())
            registration.add(RecordChangeData())
        },
        routes: { routes, _, runtime in changeSetRoutes(&routes, runtime) })
}

private let changeSetPermissions: [DeclaredPermission] = [
    .init(
        "change_sets:read", for: .viewer, "Read change sets, and the changes of records that you may read."),
    .init("change_sets:write", for: .member, "Apply and undo change sets of records that you may change."),
]
