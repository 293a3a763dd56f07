/// The identifier of a run, which is an agent's or a workflow's.
package enum RunID: Hashable, Sendable {
    case agent(AgentRunID)
    case workflow(WorkflowRunID)

    /// `nil` when `text` is no identifier of a run.
    package init?(_ text: String) {
        if let id = AgentRunID(text) {
            self = .agent(id)
        } else if let id = WorkflowRunID(text) {
            self = .workflow(id)
        } else {
            return nil
        }
    }

    package var untyped: UntypedID {
        switch self {
        case .agent(let id): id.untyped
        case .workflow(let id): id.untyped
        }
    }

    package var text: String { untyped.description }

    /// `nil` for runs of workflows.
    package var ofAgent: AgentRunID? { if case .agent(let id) = self { id } else { nil } }
    /// `nil` for runs of agents.
    package var ofWorkflow: WorkflowRunID? { if case .workflow(let id) = self { id } else { nil } }
}

extension RunID: Key {
    package var keyText: String { text }
}

extension RunID: CustomStringConvertible {
    package var description: String { text }
}

extension RunID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer(), text = try container.decode(String.self)
        guard let id = RunID(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not the id of a run.")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
