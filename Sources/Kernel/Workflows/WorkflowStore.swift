internal import Agents
package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry

/// Workflows and their runs: `tx.workflows`.
package struct WorkflowStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var workflows: WorkflowStore<Self> { WorkflowStore(tx: self) }
}

/// The options of a run's start, beyond its input.
package struct WorkflowStart: Sendable {
    /// The definition of a workflow that is data.
    package var definition: (id: ID<WorkflowDefinition>, version: Int)?
    package var state: JSON?
    package var breakpoints: [String] = []
    package var parentID: WorkflowRunID?
    package var forkedFrom: WorkflowRunID?
    /// The event that begins it, and the run that did what the event is of.
    var event: (id: String, subject: Subject, causedBy: WorkflowRunID?)?
    /// The earliest start, by the tenant's clock.
    package var runAt: Instant?
    package var priority = 50

    package init() {}
}

extension WorkflowStore where Base == Transaction {
    /// Starts a run, in this transaction.
    package func start<W: Workflow>(
        _ workflow: W.Type, _ input: W.Input, by actor: Actor, _ start: WorkflowStart = WorkflowStart()
    ) throws -> WorkflowRun {
        guard let version = tx.runtime.workflows.newestVersion(of: W.name) else {
            preconditionFailure("the workflow \(W.name) is not registered")
        }
        return try insertRun(W.name, version, input: try encodePayload(input), by: actor, start)
    }

    func insertRun(
        _ name: String, _ codeVersion: Int, input: String, by actor: Actor, _ start: WorkflowStart
    ) throws -> WorkflowRun {
        let (root, depth) = try descent(of: start)
        let id = tx.makeID(Nouns.WorkflowRun.self)
        let subject = Subject(id)
        let job = try tx.jobs.enqueue(
            WorkflowJob.self, WorkflowJob.Payload(run: id),
            JobOptions(runAt: start.runAt, priority: start.priority, subject: subject))
        try tx.run(
            insertWorkflow,
            [
                tx.tenant.sqlValue, id.sqlValue, name.sqlValue, codeVersion.sqlValue,
                (start.definition?.id).sqlValue, (start.definition?.version).sqlValue, input.sqlValue,
                (start.state?.serialized).sqlValue, JSON(start.breakpoints).serialized.sqlValue,
                job.id.sqlValue, start.parentID.sqlValue, start.forkedFrom.sqlValue,
                actor.kind.rawValue.sqlValue, actor.id.sqlValue, tx.now.sqlValue, root.sqlValue,
                depth.sqlValue, (start.event?.id).sqlValue, (start.event?.subject.type).sqlValue,
                (start.event?.subject.id).sqlValue, (start.event?.causedBy).sqlValue,
            ])
        guard let run = try run(id) else { throw RuntimeError.notFound }
        return run
    }

    /// Returns the place of a new run in the tree of the run that starts it. Throws where that is too deep, or one run
    /// too many: a cycle, which is refused when a workflow is saved, may still arise from a workflow that was changed
    /// while its runs slept.
    private func descent(of start: WorkflowStart) throws -> (root: WorkflowRunID?, depth: Int) {
        guard let id = start.parentID else { return (nil, 0) }
        guard let parent = try run(id) else { throw RuntimeError.notFound }
        guard !parent.status.isFinished, !parent.isCancelling else {
            throw FlowCancelled("cancelled by a person")
        }
        let limits = tx.runtime.configuration
        let (root, depth) = (parent.rootID ?? parent.id, parent.depth + 1)
        guard depth <= limits.workflowDepthMax else {
            throw JobFailure.terminal(
                "workflow_too_deep",
                "workflows may start one another at most \(limits.workflowDepthMax) levels deep; see which one starts itself"
            )
        }
        let counted = try tx.run(
            countDescendant, [tx.tenant.sqlValue, root.sqlValue, limits.workflowRunsMax.sqlValue])
        guard counted == 1 else {
            throw JobFailure.terminal(
                "too_many_runs",
                "one run may start at most \(limits.workflowRunsMax) others, counting those that these start")
        }
        return (root, depth)
    }

    // MARK: From outside

    /// Sends a signal: the step that waits for it goes on, and one that will wait finds it.
    package func signal(_ id: WorkflowRunID, _ name: String, _ data: JSON) throws -> WorkflowRun {
        try requireLive(id)
        try leave(signal: name, data, workflowRun: id)
        return try wake(id)
    }

    private func leave(signal name: String, _ data: JSON, workflowRun id: WorkflowRunID) throws {
        try tx.run(
            insertSignal,
            [tx.tenant.sqlValue, id.sqlValue, name.sqlValue, data.serialized.sqlValue, tx.now.sqlValue])
    }

