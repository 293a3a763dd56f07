package import Database

/// Messages between agents: `tx.agentMessages`.
package struct AgentMessageStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var agentMessages: AgentMessageStore<Self> { AgentMessageStore(tx: self) }
}
