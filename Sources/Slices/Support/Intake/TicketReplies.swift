internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Messages
internal import Nouns
internal import People
internal import Records

/// Answers to a ticket's mails come back into it.
package struct TicketReplies: MessageListener {
    static let name = "ticket"
    package let cause = name

    package init() {}

    package func heard(_ turn: MessageChange, of message: Message, in tx: Transaction) throws {
        // Replies in a chat come in by its conversation.
        guard case .replied(let reply) = turn, reply.channel == .email, reply.namesWhatItAnswers,
            let ticket = try message.cause["id"]?.id(of: Ticket.self)
                .flatMap({ try tx.ticketThreads.goingOn($0) }),
            try !tx.ticketThreads.isInTicket(reply)
        else { return }
        let contact = try reply.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        try TicketDesk.hear(
            reply.text, from: contact, in: ticket, message: reply.id, attachments: reply.attachments,
            in: tx)
    }
}

extension Message {
    /// Whether a mail says itself what it answers, by its headers or the token in the address that it came to. Any
    /// other counts as an answer to what its writer was sent last, but begins a ticket of its own.
    fileprivate var namesWhatItAnswers: Bool {
        inReplyTo != nil || !references.isEmpty || recipient?.contains("+") == true
    }
}

/// A listener that puts the messages of a conversation into the ticket that was made of it, too.
package struct TicketChats: ConversationListener {
    package init() {}

    package func heard(
        _ turn: ConversationChange, in conversation: Conversation, _ tx: Transaction
    ) throws {
        guard conversation.channel != .email,
            let ticket = try Ticket.resource.first(
                where: """
                    conversation_id = \(conversation.id) AND merged_into IS NULL
                    AND status NOT IN ('resolved', 'closed')
                    """, suffix: "ORDER BY id DESC LIMIT 1", in: tx)
        else { return }
        switch turn {
        case .received(let message) where !message.isAutomatic:
            guard try !tx.ticketThreads.isInTicket(message) else { return }
            let contact = try message.contactID.flatMap { try Contact.resource.find($0, in: tx) }
            try TicketDesk.hear(
                message.text, from: contact, in: ticket, message: message.id,
                attachments: message.attachments, in: tx)
        case .said(let message)
        where message.cause["type"]?.text != TicketReplies.name && !message.isInternal:
            try tx.ticketThreads.copy(message, into: ticket)
        default: break
        }
    }
}

/// The messages that lead to tickets, and stand in them: `tx.ticketThreads`.
struct TicketThreadStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var ticketThreads: TicketThreadStore<Self> { TicketThreadStore(tx: self) }
}

extension TicketThreadStore {
    /// Returns whether a message stands in a ticket already.
    func isInTicket(_ message: Message) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM ticket_messages WHERE tenant_id = \(tx.tenant) AND message_id = \(message.id)
            """)
            || tx.exists(
                "SELECT 1 FROM tickets WHERE tenant_id = \(tx.tenant) AND message_id = \(message.id)")
    }

    /// A ticket, or the one that it was merged into.
    func goingOn(_ id: TicketID) throws -> Ticket? {
        var ticket = try Ticket.resource.find(id, in: tx)
        for _ in 0..<5 {
            guard let next = ticket?.mergedInto else { break }
            ticket = try Ticket.resource.find(next, in: tx)
        }
        return ticket
    }
}

extension TicketThreadStore where Base == Transaction {
    /// Copies a message of the conversation into its ticket: what a colleague says there answers the ticket, and so
    /// does what an agent says from the articles.
    fileprivate func copy(_ message: Message, into ticket: Ticket) throws {
        var copy = TicketMessage.new(id: tx.nextID(), now: tx.now)
        (copy.ticketID, copy.text, copy.messageID) = (ticket.id, message.text, message.id)
        (copy.author, copy.attachments, copy.sources) = (message.author, message.attachments, message.sources)
        try tx.create(&copy, by: .system)
        // A message that a person will come, or is still being looked for, answers nothing.
        let isAnswer =
            message.author["type"]?.text == Actor.Kind.user.rawValue
            || message.author["type"]?.text == Actor.Kind.apiKey.rawValue
            || message.sources.array?.isEmpty == false
        let moment = tx.now
        try tx.tickets.change(ticket, by: .system) { ticket in
            ticket.messages += 1
            guard isAnswer else { return }
            if ticket.firstResponseAt == nil { ticket.firstResponseAt = moment }
            if ticket.status == .new { ticket.status = .open }
        }
    }
}
