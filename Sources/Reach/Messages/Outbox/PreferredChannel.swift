package import Database
internal import Nouns
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

    /// Returns the channel for writing to a contact of the agency's own accord: the first of those on which they
    /// answer, best first, by which words reach them; else email.
    package func bestChannel(
        for contact: Contact, _ purpose: Purpose, in reader: some Queryable
    ) throws -> Channel {
        for channel in try reader.outbox.answered(by: contact.id) where Self.answered.contains(channel) {
            let reasons = try Sendability(.init(contact, channel, purpose), dependencies, in: reader).reasons
            // What ends by itself is no reason to go elsewhere.
            if reasons.allSatisfy({ $0.until != nil }) { return channel }
        }
        return .email
    }

    /// The channels on which people are written to where they wrote themselves.
    private static let answered: Set<Channel> = [.whatsapp, .telegram, .messenger, .instagram, .sms]

    /// Whether words reach somebody on a channel at this moment: a service may let the agency answer only.
    func mayWrite(to contact: Contact, on channel: Channel, in tx: Transaction) throws -> Bool {
        guard channel != .email else { return true }
        return try Sendability(.init(contact, channel, .transactional), dependencies, in: tx).isSendable
    }
}

extension OutboxStore {
    /// Returns the channels on which a contact has answered, the latest first.
    fileprivate func answered(by contact: ContactID) throws -> [Channel] {
        try tx.all(
            """
            SELECT channel FROM conversations
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) AND last_inbound_at IS NOT NULL
            ORDER BY last_inbound_at DESC LIMIT 20
            """
        ) { Channel(rawValue: $0.text(0)) }.compactMap(\.self)
    }
}
