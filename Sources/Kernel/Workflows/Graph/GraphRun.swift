internal import Database
internal import JSON
internal import Jobs
internal import Nouns
package import Records
internal import Telemetry

/// Walks a graph on a flow: each node is a step of the journal, under the node's id.
struct GraphRun: Sendable {
    static let name = "graph", codeVersion = 1

    struct Input: Codable, Sendable {
        let workflow: ID<WorkflowDefinition>
        let version: Int
        /// The state at the beginning, as JSON text.
        let state: String
        /// The reason for which an event cannot begin it; `nil` in runs of before there was one.
        let fault: Fault?

        struct Fault: Codable, Sendable { let code: String, detail: String }
    }

    let graph: Graph

    /// The final state, as JSON text.
    static func run(_ input: String, _ flow: Flow) async throws -> String {
        let input = try decodePayload(Input.self, input)
        if let fault = input.fault { throw JobFailure.terminal(fault.code, fault.detail) }
        let graph = try flow.activation.job.read { reader in
            try reader.workflows.graph(of: input.workflow, version: input.version)
        }
        guard let graph else {
            throw JobFailure.terminal(
                "not_found", "version \(input.version) of the workflow no longer exists")
        }
        var state = GraphState(fields: JSON(stored: input.state).object ?? [:])
        try await GraphRun(graph: graph).walk(from: graph.start, until: nil, &state, flow)
        return JSON.object(state.fields).serialized
    }

    /// Goes from node to node until there is none, or until the one where branches meet.
    private func walk(
        from start: String, until end: String?, _ state: inout GraphState, _ flow: Flow
    ) async throws {
        var current: String? = start
        while let id = current, id != end, let node = graph[id] {
            flow.keep(state.fields)
            if let edited = try flow.pause(before: id, state.fields) { state.fields = edited }
            current = try await perform(node, &state, flow)
            flow.keep(state.fields)
        }
    }

    /// Does what the node says; the next node.
    private func perform(
        _ node: GraphNode, _ state: inout GraphState, _ flow: Flow
    ) async throws -> String? {
        switch node.work {
        case .condition: return try flow.choose(node.id) { graph.next(after: node.id, state.visible) }
        case .wait(let duration): try flow.sleep(node.id, .for(duration))
        case .signal(let name, let timeout):
            let data = try flow.waitForSignal(step: node.id, signal: name, timeout, nil)
            try take(data ?? .null, of: node, into: &state)
        case .agent(let name, let input):
            let parameters = GraphTemplate.filled(input, with: state.visible)
            try take(await flow.agent(step: node.id, name, parameters, node.attempts), of: node, into: &state)
        case .tool(let name, let input):
            let arguments = GraphTemplate.filled(input, with: state.visible)
            try take(await flow.tool(step: node.id, name, arguments, node.attempts), of: node, into: &state)
        case .approval(let title, let reason, let expiresIn):
            let asked = GraphTemplate.filled(title, with: state.visible)
            let answer = try await flow.approval(
                step: node.id, asked, reason: reason.map { GraphTemplate.filled($0, with: state.visible) },
                expiresIn: expiresIn, arguments: .object(state.fields))
            guard answer.isApproved else {
                throw FlowCancelled(answer.reason ?? "the approval was \(answer.status)")
            }
            state.fields = answer.arguments.object ?? state.fields
        case .subWorkflow(let id, let input):
            let given = GraphTemplate.filled(input, with: state.visible)
            let output = try await flow.child(node.id, given) { tx, start in
                try tx.workflows.startGraph(
                    id, state: given.object ?? [:], by: flow.activation.run.starter, start)
            }
            try take(output.map(JSON.init(stored:)) ?? .null, of: node, into: &state)
        case .parallel(let branches, let next):
            try await fork(node, branches.map { (start: $0, item: nil) }, until: next, &state, flow)
            return next
        case .map(let over, let name, let inner):
            let items = state.fields[over]?.array ?? []
            guard items.count <= 1000 else {
                throw JobFailure.terminal("too_many_items", "\(node.id) may go over at most 1,000 items")
            }
            try await fork(node, items.map { (start: inner, item: (name, $0)) }, until: nil, &state, flow)
        }
        return graph.next(after: node.id, state.visible)
    }

    /// Walks branches side by side, each on a state of its own; what they have changed is brought together in their
    /// order.
    private func fork(
        _ node: GraphNode, _ branches: [(start: String, item: (name: String, value: JSON)?)],
        until end: String?,
        _ state: inout GraphState, _ flow: Flow
    ) async throws {
        let before = state
        let ends = try await flow.parallel(
            node.id,
            branches.map { branch in
                { @Sendable flow in
                    var state = before
                    if let item = branch.item { state.items[item.name] = item.value }
                    try await walk(from: branch.start, until: end, &state, flow)
                    return state
                }
            })
        for end in ends {
            for (name, value) in end.fields.members where before.fields[name] != value {
                state.fields[name] = value
            }
        }
    }

    private func take(_ result: JSON, of node: GraphNode, into state: inout GraphState) throws {
        for (field, source) in node.output {
            let value = result.object.map { $0.value(at: source) } ?? .null
            guard value.isNull || graph.state[field]?.type.accepts(value) ?? false else {
                throw JobFailure.terminal(
                    "type_mismatch",
                    "\(node.id) gave a \(source) that is not of the type \(graph.state[field]?.type.rawValue ?? "declared")"
                )
            }
            if value.isNull { state.fields.remove(field) } else { state.fields[field] = value }
        }
    }
}

/// The state of a run, and the items of the maps around the present node.
struct GraphState: Sendable {
    var fields: JSONObject
    var items: JSONObject = [:]

    /// The values that templates and conditions see.
    var visible: JSONObject {
        guard !items.isEmpty else { return fields }
        var all = fields
        for (name, value) in items.members { all[name] = value }
        return all
    }
}

extension Flow {
    /// Shows the state to people, as of the next commit; branches keep theirs to themselves.
    fileprivate func keep(_ state: JSONObject) {
        if isRoot { activation.keep(document: JSON.object(state).serialized) }
    }

    /// Stops before a node that has a breakpoint, or before any while the run is stepped through. The state as a
    /// person has left it, once the run goes on.
    fileprivate func pause(before node: String, _ state: JSONObject) throws -> JSONObject? {
        let path = "\(nextPath)p"
        if let step = activation.step(path) {
            if step.status == .completed { return JSON(stored: step.output ?? "").object }
            if step.status != .paused { return nil }
            activation.pauses(before: node)
            throw leave(until: nil, waitingFor: "a person, before \(node)")
        }
        let run = activation.run
        guard run.isStepping || run.breakpoints.contains(node), activation.step(nextPath) == nil,
            !run.isCancelling
        else { return nil }
        var step = activation.begin(path, .pause, node, "", .paused)
        step.output = JSON.object(state).serialized
        activation.note(step)
        activation.pauses(before: node)
        throw leave(until: nil, waitingFor: "a person, before \(node)")
    }

    /// A choice that is remembered.
    fileprivate func choose(_ name: String, _ choice: () -> String?) throws -> String? {
        switch try enter(.condition, name) {
        case .done(let output): return JSON(stored: output ?? "")["to"]?.text
        case .open(let step), .attempt(let step):
            let to = choice()
            activation.note(try completed(step, JSON.object(["to": JSON(to)]).serialized))
            return to
        }
    }
}

extension WorkflowRun {
    package var starter: Actor { Actor(Actor.Kind(rawValue: startedBy.type) ?? .system, id: startedBy.id) }
}
