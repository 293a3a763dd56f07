internal import JSON

/// A value whose names are known.
struct KnownValue {
    var operand: Operand
    var kind: TemplateNames.Kind
    /// `lead.company`; `nil` for a literal.
    var path: String?
    var isOptional: Bool
}

/// A loop around the place that is looked at.
struct LoopScope {
    let variable: String
    let kind: TemplateNames.Kind
}

/// Finds what a written name means, and what was meant where it means nothing.
struct NameLookup {
    let names: TemplateNames

    struct Unknown: Error {
        let offset: Int
        let detail: String
    }

    func find(_ written: WrittenValue, loops: [LoopScope]) throws(Unknown) -> KnownValue {
        switch written.form {
        case .literal(let value):
            return KnownValue(
                operand: .literal(value), kind: Self.kind(of: value), path: nil, isOptional: false)
        case .path(let root, let steps):
            var walk = try start(root, at: written.offset, loops: loops)
            for step in steps { try follow(step, &walk, written.offset) }
            return KnownValue(
                operand: .path(Path(root: walk.root, steps: walk.steps)), kind: walk.kind, path: walk.path,
                isOptional: walk.isOptional)
        }
    }

    private struct Walk {
        var root: Path.Root
        var steps: [Path.Step] = []
        var kind: TemplateNames.Kind
        var path: String
        var isOptional = false
    }

    private func start(_ root: String, at offset: Int, loops: [LoopScope]) throws(Unknown) -> Walk {
        if let depth = loops.lastIndex(where: { $0.variable == root }) {
            return Walk(root: .item(depth), kind: loops[depth].kind, path: root)
        }
        if root == "forloop" {
            guard !loops.isEmpty else {
                throw Unknown(offset: offset, detail: "forloop is known inside {% for … %} only.")
            }
            return Walk(root: .loop(loops.count - 1), kind: Self.loopKind, path: root)
        }
        guard let name = names.names.first(where: { $0.name == root }) else {
            throw Unknown(offset: offset, detail: unknown(root, loops))
        }
        return Walk(
            root: .value(root), kind: name.kind, path: root, isOptional: name.presence == .optional)
    }

    private func follow(
        _ step: WrittenValue.Step, _ walk: inout Walk, _ offset: Int
    ) throws(Unknown) {
        switch step {
        case .index(let index):
            guard let item = walk.kind.item else {
                throw Unknown(
                    offset: offset,
                    detail: "\(walk.path) is \(walk.kind.noun), not a list: it has no item \(index).")
            }
            walk.steps.append(.index(index))
            (walk.kind, walk.isOptional) = (item, true)
            walk.path += "[\(index)]"
        case .member(let name, _):
            let before = walk.path
            walk.path += ".\(name)"
            switch walk.kind {
            case .object(let members):
                guard let member = members.first(where: { $0.name == name }) else {
                    throw Unknown(offset: offset, detail: unknown(name, in: before, members))
                }
                walk.steps.append(.member(name))
                walk.kind = member.kind
                walk.isOptional = walk.isOptional || member.presence == .optional
            case .open, .any:
                walk.steps.append(.member(name))
                (walk.kind, walk.isOptional) = (.any, true)
            case .money where name == "amount" || name == "currency":
                walk.steps.append(.member(name))
                walk.kind = name == "amount" ? .number : .text
            case .list(let item) where name == "first" || name == "last":
                walk.steps.append(name == "first" ? .first : .last)
                (walk.kind, walk.isOptional) = (item, true)
            case .list where name == "size", .text where name == "size":
                walk.steps.append(.size)
                (walk.kind, walk.isOptional) = (.number, false)
            default:
                throw Unknown(
                    offset: offset, detail: "\(before) is \(walk.kind.noun): it has no '\(name)'.")
            }
        }
    }

    private static let loopKind = TemplateNames.Kind.object(
        ["index", "index0", "length"].map { .number($0, .required) }
            + ["first", "last"].map { .flag($0, .required) })

    private static func kind(of value: JSON) -> TemplateNames.Kind {
        switch value {
        case .string: .text
        case .integer, .number: .number
        case .bool: .flag
        default: .any
        }
    }

    // MARK: What was meant

    private func unknown(_ name: String, _ loops: [LoopScope]) -> String {
        let said = "The name '\(name)' is not known"
        let roots = names.names.map(\.name) + loops.map(\.variable)
        if let near = Spelling.nearest(to: name, among: roots) { return "\(said): did you mean \(near)?" }
        // "company" alone: the name is right, what it belongs to is missing.
        let ends = names.paths.filter { $0.path.hasSuffix(".\(name)") }.map(\.path)
        if let end = ends.first { return "\(said): did you mean \(end)?" }
        let byEnd = names.paths.map(\.path).filter { $0.contains(".") }
        let lasts = byEnd.map { String($0.split(separator: ".").last!) }
        if let near = Spelling.nearest(to: name, among: lasts), let index = lasts.firstIndex(of: near) {
            return "\(said): did you mean \(byEnd[index])?"
        }
        return "\(said). " + (roots.isEmpty ? "No names are known here." : "The names are \(listed(roots)).")
    }

    private func unknown(_ name: String, in owner: String, _ members: [TemplateNames.Name]) -> String {
        let said = "\(owner) has no '\(name)'"
        if let near = Spelling.nearest(to: name, among: members.map(\.name)) {
            return "\(said): did you mean \(owner).\(near)?"
        }
        return "\(said). It has: \(listed(members.map(\.name)))."
    }

    private func listed(_ names: [String]) -> String {
        names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " …" : "")
    }
}

extension TemplateNames.Kind {
    /// The kind of a list's items; `nil` for what is no list.
    var item: TemplateNames.Kind? {
        switch self {
        case .list(let item): item
        case .any: .any
        default: nil
        }
    }
}

/// Which known word a mistyped one was meant to be.
enum Spelling {
    static func nearest(to word: String, among known: [String]) -> String? {
        let written = Array(word.lowercased().utf8.prefix(48))
        var best: (name: String, distance: Int)?
        for name in known {
            let other = Array(name.lowercased().utf8.prefix(48))
            // A third of the letters may be wrong; "shoe_size" is no "company_size".
            let limit = max(1, min(written.count, other.count) / 3)
            guard abs(written.count - other.count) <= limit else { continue }
            let distance = distance(written, other)
            if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// Letters to insert, to leave out, to replace or to swap with their neighbour.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var older = [Int](repeating: 0, count: b.count + 1)
        var old = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var cost = min(old[j + 1] + 1, row[j] + 1, old[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
                row.append(cost)
            }
            (older, old) = (old, row)
        }
        return old[b.count]
    }
}
