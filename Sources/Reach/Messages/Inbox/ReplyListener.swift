package import Database
package import Intelligence
package import People

/// Hears what people write to the agency, whichever message they answer, in the transaction that stores it.
package protocol ReplyListener: Sendable {
    /// Hears that a contact has answered.
    func answered(by contact: Contact, in tx: Transaction) throws
    /// Hears that a contact asks for what data protection law gives them.
    func asked(_ request: PrivacyRequest, by contact: Contact, in message: Message, _ tx: Transaction) throws
}

extension ReplyListener {
    package func answered(by contact: Contact, in tx: Transaction) throws {}
    package func asked(
        _ request: PrivacyRequest, by contact: Contact, in message: Message, _ tx: Transaction
    ) throws {}
}
