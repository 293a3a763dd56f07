package import Agents
internal import Database
package import JSON
internal import Messages
internal import Nouns
internal import People
package import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// Offers an appointment when no person answers in time: it takes the monitor's message and writes, once.
package struct BookingBridge: AgentDefinition {
    static let agentName = "calendly_bridge"
    package let name = BookingBridge.agentName
    package let title = "Booking bridge"
    package let purpose = "Offers an appointment when no person answers in time."
    package var cannot: [String] { Wording.english.limits(of: name) }
    package let messages: [any AgentMessage.Type] = [HumanTimeout.self, StateSync.self]
    package let sendingPriority = SendingPriority.calendlyBridge
    package let initiative = Initiative.answers
    package let tools = [SendMessage.tool]
    package let permissions: Set<Permission> = [
        "contacts:read", "companies:read", "conversations:read", "conversations:write",
        SendMessage.permission,
    ]

    let services: ConversationServices

    package init(_ services: ConversationServices) { self.services = services }

    package func run(_ run: AgentRun) async throws -> JSON {
        let services = services
        let handled = try await run.receive { message, tx in
            guard message.type == HumanTimeout.type,
                let id = (message.body["customer_context"]?["conversation_id"]?.text).flatMap({
                    ID<Conversation>($0)
                })
            else { return }
            try services.offerBooking(in: id, run, tx)
        }
        return try await run.finish { _ in ["handled": JSON(handled)] }
    }
}

extension ConversationServices {
    /// Writes the booking message to somebody who still waits. A lock that somebody else has makes it fail: it is tried
    /// again soon, and comes to nothing once a person speaks.
    fileprivate func offerBooking(in id: ID<Conversation>, _ run: AgentRun, _ tx: Transaction) throws {
        guard let conversation = try Conversation.resource.find(id, in: tx),
            conversation.handler == .waitingForHuman, conversation.states.bridge == .active,
            let handover = conversation.lastHandover, !handover.isOver, handover.bookingURL == nil,
            let contact = try conversation.contactID.flatMap({ try Contact.resource.find($0, in: tx) })
        else { return }
        let url = try tx.agency.tenant().bookingURL
        let text =
            try url.map {
                try BookingMessage(
                    name: contact.knownName, company: dependencies.company(tx, contact),
                    request: handover.request,
                    minutesWaited: handover.minutesWaited(at: tx.now), url: $0,
                    words: tx.wordings.find(handover.language)
                ).text
            } ?? words(handover.language, in: tx).callBack
        var turn = OutgoingReply(
            text, by: .agent(BookingBridge.agentName), cause: .init(BookingOffers.name, id),
            key: handover.bookingKey(in: id))
        turn.why = Saying("message.why_nobody_in_time")
        turn.run = .agent(run.id)
        // Where it may not write they go on waiting, and the primary agent comes back to them. What follows from an
        // offer does so when it has left (`BookingOffers`).
        try outbox.conversations.offer(turn, in: conversation, tx)
    }
}
