package import Intelligence

/// Asks a language model. Agents put questions of their own to models (`AgentRun.ask`); each request that reaches for
/// one is a call.
package struct CallModelTool: ExecutorTool {
    package typealias Input = NoToolInput

    package static let name = "call_model"
    package let title = "Ask a model"
    package let summary =
        "Puts a question of an agent's work to a language model; nobody calls it by its name."
    package let effect = ToolClass.spends

    package init() {}
}

extension Connector {
    /// A model as the gate chooses among them. What a call costs is counted by its tokens.
    package init(_ route: ModelRoute) { self.init(route.id, name: route.name, priority: route.position) }
}
