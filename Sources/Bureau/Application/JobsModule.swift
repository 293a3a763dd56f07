internal import Database
internal import Jobs
internal import Tenancy

extension Module {
    /// Jobs, events, the audit and the clocks of sandboxes.
    static let jobs = Module(
        "jobs", migrations: jobMigrations, sandboxTables: { jobSandboxTables }, permissions: jobPermissions)
}

private let jobPermissions: [DeclaredPermission] = [
    .init("audit:read", for: .manager, "Read the audit, and verify that no entry was changed."),
    .init("events:read", for: .viewer, "Read and stream events."),
    .init("jobs:read", for: .viewer, "Read jobs and queues."),
    .init("jobs:write", for: .manager, "Retry and cancel jobs, and pause and resume queues."),
]
