internal import Database
internal import Records

/// The tables of how clients are taken in, and of what they want to reach.
let successMigrations: [Migration] = [
    Migration(number: 1021, name: "how clients are taken in") { dialect in
        Onboarding.resource.creation(dialect) + [
            "CREATE INDEX onboardings_client ON onboardings (tenant_id, client_id, id)",
            "CREATE INDEX onboardings_status ON onboardings (tenant_id, status, id)",
            "CREATE INDEX onboardings_started ON onboardings (tenant_id, started_at, id)",
        ]
    },
    Migration(number: 1022, name: "goals of clients") { dialect in
        Goal.resource.creation(dialect) + [
            "CREATE INDEX goals_client ON goals (tenant_id, client_id, metric, id)",
            "CREATE INDEX goals_metric ON goals (tenant_id, metric, id)",
            "CREATE INDEX goals_by ON goals (tenant_id, by_value, id)",
            "CREATE INDEX goals_reached ON goals (tenant_id, reached_at, id)",
        ]
    },
    Migration(number: 1023, name: "how tasks are done, and templates of projects") { dialect in
        ProjectTask.resource.addition(in: 1023) + Project.resource.addition(in: 1023)
            + ProjectTemplate.resource.creation(dialect) + [
                "CREATE INDEX project_templates_package ON project_templates (tenant_id, package_id, id)",
                "CREATE INDEX project_templates_name ON project_templates (tenant_id, name, id)",
            ]
    },
    Migration(number: 1024, name: "what is decided in projects") { dialect in
        ProjectLogEntry.resource.creation(dialect) + [
            "CREATE INDEX project_log_project ON project_log (tenant_id, project_id, id)",
            "CREATE INDEX project_log_client ON project_log (tenant_id, client_id, id)",
        ]
    },
    Migration(number: 1074, name: "what reviews of deliverables found, and rules made of it") { dialect in
        Deliverable.resource.addition(in: 1074) + ReviewRule.resource.creation(dialect) + [
            "CREATE INDEX review_rules_status ON review_rules (tenant_id, status, id)",
            "CREATE INDEX review_rules_requirement ON review_rules (tenant_id, requirement, id)",
            "CREATE INDEX review_rules_client ON review_rules (tenant_id, client_id, id)",
            """
            CREATE TABLE deliverable_reviews (
                tenant_id TEXT NOT NULL, deliverable_id TEXT NOT NULL, revision INTEGER NOT NULL,
                client_id TEXT NOT NULL, type TEXT, month TEXT NOT NULL, at INTEGER NOT NULL, score REAL NOT NULL,
                passed INTEGER NOT NULL, findings TEXT NOT NULL,
                PRIMARY KEY (tenant_id, deliverable_id, revision)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX deliverable_reviews_month ON deliverable_reviews (tenant_id, month, at)",
            "CREATE INDEX deliverable_reviews_client ON deliverable_reviews (tenant_id, client_id, at)",
            """
            CREATE INDEX deliverable_reviews_type ON deliverable_reviews (tenant_id, type, at)
                WHERE type IS NOT NULL
            """,
        ]
    },
]
