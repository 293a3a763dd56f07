package import Database

/// The runs of agents: `tx.runs`.
package struct RunStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var runs: RunStore<Self> { RunStore(tx: self) }
}
