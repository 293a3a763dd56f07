package import Database
package import Jobs
internal import Records

/// The tables of workflows. Numbers 120 to 129, and a place in a step of agents.
package let workflowMigrations: [Migration] = [
    Migration(number: 120, name: "workflows", statements: workflowTables),
    Migration(number: 121, name: "descent of workflow runs") { _ in
        [
            "ALTER TABLE workflow_runs ADD COLUMN root_id TEXT",
            "ALTER TABLE workflow_runs ADD COLUMN depth INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE workflow_runs ADD COLUMN descendants INTEGER NOT NULL DEFAULT 0",
        ]
    },
    Migration(number: 122, name: "events by which workflows begin") { _ in
        WorkflowDefinition.resource.addition(in: 122) + [
            "ALTER TABLE workflow_runs ADD COLUMN event_id TEXT",
            "ALTER TABLE workflow_runs ADD COLUMN subject_type TEXT",
            "ALTER TABLE workflow_runs ADD COLUMN subject_id TEXT",
            "ALTER TABLE workflow_runs ADD COLUMN caused_by TEXT",
            """
            CREATE INDEX workflow_runs_subject ON workflow_runs (tenant_id, subject_id, id)
                WHERE subject_id IS NOT NULL
            """,
        ]
    },
    Migration(number: 156, place: 1, name: "what is old") { _ in
        ["CREATE INDEX workflow_runs_finished ON workflow_runs (finished_at) WHERE finished_at IS NOT NULL"]
    },
]

package let workflowSandboxTables: [SandboxTable] = [
    .copied("workflows"),
    .copied("workflow_versions"),
    .left("workflow_runs", because: "work in flight is the live tenant's"),
    .left("workflow_steps", because: "they belong to runs, which are left behind"),
    .left("workflow_signals", because: "they belong to runs, which are left behind"),
    .left("workflow_waits", because: "they belong to runs, which are left behind"),
]

/// `workflow_runs.job_id` is the run's one job for its whole life: it sleeps when the run does. `wakes` rises with
/// everything that comes to a run from outside, so that an activation that is about to sleep learns of what came
/// while it worked.
///
/// `root_id` is the run at the top of the tree, where that is another run; its `descendants` counts every run below
/// it.
///
/// `event_id` is the event by which a run began, `subject_id` what that is about, and `caused_by` the run in whose step
/// it happened: no workflow begins by what one of its own runs has caused.
///
/// `workflow_steps` is the journal: one row for each step, by its place in the code (`path`, such as `3` or
/// `3.2.1`), written in the transaction of the step's own effects.
private func workflowTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE workflows (
            \(dialect.identity()),
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            version INTEGER NOT NULL,
            name TEXT NOT NULL,
            description TEXT,
            client_id TEXT,
            start TEXT NOT NULL,
            state TEXT NOT NULL,
            nodes TEXT NOT NULL,
            edges TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            \(dialect.key("tenant_id, id"))
        ) \(dialect.tableOptions)
        """,
        """
        CREATE TABLE workflow_versions (
            tenant_id TEXT NOT NULL,
            workflow_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            definition TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, workflow_id, version)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE workflow_runs (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            workflow TEXT NOT NULL,
            code_version INTEGER NOT NULL,
            workflow_id TEXT,
            workflow_version INTEGER,
            status TEXT NOT NULL
                CHECK (status IN ('running', 'waiting', 'paused', 'completed', 'failed', 'cancelled')),
            input TEXT NOT NULL,
            state TEXT,
            output TEXT,
            error TEXT,
            breakpoints TEXT NOT NULL,
            stepping INTEGER NOT NULL CHECK (stepping IN (0, 1)),
            cancelling INTEGER NOT NULL CHECK (cancelling IN (0, 1)),
            wakes INTEGER NOT NULL,
            job_id TEXT NOT NULL,
            parent_id TEXT,
            forked_from TEXT,
            started_by_type TEXT NOT NULL,
            started_by_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            PRIMARY KEY (tenant_id, id),
            CHECK ((status IN ('completed', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX workflow_runs_status ON workflow_runs (tenant_id, status, id)",
        """
        CREATE INDEX workflow_runs_workflow ON workflow_runs (tenant_id, workflow_id, id)
            WHERE workflow_id IS NOT NULL
        """,
        """
        CREATE INDEX workflow_runs_live ON workflow_runs (workflow, code_version) WHERE finished_at IS NULL
        """,
        """
        CREATE TABLE workflow_steps (
            tenant_id TEXT NOT NULL,
            run_id TEXT NOT NULL,
            path TEXT NOT NULL,
            number INTEGER NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            hash TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN
                ('running', 'waiting', 'retrying', 'paused', 'completed', 'failed', 'cancelled')),
            attempt INTEGER NOT NULL,
            output TEXT,
            error TEXT,
            due_at INTEGER,
            started_at INTEGER NOT NULL,
            finished_at INTEGER,
            PRIMARY KEY (tenant_id, run_id, path)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE workflow_signals (
            tenant_id TEXT NOT NULL,
            run_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            name TEXT NOT NULL,
            data TEXT NOT NULL,
            used_by TEXT,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, run_id, number)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE workflow_waits (
            tenant_id TEXT NOT NULL,
            event TEXT NOT NULL,
            run_id TEXT NOT NULL,
            path TEXT NOT NULL,
            matching TEXT NOT NULL,
            PRIMARY KEY (tenant_id, event, run_id, path)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX workflow_waits_run ON workflow_waits (tenant_id, run_id)",
    ]
}
