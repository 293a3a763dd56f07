package import Database

/// Messages that came in: `tx.inbox`.
package struct InboxStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var inbox: InboxStore<Self> { InboxStore(tx: self) }
}