    /// A run that was stopped before a node, or by code that did not fit its journal, goes on.
    package func resume(_ id: WorkflowRunID, stepping: Bool = false, by actor: Actor) throws -> WorkflowRun {
        let old = try requireLive(id)
        guard old.status == .paused else {
            throw RuntimeError.invalidTransition(
                of: "run", from: old.status.rawValue, allowed: ["cancelled"])
        }
        try tx.run(
            """
            UPDATE workflow_steps SET status = 'completed', output = \(old.state), finished_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND run_id = \(id) AND status = 'paused'
            """)
        try tx.run(
            """
            UPDATE workflow_runs SET status = 'running', error = NULL, stepping = \(stepping)
            WHERE tenant_id = \(tx.tenant) AND id = \(id)
            """)
        try tx.auditLog.add(actor, stepping ? "workflow_run.stepped" : "workflow_run.resumed", old.subject)
        return try wake(id)
    }

    /// Cancels a run and every run that it has started. A run of a stored workflow is cancelled when this returns; one
    /// of a workflow in Swift first undoes what it did, where that is declared, and starts nothing new.
    package func cancel(_ id: WorkflowRunID, by actor: Actor) throws -> WorkflowRun {
        let old = try requireLive(id)
        try tx.auditLog.add(actor, "workflow_run.cancelled", old.subject)
        try end(old, because: "cancelled by a person")
        return try run(id) ?? old
    }

    private func end(_ run: WorkflowRun, because reason: String) throws {
        // The run's worker can no longer write, so that it starts no run after this looks for them.
        try tx.jobs.interrupt(run.jobID)
        guard run.workflow == GraphRun.name else {
            try tx.run(
                "UPDATE workflow_runs SET cancelling = 1 WHERE tenant_id = \(tx.tenant) AND id = \(run.id)")
            try endChildren(of: run, because: reason)
            return _ = try wake(run.id)
        }
        try finish(workflowRun: run, .cancelled, error: JobFailure.cancelled(reason).json)
        _ = try tx.jobs.cancel(run.jobID)
    }

    /// Ends the runs of workflows and agents that a run waits for, or waited for in a branch that has ended.
    private func endChildren(of run: WorkflowRun, because reason: String) throws {
        let begun = try tx.all(begunByRun, [tx.tenant.sqlValue, run.id.sqlValue]) { row in
            JSON(stored: row.text(0))["id"].flatMap { RunID(json: $0) }
        }
        for begun in begun {
            switch begun {
            case .agent(let id)?:
                if let run = try tx.runs.find(id), !run.status.isFinished { _ = try tx.runs.cancel(id) }
            case .workflow(let id)?:
                if let child = try self.run(id), !child.status.isFinished { try end(child, because: reason) }
            case nil: continue
            }
        }
    }

    @discardableResult
    private func requireLive(_ id: WorkflowRunID) throws -> WorkflowRun {
        guard let run = try run(id) else { throw RuntimeError.notFound }
        guard !run.status.isFinished else {
            throw RuntimeError.invalidTransition(of: "run", from: run.status.rawValue, allowed: [])
        }
        return run
    }

    /// Something came to the run: it looks again at once, or as soon as its present stretch of work ends.
    @discardableResult
    func wake(_ id: WorkflowRunID) throws -> WorkflowRun {
        let changed = try tx.run(wakeRun, [tx.tenant.sqlValue, id.sqlValue, tx.now.sqlValue])
        guard let run = try run(id) else { throw RuntimeError.notFound }
        if changed == 1 { try tx.jobs.hasten(run.jobID) }
        return run
    }

    /// A published event: runs that wait for one like it hear of it.
    func workflowsHear(_ type: String, _ event: JSON) throws {
        let waits = try tx.all(waitsForEvent, [tx.tenant.sqlValue, type.sqlValue]) { row in
            (run: WorkflowRunID(row, 0), path: row.text(1), matching: JSON(stored: row.text(2)))
        }
        for wait in waits where event.has(wait.matching) {
            try tx.run(
                "DELETE FROM workflow_waits WHERE tenant_id = \(tx.tenant) AND run_id = \(wait.run) AND path = \(wait.path)"
            )
            try leave(signal: EventWait.signal(wait.path), event, workflowRun: wait.run)
            try wake(wait.run)
        }
    }

    /// An agent's run has ended: the workflow that started it goes on.
    func hears(runEnded id: AgentRunID) throws {
        let cause = try tx.first(workflowOfRun, [tx.tenant.sqlValue, id.sqlValue]) { $0.text(0) }
        guard let cause, let workflow = JSON(stored: cause)["workflow_run"]?.id(of: Nouns.WorkflowRun.self)
        else {
            return
        }
        try wake(workflow)
    }

    // MARK: Ends of a stretch of work

    /// The run sleeps, unless something has come since this stretch of work began.
    func sleep(
        workflowRun run: WorkflowRun, _ status: WorkflowStatus, error: JSON? = nil, document: String?
    ) throws -> Bool {
        try tx.run(
            sleepRun,
            [
                tx.tenant.sqlValue, run.id.sqlValue, run.wakes.sqlValue, status.rawValue.sqlValue,
                (error?.serialized).sqlValue, document.sqlValue, tx.now.sqlValue,
            ]) == 1
    }

