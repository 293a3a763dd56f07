package import JSON
internal import Records
internal import Database

/// The tools of this installation, by name.
package struct ToolRegistry: Sendable {
    private var byName: [String: ToolDefinition] = [:]

    package init() {}

    /// In the order of their names.
    package var all: [ToolDefinition] { byName.values.sorted { $0.name < $1.name } }

    package subscript(name: String) -> ToolDefinition? { byName[name] }

    package func definition(_ name: String) throws(ToolRefusal) -> ToolDefinition {
        guard let tool = byName[name] else {
            throw ToolRefusal("unknown_tool", "there is no tool called \(name.prefix(64))")
        }
        return tool
    }

    /// Every fault of the arguments, by pointers relative to them; `nil` when there is no such tool.
    package func faults(_ tool: String, arguments: JSON) -> [ValueFault]? {
        byName[tool].map { definition in
            do throws(ToolRefusal) {
                _ = try definition.prepare(arguments)
                return []
            } catch {
                return error.faults
            }
        }
    }

    mutating func add(_ tool: ToolDefinition) {
        precondition(byName[tool.name] == nil, "two tools are called \(tool.name)")
        byName[tool.name] = tool
    }
}

/// A registered tool, whatever its input is.
package struct ToolDefinition: Sendable {
    package let name: String, title: String, summary: String
    package let effect: ToolClass
    package let limits: ToolLimits
    /// The arguments as JSON Schema; what is not in it is refused.
    package let inputSchema: JSON
    package let isInside: Bool
    package let timeout: Duration?
    package let cacheTime: Duration?
    package let unavailable: String?
    let repeatsMax: Int
    /// Reads and checks arguments; throws every fault.
    let prepare: @Sendable (JSON) throws(ToolRefusal) -> PreparedCall

    init<T: InsideTool>(_ tool: T) {
        self.init(tool, isInside: true) { input in .inside { try tool.perform(input, $0, in: $1) } }
    }

    init<T: OutsideTool>(_ tool: T) {
        self.init(
            tool, isInside: false, timeout: tool.timeout, cacheTime: tool.cacheTime,
            unavailable: tool.unavailable
        ) { input in
            .outside(providers: tool.providers(for: input), captured: tool.captured(input)) { call in
                try await tool.perform(input, call)
            }
        }
    }

    private init<T: Tool>(
        _ tool: T, isInside: Bool, timeout: Duration? = nil, cacheTime: Duration? = nil,
        unavailable: String? = nil, work: @escaping @Sendable (T.Input) -> PreparedCall.Work
    ) {
        (name, title, summary) = (T.name, tool.title, tool.summary)
        (effect, limits, repeatsMax) = (tool.effect, tool.limits, tool.repeatsMax)
        inputSchema = T.Input.schema.jsonSchema(.create)
        (self.isInside, self.timeout) = (isInside, timeout)
        (self.cacheTime, self.unavailable) = (tool.effect == .reads ? cacheTime : nil, unavailable)
        prepare = { arguments throws(ToolRefusal) in
            guard let object = arguments.object else {
                throw .invalid([
                    ValueFault(pointer: "", code: "wrong_type", detail: "The arguments must be an object.")
                ])
            }
            var input = T.Input(), faults = Faults()
            T.Input.schema.create(&input, from: object, faults: &faults)
            let all =
                faults.isEmpty
                ? tool.faults(input)
                : faults.list.map {
                    ValueFault(pointer: $0.pointer, code: $0.code, detail: $0.detail, choices: $0.choices)
                }
            guard all.isEmpty else { throw .invalid(all) }
            return PreparedCall(
                permission: tool.permission(for: input), preview: tool.preview(input), work: work(input))
        }
    }
}

/// Arguments that were read, and what is to be done with them.
struct PreparedCall: Sendable {
    enum Work: Sendable {
        case inside(@Sendable (ToolCall, Transaction) throws -> JSON)
        case outside(
            providers: [ToolProvider], captured: JSON, @Sendable (ToolCall) async throws -> ToolAnswer)
    }

    let permission: Permission?
    let preview: ToolPreview
    let work: Work
}
