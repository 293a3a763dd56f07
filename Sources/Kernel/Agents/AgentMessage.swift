package import Records

/// Something that one agent tells another: a type with a name that is stored, and declared members.
package protocol AgentMessage: Declared {
    /// Stored in rows: never renamed.
    static var type: String { get }
}

/// The order of precedence when several want to speak to one person; agents' messages to one another are taken in the
/// same order.
package enum SendingPriority: Int, CaseIterable, Sendable, Comparable {
    case humanAgent = 1
    case primaryAgent, calendlyBridge, systemMessages

    package static func < (a: SendingPriority, b: SendingPriority) -> Bool { a.rawValue < b.rawValue }

    /// `primary_agent`
    package var name: String {
        switch self {
        case .humanAgent: "human_agent"
        case .primaryAgent: "primary_agent"
        case .calendlyBridge: "calendly_bridge"
        case .systemMessages: "system_messages"
        }
    }
}
