package import Database
package import Nouns
internal import People
internal import Records
package import Telemetry

package extension ConversationStore where Base == Transaction {
    /// A time was offered to somebody: marketing leaves them alone until they have chosen one, or until then.
    func expectBooking(in conversation: Conversation, until: Instant) throws {
        try tx.run(
            """
            UPDATE conversations SET booking_until = \(until)
            WHERE tenant_id = \(tx.tenant) AND id = \(conversation.id)
            """)
    }

    /// They have chosen.
    func bookingMade(by contact: ContactID) throws {
        try tx.run(
            """
            UPDATE conversations SET booking_until = NULL
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) AND booking_until IS NOT NULL
            """)
    }
}
