package import Database
package import JSON
internal import Jobs
package import Records
internal import Telemetry

package extension WorkflowStore where Base == Transaction {
    /// Changes the state of a run that has stopped before a node.
    func editState(of run: WorkflowRun, _ patch: JSONObject, by actor: Actor) throws -> WorkflowRun {
        let paused = try tx.workflowJournal.steps(of: run.id).filter { $0.status == .paused }
        guard run.status == .paused, paused.count == 1, let id = run.workflowID,
            let version = run.workflowVersion,
            let graph = try graph(of: id, version: version)
        else {
            throw RuntimeError.invalidTransition(
                of: "run", from: run.status.rawValue, allowed: ["paused"])
        }
        let old = JSON(stored: paused[0].output ?? "{}")
        var faults = Faults()
        graph.state.check(patch, &faults)
        for field in graph.state.fields where field.isRequired && patch[field.name]?.isNull ?? false {
            faults.add("/state/\(field.name.pointerToken)", "required", "\(field.name) is required.")
        }
        try faults.throwIfAny()
        let state = old.merging(.object(patch)).serialized
        try tx.run(
            """
            UPDATE workflow_steps SET output = \(state)
            WHERE tenant_id = \(tx.tenant) AND run_id = \(run.id) AND path = \(paused[0].path)
            """)
        try tx.run(
            """
            UPDATE workflow_runs SET state = \(state), version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(run.id)
            """)
        try tx.auditLog.add(actor, "workflow_run.updated", run.subject, ["state": .object(patch)])
        return try self.run(run.id) ?? run
    }

    /// A new run that has behind it what this one did before a step, and nothing of what came after.
    func fork(_ run: WorkflowRun, from path: String, by actor: Actor) throws -> WorkflowRun {
        let steps = try tx.workflowJournal.steps(of: run.id)
        guard let step = steps.first(where: { $0.path == path }), let place = step.place,
            let id = run.workflowID, let version = run.workflowVersion
        else {
            throw Problem.fault(
                "/from", "unknown_reference",
                "from must name a step of the run's history, such as the node before which the new run begins."
            )
        }
        var start = WorkflowStart()
        (start.definition, start.forkedFrom) = ((id, version), run.id)
        start.state = run.state.map(JSON.init(stored:))
        start.breakpoints = run.breakpoints
        let fork = try insertRun(run.workflow, run.codeVersion, input: run.input, by: actor, start)
        for step in steps where step.isFinishedBefore(place) {
            try tx.workflowJournal.store(step, of: fork.id)
        }
        try tx.auditLog.add(
            actor, "workflow_run.forked", fork.subject, ["from": JSON(run.id), "step": .string(path)])
        return try self.run(fork.id) ?? fork
    }
}

extension FlowStep {
    /// The number of the step of the body itself that it is, or is inside of; `nil` for what was made good.
    fileprivate var place: Int? { Int(path.prefix { $0.isNumber }) }

    fileprivate func isFinishedBefore(_ place: Int) -> Bool {
        guard let own = self.place else { return false }
        return own < place && (status == .completed || kind == .parallel)
    }
}
