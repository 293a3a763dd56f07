package import Database

/// The agents' settings, states and counts: `tx.agents`.
package struct AgentStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var agents: AgentStore<Self> { AgentStore(tx: self) }
}
