package import Database
package import JSON
package import Jobs
package import Wording

/// States what an agent does and what it cannot do, for clients to read.
package struct StatedLimits: Sendable {
    package let name: String, title: String, purpose: String
    package let cannot: [String]
    /// Whether the agent writes to people or answers them.
    package let reachesPeople: Bool

    /// Returns the same in a reader's language; in English where there are no words of the agent's, which are for those
    /// who meet clients.
    package func said(in words: Wording) -> StatedLimits {
        let own = words.limits(of: name)
        guard !own.isEmpty else { return self }
        return StatedLimits(
            name: name, title: words("limit.\(name).title"), purpose: words("limit.\(name).purpose"),
            cannot: own, reachesPeople: reachesPeople)
    }

    package var json: JSON {
        ["name": .string(name), "title": .string(title), "purpose": .string(purpose), "cannot": JSON(cannot)]
    }
}

extension Runtime {
    /// Returns the limits of the agents that work for the tenant.
    package func statedLimits(in reader: some Queryable) throws -> [StatedLimits] {
        let statuses = try reader.agents.statuses(of: agents.all)
        return agents.all.filter { statuses[$0.name]?.state == .active }.map {
            StatedLimits(
                name: $0.name, title: $0.title, purpose: $0.purpose, cannot: $0.cannot,
                reachesPeople: $0.initiative != .inner)
        }
    }
}

extension Database {
    /// The runtime that works on this database; `nil` until it starts.
    package var runtime: Runtime? { worker as? Runtime }

    /// Returns the limits of the agents that work for the tenant.
    package func statedLimits(in reader: some Queryable) throws -> [StatedLimits] {
        try runtime?.statedLimits(in: reader) ?? []
    }
}
