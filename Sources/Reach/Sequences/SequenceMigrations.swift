package import Database
internal import Records

package let sequencesMigrations: [Migration] = [
    sequenceMigration, askedTaskMigration, enrollmentOriginMigration, enrollmentSayingMigration,
    seededMigration, segmentMigration, conversionMigration, filmMigration,
]

private let filmMigration = Migration(number: 1231, name: "days of experiments with films") { dialect in
    [
        """
        CREATE TABLE experiment_days (
            tenant_id TEXT NOT NULL, experiment_id TEXT NOT NULL, number INTEGER NOT NULL, day TEXT NOT NULL,
            variant TEXT NOT NULL, change_id TEXT, state TEXT NOT NULL, views INTEGER, minutes INTEGER,
            PRIMARY KEY (tenant_id, experiment_id, number)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE UNIQUE INDEX experiment_days_day ON experiment_days (tenant_id, experiment_id, day)
        """,
        """
        CREATE INDEX experiments_film ON experiments (tenant_id, target, status)
            WHERE kind IN ('film_title', 'film_thumbnail')
        """,
    ]
}

private let conversionMigration = Migration(number: 1073, name: "whom sequences have won") { _ in
    Enrollment.resource.addition(in: 1073) + [
        """
        INSERT INTO counters (tenant_id, name, value)
        SELECT tenant_id, 'sequences.' || sequence_id || '.contacted', count(*) FROM enrollments
        WHERE contacted_at IS NOT NULL GROUP BY tenant_id, sequence_id
        """
    ]
}

private let segmentMigration = Migration(number: 1071, name: "the segment that an experiment is for") { _ in
    Experiment.resource.addition(in: 1071)
}

private let seededMigration = Migration(
    number: 955, name: "sequences that agents know, and what became of steps"
) { _ in
    MessageSequence.resource.addition(in: 955) + Enrollment.resource.addition(in: 955) + [
        "CREATE UNIQUE INDEX sequences_key ON sequences (tenant_id, key) WHERE key IS NOT NULL"
    ]
}

private let enrollmentSayingMigration = Migration(
    number: 929, name: "why contacts were enrolled, by key"
) { _ in
    Enrollment.resource.addition(in: 929)
}

private let enrollmentOriginMigration = Migration(
    number: 811, place: 1, name: "what agents' messages go back to"
) { _ in
    [
        "ALTER TABLE enrollments ADD COLUMN agent_run_id TEXT",
        "ALTER TABLE enrollments ADD COLUMN decision_id TEXT",
    ]
}

private let askedTaskMigration = Migration(number: 421, name: "tasks that nobody's sequence asks for") {
    dialect in
    let free =
        dialect == .sqlite
        ? [
            "ALTER TABLE outreach_tasks ADD COLUMN of_enrollment TEXT",
            "UPDATE outreach_tasks SET of_enrollment = enrollment_id",
            "ALTER TABLE outreach_tasks DROP COLUMN enrollment_id",
            "ALTER TABLE outreach_tasks RENAME COLUMN of_enrollment TO enrollment_id",
        ] : ["ALTER TABLE outreach_tasks ALTER COLUMN enrollment_id DROP NOT NULL"]
    return free + [
        "ALTER TABLE outreach_tasks ADD COLUMN message_id TEXT",
        "CREATE INDEX outreach_tasks_contact ON outreach_tasks (tenant_id, contact_id, status)",
    ]
}

private let sequenceMigration = Migration(number: 420, name: "sequences, and experiments with them") {
    dialect in
    let record = """
        \(dialect.identity()),
            tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
        """
    let end = ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
    return [
        """
        CREATE TABLE sequences (\(record),
            name TEXT NOT NULL, kind TEXT NOT NULL, purpose TEXT NOT NULL, steps TEXT NOT NULL,
            exit_on TEXT NOT NULL, pause_on TEXT NOT NULL, on_failure TEXT NOT NULL, status TEXT NOT NULL,
            revision INTEGER NOT NULL, client_id TEXT\(end)
        """,
        "CREATE INDEX sequences_kind ON sequences (tenant_id, kind, status, id)",
        """
        CREATE TABLE sequence_versions (
            tenant_id TEXT NOT NULL, sequence_id TEXT NOT NULL, number INTEGER NOT NULL, definition TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, sequence_id, number)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE enrollments (\(record),
            sequence_id TEXT NOT NULL, sequence_version INTEGER NOT NULL, lead_id TEXT, contact_id TEXT NOT NULL,
            client_id TEXT, status TEXT NOT NULL, position INTEGER NOT NULL, next_at INTEGER, next_step TEXT,
            next_channel TEXT,
            exit_reason TEXT, reason TEXT, author TEXT, author_name TEXT, why TEXT, last_at INTEGER,
            contacted_at INTEGER, message_id TEXT, last_message_id TEXT, task_id TEXT, conversation_id TEXT,
            ended_at INTEGER, run_id TEXT,
            CHECK (position >= 0), CHECK (status <> 'exited' OR exit_reason IS NOT NULL)\(end)
        """,
        // Nobody is under way twice in one sequence.
        """
        CREATE UNIQUE INDEX enrollments_once ON enrollments (tenant_id, sequence_id, contact_id)
            WHERE status IN ('active', 'paused')
        """,
        "CREATE INDEX enrollments_sequence ON enrollments (tenant_id, sequence_id, id)",
        "CREATE INDEX enrollments_contact ON enrollments (tenant_id, contact_id, status)",
        "CREATE INDEX enrollments_lead ON enrollments (tenant_id, lead_id, status)",
        "CREATE INDEX enrollments_next ON enrollments (tenant_id, status, next_at)",
        """
        CREATE TABLE outreach_tasks (\(record),
            enrollment_id TEXT NOT NULL, lead_id TEXT, contact_id TEXT, title TEXT NOT NULL, text TEXT,
            due_at INTEGER, status TEXT NOT NULL, assignee TEXT, done_at INTEGER, note TEXT\(end)
        """,
        "CREATE INDEX outreach_tasks_status ON outreach_tasks (tenant_id, status, due_at)",
        """
        CREATE TABLE experiments (\(record),
            name TEXT NOT NULL, kind TEXT NOT NULL, sequence_id TEXT, step_id TEXT, target TEXT, goal TEXT NOT NULL,
            variants TEXT NOT NULL, subjects_min INTEGER NOT NULL, apply TEXT NOT NULL, status TEXT NOT NULL,
            result TEXT, concluded_at INTEGER\(end)
        """,
        """
        CREATE UNIQUE INDEX experiments_step ON experiments (tenant_id, sequence_id, step_id)
            WHERE status = 'running' AND sequence_id IS NOT NULL
        """,
        "CREATE INDEX experiments_status ON experiments (tenant_id, status, kind)",
        """
        CREATE TABLE experiment_subjects (
            tenant_id TEXT NOT NULL, experiment_id TEXT NOT NULL, contact_id TEXT NOT NULL, variant TEXT NOT NULL,
            assigned_at INTEGER NOT NULL, message_id TEXT, sent_at INTEGER, replied_at INTEGER, positive_at INTEGER,
            converted_at INTEGER,
            PRIMARY KEY (tenant_id, experiment_id, contact_id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE INDEX experiment_subjects_message ON experiment_subjects (tenant_id, message_id)
            WHERE message_id IS NOT NULL
        """,
    ] + dialect.searchTable("sequences_search") + dialect.searchTable("outreach_tasks_search")
        + dialect.searchTable("experiments_search")
}
