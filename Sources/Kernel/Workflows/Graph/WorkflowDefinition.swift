internal import Agents
internal import Cryptography
package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records

/// A workflow that an agency has composed: a graph of nodes. Every change makes a new version; runs go on with the one
/// that they began with.
package struct WorkflowDefinition: ManagedRecord {
    package var head = Head<WorkflowDefinition>()
    package var name = ""
    package var description: String?
    package var clientID: ClientID?
    package var start = ""
    package var state = JSONObject()
    package var nodes: JSON = []
    package var edges: JSON = []
    package var trigger = JSON.null

    package init() {}

    package static let idPrefix = "wfl", noun = "workflow"
    package static let resource = Resource<WorkflowDefinition>(
        "workflows", named: "Workflow", rule: .client(orAgency: true),
        [
            .text("name", \.name, max: 200, .required, .filterable, .example("follow_up")),
            .text("description", \.description, max: 2000),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client on whose behalf it runs; null: the agency itself.")),
            .text(
                "start", \.start, max: 64, .required, .about("The id of the first node."), .example("score")),
            .document(
                "state", \.state, schema: GraphForm.state,
                .about("The fields that nodes read and write, each with its type.")),
            .document("nodes", \.nodes, schema: GraphForm.nodes, .required),
            .document("edges", \.edges, schema: GraphForm.edges),
            .document(
                "trigger", \.trigger, schema: GraphForm.trigger, .added(in: 122),
                .about("The events by which a run begins by itself; null: runs are started.")),
        ])

    package mutating func prepare(
        replacing old: WorkflowDefinition?, by actor: Actor, in tx: Transaction
    ) throws {
        if edges.isNull { edges = [] }
        var reader = GraphReader(try tx.workflows.graphWorld())
        _ = reader.read(start: start, state: state, nodes: nodes.array ?? [], edges: edges.array ?? [])
        let catalog = tx.runtime.eventCatalog
        _ = reader.read(trigger: trigger) { catalog?.fault(of: $0) }
        var faults = reader.faults
        for (started, place) in reader.started {
            guard let way = try tx.workflows.way(from: started, to: id) else { continue }
            faults.add(
                place, "recursive_workflow",
                "The workflow would start itself: \(([name] + way + [name]).joined(separator: " → ")).")
        }
        try faults.throwIfAny()
    }

    package func saved(replacing old: WorkflowDefinition?, by actor: Actor, in tx: Transaction) throws {
        let definition: JSON = [
            "start": .string(start), "state": .object(state), "nodes": nodes, "edges": edges,
        ]
        try tx.run(
            """
            INSERT INTO workflow_versions (tenant_id, workflow_id, version, definition, created_at)
            VALUES (\(tx.tenant), \(id), \(version), \(definition.serialized), \(tx.now))
            """)
        try tx.alerts.resolve(kind: WorkflowTriggers.alert, subject: subject)
        if trigger != old?.trigger ?? .null || !trigger.isNull { WorkflowTriggers.changed(in: tx) }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        try tx.alerts.resolve(kind: WorkflowTriggers.alert, subject: subject)
        if !trigger.isNull { WorkflowTriggers.changed(in: tx) }
    }
}

extension WorkflowStore {
    /// A definition as it was at a version.
    package func graph(of workflow: ID<WorkflowDefinition>, version: Int) throws -> Graph? {
        let text = try tx.first(
            """
            SELECT definition FROM workflow_versions
            WHERE tenant_id = \(tx.tenant) AND workflow_id = \(workflow) AND version = \(version)
            """
        ) { $0.text(0) }
        guard let text else { return nil }
        let definition = try JSONParser.parse(text)
        // It was checked when it was saved; what it refers to may have gone since, which its steps will say.
        var reader = GraphReader(.anything)
        return reader.read(
            start: definition["start"]?.text ?? "", state: definition["state"]?.object ?? [:],
            nodes: definition["nodes"]?.array ?? [], edges: definition["edges"]?.array ?? [])
    }
}

extension GraphReader.World {
    static let anything = GraphReader.World(
        hasAgent: { _ in true }, hasTool: { _ in true }, hasWorkflow: { _ in true })
}

extension WorkflowStore where Base == Transaction {
    fileprivate func graphWorld() throws -> GraphReader.World {
        let (agents, tools) = (tx.runtime.agents, tx.runtime.tools)
        let workflows = try Set(
            tx.all("SELECT id FROM workflows WHERE tenant_id = \(tx.tenant) LIMIT 10000") {
                ID<WorkflowDefinition>($0, 0)
            })
        return GraphReader.World(
            hasAgent: { agents[$0] != nil }, hasTool: { tools[$0]?.isCallable == true },
            hasWorkflow: workflows.contains)
    }

    /// Returns the names of the workflows on the way from `first` to `last`, each of which starts the next; `nil`
    /// where there is no such way.
    fileprivate func way(
        from first: ID<WorkflowDefinition>, to last: ID<WorkflowDefinition>
    ) throws -> [String]? {
        guard first != last else { return [] }
        var ways: [ID<WorkflowDefinition>: [String]] = [first: []], open = [first]
        while !open.isEmpty {
            let next = try tx.all(
                "SELECT id, name, nodes FROM workflows WHERE tenant_id = \(tx.tenant) AND id IN \(list: open) ORDER BY id"
            ) {
                (
                    id: ID<WorkflowDefinition>($0, 0), name: $0.text(1),
                    nodes: JSON(stored: $0.text(2)).array ?? []
                )
            }
            open = []
            for workflow in next {
                let way = (ways[workflow.id] ?? []) + [workflow.name]
                for case let started? in workflow.nodes.map({
                    $0["workflow_id"]?.id(of: WorkflowDefinition.self)
                }) {
                    if started == last { return way }
                    if ways[started] == nil {
                        ways[started] = way
                        open.append(started)
                    }
                }
            }
        }
        return nil
    }

    /// Starts a run of an agency's workflow, at its present version.
    package func startGraph(
        _ id: ID<WorkflowDefinition>, state: JSONObject, by actor: Actor,
        _ start: WorkflowStart = WorkflowStart()
    ) throws -> WorkflowRun {
        guard let definition = try WorkflowDefinition.resource.find(id, in: tx) else {
            throw Problem.fault(
                "/workflow_id", "unknown_reference",
                "The workflow \(id) does not exist: choose another.")
        }
        guard let graph = try graph(of: id, version: definition.version) else { throw RuntimeError.notFound }
        var faults = Faults()
        let begun = graph.state.begin(state, faults: &faults)
        for (index, node) in start.breakpoints.enumerated() where graph[node] == nil {
            faults.add(
                "/breakpoints/\(index)", "unknown_node",
                "The node \(node.prefix(64)) does not exist: name a node of the workflow.")
        }
        try faults.throwIfAny()
        var start = start
        (start.definition, start.state) = ((id, definition.version), .object(begun))
        let input = GraphRun.Input(
            workflow: id, version: definition.version, state: JSON.object(begun).serialized, fault: nil)
        let run = try insertRun(
            GraphRun.name, GraphRun.codeVersion, input: try encodePayload(input), by: actor, start)
        if start.parentID == nil {
            try tx.auditLog.add(actor, "workflow_run.started", run.subject, ["workflow_id": JSON(id)])
        }
        return run
    }
}
