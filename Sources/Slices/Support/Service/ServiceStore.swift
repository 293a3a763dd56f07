package import Database

/// Answers of service: `tx.service`.
package struct ServiceStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var service: ServiceStore<Self> { ServiceStore(tx: self) }
}
