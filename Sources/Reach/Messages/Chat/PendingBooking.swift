package import Database
package import People
package import Records
package import Telemetry

extension Transaction {
    /// A time was offered to somebody: marketing leaves them alone until they have chosen one, or until then.
    package func expectBooking(in conversation: Conversation, until: Instant) throws {
        try run(
            """
            UPDATE conversations SET booking_until = \(until)
            WHERE tenant_id = \(tenant) AND id = \(conversation.id)
            """)
    }

    /// They have chosen.
    package func bookingMade(by contact: ID<Contact>) throws {
        try run(
            """
            UPDATE conversations SET booking_until = NULL
            WHERE tenant_id = \(tenant) AND contact_id = \(contact) AND booking_until IS NOT NULL
            """)
    }
}
