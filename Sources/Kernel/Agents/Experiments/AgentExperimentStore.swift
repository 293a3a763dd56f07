package import Database

/// Experiments with agents' configurations: `tx.agentExperiments`.
package struct AgentExperimentStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var agentExperiments: AgentExperimentStore<Self> { AgentExperimentStore(tx: self) }
}
