internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Synchronization
internal import Telemetry
internal import Templates

/// Begins runs of agencies' workflows by events, at the end of the transaction that publishes them: there is a run if
/// and only if there is the event. Most agencies have no such workflows: for them it is a look into a dictionary, which
/// is made to look again when workflows change.
final class WorkflowTriggers: Sendable {
    static let alert = "workflow_loop"
    /// The runs of a workflow that events of one subject may begin within `span`: more than that, and what it does
    /// comes back to it by ways that leave no trace, such as agents.
    static let runsMax = 20, span: Duration = .seconds(3600)
    private static let channel = "workflow_triggers"
    private static let keptMax = 100_000

    struct Listed: Sendable {
        let workflow: ID<WorkflowDefinition>, clientID: ClientID?
        let trigger: WorkflowTrigger
    }

    private struct State {
        /// By tenants.
        var listed: [String: [Listed]] = [:]
        /// The number of changes that were heard of.
        var changes = 0
    }

    private let state = Mutex(State())

    init(_ database: Database) {
        database.listen(
            Self.channel,
            missed: { [weak self] in
                self?.state.withLock { state in
                    state.listed = [:]
                    state.changes += 1
                }
            }
        ) { [weak self] tenant in
            self?.state.withLock { state in
                state.listed[tenant] = nil
                state.changes += 1
            }
        }
    }

    /// Those who keep the tenant's triggers in mind look again.
    static func changed(in tx: Transaction) { tx.notify(channel, tx.tenant.rawValue) }

    func published(_ event: Event, in tx: Transaction) throws {
        let begun = try listed(of: tx.tenant, tx.runtime.database).filter {
            $0.trigger.events.contains(event.type)
        }
        guard !begun.isEmpty else { return }
        let run = tx.noted(ActingRun.self)?.run
        tx.afterSavepoints { try tx.unlimited.workflows.begin(begun, by: event, causedBy: run) }
    }

    /// From what is committed, so that nothing is kept that is then rolled back.
    private func listed(of tenant: TenantID, _ database: Database) throws -> [Listed] {
        let (known, changes) = state.withLock { ($0.listed[tenant.rawValue], $0.changes) }
        if let known { return known }
        let found = try database.read(tenant) { try $0.workflows.triggers() }
        state.withLock { state in
            guard state.changes == changes else { return }
            if state.listed.count >= Self.keptMax { state.listed = [:] }
            state.listed[tenant.rawValue] = found
        }
        return found
    }
}

/// The run whose step the transaction does at this moment.
private struct ActingRun {
    let run: WorkflowRun?
}

extension WorkflowStore where Base == Transaction {
    /// Does a step of a run: what is published meanwhile is caused by it.
    func acting<T>(for run: WorkflowRun, _ body: () throws -> T) rethrows -> T {
        tx.note(ActingRun(run: run))
        // In a file, other closures of the commit's group follow.
        defer { tx.note(ActingRun(run: nil)) }
        return try body()
    }
}

extension WorkflowStore {
    /// The tenant's workflows that begin by events.
    fileprivate func triggers() throws -> [WorkflowTriggers.Listed] {
        let found = try tx.all(
            """
            SELECT id, client_id, state, trigger FROM workflows
            WHERE tenant_id = \(tx.tenant) AND trigger IS NOT NULL ORDER BY id LIMIT 1000
            """
        ) {
            (
                id: ID<WorkflowDefinition>($0, 0), client: $0.id(1, of: Nouns.Client.self),
                state: JSON(stored: $0.text(2)).object ?? [:], trigger: JSON(stored: $0.text(3))
            )
        }
        return found.compactMap { found in
            // It was checked when it was saved.
            var reader = GraphReader(.anything)
            _ = reader.read(start: "", state: found.state, nodes: [], edges: [])
            guard let trigger = reader.read(trigger: found.trigger, fault: { _ in nil }) else { return nil }
            return WorkflowTriggers.Listed(workflow: found.id, clientID: found.client, trigger: trigger)
        }
    }
}

