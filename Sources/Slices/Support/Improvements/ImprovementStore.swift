package import Database

/// Improvements: `tx.improvements`.
package struct ImprovementStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var improvements: ImprovementStore<Self> { ImprovementStore(tx: self) }
}
