package import Database

/// Invoices, payments and subscriptions: `tx.billing`.
package struct BillingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var billing: BillingStore<Self> { BillingStore(tx: self) }
}
