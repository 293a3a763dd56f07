internal import JSON
internal import Records

/// A check of how a graph's nodes hang together.
struct GraphCheck {
    let graph: Graph
    /// As they were given, and where each node is.
    let nodes: [JSON]
    let places: [String: Int]
    let edges: [JSON]

    init(_ graph: Graph, _ nodes: [JSON], _ places: [String: Int], _ edges: [JSON]) {
        (self.graph, self.nodes, self.places, self.edges) = (graph, nodes, places, edges)
    }

    /// Every id that the definition gives, also of nodes that could not be read.
    private var known: Set<String> { Set(nodes.compactMap { $0["id"]?.text }) }

    func run(_ faults: inout Faults) {
        checkReferences(&faults)
        checkEdges(&faults)
        checkReach(&faults)
        checkNames(&faults)
    }

    private func checkReferences(_ faults: inout Faults) {
        let known = known
        func check(_ id: String, _ place: String, _ faults: inout Faults) {
            if !known.contains(id) {
                faults.add(
                    place, "unknown_node",
                    "The node \(id.prefix(64)) does not exist: add it to nodes, or name another.")
            }
        }
        check(graph.start, "/start", &faults)
        for (index, edge) in edges.enumerated() {
            for end in ["from", "to"] {
                if let id = edge[end]?.text, !id.isEmpty { check(id, "/edges/\(index)/\(end)", &faults) }
            }
        }
        for node in graph.nodes {
            let place = place(node)
            switch node.work {
            case .parallel(let branches, let next):
                for (index, branch) in branches.enumerated() {
                    check(branch, "\(place)/branches/\(index)", &faults)
                }
                if let next { check(next, "\(place)/next", &faults) }
            case .map(_, _, let inner): check(inner, "\(place)/node", &faults)
            default: break
            }
        }
    }

    /// Where an edge has a condition, another one is taken when none holds.
    private func checkEdges(_ faults: inout Faults) {
        for node in graph.nodes {
            let out = graph.edges(outOf: node.id)
            switch node.work {
            case .condition where !out.contains(where: { $0.when == nil }):
                faults.add(
                    place(node), "missing_edge",
                    "The node \(node.id) needs an edge without when, to take when no condition holds.")
            case .parallel where !out.isEmpty:
                faults.add(
                    place(node), "unexpected_edge",
                    "The parallel node \(node.id) has no edges: name the node after it in next.")
            case .condition, .parallel: break
            default:
                if out.contains(where: { $0.when != nil }), !out.contains(where: { $0.when == nil }) {
                    faults.add(
                        place(node), "missing_edge",
                        "The node \(node.id) needs an edge without when, to take when no condition holds.")
                }
            }
            if out.count(where: { $0.when == nil }) > 1 {
                faults.add(
                    place(node), "unexpected_edge",
                    "The node \(node.id) has more than one edge without when: give the others a condition.")
            }
        }
    }

    private func checkReach(_ faults: inout Faults) {
        var reached: Set<String> = [], open = [graph.start]
        while let id = open.popLast() {
            guard reached.insert(id).inserted else { continue }
            open += graph.followers(of: id)
        }
        for node in graph.nodes where !reached.contains(node.id) {
            faults.add(
                place(node), "unreachable_node",
                "The node \(node.id) cannot be reached from \(graph.start): add an edge to it, or remove it.")
        }
    }

    /// Names in templates: fields of the state, and inside a map its item.
    private func checkNames(_ faults: inout Faults) {
        let items = itemNames()
        for node in graph.nodes {
            let place = place(node)
            let texts: [(String, JSON)] =
                switch node.work {
                case .agent(_, let input), .tool(_, let input), .subWorkflow(_, let input):
                    [("\(place)/input", input)]
                case .approval(let title, let reason, _):
                    [("\(place)/title", .string(title)), ("\(place)/reason", JSON(reason))]
                default: []
                }
            for (pointer, document) in texts {
                for name in GraphTemplate.names(in: document) {
                    let root = String(name.split(separator: ".").first ?? "")
                    if graph.state[root] == nil, !(items[node.id] ?? []).contains(root) {
                        faults.add(
                            pointer, "unknown_state_field",
                            "The workflow's state has no field \(root.prefix(64)): declare it, or name another."
                        )
                    }
                }
            }
        }
    }

    /// The names of items that a node sees: those of the maps that it is inside of.
    private func itemNames() -> [String: Set<String>] {
        var names: [String: Set<String>] = [:]
        for node in graph.nodes {
            guard case .map(_, let item, let inner) = node.work else { continue }
            var open = [inner], seen: Set<String> = []
            while let id = open.popLast() {
                guard seen.insert(id).inserted else { continue }
                names[id, default: []].insert(item)
                open += graph.followers(of: id)
            }
        }
        return names
    }

    private func place(_ node: GraphNode) -> String { "/nodes/\(places[node.id] ?? 0)" }
}

extension Graph {
    /// Every node that a node may lead to.
    func followers(of id: String) -> [String] {
        var followers = edges(outOf: id).map(\.to)
        switch self[id]?.work {
        case .parallel(let branches, let next): followers += branches + [next].compactMap { $0 }
        case .map(_, _, let inner): followers.append(inner)
        default: break
        }
        return followers
    }
}
