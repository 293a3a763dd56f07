internal import Database
internal import Tenancy
internal import Workflows

extension Module {
    /// Workflows, which modules write as code and agencies as data.
    static let workflows = Module(
        "workflows", migrations: workflowMigrations, sandboxTables: { workflowSandboxTables },
        permissions: workflowPermissions,
        jobs: { registration, _ in registration.addWorkflows() })
}

private let workflowPermissions: [DeclaredPermission] = [
    .init("workflows:read", for: .viewer, "Read workflows and their runs."),
    .init("workflows:run", for: .manager, "Start, control and fork runs of workflows."),
    .init("workflows:write", for: .manager, "Create, update and delete workflows."),
]
