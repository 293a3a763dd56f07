internal import Database
internal import Platform
internal import Runtime

extension Module {
    /// Workflows, which modules write as code and agencies as data.
    static let workflows = Module(
        "workflows", migrations: workflowMigrations, sandboxTables: { workflowSandboxTables },
        jobs: { registration, _ in registration.addWorkflows() })
}
