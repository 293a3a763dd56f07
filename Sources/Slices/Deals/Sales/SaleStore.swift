package import Database

/// Steps of sales: `tx.sales`.
package struct SaleStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var sales: SaleStore<Self> { SaleStore(tx: self) }
}
