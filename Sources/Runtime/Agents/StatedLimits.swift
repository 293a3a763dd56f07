package import Database
package import JSON

/// What an agent is for, and what it cannot do, as a client reads it.
package struct StatedLimits: Sendable {
    package let name: String, title: String, purpose: String
    package let cannot: [String]
    /// Whether it writes to people, or answers them.
    package let reachesPeople: Bool

    package var json: JSON {
        ["name": .string(name), "title": .string(title), "purpose": .string(purpose), "cannot": JSON(cannot)]
    }
}

extension Runtime {
    /// Of the agents that work for the tenant.
    package func statedLimits(in reader: some Queryable) throws -> [StatedLimits] {
        try agents.all.filter { try reader.agentStatus($0).state == .active }.map {
            StatedLimits(
                name: $0.name, title: $0.title, purpose: $0.purpose, cannot: $0.cannot,
                reachesPeople: $0.initiative != .inner)
        }
    }
}

extension Database {
    /// The runtime that works on it; `nil` before it does.
    package var runtime: Runtime? { worker as? Runtime }

    /// Of the agents that work for the tenant.
    package func statedLimits(in reader: some Queryable) throws -> [StatedLimits] {
        try runtime?.statedLimits(in: reader) ?? []
    }
}
