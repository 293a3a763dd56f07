package import Database

/// Pages that clients see in a sale: `tx.salesPages`.
package struct SalesPageStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var salesPages: SalesPageStore<Self> { SalesPageStore(tx: self) }
}
