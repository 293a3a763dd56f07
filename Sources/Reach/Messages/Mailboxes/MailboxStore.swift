package import Database

/// Mailboxes that are read: `tx.mailboxes`.
package struct MailboxStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var mailboxes: MailboxStore<Self> { MailboxStore(tx: self) }
}
