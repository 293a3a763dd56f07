package import Database

/// Routing of tickets: `tx.routing`.
package struct RoutingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var routing: RoutingStore<Self> { RoutingStore(tx: self) }
}
