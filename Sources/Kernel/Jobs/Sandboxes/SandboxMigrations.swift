package import Database

/// Numbers 145 to 149 are the sandboxes'.
let sandboxMigration = Migration(number: 145, name: "sandboxes", statements: acrossTenantsSandboxes)

package let sandboxScheduleMigration = Migration(number: 145, place: 1, name: "sandboxes") { _ in
    [
        """
        CREATE INDEX schedules_sandbox_due ON schedules (tenant_id, next_at, id)
            WHERE realm = 1 AND enabled = 1 AND next_at IS NOT NULL
        """
    ]
}

/// The indexes of what is due of agencies leave sandboxes out: the planner took them for a sandbox's own question, too,
/// and read all sandboxes' rows.
let agencyJobMigration = Migration(number: 960, name: "what is due of agencies alone") { _ in
    [
        "DROP INDEX jobs_due",
        "CREATE INDEX jobs_due ON jobs (run_at) WHERE realm = 0 AND state IN (0, 3)",
    ]
}

package let agencyScheduleMigration = Migration(
    number: 960, place: 1, name: "what is due of agencies alone"
) { _ in
    [
        "DROP INDEX schedules_due",
        """
        CREATE INDEX schedules_due ON schedules (next_at)
            WHERE realm = 0 AND enabled = 1 AND next_at IS NOT NULL
        """,
    ]
}

/// A sandbox's ids are made of `seed`, its clock and `id_count`; none is of a time before `id_floor`. What is due
/// in it is looked for in it alone.
private func acrossTenantsSandboxes(_ dialect: Dialect) -> [String] {
    [
        "ALTER TABLE runtime_tenants ADD COLUMN seed INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE runtime_tenants ADD COLUMN id_count INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE runtime_tenants ADD COLUMN id_floor INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX jobs_sandbox_ready ON jobs (tenant_id, priority, run_at, id) WHERE realm = 1 AND state = 1",
        "CREATE INDEX jobs_sandbox_due ON jobs (tenant_id, run_at, id) WHERE realm = 1 AND state IN (0, 3)",
    ]
}
