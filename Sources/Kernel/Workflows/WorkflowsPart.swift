internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records

/// The workflows' part of the runtime: their definitions, the events that wake runs, and the removal of old runs.
final class WorkflowsPart: RuntimePart {
    let workflows: WorkflowRegistry
    private let triggers: WorkflowTriggers

    init(_ workflows: WorkflowRegistry, _ database: Database) {
        (self.workflows, triggers) = (workflows, WorkflowTriggers(database))
    }

    var eventTypes: Set<String> { workflows.events }

    /// Runs that wait for such an event hear of it, and workflows that begin by it get one.
    func published(_ event: Event, in tx: Transaction) throws {
        try triggers.published(event, in: tx)
        guard workflows.events.contains(event.type) else { return }
        try tx.workflows.workflowsHear(
            event.type,
            ["type": .string(event.type), "subject": event.subject.json, "data": JSON(stored: event.data)])
    }

    func removeOld(_ sweep: Sweep) async throws {
        try await sweep.removeRuns(oldRuns, ofOldRun, sweep.retention.runs)
    }
}

/// The workflows' part of a registration.
struct WorkflowsDraft: PartDraft {
    var workflows = WorkflowRegistry()

    static func finish(_ registration: inout JobRegistration) -> any RuntimePart {
        WorkflowsPart(registration[WorkflowsDraft.self].workflows, registration.database)
    }
}

extension JobRegistration {
    /// Lets the runtime have workflows; after the agents, and before any workflow is registered.
    package mutating func addWorkflows() {
        begin(WorkflowsDraft())
        add(WorkflowJob())
        add(WorkflowApprovals())
        add(runListener: { id, tx in try tx.workflows.hears(runEnded: id) })
    }

    package mutating func add(workflow: some Workflow) {
        self[WorkflowsDraft.self].workflows.register(workflow)
    }
}

extension Runtime {
    var workflows: WorkflowRegistry {
        for case let part as WorkflowsPart in parts { return part.workflows }
        preconditionFailure("the runtime was made without addWorkflows")
    }
}

private let oldRuns = Sweep.oldRows(from: "workflow_runs", by: "finished_at", isEnd: true, returning: true)

private let ofOldRun = [
    Statement("DELETE FROM workflow_steps WHERE tenant_id = $1 AND run_id = $2"),
    Statement("DELETE FROM workflow_signals WHERE tenant_id = $1 AND run_id = $2"),
]
