internal import Database
internal import Records

/// Makes the table of an agency's own stages, and gives leads their age. Those that are there count from when they were
/// made, and come into their stages the next time that leads age.
let lifecycleMigration = Migration(number: 951, name: "how long leads have been known") { dialect in
    Lead.resource.addition(in: 951) + [
        """
        CREATE TABLE lifecycle_stages (
            tenant_id TEXT NOT NULL, name TEXT NOT NULL, from_day INTEGER NOT NULL, touch_every TEXT NOT NULL,
            PRIMARY KEY (tenant_id, name)
        ) \(dialect.keyedTableOptions)
        """,
        "UPDATE leads SET known_since = created_at",
        """
        UPDATE leads SET lifecycle_due = created_at + \(31 * 86_400_000_000 as Int64)
        WHERE status NOT IN ('won', 'archived')
        """,
        "UPDATE leads SET lifecycle_stage = 'customer' WHERE status = 'won'",
        "CREATE INDEX leads_lifecycle ON leads (tenant_id, lifecycle_due, id) WHERE lifecycle_due IS NOT NULL",
        "CREATE INDEX leads_stage ON leads (tenant_id, lifecycle_stage, status, id)",
        "CREATE INDEX leads_known ON leads (tenant_id, known_since, id)",
    ]
}

/// Has leads looked at from the beginning of the day on which their stage ends: a day earlier than what is stored is
/// before it in any zone, and whose day it is not yet is put off to theirs.
let lifecycleDayMigration = Migration(number: 1450, name: "stages that end with a day") { _ in
    [
        """
        UPDATE leads SET lifecycle_due = lifecycle_due - \(86_400_000_000 as Int64) WHERE lifecycle_due IS NOT NULL
        """
    ]
}
