package import Database

/// Knowledge from corrections: `tx.learning`.
package struct LearningStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var learning: LearningStore<Self> { LearningStore(tx: self) }
}
