package import Database
package import Nouns

/// Invoices and payments: `tx.billing`.
package struct BillingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var billing: BillingStore<Self> { BillingStore(tx: self) }
}

extension BillingStore {
    /// Returns whether a client has an invoice that it should have paid.
    package func isOverdue(_ client: ClientID) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM invoices
            WHERE tenant_id = \(tx.tenant) AND client_id = \(client) AND status = 'overdue'
            """)
    }
}
