/// Finds what a method and a path stand for: a trie keyed by segment.
package struct Router<Value: Sendable>: Sendable {
    /// A path's parameters, by the names its pattern gave them.
    package struct Parameters: Sendable {
        let names: [String]
        let values: [String]

        /// nil where the pattern has no such name.
        package subscript(_ name: String) -> String? {
            for index in names.indices where names[index] == name { return values[index] }
            return nil
        }

        package var isEmpty: Bool { names.isEmpty }
        package static var empty: Parameters { Parameters(names: [], values: []) }
    }

    package enum Match {
        case found(Value, Parameters)
        /// The path exists; these methods do too, in alphabetical order.
        case methodNotAllowed(allowed: [String])
        case notFound
    }

    private struct Route: Sendable {
        var value: Value
        var names: [String]
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var routes: [(method: String, route: Route)] = []
        var pattern = ""
    }

    private var nodes = [Node()]

    package init() {}

    /// `/v1/leads/{id}/score`: a segment in braces matches one non-empty segment. Registering a method
    /// and path twice is a programmer's error, whatever the parameters are called.
    package mutating func add(_ method: String, _ pattern: String, _ value: Value) {
        precondition(pattern.hasPrefix("/"), "route \(pattern) does not begin with a slash")
        var node = 0
        var names: [String] = []
        let segments = pattern == "/" ? [] : pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for segment in segments {
            precondition(!segment.isEmpty, "route \(pattern) has an empty segment")
            if segment.hasPrefix("{"), segment.hasSuffix("}") {
                let name = String(segment.dropFirst().dropLast())
                precondition(!name.isEmpty && !names.contains(name), "route \(pattern): parameter {\(name)} is empty or doubled")
                names.append(name)
                node = nodes[node].parameter ?? grow(from: node, segment: nil)
            } else {
                precondition(!segment.contains("{") && !segment.contains("}"), "route \(pattern): a parameter is a whole segment")
                node = nodes[node].literals[String(segment)] ?? grow(from: node, segment: String(segment))
            }
        }
        let taken = nodes[node].routes.contains { $0.method == method }
        precondition(!taken, "route \(method) \(pattern) conflicts with \(nodes[node].pattern)")
        nodes[node].routes.append((method, Route(value: value, names: names)))
        nodes[node].pattern = pattern
    }

    /// A literal segment wins over a parameter; where it leads nowhere, the parameter is tried.
    package func match(_ method: String, _ segments: [String]) -> Match {
        var values: [String] = []
        var allowed: Set<String> = []
        if let route = find(method, segments, at: 0, node: 0, &values, &allowed) {
            return .found(route.value, Parameters(names: route.names, values: values))
        }
        return allowed.isEmpty ? .notFound : .methodNotAllowed(allowed: allowed.sorted())
    }

    private func find(
        _ method: String, _ segments: [String], at index: Int, node: Int, _ values: inout [String],
        _ allowed: inout Set<String>
    ) -> Route? {
        if index == segments.count {
            for candidate in nodes[node].routes where candidate.method == method { return candidate.route }
            for candidate in nodes[node].routes { allowed.insert(candidate.method) }
            return nil
        }
        let segment = segments[index]
        if let next = nodes[node].literals[segment],
            let route = find(method, segments, at: index + 1, node: next, &values, &allowed)
        {
            return route
        }
        guard let next = nodes[node].parameter, !segment.isEmpty else { return nil }
        values.append(segment)
        if let route = find(method, segments, at: index + 1, node: next, &values, &allowed) { return route }
        values.removeLast()
        return nil
    }

    private mutating func grow(from node: Int, segment: String?) -> Int {
        nodes.append(Node())
        if let segment { nodes[node].literals[segment] = nodes.count - 1 } else { nodes[node].parameter = nodes.count - 1 }
        return nodes.count - 1
    }
}
