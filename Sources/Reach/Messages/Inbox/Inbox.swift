/// Takes in what people write to the agency, and what became of what was written to them. What follows from it is
/// stored in the same transaction.
package struct Inbox: Sendable {
    /// Which knows whoever hears of answers and conversations.
    let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }
}
