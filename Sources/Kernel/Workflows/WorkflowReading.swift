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
}
