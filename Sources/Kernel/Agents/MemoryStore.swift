package import Database

/// The memories of agents: `tx.memories`.
package struct MemoryStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var memories: MemoryStore<Self> { MemoryStore(tx: self) }
}
