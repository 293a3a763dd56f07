package import Database

/// The gate that every effect passes: policy, permissions, limits and circuits: `tx.gate`.
package struct GateStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var gate: GateStore<Self> { GateStore(tx: self) }
}
