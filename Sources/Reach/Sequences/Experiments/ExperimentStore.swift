package import Database

/// Experiments with messages: `tx.experiments`.
package struct ExperimentStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var experiments: ExperimentStore<Self> { ExperimentStore(tx: self) }
}
