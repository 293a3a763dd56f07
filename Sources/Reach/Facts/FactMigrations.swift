internal import Database
internal import Jobs
internal import Records

/// Makes the table of facts. Their times are indexed, so that what has become stale is found.
let factMigrations = [
    Migration(number: 850, name: "facts: who says what a field holds") { dialect in
        Fact.resource.creation(dialect) + [
            "CREATE INDEX facts_subject ON facts (tenant_id, subject_id, field)",
            "CREATE INDEX facts_moved ON facts (tenant_id, moved_from) WHERE moved_from IS NOT NULL",
            """
            CREATE INDEX facts_expiry ON facts (tenant_id, expires_at)
            WHERE status = 'current' AND expires_at IS NOT NULL
            """,
        ]
    }
]

let factSandboxTables: [SandboxTable] = [.copied(Fact.resource)]
