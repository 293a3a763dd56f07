package import Database

/// The watch over agents and services: `tx.orchestration`.
package struct OrchestrationStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var orchestration: OrchestrationStore<Self> { OrchestrationStore(tx: self) }
}
