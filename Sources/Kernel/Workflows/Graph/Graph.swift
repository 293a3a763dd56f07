internal import JSON
internal import Nouns
internal import Telemetry

/// A workflow as data: nodes, the edges between them, and a state with typed fields that the nodes read and write.
package struct Graph: Sendable {
    let start: String
    let state: GraphSchema
    let nodes: [GraphNode]
    let edges: [GraphEdge]
    private let byID: [String: GraphNode]
    private let outOf: [String: [GraphEdge]]

    init(start: String, state: GraphSchema, nodes: [GraphNode], edges: [GraphEdge]) {
        (self.start, self.state, self.nodes, self.edges) = (start, state, nodes, edges)
        byID = Dictionary(nodes.map { ($0.id, $0) }) { first, _ in first }
        outOf = Dictionary(grouping: edges) { $0.from }
    }

    subscript(id: String) -> GraphNode? { byID[id] }

    func edges(outOf id: String) -> [GraphEdge] { outOf[id] ?? [] }

    /// Where the run goes from a node: the first edge whose condition holds; `nil` at the end.
    func next(after id: String, _ state: JSONObject) -> String? {
        edges(outOf: id).first { $0.when?.holds(in: state) ?? true }?.to
    }
}

struct GraphNode: Sendable {
    enum Work: Sendable {
        case agent(String, input: JSON)
        case tool(String, input: JSON)
        case condition
        case wait(Duration)
        case signal(String, timeout: Duration?)
        case approval(title: String, reason: String?, expiresIn: Duration?)
        case parallel(branches: [String], next: String?)
        case map(over: String, as: String, node: String)
        case subWorkflow(ID<WorkflowDefinition>, input: JSON)
    }

    let id: String
    /// For people; the id where there is none.
    let title: String?
    let work: Work
    let attempts: StepAttempts
    /// The parts of the result that go into fields of the state.
    let output: [(field: String, source: String)]
}

struct GraphEdge: Sendable {
    let from: String, to: String
    let when: GraphCondition?
}

/// A condition that an edge sets on the state.
indirect enum GraphCondition: Sendable {
    case compare(field: String, GraphOperator, JSON)
    case all([GraphCondition])
    case any([GraphCondition])
    case not(GraphCondition)

    func holds(in state: JSONObject) -> Bool {
        switch self {
        case .compare(let field, let op, let value): op.holds(state.value(at: field), value)
        case .all(let parts): parts.allSatisfy { $0.holds(in: state) }
        case .any(let parts): parts.contains { $0.holds(in: state) }
        case .not(let part): !part.holds(in: state)
        }
    }
}

enum GraphOperator: String, CaseIterable, Sendable {
    case eq, ne, gt, gte, lt, lte
    /// The value is a list that has the field's.
    case `in`
    /// The field is a list, or a text, that has the value.
    case contains
    /// The field has a value, or, with `false`, has none.
    case exists

    var isOrder: Bool { [.gt, .gte, .lt, .lte].contains(self) }

    /// Returns whether a field stands so to a value. An absent one is equal to null, and in no order to anything.
    func holds(_ field: JSON, _ value: JSON) -> Bool {
        switch self {
        case .eq: return field.equals(value)
        case .ne: return !field.equals(value)
        case .in: return value.array?.contains(where: field.equals) ?? false
        case .contains:
            if let text = field.text, let part = value.text { return text.contains(part) }
            return field.array?.contains(where: value.equals) ?? false
        case .exists: return field.isNull != (value.flag ?? true)
        case .gt, .gte, .lt, .lte:
            if let left = field.double, let right = value.double { return orders(left, right) }
            if let left = field.text, let right = value.text { return orders(left, right) }
            return false
        }
    }

    private func orders<C: Comparable>(_ left: C, _ right: C) -> Bool {
        switch self {
        case .gt: left > right
        case .gte: left >= right
        case .lt: left < right
        default: left <= right
        }
    }
}

extension JSON {
    /// Equal as values: 1 and 1.0 are.
    fileprivate func equals(_ other: JSON) -> Bool {
        if let left = double, let right = other.double { return left == right }
        return self == other
    }
}

extension JSONObject {
    /// The value at a path such as `lead.score`; null where there is none.
    func value(at path: String) -> JSON {
        var value = JSON.object(self)
        for part in path.split(separator: ".") {
            if let list = value.array {
                guard let index = Int(part), list.indices.contains(index) else { return .null }
                value = list[index]
            } else {
                value = value[String(part)] ?? .null
            }
        }
        return value
    }
}