    /// The run has ended: who waits for it goes on.
    func finish(
        workflowRun run: WorkflowRun, _ status: WorkflowStatus, output: String? = nil, error: JSON? = nil,
        document: String? = nil
    ) throws {
        let changed = try tx.run(
            finishRun,
            [
                tx.tenant.sqlValue, run.id.sqlValue, status.rawValue.sqlValue, output.sqlValue,
                (error?.serialized).sqlValue, document.sqlValue, tx.now.sqlValue,
            ])
        guard changed == 1 else { return }
        if status != .completed { try endChildren(of: run, because: "the run that started it has ended") }
        try tx.approvals.withdraw(of: WorkflowApprovals.owner(of: run.id))
        try tx.run("DELETE FROM workflow_waits WHERE tenant_id = \(tx.tenant) AND run_id = \(run.id)")
        try tx.publish(
            "workflow_run.\(status.rawValue)", run.subject,
            ["workflow_id": JSON(run.workflowID), "workflow": .string(run.workflow), "error": error ?? .null])
        if let parent = run.parentID { try wake(parent) }
    }

    /// A failed run whose job was revived: its failed step is tried once more.
    func revive(workflowRun id: WorkflowRunID) throws {
        guard let run = try run(id) else { return }
        if try tx.exists(
            "SELECT 1 FROM workflow_steps WHERE tenant_id = \(tx.tenant) AND run_id = \(id) AND path = 'c1'")
        {
            throw RuntimeError.conflict("The run's steps were already compensated: start a new run.")
        }
        try tx.run(
            """
            UPDATE workflow_steps SET status = 'retrying', attempt = 0, due_at = \(tx.now), finished_at = NULL
            WHERE tenant_id = \(tx.tenant) AND run_id = \(id) AND status IN ('failed', 'cancelled')
            """)
        try tx.run(
            """
            UPDATE workflow_runs SET status = 'running', error = NULL, finished_at = NULL, cancelling = 0,
                version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(run.id)
            """)
    }
}

extension JSON {
    /// Returns whether every member of the pattern is here, at any depth, with the same value.
    func has(_ pattern: JSON) -> Bool {
        guard let wanted = pattern.object else { return self == pattern }
        return wanted.members.allSatisfy { self[$0.key]?.has($0.value) ?? false }
    }
}

private let insertWorkflow = Statement(
    """
    INSERT INTO workflow_runs (tenant_id, id, workflow, code_version, workflow_id, workflow_version, status, input,
        state, breakpoints, stepping, cancelling, wakes, job_id, parent_id, forked_from, started_by_type,
        started_by_id, version, created_at, updated_at, root_id, depth, event_id, subject_type, subject_id, caused_by)
    VALUES ($1, $2, $3, $4, $5, $6, 'running', $7, $8, $9, 0, 0, 0, $10, $11, $12, $13, $14, 1, $15, $15, $16, $17,
        $18, $19, $20, $21)
    """)

private let countDescendant = Statement(
    """
    UPDATE workflow_runs SET descendants = descendants + 1
    WHERE tenant_id = $1 AND id = $2 AND descendants < $3
    """)

/// Selects the steps that started a run and do not know its end yet.
private let begunByRun = Statement(
    """
    SELECT output FROM workflow_steps
    WHERE tenant_id = $1 AND run_id = $2 AND kind IN ('child', 'agent') AND status IN ('waiting', 'cancelled')
        AND output IS NOT NULL ORDER BY number
    """)

private let insertSignal = Statement(
    """
    INSERT INTO workflow_signals (tenant_id, run_id, number, name, data, created_at)
    SELECT $1, $2, 1 + coalesce(max(number), 0), $3, $4, $5 FROM workflow_signals
    WHERE tenant_id = $1 AND run_id = $2
    """)

private let wakeRun = Statement(
    """
    UPDATE workflow_runs SET wakes = wakes + 1, version = version + 1, updated_at = $3,
        status = CASE WHEN status = 'waiting' THEN 'running' ELSE status END
    WHERE tenant_id = $1 AND id = $2 AND finished_at IS NULL
    """)

private let waitsForEvent = Statement(
    "SELECT run_id, path, matching FROM workflow_waits WHERE tenant_id = $1 AND event = $2 ORDER BY run_id, path"
)

private let workflowOfRun = Statement(
    "SELECT cause FROM agent_runs WHERE tenant_id = $1 AND id = $2 AND trigger = 'workflow' AND cause IS NOT NULL"
)

private let sleepRun = Statement(
    """
    UPDATE workflow_runs SET status = $4, error = $5, state = coalesce($6, state), version = version + 1,
        started_at = coalesce(started_at, $7), updated_at = $7
    WHERE tenant_id = $1 AND id = $2 AND wakes = $3 AND finished_at IS NULL
    """)

private let finishRun = Statement(
    """
    UPDATE workflow_runs SET status = $3, output = $4, error = $5, state = coalesce($6, state), stepping = 0,
        version = version + 1, started_at = coalesce(started_at, $7), updated_at = $7, finished_at = $7
    WHERE tenant_id = $1 AND id = $2 AND finished_at IS NULL
    """)
