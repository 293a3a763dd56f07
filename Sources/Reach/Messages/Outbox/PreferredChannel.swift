package import Database
package import People
internal import Records

extension Outbox {
    /// Returns the channel for writing to a contact: that of WhatsApp, Telegram, Messenger, Instagram and text messages
    /// on which they wrote last, when a message can reach them there now; else email.
    package func preferredChannel(of contact: Contact, in tx: Transaction) throws -> Channel {
        let last = try tx.first(
            """
            SELECT channel FROM conversations
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact.id) AND last_inbound_at IS NOT NULL
            ORDER BY last_inbound_at DESC LIMIT 1
            """
        ) { $0.text(0) }.flatMap { Channel(rawValue: $0) }
        guard let last, Self.answered.contains(last), try mayWrite(to: contact, on: last, in: tx)
        else { return .email }
        return last
    }

    /// The channels on which people are written to where they wrote themselves.
    private static let answered: Set<Channel> = [.whatsapp, .telegram, .messenger, .instagram, .sms]

    /// Whether words reach somebody on a channel at this moment: a service may let the agency answer only.
    func mayWrite(to contact: Contact, on channel: Channel, in tx: Transaction) throws -> Bool {
        guard channel != .email else { return true }
        return try Sendability(.init(contact, channel, .transactional), dependencies, in: tx).isSendable
    }
}
