internal import JSON
internal import Records

/// A graph as a picture: nodes in layers by their distance from the start, coloured by how a run stands.
package struct GraphDiagram {
    let graph: Graph
    /// Of each node, how its latest step stands.
    let status: [String: FlowStep.Status]

    package init(graph: Graph, status: [String: FlowStep.Status]) {
        (self.graph, self.status) = (graph, status)
    }

    private static let width = 180, height = 48, gapX = 40, gapY = 56, margin = 24

    private struct Place { let layer: Int, slot: Int }

    package var svg: String {
        let places = place()
        let layers = (places.values.map(\.layer).max() ?? 0) + 1
        let slots = (places.values.map(\.slot).max() ?? 0) + 1
        let size = (
            x: slots * Self.width + (slots - 1) * Self.gapX + 2 * Self.margin,
            y: layers * Self.height + (layers - 1) * Self.gapY + 2 * Self.margin
        )
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size.x) \(size.y)" width="\(size.x)" \
            height="\(size.y)" role="img" aria-label="Workflow" font-family="system-ui, sans-serif" font-size="13">
            <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" \
            orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#64748b"/></marker></defs>

            """
        for (from, to, label) in links() {
            guard let start = places[from], let end = places[to] else { continue }
            text += line(start, end, label)
        }
        for node in graph.nodes {
            if let place = places[node.id] { text += box(node, place) }
        }
        return text + "</svg>\n"
    }

    private func place() -> [String: Place] {
        var layer: [String: Int] = [graph.start: 0], order = [graph.start], index = 0
        while index < order.count {
            for follower in graph.followers(of: order[index])
            where layer[follower] == nil && graph[follower] != nil {
                layer[follower] = layer[order[index]]! + 1
                order.append(follower)
            }
            index += 1
        }
        var taken: [Int: Int] = [:], places: [String: Place] = [:]
        for id in order {
            let depth = layer[id]!
            places[id] = Place(layer: depth, slot: taken[depth, default: 0])
            taken[depth, default: 0] += 1
        }
        return places
    }

    private func links() -> [(from: String, to: String, label: String)] {
        var links = graph.edges.map { (from: $0.from, to: $0.to, label: $0.when?.words ?? "") }
        for node in graph.nodes {
            switch node.work {
            case .parallel(let branches, let next):
                links += branches.map { (node.id, $0, "") }
                if let next { links += branches.map { ($0, next, "") } }
            case .map(let over, _, let inner): links.append((node.id, inner, "for each of \(over)"))
            default: break
            }
        }
        return links
    }

    private func corner(_ place: Place) -> (x: Int, y: Int) {
        (
            Self.margin + place.slot * (Self.width + Self.gapX),
            Self.margin + place.layer * (Self.height + Self.gapY)
        )
    }

    private func line(_ from: Place, _ to: Place, _ label: String) -> String {
        let (a, b) = (corner(from), corner(to))
        let goesDown = to.layer > from.layer
        let start = (x: a.x + Self.width / 2, y: goesDown ? a.y + Self.height : a.y + Self.height / 2)
        let end = (x: b.x + Self.width / 2, y: goesDown ? b.y : b.y + Self.height)
        var text = """
            <line x1="\(start.x)" y1="\(start.y)" x2="\(end.x)" y2="\(end.y)" stroke="#64748b" marker-end="url(#arrow)"/>

            """
        if !label.isEmpty {
            text += """
                <text x="\((start.x + end.x) / 2 + 6)" y="\((start.y + end.y) / 2)" fill="#475569" \
                font-size="11">\(label.escapedForXML)</text>

                """
        }
        return text
    }

    private func box(_ node: GraphNode, _ place: Place) -> String {
        let corner = corner(place)
        let status = status[node.id]
        let name = node.title ?? node.id
        let shown = name.count > 22 ? "\(name.prefix(21))…" : name
        let kind = node.kind + (status.map { ", \($0.rawValue)" } ?? "")
        return """
            <g><title>\("\(node.id): \(kind)".escapedForXML)</title>\
            <rect x="\(corner.x)" y="\(corner.y)" width="\(Self.width)" height="\(Self.height)" rx="8" \
            fill="\(status?.fill ?? "#f8fafc")" stroke="#334155"/>\
            <text x="\(corner.x + Self.width / 2)" y="\(corner.y + 20)" text-anchor="middle" \
            fill="#0f172a">\(shown.escapedForXML)</text>\
            <text x="\(corner.x + Self.width / 2)" y="\(corner.y + 37)" text-anchor="middle" fill="#475569" \
            font-size="11">\(kind.escapedForXML)</text></g>

            """
    }
}

extension FlowStep.Status {
    fileprivate var fill: String {
        switch self {
        case .completed: "#dcfce7"
        case .running: "#dbeafe"
        case .waiting, .paused: "#fef9c3"
        case .retrying: "#ffedd5"
        case .failed: "#fee2e2"
        case .cancelled: "#e2e8f0"
        }
    }
}

extension GraphNode {
    var kind: String {
        switch work {
        case .agent(let name, _): "agent \(name)"
        case .tool(let name, _): "tool \(name)"
        case .condition: "condition"
        case .wait(let duration): "wait \(duration.iso8601)"
        case .signal(let name, _): "signal \(name)"
        case .approval: "approval"
        case .parallel: "parallel"
        case .map(let over, _, _): "map over \(over)"
        case .subWorkflow: "sub-workflow"
        }
    }
}

extension GraphCondition {
    /// `score gte 60`
    var words: String {
        switch self {
        case .compare(let field, let op, let value):
            "\(field) \(op.rawValue) \(value.text ?? value.serialized)"
        case .all(let parts): parts.map(\.words).joined(separator: " and ")
        case .any(let parts): parts.map(\.words).joined(separator: " or ")
        case .not(let part): "not \(part.words)"
        }
    }
}

extension String {
    var escapedForXML: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&apos;"
            case _ where scalar.value < 0x20: text += " "
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
