package import Database

/// Handovers to people: `tx.handovers`.
package struct HandoverStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var handovers: HandoverStore<Self> { HandoverStore(tx: self) }
}
