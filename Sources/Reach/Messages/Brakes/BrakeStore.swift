package import Database

/// Brakes: `tx.brakes`.
package struct BrakeStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var brakes: BrakeStore<Self> { BrakeStore(tx: self) }
}
