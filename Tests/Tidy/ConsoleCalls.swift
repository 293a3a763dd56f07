/// The pages' calls of the API: the paths in their texts, with the methods that these are called with.
struct ConsoleCall: Sendable {
    let place: String
    /// Paths whose parameters are `*`: the call is for one of them.
    let paths: [String]
    /// `nil`: it cannot be told here.
    let methods: Set<String>?
}

/// The operations of the API, from openapi/operations.txt.
struct Operations: Sendable {
    struct Operation: Sendable {
        let method: String, path: String
        fileprivate let segments: [String]
    }

    let all: [Operation]

    init(_ lines: [Substring]) {
        all = lines.compactMap { line in
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 3 else { return nil }
            return Operation(method: parts[1], path: parts[2], segments: Self.segments(parts[2]))
        }
    }

    func matching(_ path: String) -> [Operation] {
        let segments = Self.segments(path)
        return all.filter { $0.segments.count == segments.count && Self.fit(segments, $0.segments) }
    }

    /// The operations that a call for the path reaches: what is filled in there is a parameter of theirs. A call for
    /// `/v1/*` is made for lists that are named elsewhere, and reaches none.
    func reached(by path: String) -> [Operation] {
        let segments = Self.segments(path), same = all.filter { $0.segments == segments }
        return !same.isEmpty
            ? same
            : all.filter { operation in
                guard operation.segments.count == segments.count else { return false }
                return zip(segments, operation.segments).allSatisfy { own, other in
                    own == other || (other.has("*") && Self.covers(Array(other), Array(own)))
                }
            }
    }

    /// Returns whether some path begins with the segments of this one.
    func begin(with path: String) -> Bool {
        let segments = Self.segments(path)
        return all.contains { $0.segments.count >= segments.count && Self.fit(segments, $0.segments) }
    }

    private static func segments(_ path: String) -> [String] {
        let whole = path.prefix { !"?#".contains($0) }
        return whole.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            $0.isEmpty ? "*" : String($0).replacing(/\{[^}]*\}/, with: "*")
        }
    }

    /// Returns whether the segments may be the same, as far as there are both.
    private static func fit(_ some: [String], _ others: [String]) -> Bool {
        zip(some, others).allSatisfy { one, other in
            if one == other || one == "*" || other == "*" { return true }
            guard one.has("*") || other.has("*") else { return false }
            return covers(Array(one), Array(other)) || covers(Array(other), Array(one))
        }
    }

    /// Returns whether the text is as the pattern, in which `*` stands for anything.
    private static func covers(_ pattern: [Character], _ text: [Character]) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = Array(pattern.dropFirst())
        if first == "*" { return (0...text.count).contains { covers(rest, Array(text.dropFirst($0))) } }
        return text.first == first && covers(rest, Array(text.dropFirst()))
    }
}

extension ScriptSource {
    private static let known = ["GET", "POST", "PATCH", "PUT", "DELETE"]

    /// Returns the module's calls; `exports` are the paths that modules give others under a name.
    func calls(_ exports: [String: [String]] = [:]) -> [ConsoleCall] {
        var bound = PathNames()
        for name in imported { if let paths = exports[name] { bound.add(name, paths, in: tokens.indices) } }
        bound.add(bindings)
        var found: [ConsoleCall] = [], callees: [(start: Int, name: String?)] = []
        for index in tokens.indices {
            callees.removeAll { (ends[$0.start] ?? .max) < index }
            switch self[index] {
            case .mark("("): callees.append((index, word(index - 1)))
            case .text(let text, let head):
                var paths = text.hasPrefix("/v1/") ? [text] : []
                if let head, let bases = bound.paths(of: head, at: index),
                    ["*/", "*."].contains(where: { text.hasPrefix($0) })
                {
                    paths = bases.map { $0 + text.dropFirst() }
                }
                if !paths.isEmpty { found.append(call(paths, at: index, callees)) }
            case .word(let name):
                // A name of a path, or a function that makes one, as the first that is handed over.
                guard let paths = bound.paths(of: name, at: index), case .mark("(")? = self[index - 1],
                    word(index - 2) != nil,
                    self[index + 1] != .mark("."), self[index + 1] != .mark("=")
                else { continue }
                found.append(call(paths, at: index, callees))
            default: break
            }
        }
        return found
    }

    private func call(
        _ paths: [String], at index: Int, _ callees: [(start: Int, name: String?)]
    ) -> ConsoleCall {
        ConsoleCall(
            place: "\(path):\(tokens[index].line)", paths: paths, methods: methods(at: index, callees))
    }

    private func methods(at index: Int, _ callees: [(start: Int, name: String?)]) -> Set<String>? {
        for (start, name) in callees.reversed() {
            switch name {
            case "withQuery", "encodeURIComponent": continue
            case "get", "getTagged", "download": return ["GET"]
            case "post", "operate": return ["POST"]
            // The portal's own, whose method is the last that is handed over.
            case "send" where hasPortalSend: return portalMethods(from: index, to: ends[start])
            case "call", "send", "fetch": return named(from: index, to: ends[start] ?? tokens.count)
            default: return nil
            }
        }
        return nil
    }

    private var hasPortalSend: Bool {
        tokens.indices.contains { index in
            guard case .text(let module, _)? = self[index], module.hasSuffix("/parts.js") else {
                return false
            }
            let names = (0..<index).reversed().prefix { word($0) != "import" }
            return path.hasPrefix("static/portal/") && names.contains { word($0) == "send" }
        }
    }

    private func portalMethods(from index: Int, to end: Int?) -> Set<String> {
        let named = (index..<(end ?? index)).compactMap { place -> String? in
            guard case .text(let text, _)? = self[place] else { return nil }
            return Self.known.contains(text) ? text : nil
        }
        return named.isEmpty ? ["POST"] : Set(named)
    }

