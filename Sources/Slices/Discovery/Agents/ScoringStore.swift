package import Database

/// The knowledge that scores are computed from: `tx.scoring`.
package struct ScoringStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var scoring: ScoringStore<Self> { ScoringStore(tx: self) }
}
