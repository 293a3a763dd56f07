internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

extension TicketDesk {
    /// Tells the team and whoever asked that a ticket was taken a level up. Whoever asked hears it once for each level,
    /// unless the agency wants that to be left to people.
    func tellEscalation(of ticket: Ticket, as text: StandardText = .escalation, in tx: Transaction) throws {
        try tx.slaTargets.tellEscalation(of: ticket)
        guard let level = ticket.escalation?.level, ticket.status != .waitingOnClient, !ticket.isSample,
            try tx.agentConfigurations.publishedValues(of: supportAgent)?["tells_escalations"] != false,
            let contact = try ticket.contactID.flatMap({ try Contact.resource.find($0, in: tx) })
        else { return }
        // An earlier level's message that has not left yet is out of date.
        try tx.slaTargets.takeBackEscalationWords(of: ticket, below: level)
        guard try tx.outbox.message(keyed: ticket.escalationKey(level)) == nil else { return }
        let worded = try write(text, about: ticket, to: contact, in: tx)
        var said = TicketMessage.new(id: tx.nextID(), now: tx.now)
        said.ticketID = ticket.id
        said.author = try tx.tickets.author(.system)
        said.text = MessageText.plain(worded.body)
        let why = text.kind == .ticketDelay ? MessageWhy.ticketDelayed : .ticketEscalated
        said.messageID = try tell(worded, why, at: level, of: ticket, to: contact, in: tx)?.id
        try tx.create(&said, by: .system)
        try tx.tickets.change(ticket, by: .system) { $0.messages += 1 }
    }

    /// Sends it where the ticket is talked about; `nil`: they have no address, and read it in the thread.
    private func tell(
        _ worded: Worded, _ why: MessageWhy, at level: Int, of ticket: Ticket, to contact: Contact,
        in tx: Transaction
    ) throws -> Message? {
        guard let (channel, conversation) = try wayOut(of: ticket, to: contact, in: tx) else { return nil }
        var draft = MessageDraft(
            channel, to: contact, .transactional, subject: channel == .email ? worded.subject : nil,
            body: worded.body, by: .system, cause: .init(TicketReplies.name, ticket.id),
            key: ticket.escalationName(level))
        (draft.template, draft.conversation) = (worded.template, conversation?.id)
        draft.why = why.saying("\(ticket.number)")
        return try outbox.send(draft, in: tx)
    }

    /// The ticket's chat, as long as its service takes something; else mail.
    private func wayOut(
        of ticket: Ticket, to contact: Contact, in tx: Transaction
    ) throws -> (Channel, Conversation?)? {
        if let chat = try tx.tickets.chat(of: ticket) {
            let way = try Sendability(
                .init(contact, chat.channel, .transactional), outbox.dependencies, in: tx)
            // A hindrance that ends by itself, as somebody else's turn, is waited for.
            if chat.channel.isOwn || way.isSendable || way.from != nil { return (chat.channel, chat) }
        }
        guard contact.address(on: .email) != nil else { return nil }
        return (.email, try tx.tickets.mailConversation(of: ticket))
    }
}

extension Ticket {
    /// Names the word of a level among those of its tickets, so that it is stored once.
    fileprivate func escalationName(_ level: Int) -> String { "\(id)/escalation/\(level)" }
    fileprivate func escalationKey(_ level: Int) -> String {
        "\(TicketReplies.name)/\(escalationName(level))"
    }

    /// The time by which whoever asked hears of it again: the next of its targets that is ahead, else when whoever has
    /// it is reminded.
    func hearBy(at now: Instant) -> Instant? {
        TicketSLA.Clock.allCases.filter(runs).compactMap(sla.due).filter { $0 > now }.min()
            ?? escalation?.remindAt
    }
}

extension SLATargetStore where Base == Transaction {
    /// Takes back what was to be told of an escalation and has not left: of the levels below one, or of all.
    func takeBackEscalationWords(of ticket: Ticket, below level: Int? = nil) throws {
        let end = level ?? (ticket.escalation.map { $0.level + 1 } ?? 1)
        for known in max(1, end - 3)..<max(1, end) {
            guard let message = try tx.outbox.message(keyed: ticket.escalationKey(known)) else { continue }
            _ = try tx.outbox.withdraw(
                message, because: Reason("cancelled", "The ticket has gone on since this was written."))
        }
    }
}
