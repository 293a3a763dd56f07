package import Database

/// Tickets: `tx.tickets`.
package struct TicketStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var tickets: TicketStore<Self> { TicketStore(tx: self) }
}
