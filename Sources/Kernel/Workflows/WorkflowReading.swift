internal import Database
internal import JSON
package import Nouns
internal import Records
internal import Telemetry

extension WorkflowStore {
    package func run(_ id: WorkflowRunID) throws -> WorkflowRun? {
        try tx.first(
            "SELECT \(WorkflowRun.columns) FROM workflow_runs WHERE tenant_id = \(tx.tenant) AND id = \(id)",
            WorkflowRun.init)
    }

    /// Returns the journal of a run, in the order in which its steps began.
    package func steps(ofWorkflowRun id: WorkflowRunID) throws -> [FlowStep] {
        try tx.all(
            """
            SELECT \(FlowStep.columns) FROM workflow_steps
            WHERE tenant_id = \(tx.tenant) AND run_id = \(id) ORDER BY number
            """, FlowStep.init)
    }

    func unusedSignals(ofWorkflowRun id: WorkflowRunID) throws -> [Activation.Signal] {
        try tx.all(signalsUnused, [tx.tenant.sqlValue, id.sqlValue]) { row in
            Activation.Signal(number: row.int(0), name: row.text(1), data: row.text(2))
        }
    }
}

private let signalsUnused = Statement(
    """
    SELECT number, name, data FROM workflow_signals
    WHERE tenant_id = $1 AND run_id = $2 AND used_by IS NULL ORDER BY number
    """)