extension WorkflowStore where Base == Transaction {
    /// Begins a run of each workflow whose condition the event meets.
    fileprivate func begin(
        _ listed: [WorkflowTriggers.Listed], by event: Event, causedBy run: WorkflowRun?
    ) throws {
        var seen: JSONObject = [
            "type": .string(event.type), "subject": event.subject.json, "data": JSON(stored: event.data),
        ]
        if listed.contains(where: { $0.trigger.asksForRecord || $0.clientID != nil }) {
            seen["record"] = try tx.runtime.eventCatalog?.record(of: event.subject, in: tx) ?? .null
        }
        for one in listed where one.concerns(event, seen) && one.trigger.fits(seen) {
            try begin(one, by: event, seen, causedBy: run)
        }
    }

    private func begin(
        _ one: WorkflowTriggers.Listed, by event: Event, _ seen: JSONObject, causedBy run: WorkflowRun?
    ) throws {
        guard try !isOwn(event, of: one.workflow, causedBy: run),
            let definition = try WorkflowDefinition.resource.find(one.workflow, in: tx)
        else { return }
        let since = tx.now - WorkflowTriggers.span
        let runs = try tx.int(
            runsOfLate,
            [
                tx.tenant.sqlValue, event.subject.id.sqlValue, one.workflow.sqlValue, since.sqlValue,
                WorkflowTriggers.runsMax.sqlValue,
            ])
        guard runs ?? 0 < WorkflowTriggers.runsMax else {
            try tx.alerts.raise(
                kind: WorkflowTriggers.alert, severity: .warning, subject: definition.subject,
                title: Saying("alert.workflow_loop", ["name": .text(definition.name)]),
                action: Saying("alert.workflow_loop_do"))
            return
        }
        try startGraph(definition, state: one.trigger.state(from: seen), by: event, causedBy: run)
    }

    /// Returns whether an event is of a run of the workflow, or was caused by one: the workflow would begin
    /// itself.
    private func isOwn(
        _ event: Event, of workflow: ID<WorkflowDefinition>, causedBy run: WorkflowRun?
    ) throws -> Bool {
        var above = run
        if let id = event.subject.id(of: Nouns.WorkflowRun.self) { above = try self.run(id) ?? run }
        while let one = above {
            if one.workflowID == workflow { return true }
            above = try (one.parentID ?? one.causedBy).flatMap { try self.run($0) }
        }
        return false
    }

    /// Starts a run by an event. The event stands, whether or not it has what a run needs: one that cannot begin fails,
    /// and says why.
    private func startGraph(
        _ definition: WorkflowDefinition, state: JSONObject, by event: Event, causedBy cause: WorkflowRun?
    ) throws {
        guard let graph = try graph(of: definition.id, version: definition.version) else { return }
        var faults = Faults()
        let begun = graph.state.begin(state, faults: &faults)
        var start = WorkflowStart()
        (start.definition, start.state) = ((definition.id, definition.version), .object(begun))
        start.event = (event.id, event.subject, cause?.id)
        let input = GraphRun.Input(
            workflow: definition.id, version: definition.version, state: JSON.object(begun).serialized,
            fault: faults.list.first.map { .init(code: $0.code, detail: $0.detail) })
        let run = try insertRun(
            GraphRun.name, GraphRun.codeVersion, input: try encodePayload(input), by: .system, start)
        try tx.auditLog.add(
            .system, "workflow_run.started", run.subject,
            ["workflow_id": JSON(definition.id), "event_id": .string(event.id)])
    }
}

extension WorkflowTriggers.Listed {
    /// Returns whether the event is of the workflow's client; one of the agency itself is concerned by all.
    fileprivate func concerns(_ event: Event, _ seen: JSONObject) -> Bool {
        guard let clientID else { return true }
        if let client = event.subject.id(of: Nouns.Client.self) { return client == clientID }
        return seen["record"]?["client_id"]?.id() == clientID
    }
}

private let runsOfLate = Statement(
    """
    SELECT count(*) FROM (
        SELECT 1 FROM workflow_runs
        WHERE tenant_id = $1 AND subject_id = $2 AND workflow_id = $3 AND created_at > $4 LIMIT $5) AS late
    """)
