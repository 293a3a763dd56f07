internal import Database
internal import Jobs
internal import Records

/// Makes the tables of data quality: issues, the score of each record, the scores of each day, and the places that
/// scans have reached.
let qualityMigrations = [
    Migration(number: 840, name: "rules of data quality, and the issues that they find") { dialect in
        QualityRule.resource.creation(dialect)
            + [
                "CREATE UNIQUE INDEX quality_rules_name ON quality_rules (tenant_id, name)"
            ] + QualityIssue.resource.creation(dialect)
            + [
                "CREATE UNIQUE INDEX quality_issues_of ON quality_issues (tenant_id, subject_id, rule_id)",
                "CREATE INDEX quality_issues_status ON quality_issues (tenant_id, status, rule_id)",
                """
                CREATE INDEX quality_issues_other ON quality_issues (tenant_id, other_id)
                WHERE other_id IS NOT NULL
                """,
                """
                CREATE TABLE quality_scores (
                    tenant_id TEXT NOT NULL, subject_id TEXT NOT NULL, subject_type TEXT NOT NULL,
                    score INTEGER NOT NULL, PRIMARY KEY (tenant_id, subject_id)
                ) \(dialect.keyedTableOptions)
                """,
                """
                CREATE TABLE quality_days (
                    tenant_id TEXT NOT NULL, day TEXT NOT NULL, score REAL NOT NULL, areas TEXT NOT NULL,
                    PRIMARY KEY (tenant_id, day)
                ) \(dialect.keyedTableOptions)
                """,
                """
                CREATE TABLE quality_places (
                    tenant_id TEXT NOT NULL, name TEXT NOT NULL, place TEXT NOT NULL,
                    PRIMARY KEY (tenant_id, name)
                ) \(dialect.keyedTableOptions)
                """,
            ]
    },
    Migration(number: 887, name: "error patterns, the health of data, reports, and domains that take mail") {
        dialect in
        ErrorPattern.resource.creation(dialect) + DataReport.resource.creation(dialect)
            + [
                """
                CREATE UNIQUE INDEX error_patterns_of ON error_patterns (tenant_id, component, category)
                """,
                "CREATE INDEX error_patterns_last ON error_patterns (tenant_id, last_at, id)",
                """
                CREATE TABLE health_days (
                    tenant_id TEXT NOT NULL, day TEXT NOT NULL, score REAL NOT NULL, areas TEXT NOT NULL,
                    PRIMARY KEY (tenant_id, day)
                ) \(dialect.keyedTableOptions)
                """,
                """
                CREATE TABLE quality_domains (
                    tenant_id TEXT NOT NULL, domain TEXT NOT NULL, takes_mail INTEGER NOT NULL,
                    checked_at INTEGER NOT NULL, PRIMARY KEY (tenant_id, domain)
                ) \(dialect.keyedTableOptions)
                """,
            ]
    },
]

let qualitySandboxTables: [SandboxTable] = [
    .copied(QualityIssue.resource), .copied("quality_scores"),
    .copied("quality_days"), .copied("health_days"), .copied("quality_domains"),
    .left("error_patterns", because: "they tell of what failed outside"),
    .copied(DataReport.resource),
    .left("quality_places", because: "they are places among events, which are left behind"),
]
