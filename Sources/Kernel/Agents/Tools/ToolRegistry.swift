internal import Database
package import JSON
package import Jobs
internal import Records

/// The tools of this installation, by name.
package struct ToolRegistry: Sendable {
    private var byName: [String: ToolDefinition] = [:]

    package init() {}

    /// The tools in the order of their names.
    package private(set) var all: [ToolDefinition] = []

    /// The tools whose calls take from no limit and no plan of a connector's, and cost nothing: looks into services,
    /// and tests.
    package var withoutQuota: [String] {
        all.filter { !$0.takesQuota }.map(\.name) + [EffectUse.testTool]
    }

    package subscript(name: String) -> ToolDefinition? { byName[name] }

    package func definition(_ name: String) throws(ToolRefusal) -> ToolDefinition {
        guard let tool = byName[name] else {
            throw ToolRefusal("unknown_tool", "the tool \(name.prefix(64)) does not exist")
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
        all.insert(tool, at: all.firstIndex { tool.name < $0.name } ?? all.endIndex)
    }
}

/// A registered tool, whatever its input is.
package struct ToolDefinition: Sendable {
    package let name: String, title: String, summary: String
    package let effect: ToolClass
    package let limits: ToolLimits
    /// The arguments as JSON Schema; what is not in it is refused.
    private let schema: Deferred<JSON>
    package var inputSchema: JSON { schema.value }
    /// The way in which its effect is brought about.
    package enum Kind { case inside, queued, executed, outside }
    package let kind: Kind
    package var isInside: Bool { kind == .inside }
    /// Whether it can be called by its name.
    package var isCallable: Bool { kind != .executed }
    package let timeout: Duration?
    package let cacheTime: Duration?
    package let unavailable: String?
    let repeatsMax: Int
    let takesQuota: Bool
    let asking: (any AskingTool)?
    /// Reads and checks arguments; throws every fault.
    let prepare: @Sendable (JSON) throws(ToolRefusal) -> PreparedCall

    init<T: InsideTool>(_ tool: T) {
        self.init(tool, .inside) { input in .inside { try tool.perform(input, $0, in: $1) } }
    }

    init<T: QueuedTool>(_ tool: T) {
        self.init(tool, .queued) { input in .queued { try tool.queue(input, $0, in: $1) } }
    }

    init<T: ExecutorTool>(_ tool: T) {
        self.init(tool, .executed) { _ in .executed }
    }

    init<T: OutsideTool>(_ tool: T) {
        self.init(
            tool, .outside, timeout: tool.timeout, cacheTime: tool.cacheTime,
            unavailable: tool.unavailable
        ) { input in
            .outside(
                OutsideWork(
                    providers: tool.providers(for: input), captured: tool.captured(input),
                    connector: { try tool.connector(for: input, $0, in: $1) },
                    leaves: { try tool.leaves(input, $0, in: $1) },
                    perform: { try await tool.perform(input, $0) }))
        }
    }

    private init<T: Tool>(
        _ tool: T, _ kind: Kind, timeout: Duration? = nil,
        cacheTime: Duration? = nil,
        unavailable: String? = nil, work: @escaping @Sendable (T.Input) -> PreparedCall.Work
    ) {
        (name, title, summary) = (T.name, tool.title, tool.summary)
        (effect, limits, repeatsMax) = (tool.effect, tool.limits, tool.repeatsMax)
        (takesQuota, asking) = (tool.takesQuota, tool.asking)
        schema = Deferred { T.Input.schema.jsonSchema(.create) }
        (self.kind, self.timeout) = (kind, timeout)
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
        case queued(@Sendable (ToolCall, Transaction) throws -> JSON)
        /// By an executor alone.
        case executed
        case outside(OutsideWork)
    }

    let permission: Permission?
    let preview: ToolPreview
    let work: Work
}

/// The work of a call that goes outside.
struct OutsideWork: Sendable {
    let providers: [ToolProvider]
    let captured: JSON
    let connector: @Sendable (ToolCaller, Transaction) throws -> Connector?
    let leaves: @Sendable (ToolCaller, Transaction) throws -> Void
    let perform: @Sendable (ToolCall) async throws -> ToolAnswer
}
