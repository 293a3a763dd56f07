internal import JSON

/// One rendering: walks the nodes and writes bytes, within its limits.
struct Renderer {
    /// The limit that a rendering has met, and the byte of the source where, as far as that is known.
    struct Exceeded: Error {
        let offset: Int
        let detail: String
    }

    private let values: JSON
    private let writer: ValueWriter
    private let filters: FilterApplication
    private(set) var bytes: [UInt8] = []
    private(set) var missing: [Use] = []
    private var stepsLeft = TemplateLimits.stepsMax
    private var items: [JSON] = []
    private var rounds: [(index: Int, count: Int)] = []
    private var offset = 0

    init(_ values: JSON, _ output: Output, _ format: ValueFormat) {
        self.values = values
        writer = ValueWriter(output: output, format: format)
        filters = FilterApplication(format: format)
        bytes.reserveCapacity(2048)
    }

    mutating func run(_ nodes: [Node]) throws(Exceeded) {
        for node in nodes {
            try spend(1)
            switch node {
            case .text(let text): bytes.append(contentsOf: text)
            case .output(let output): try write(output)
            case .choice(let branches):
                for branch in branches where branch.condition.map({ holds($0) }) ?? true {
                    try run(branch.body)
                    break
                }
            case .loop(let loop): try run(loop)
            }
            guard bytes.count <= TemplateLimits.outputMax else {
                throw Exceeded(
                    offset: offset, detail: "The result is longer than \(TemplateLimits.outputMax) bytes.")
            }
        }
    }

    private mutating func spend(_ steps: Int) throws(Exceeded) {
        stepsLeft -= steps
        guard stepsLeft >= 0 else {
            throw Exceeded(
                offset: offset, detail: "The template does more than \(TemplateLimits.stepsMax) steps.")
        }
    }

    private mutating func write(_ output: Node.Output) throws(Exceeded) {
        var value = value(of: output.value)
        for filter in output.filters {
            // A filter walks its value.
            try spend(1 + Self.weight(value))
            if case .fallback(let operand) = filter {
                if !Truth.holds(value) { value = self.value(of: operand) }
            } else {
                value = filters.apply(filter, to: value)
            }
        }
        try spend(Self.weight(value))
        if let use = output.missing, Truth.isMissing(value), missing.count < TemplateLimits.faultsMax,
            !missing.contains(where: { $0.path == use.path })
        {
            missing.append(use)
        }
        writer.write(value, output, into: &bytes)
    }

    private static func weight(_ value: JSON) -> Int {
        switch value {
        case .string(let text): text.utf8.count / 64
        case .array(let items): items.reduce(items.count) { $0 + weight($1) }
        default: 0
        }
    }

    private mutating func run(_ loop: Node.Loop) throws(Exceeded) {
        guard case .array(let all) = value(of: loop.list), !all.isEmpty else {
            return try run(loop.otherwise)
        }
        var count = all.count
        if let limit = loop.limit, let bound = value(of: limit).double {
            count = min(count, Int(max(0, min(bound, 1e6))))
        }
        guard count > 0 else { return try run(loop.otherwise) }
        guard count <= TemplateLimits.roundsMax else {
            throw Exceeded(
                offset: loop.offset,
                detail:
                    "The list has \(count) items, and a loop goes round \(TemplateLimits.roundsMax) times at"
                    + " most: give it a limit.")
        }
        let outer = offset
        offset = loop.offset
        for index in 0..<count {
            items.append(all[index])
            rounds.append((index, count))
            try run(loop.body)
            items.removeLast()
            rounds.removeLast()
        }
        offset = outer
    }

    // MARK: Values

    private func value(of operand: Operand) -> JSON {
        switch operand {
        case .literal(let value): value
        case .path(let path): value(of: path)
        }
    }

    private func value(of path: Path) -> JSON {
        var steps = path.steps[...]
        var value: JSON
        switch path.root {
        case .value(let name): value = values[name] ?? .null
        case .item(let depth): value = depth < items.count ? items[depth] : .null
        case .loop(let depth):
            guard depth < rounds.count, case .member(let name)? = steps.popFirst() else { return .null }
            value = Self.fact(name, of: rounds[depth])
        }
        for step in steps { value = Self.follow(step, from: value) }
        return value
    }

    private static func fact(_ name: String, of round: (index: Int, count: Int)) -> JSON {
        switch name {
        case "index": JSON(round.index + 1)
        case "index0": JSON(round.index)
        case "length": JSON(round.count)
        case "first": .bool(round.index == 0)
        case "last": .bool(round.index == round.count - 1)
        default: .null
        }
    }

    private static func follow(_ step: Path.Step, from value: JSON) -> JSON {
        switch step {
        case .member(let name):
            if let member = value[name] { return member }
            // The members of an open object are known only now: there these are no members' names.
            switch name {
            case "size" where value.array != nil || value.text != nil: return follow(.size, from: value)
            case "first": return value.array?.first ?? .null
            case "last": return value.array?.last ?? .null
            default: return .null
            }
        case .index(let index):
            guard let items = value.array, items.indices.contains(index) else { return .null }
            return items[index]
        case .size: return JSON(value.array?.count ?? value.text?.count ?? 0)
        case .first: return value.array?.first ?? .null
        case .last: return value.array?.last ?? .null
        }
    }

    private mutating func holds(_ condition: Condition) -> Bool {
        // Counted without a check: nodes are checked, and a condition is as long as its source.
        stepsLeft -= 1
        switch condition {
        case .truth(let operand): return Truth.holds(value(of: operand))
        case .comparison(let left, let sign, let right):
            let (one, other) = (value(of: left), value(of: right))
            // A text is searched for a part at each of its places.
            stepsLeft -= Self.weight(one) * max(1, Self.weight(other))
            return Truth.compare(one, sign, other)
        case .all(let parts):
            for part in parts where !holds(part) { return false }
            return true
        case .any(let parts):
            for part in parts where holds(part) { return true }
            return false
        case .not(let inner): return !holds(inner)
        }
    }
}
