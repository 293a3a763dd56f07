internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Reads a definition and names every fault of it.
struct GraphReader {
    /// The agents, tools and workflows that the definition may refer to.
    struct World: Sendable {
        let hasAgent: @Sendable (String) -> Bool
        let hasTool: @Sendable (String) -> Bool
        let hasWorkflow: @Sendable (ID<WorkflowDefinition>) -> Bool
    }

    let world: World
    var faults = Faults()
    /// The workflows that this one starts, each with the place in the document that names it.
    private(set) var started: [(id: ID<WorkflowDefinition>, place: String)] = []
    var schema = GraphSchema(fields: [])

    init(_ world: World) { self.world = world }

    /// The graph; to be used only when there are no faults.
    mutating func read(start: String, state: JSONObject, nodes: [JSON], edges: [JSON]) -> Graph {
        schema = readSchema(state)
        var read: [GraphNode] = [], places: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            guard let node = readNode(node, "/nodes/\(index)") else { continue }
            if places[node.id] != nil {
                faults.add(
                    "/nodes/\(index)/id", "duplicate_node",
                    "The node \(node.id) exists twice: give each node an id of its own.")
            }
            places[node.id] = index
            read.append(node)
        }
        let links = edges.enumerated().compactMap { readEdge($1, "/edges/\($0)") }
        let graph = Graph(start: start, state: schema, nodes: read, edges: links)
        GraphCheck(graph, nodes, places, edges).run(&faults)
        return graph
    }

    // MARK: State

    private mutating func readSchema(_ state: JSONObject) -> GraphSchema {
        var fields: [GraphSchema.Field] = []
        for (name, value) in state.members {
            let place = "/state/\(name.pointerToken)"
            let isName =
                !name.isEmpty
                && name.utf8.allSatisfy {
                    $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
                        || (0x41...0x5A).contains($0)
                }
            if !isName || name.utf8.count > 64 {
                faults.add(
                    place, "invalid_key",
                    "\(name.prefix(64)) is not a valid name: use letters, digits and '_', at most 64.")
            }
            guard let object = object(value, place, ["type", "required", "default", "description"]) else {
                continue
            }
            guard let type = choice(object["type"], "\(place)/type", GraphSchema.FieldType.self) else {
                continue
            }
            let standard = object["default"]
            if let standard, !standard.isNull, !type.accepts(standard) {
                faults.add(
                    "\(place)/default", "type_mismatch",
                    "\(name) is declared as \(type.rawValue), which the default is not.")
            }
            let isRequired = flag(object["required"], "\(place)/required") ?? false
            fields.append(.init(name: name, type: type, isRequired: isRequired, standard: standard))
        }
        return GraphSchema(fields: fields)
    }

    // MARK: Nodes

    /// The kinds of nodes, and the members that each may have beside its id, type and title.
    enum Kind: String, CaseIterable {
        case agent, tool, condition, wait, approval, parallel, map
        case subWorkflow = "sub_workflow"

        var members: [String] {
            switch self {
            case .agent: ["agent", "input", "output", "retry"]
            case .tool: ["tool", "input", "output", "retry"]
            case .condition: []
            case .wait: ["for", "signal", "timeout", "output"]
            case .approval: ["expires_in", "reason"]
            case .parallel: ["branches", "next"]
            case .map: ["over", "as", "node"]
            case .subWorkflow: ["workflow_id", "input", "output"]
            }
        }
    }

    private mutating func readNode(_ json: JSON, _ place: String) -> GraphNode? {
        guard let node = json.object else {
            faults.add(place, "wrong_type", "A node must be an object.")
            return nil
        }
        let id = text(node["id"], "\(place)/id", isRequired: true, max: 64)
        guard let kind = choice(node["type"], "\(place)/type", Kind.self) else { return nil }
        _ = object(json, place, ["id", "type", "title"] + kind.members)
        guard let work = readWork(kind, node, place), let id else { return nil }
        return GraphNode(
            id: id, title: text(node["title"], "\(place)/title", max: 500), work: work,
            attempts: readAttempts(node["retry"], "\(place)/retry"),
            output: readOutput(node["output"], "\(place)/output"))
    }

    private mutating func readWork(_ kind: Kind, _ node: JSONObject, _ place: String) -> GraphNode.Work? {
        switch kind {
        case .condition: return .condition
        case .agent:
            guard let name = text(node["agent"], "\(place)/agent", isRequired: true) else { return nil }
            if !world.hasAgent(name) {
                faults.add("\(place)/agent", "unknown_agent", "The agent \(name.prefix(64)) does not exist.")
            }
            return .agent(name, input: input(node, place))
        case .tool:
            guard let name = text(node["tool"], "\(place)/tool", isRequired: true) else { return nil }
            if !world.hasTool(name) {
                faults.add("\(place)/tool", "unknown_tool", "The tool \(name.prefix(64)) does not exist.")
            }
            return .tool(name, input: input(node, place))
        case .wait: return readWait(node, place)
        case .approval:
            let title = text(node["title"], "\(place)/title", isRequired: true, max: 500)
            return .approval(
                title: title ?? "", reason: text(node["reason"], "\(place)/reason", max: 2000),
                expiresIn: duration(node["expires_in"], "\(place)/expires_in"))
        case .parallel:
            let branches = texts(node["branches"], "\(place)/branches")
            return .parallel(branches: branches, next: text(node["next"], "\(place)/next"))
        case .map: return readMap(node, place)
        case .subWorkflow:
            guard let text = text(node["workflow_id"], "\(place)/workflow_id", isRequired: true) else {
                return nil
            }
            guard let id = ID<WorkflowDefinition>(text), world.hasWorkflow(id) else {
                faults.add(
                    "\(place)/workflow_id", "unknown_reference",
                    "The workflow \(text.prefix(64)) does not exist: choose another.")
                return nil
            }
            started.append((id, "\(place)/workflow_id"))
            return .subWorkflow(id, input: input(node, place))
        }
    }

    private mutating func readWait(_ node: JSONObject, _ place: String) -> GraphNode.Work? {
        let time = duration(node["for"], "\(place)/for")
        let signal = text(node["signal"], "\(place)/signal")
        let timeout = duration(node["timeout"], "\(place)/timeout")
        switch (node["for"], node["signal"]) {
        case (nil, nil): faults.add("\(place)/for", "required", "A wait needs for or signal.")
        case (.some, .some):
            faults.add("\(place)/signal", "conflict", "A wait takes for or signal, not both.")
        default: break
        }
        if node["timeout"] != nil, node["signal"] == nil {
            faults.add("\(place)/timeout", "unknown_field", "Only a wait for a signal has a timeout.")
        }
        if let signal { return .signal(signal, timeout: timeout) }
        return time.map(GraphNode.Work.wait)
    }

    private mutating func readMap(_ node: JSONObject, _ place: String) -> GraphNode.Work? {
        let over = text(node["over"], "\(place)/over", isRequired: true)
        let name = text(node["as"], "\(place)/as", isRequired: true, max: 64)
        let inner = text(node["node"], "\(place)/node", isRequired: true)
        guard let over, let name, let inner else { return nil }
        if let field = schema[over] {
            if field.type != .list {
                faults.add(
                    "\(place)/over", "type_mismatch",
                    "\(over) is declared as \(field.type.rawValue), not list.")
            }
        } else {
            faults.add(
                "\(place)/over", "unknown_state_field",
                "The workflow's state has no field \(over.prefix(64)): declare it, or name another.")
        }
        return .map(over: over, as: name, node: inner)
    }

    private mutating func input(_ node: JSONObject, _ place: String) -> JSON {
        guard let input = node["input"] else { return [:] }
        if input.object == nil { faults.add("\(place)/input", "wrong_type", "input must be an object.") }
        return input
    }

    private mutating func readAttempts(_ json: JSON?, _ place: String) -> StepAttempts {
        guard let json, let retry = object(json, place, ["max_attempts", "delay"]) else {
            return StepAttempts()
        }
        var attempts = StepAttempts()
        if let max = retry["max_attempts"] {
            if let max = max.int, (1...100).contains(max) {
                attempts.max = Int(max)
            } else {
                faults.add(
                    "\(place)/max_attempts", "out_of_range", "retry.max_attempts must be from 1 to 100.")
            }
        }
        if let delay = duration(retry["delay"], "\(place)/delay") { attempts.retry.base = delay }
        return attempts
    }

    /// `{state field: key of the result}`
    private mutating func readOutput(_ json: JSON?, _ place: String) -> [(field: String, source: String)] {
        guard let json else { return [] }
        guard let object = json.object else {
            faults.add(
                place, "wrong_type",
                "output must be an object that maps fields of the state to keys of the result.")
            return []
        }
        var output: [(field: String, source: String)] = []
        for (field, source) in object.members {
            let pointer = "\(place)/\(field.pointerToken)"
            if schema[field] == nil {
                faults.add(
                    pointer, "unknown_state_field",
                    "The workflow's state has no field \(field.prefix(64)): declare it, or name another."
                )
            }
            if let source = text(source, pointer, isRequired: true) { output.append((field, source)) }
        }
        return output
    }

    // MARK: Edges

    private mutating func readEdge(_ json: JSON, _ place: String) -> GraphEdge? {
        guard let edge = object(json, place, ["from", "to", "when"]) else { return nil }
        let from = text(edge["from"], "\(place)/from", isRequired: true)
        let to = text(edge["to"], "\(place)/to", isRequired: true)
        let when = edge["when"].flatMap { readCondition($0, "\(place)/when") }
        guard let from, let to else { return nil }
        return GraphEdge(from: from, to: to, when: when ?? (edge["when"] == nil ? nil : .any([])))
    }

    mutating func readCondition(_ json: JSON, _ place: String) -> GraphCondition? {
        guard let object = json.object else {
            faults.add(place, "wrong_type", "A condition must be an object.")
            return nil
        }
        for (name, combine) in [("all", GraphCondition.all), ("any", GraphCondition.any)] {
            guard let parts = object[name] else { continue }
            _ = self.object(json, place, [name])
            guard let list = parts.array, !list.isEmpty else {
                faults.add(
                    "\(place)/\(name)", "wrong_type",
                    "\(name) must be a list of conditions, with one at least.")
                return nil
            }
            return combine(list.enumerated().compactMap { readCondition($1, "\(place)/\(name)/\($0)") })
        }
        if let part = object["not"] {
            _ = self.object(json, place, ["not"])
            return readCondition(part, "\(place)/not").map(GraphCondition.not)
        }
        _ = self.object(json, place, ["field", "op", "value"])
        guard let field = text(object["field"], "\(place)/field", isRequired: true),
            let op = choice(object["op"], "\(place)/op", GraphOperator.self)
        else { return nil }
        let value = object["value"] ?? .null
        check(field, op, value, place)
        return .compare(field: field, op, value)
    }

    private mutating func check(_ field: String, _ op: GraphOperator, _ value: JSON, _ place: String) {
        let root = String(field.split(separator: ".").first ?? "")
        guard let declared = schema[root] else {
            faults.add(
                "\(place)/field", schema.isOfEvent ? "unknown_field" : "unknown_state_field",
                "\(schema.isOfEvent ? "An event" : "The workflow's state") has no field \(root.prefix(64)).")
            return
        }
        // Values inside an object or a list have no declared type.
        guard root == field else { return }
        let isOrdered = [.string, .integer, .number].contains(declared.type)
        let fits: Bool =
            switch op {
            case .eq, .ne:
                value.isNull || declared.type.accepts(value)
                    || declared.type == .integer && value.double != nil
            case .gt, .gte, .lt, .lte:
                isOrdered && (declared.type == .string ? value.text != nil : value.double != nil)
            case .in: value.array?.allSatisfy { $0.isNull || declared.type.accepts($0) } ?? false
            case .contains: declared.type == .list || declared.type == .string && value.text != nil
            case .exists: value.isNull || value.flag != nil
            }
        if !fits {
            faults.add(
                "\(place)/value", "type_mismatch",
                "\(field) is declared as \(declared.type.rawValue): \(op.rawValue) cannot compare it with this value."
            )
        }
    }

    // MARK: Values

    mutating func object(_ json: JSON, _ place: String, _ members: [String]) -> JSONObject? {
        guard let object = json.object else {
            faults.add(place, "wrong_type", "\(place.pointedMember) must be an object.")
            return nil
        }
        for name in object.keys where !members.contains(name) {
            faults.add(
                "\(place)/\(name.pointerToken)", "unknown_field",
                "The field \(name.prefix(64)) is not known here."
            )
        }
        return object
    }

    mutating func text(
        _ json: JSON?, _ place: String, isRequired: Bool = false, max: Int = 200
    ) -> String? {
        guard let json, !json.isNull else {
            if isRequired { faults.add(place, "required", "\(place.pointedMember) is required.") }
            return nil
        }
        guard let text = json.text else {
            faults.add(place, "wrong_type", "\(place.pointedMember) must be a text.")
            return nil
        }
        if text.isEmpty, isRequired { faults.add(place, "required", "\(place.pointedMember) is required.") }
        if text.unicodeScalars.count > max {
            faults.add(place, "too_long", "\(place.pointedMember) may have at most \(max) characters.")
            return nil
        }
        return text.isEmpty ? nil : text
    }

    private mutating func texts(_ json: JSON?, _ place: String) -> [String] {
        guard let list = json?.array, !list.isEmpty else {
            faults.add(
                place, json == nil ? "required" : "wrong_type",
                "\(place.pointedMember) must be a list of node ids.")
            return []
        }
        return list.enumerated().compactMap { text($1, "\(place)/\($0)", isRequired: true) }
    }

    private mutating func flag(_ json: JSON?, _ place: String) -> Bool? {
        guard let json, !json.isNull else { return nil }
        if json.flag == nil {
            faults.add(place, "wrong_type", "\(place.pointedMember) must be true or false.")
        }
        return json.flag
    }

    private mutating func duration(_ json: JSON?, _ place: String) -> Duration? {
        guard let text = text(json, place) else { return nil }
        let duration = Duration(iso8601: text)
        if duration == nil {
            faults.add(
                place, "invalid_duration", "\(place.pointedMember) must be a duration such as PT15M or P2D.")
        }
        return duration
    }

    private mutating func choice<C: CaseIterable & RawRepresentable<String>>(
        _ json: JSON?, _ place: String, _ type: C.Type
    ) -> C? {
        guard let word = text(json, place, isRequired: true) else { return nil }
        if let choice = C(rawValue: word) { return choice }
        let choices = C.allCases.map(\.rawValue)
        faults.add(
            place, "invalid_choice",
            "\(place.pointedMember) must be one of \(choices.joined(separator: ", ")).", choices: choices)
        return nil
    }
}
