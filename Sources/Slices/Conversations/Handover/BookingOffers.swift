internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Messages
internal import Nouns
internal import Records
internal import Telemetry

/// Hears what becomes of the booking bridge's messages: a time is offered once its message has left, which may be long
/// after it was written. One that a person rejects was never offered.
package struct BookingOffers: MessageListener {
    static let name = "handover"
    package let cause = name

    package init() {}

    package func heard(_ turn: MessageChange, of message: Message, in tx: Transaction) throws {
        guard case .sent = turn, message.author["id"]?.text == BookingBridge.agentName,
            let url = message.lastAddress,
            let conversation = try message.conversationID.flatMap({
                try Conversation.resource.find($0, in: tx)
            })
        else { return }
        try tx.handovers.offered(url, by: message, in: conversation)
    }
}

extension Message {
    /// The address that it ends with: what they had asked, which it may quote, stands before its own.
    fileprivate var lastAddress: String? {
        text.split(whereSeparator: \.isWhitespace).last {
            $0.hasPrefix("https://") || $0.hasPrefix("http://")
        }.map(String.init)
    }
}

extension HandoverStore where Base == Transaction {
    fileprivate func offered(_ url: String, by message: Message, in conversation: Conversation) throws {
        if var handover = conversation.lastHandover,
            message.sendKey == "\(BookingOffers.name)/\(handover.bookingKey(in: conversation.id))"
        {
            handover.bookingURL = url
            try keep(handover, of: conversation)
        }
        try tx.conversations.expectBooking(in: conversation, until: tx.now + BookingOffers.pause)
        try tx.counters.count("handovers.booked", 1)
        var sent = CalendlySent()
        (sent.customerID, sent.calendlyURL, sent.messageSent) = (message.contactID, url, true)
        let bridge = Actor.agent(BookingBridge.agentName)
        try tx.agentMessages.send(
            sent, to: CoordinationAgent.agentName, about: conversation.subjectOfEvents,
            priority: .calendlyBridge, by: bridge)
        try tx.auditLog.add(
            bridge, "conversation.booking_offered", conversation.subjectOfEvents, run: message.runID)
        try tx.publish(
            "handover.booking_offered", conversation.subjectOfEvents,
            [
                "contact_id": JSON(message.contactID), "message_id": JSON(message.id),
                "url": .string(url),
            ])
    }
}

extension BookingOffers {
    /// The time for which marketing waits for somebody to book, once a time was offered to them.
    fileprivate static var pause: Duration { .seconds(7 * 86_400) }
}

extension HandoverState {
    /// Names the one booking message of a handover.
    func bookingKey(in conversation: ID<Conversation>) -> String { "\(conversation)/\(requestedAt)/booking" }
}
