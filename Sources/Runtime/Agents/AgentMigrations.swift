internal import Database

/// What agents keep beyond the tables of migration 102. Numbers 138 to 144.
let agentMigrations: [Migration] = [
    Migration(number: 138, name: "agents as principals", statements: principalColumns)
]

/// `deadline` in microseconds, and `permissions` as a list: null where the definition's stand.
/// `agent_runs.to_clean` is the attempt that took something which has not been given back yet.
private func principalColumns(_ dialect: Dialect) -> [String] {
    [
        "ALTER TABLE agent_states ADD COLUMN deadline INTEGER",
        "ALTER TABLE agent_states ADD COLUMN permissions TEXT",
        "ALTER TABLE agent_configurations ADD COLUMN created_by_type TEXT NOT NULL DEFAULT 'user'",
        "ALTER TABLE agent_runs ADD COLUMN to_clean INTEGER",
    ]
}
