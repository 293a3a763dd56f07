/// Finds what a method and a path stand for: a trie keyed by segment.
@usableFromInline package struct Router<Value: Sendable>: Sendable {
    @usableFromInline package enum Match {
        case found(Value, PathParameters)
        /// The path exists; these methods do too, in alphabetical order.
        case methodNotAllowed(allowed: [String])
        case notFound
    }

    // The search knows nothing of `Value`, and the rest is inlinable: unspecialized generic code would look up its
    // types on each step.
    @usableFromInline var trie = RouteTrie()
    @usableFromInline var values: [Value] = []

    package init() {}

    /// `/v1/leads/{id}/score`: a segment in braces matches one non-empty segment, `{id}.pdf` one that ends so, without
    /// its end. Registering a method and path twice is a programmer's error, whatever the parameters are called.
    package mutating func add(_ method: String, _ pattern: String, _ value: Value) {
        trie.add(method, pattern, index: values.count)
        values.append(value)
    }

    /// A literal segment wins over a parameter, and one with a literal end over one without; where it leads nowhere,
    /// the next is tried.
    @inlinable package func match(_ method: String, _ segments: [String]) -> Match {
        var search = RouteTrie.Search(method: method, segments: segments)
        if let index = trie.find(&search, at: 0, node: 0) {
            return .found(values[index], search.parameters)
        }
        return search.allowed.isEmpty ? .notFound : .methodNotAllowed(allowed: search.allowed.sorted())
    }
}

/// A path's parameters, by the names its pattern gave them.
@usableFromInline package struct PathParameters: Sendable {
    fileprivate var names: [String] = []
    fileprivate var values: [String] = []

    /// nil where the pattern has no such name.
    package subscript(_ name: String) -> String? {
        for index in names.indices where names[index] == name { return values[index] }
        return nil
    }

    package var isEmpty: Bool { names.isEmpty }
    package static var empty: PathParameters { PathParameters() }
}

@usableFromInline struct RouteTrie: Sendable {
    @usableFromInline struct Search {
        let method: String
        let segments: [String]
        @usableFromInline var parameters = PathParameters()
        @usableFromInline var allowed: Set<String> = []

        @usableFromInline init(method: String, segments: [String]) {
            (self.method, self.segments) = (method, segments)
        }
    }

    private struct Route {
        var method: String
        var index: Int
        var names: [String]
    }

    private struct Node {
        var literals: [String: Int] = [:]
        var parameter: Int?
        /// Parameters with a literal end, such as `{id}.pdf`: rare, so looked at in turn.
        var ended: [(end: String, node: Int)] = []
        var routes: [Route] = []
        /// The last pattern that ends here, for messages.
        var pattern = ""
    }

    private var nodes = [Node()]

    mutating func add(_ method: String, _ pattern: String, index: Int) {
        precondition(pattern.hasPrefix("/"), "route \(pattern) does not begin with a slash")
        var node = 0
        var names: [String] = []
        let segments = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for segment in pattern == "/" ? [] : segments {
            precondition(!segment.isEmpty, "route \(pattern) has an empty segment")
            if segment.hasPrefix("{"), segment.hasSuffix("}") {
                let name = String(segment.dropFirst().dropLast())
                precondition(!name.isEmpty, "route \(pattern) has a parameter without a name")
                precondition(!names.contains(name), "route \(pattern) has two parameters {\(name)}")
                names.append(name)
                node = nodes[node].parameter ?? grow(from: node, segment: nil)
            } else if segment.hasPrefix("{"), let brace = segment.lastIndex(of: "}") {
                let name = String(segment[..<brace].dropFirst())
                let end = String(segment[segment.index(after: brace)...])
                precondition(!name.isEmpty, "route \(pattern) has a parameter without a name")
                precondition(!names.contains(name), "route \(pattern) has two parameters {\(name)}")
                names.append(name)
                node = nodes[node].ended.first { $0.end == end }?.node ?? grow(from: node, end: end)
            } else {
                precondition(
                    !segment.utf8.contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") },
                    "route \(pattern): a parameter is a segment, or its beginning")
                node = nodes[node].literals[String(segment)] ?? grow(from: node, segment: String(segment))
            }
        }
        let isTaken = nodes[node].routes.contains { $0.method == method }
        precondition(!isTaken, "route \(method) \(pattern) conflicts with \(nodes[node].pattern)")
        nodes[node].routes.append(Route(method: method, index: index, names: names))
        nodes[node].pattern = pattern
    }

    @usableFromInline func find(_ search: inout Search, at depth: Int, node: Int) -> Int? {
        if depth == search.segments.count {
            for route in nodes[node].routes where route.method == search.method {
                search.parameters.names = route.names
                return route.index
            }
            for route in nodes[node].routes { search.allowed.insert(route.method) }
            return nil
        }
        if let next = nodes[node].literals[search.segments[depth]],
            let index = find(&search, at: depth + 1, node: next)
        {
            return index
        }
        for (end, next) in nodes[node].ended where search.segments[depth].hasSuffix(end) {
            let value = String(search.segments[depth].dropLast(end.count))
            guard !value.isEmpty else { continue }
            search.parameters.values.append(value)
            if let index = find(&search, at: depth + 1, node: next) { return index }
            search.parameters.values.removeLast()
        }
        guard let next = nodes[node].parameter, !search.segments[depth].isEmpty else { return nil }
        search.parameters.values.append(search.segments[depth])
        if let index = find(&search, at: depth + 1, node: next) { return index }
        search.parameters.values.removeLast()
        return nil
    }

    private mutating func grow(from node: Int, end: String) -> Int {
        nodes.append(Node())
        nodes[node].ended.append((end, nodes.count - 1))
        return nodes.count - 1
    }

    private mutating func grow(from node: Int, segment: String?) -> Int {
        nodes.append(Node())
        let grown = nodes.count - 1
        if let segment { nodes[node].literals[segment] = grown } else { nodes[node].parameter = grown }
        return grown
    }
}
