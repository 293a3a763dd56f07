/// Whether mail to an address arrives, as far as that is known.
package enum Deliverability: String, Choice {
    /// Somebody who can tell has said that the mailbox is there.
    case deliverable
    /// It would bounce: it is no address, its domain takes no mail, or there is no such mailbox.
    case undeliverable
    /// It may arrive, and something speaks against it.
    case risky
    /// Nobody has told.
    case unknown
}
