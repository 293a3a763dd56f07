package import Database
internal import JSON
package import Nouns
internal import Records
internal import Telemetry

/// The journals of runs, with what a run notes while it works: `tx.workflowJournal`.
package struct WorkflowJournalStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var workflowJournal: WorkflowJournalStore<Self> { WorkflowJournalStore(tx: self) }
}

extension WorkflowJournalStore {
    /// Returns the journal of a run, in the order in which its steps began.
    package func steps(of id: WorkflowRunID) throws -> [FlowStep] {
        try tx.all(
            """
            SELECT \(FlowStep.columns) FROM workflow_steps
            WHERE tenant_id = \(tx.tenant) AND run_id = \(id) ORDER BY number
            """, FlowStep.init)
    }

    func unusedSignals(of id: WorkflowRunID) throws -> [Activation.Signal] {
        try tx.all(signalsUnused, [tx.tenant.sqlValue, id.sqlValue]) { row in
            Activation.Signal(number: row.int(0), name: row.text(1), data: row.text(2))
        }
    }
}

extension WorkflowJournalStore where Base == Transaction {
    func markRunning(_ id: WorkflowRunID) throws {
        try tx.run(markRun, [tx.tenant.sqlValue, id.sqlValue, tx.now.sqlValue])
    }

    /// Writes, and changes nothing.
    func touch(_ id: WorkflowRunID) throws {
        try tx.run("UPDATE workflow_runs SET wakes = wakes WHERE tenant_id = \(tx.tenant) AND id = \(id)")
    }

    func store(_ step: FlowStep, of id: WorkflowRunID) throws {
        try tx.run(
            upsertStep,
            [
                tx.tenant.sqlValue, id.sqlValue, step.path.sqlValue, step.number.sqlValue,
                step.kind.rawValue.sqlValue, step.name.sqlValue, step.hash.sqlValue,
                step.status.rawValue.sqlValue, step.attempt.sqlValue, step.output.sqlValue,
                step.error.sqlValue, step.dueAt.sqlValue, step.startedAt.sqlValue, step.finishedAt.sqlValue,
            ])
    }

    func use(signal number: Int, of id: WorkflowRunID, by path: String) throws {
        try tx.run(
            """
            UPDATE workflow_signals SET used_by = \(path)
            WHERE tenant_id = \(tx.tenant) AND run_id = \(id) AND number = \(number)
            """)
    }

    func await(_ wait: EventWait, by id: WorkflowRunID) throws {
        try tx.run(
            """
            INSERT INTO workflow_waits (tenant_id, event, run_id, path, matching)
            VALUES (\(tx.tenant), \(wait.event), \(id), \(wait.path), \(wait.matching.serialized))
            ON CONFLICT DO NOTHING
            """)
    }

    func cancelOpenSteps(of id: WorkflowRunID) throws {
        try tx.run(
            """
            UPDATE workflow_steps SET status = 'cancelled', due_at = NULL, finished_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND run_id = \(id) AND finished_at IS NULL
            """)
    }
}

private let signalsUnused = Statement(
    """
    SELECT number, name, data FROM workflow_signals
    WHERE tenant_id = $1 AND run_id = $2 AND used_by IS NULL ORDER BY number
    """)

private let markRun = Statement(
    """
    UPDATE workflow_runs SET status = 'running', started_at = coalesce(started_at, $3), version = version + 1,
        updated_at = $3
    WHERE tenant_id = $1 AND id = $2 AND finished_at IS NULL
    """)

private let upsertStep = Statement(
    """
    INSERT INTO workflow_steps (tenant_id, run_id, path, number, kind, name, hash, status, attempt, output, error,
        due_at, started_at, finished_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (tenant_id, run_id, path) DO UPDATE SET status = excluded.status, attempt = excluded.attempt,
        output = excluded.output, error = excluded.error, due_at = excluded.due_at,
        finished_at = excluded.finished_at
    """)