    /// The methods among the options of a call.
    private func named(from index: Int, to end: Int) -> Set<String>? {
        var methods: Set<String> = [], hasOptions = false
        for place in index..<end {
            guard word(place) == "method" else { continue }
            hasOptions = true
            guard case .mark(":")? = self[place + 1] else { return nil }
            var value = place + 2
            while value < end, self[value] != .mark(","), self[value] != .mark("}") {
                if case .text(let text, _)? = self[value], Self.known.contains(text) { methods.insert(text) }
                value += 1
            }
        }
        if hasOptions { return methods.isEmpty ? nil : methods }
        // Options that are made elsewhere may name a method.
        let rest = (index + 1..<end).filter { self[$0] == .mark(",") && !isWithin($0, from: index, to: end) }
        guard let comma = rest.first else { return ["GET"] }
        return self[comma + 1] == .mark("{") && !hasSpread(comma + 1) ? ["GET"] : nil
    }

    private func isWithin(_ place: Int, from start: Int, to end: Int) -> Bool {
        (start..<place).contains { ends[$0].map { $0 > place && $0 < end } ?? false }
    }

    private func hasSpread(_ start: Int) -> Bool {
        (start..<(ends[start] ?? start)).contains { self[$0] == .mark(".") && self[$0 + 1] == .mark(".") }
    }

    /// Every method that the module names somewhere.
    var namedMethods: Set<String> {
        var methods: Set<String> = ["GET"]
        for index in tokens.indices {
            if case .text(let text, _)? = self[index], Self.known.contains(text) { methods.insert(text) }
            if word(index) == "post", self[index + 1] == .mark("(") { methods.insert("POST") }
        }
        return methods
    }

    var texts: [String] {
        tokens.compactMap { if case .text(let text, _) = $0.token { text } else { nil } }
    }

    /// The keys of the objects that the module gives others.
    var exportedKeys: [String] {
        tokens.indices.flatMap { index -> [String] in
            guard word(index) == "export", word(index + 1) == "const", self[index + 4] == .mark("{") else {
                return []
            }
            return keys(from: index + 4)
        }
    }

    private func keys(from start: Int) -> [String] {
        let end = ends[start] ?? start
        var keys: [String] = [], place = start + 1
        while place < end {
            if self[place + 1] == .mark(":") {
                if let word = word(place) { keys.append(word) }
                if case .text(let text, _)? = self[place] { keys.append(text) }
            }
            if let close = ends[place] { place = close }
            place += 1
        }
        return keys
    }

    /// The paths that the module gives others, by the names of its constants and functions.
    var exports: [String: [String]] {
        let bound = bindings
        var found: [String: [String]] = [:]
        for index in tokens.indices where word(index) == "export" {
            guard ["const", "function"].contains(word(index + 1)), let name = word(index + 2) else {
                continue
            }
            found[name] = bound.paths(of: name, at: tokens.count - 1)
        }
        return found
    }

    private var imported: Set<String> {
        var names: Set<String> = []
        for index in tokens.indices where word(index) == "import" {
            names.formUnion((index..<tokens.count).prefix { !isText($0) }.compactMap(word))
        }
        return names
    }

    private func isText(_ index: Int) -> Bool { if case .text? = self[index] { true } else { false } }

    /// The constants that hold a path, and the functions that make one of what they are given.
    private var bindings: PathNames {
        var found = PathNames()
        for index in tokens.indices where word(index) == "const" {
            guard let name = word(index + 1), self[index + 2] == .mark("=") else { continue }
            var place = index + 3, paths: [String] = []
            if word(place) == "async" { place += 1 }
            if self[place] == .mark("("), let end = ends[place], self[end + 1] == .mark("="),
                self[end + 2] == .mark(">")
            {
                place = end + 3
            } else if word(place) != nil, self[place + 1] == .mark("="), self[place + 2] == .mark(">") {
                place += 3
            }
            while let token = self[place], token != .mark(";"), token != .mark("{") {
                // A function that is called, or awaited, is no path.
                if token == .mark("("), word(place - 1) != nil { break }
                if case .text(let text, let head) = token {
                    if text.hasPrefix("/v1/") { paths.append(text) }
                    if let head, ["*/", "*."].contains(where: { text.hasPrefix($0) }) {
                        paths += (found.paths(of: head, at: place) ?? []).map { $0 + text.dropFirst() }
                    }
                    // An interpolation stands behind it.
                    while self[place + 1] == .mark("["), let end = ends[place + 1] { place = end }
                }
                place += 1
            }
            if !paths.isEmpty { found.add(name, paths, in: index..<endOfBlock(around: index)) }
        }
        for index in tokens.indices where word(index) == "function" {
            guard let name = word(index + 1), let end = ends[index + 2], word(end + 2) == "return",
                case .text(let text, _)? = self[end + 3], text.hasPrefix("/v1/")
            else { continue }
            found.add(name, [text], in: index..<tokens.count)
        }
        return found
    }

    private func endOfBlock(around place: Int) -> Int {
        let around = ends.filter { self[$0.key] == .mark("{") && $0.key < place && $0.value > place }
        return around.map(\.value).min() ?? tokens.count
    }
}

/// The names of paths in a module, each with the tokens that see it.
private struct PathNames {
    private var all: [(name: String, seen: Range<Int>, paths: [String])] = []

    mutating func add(_ others: PathNames) { all += others.all }

    mutating func add(_ name: String, _ paths: [String], in seen: Range<Int>) {
        all.append((name, seen, paths))
    }

    func paths(of name: String, at place: Int) -> [String]? {
        all.last { $0.name == name && $0.seen.contains(place) }?.paths
    }
}
