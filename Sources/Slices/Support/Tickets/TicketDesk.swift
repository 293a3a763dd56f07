package import Agents
package import Database
internal import Intelligence
package import JSON
internal import Jobs
package import Messages
package import Nouns
package import People
package import Records
internal import Telemetry
internal import Templates
package import Tenancy

/// The handling of tickets beside storing them: messages leave on the contact's channel, where it has an address, and
/// stay in the thread otherwise.
package struct TicketDesk: Sendable {
    let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    /// Stores what the agency says, or notes for itself. The first answer stops the first clock; what is no answer says
    /// only how things are. An agent whose words may find no way past the gate uses `offer`.
    @discardableResult
    package func say(
        _ text: String, in ticket: Ticket, isInternal: Bool = false, isAnswer: Bool = true,
        attachments: [ID<StoredFile>] = [], sources: JSON = .null, mentions: [UserID] = [], by actor: Actor,
        from origin: Origin = Origin(),
        in tx: Transaction
    ) throws -> TicketMessage {
        let said = try offer(
            text, in: ticket, isInternal: isInternal, isAnswer: isAnswer, attachments: attachments,
            sources: sources, mentions: mentions, by: actor, from: origin, in: tx)
        guard let said else {
            throw Problem(.forbidden, "The agent \(actor.id) may not send messages at the moment.")
        }
        return said
    }

    /// Stores what the agency says, or notes for itself, where the gate lets its writer write: `nil`, and nothing is
    /// stored, where an agent only observes, or may not write; the gate has kept why.
    func offer(
        _ text: String, subject: String? = nil, in ticket: Ticket, isInternal: Bool = false,
        isAnswer: Bool = true, attachments: [ID<StoredFile>] = [], sources: JSON = .null,
        mentions: [UserID] = [], by actor: Actor, from origin: Origin, in tx: Transaction
    ) throws -> TicketMessage? {
        var message = TicketMessage.new(id: tx.nextID(), now: tx.now)
        (message.ticketID, message.text, message.isInternal) = (ticket.id, text, isInternal)
        (message.attachments, message.sources, message.mentions) = (attachments, sources, mentions)
        message.author = try tx.tickets.author(actor)
        if !isInternal {
            message.findings = Parts(try tx.tickets.findings(in: text, for: ticket))
            switch try carry(message, subject, of: ticket, by: actor, from: origin, in: tx) {
            case .sent(let carrier):
                message.messageID = carrier.id
                if origin.approval != nil { try tx.outbox.tellApproval(of: carrier) }
            case .stays: break
            case .stopped: return nil
            }
        }
        try tx.create(&message, by: actor)
        try tx.tickets.change(ticket, by: actor) { ticket in
            ticket.messages += 1
            guard !isInternal, isAnswer else { return }
            if ticket.firstResponseAt == nil { ticket.firstResponseAt = tx.now }
            if ticket.status == .new { ticket.status = .open }
        }
        if !isInternal, isAnswer {
            try tx.publish(
                "ticket.answered", ticket.subjectOfEvents,
                ticket.payload.merging([
                    "message_id": JSON(message.id),
                    "findings": JSON(message.findings.list.map(\.kind)),
                ]))
        }
        try tx.ticketCounters.countFindings(in: message, by: actor)
        try tx.ticketAudience.tellMentioned(in: message, of: ticket, by: actor)
        try tx.ticketAudience.tellWatchers(
            of: ticket, kind: .ticketMessage,
            Saying(
                "notification.ticket_message",
                ["internal": .flag(isInternal), "number": .text("\(ticket.number)")]),
            body: text,
            but: mentions, by: actor)
        return message
    }

    /// Stores what whoever asked has added. A ticket that waited for them, or was over, is open again.
    @discardableResult
    package func hear(
        _ text: String, from contact: Contact?, in ticket: Ticket, message carrier: MessageID? = nil,
        attachments: [ID<StoredFile>] = [], by actor: Actor = .system, in tx: Transaction
    ) throws -> TicketMessage {
        try Self.hear(
            text, from: contact, in: ticket, message: carrier, attachments: attachments, by: actor, in: tx)
    }

    /// Tells whoever asked that it has come, and until when they hear more. Told once. Answers the ticket as it stands
    /// then.
    @discardableResult
    package func acknowledge(_ ticket: Ticket, in tx: Transaction) throws -> Ticket {
        guard ticket.acknowledgedAt == nil,
            let contact = try ticket.contactID.flatMap({ try Contact.resource.find($0, in: tx) }),
            contact.address(on: .email) != nil
        else { return ticket }
        try send(
            .acknowledgement, about: ticket, to: contact, key: "acknowledgement",
            why: .ticketReceived, in: tx)
        return try tx.tickets.change(ticket, by: .system, action: "ticket.acknowledged") {
            $0.acknowledgedAt = tx.now
        }
    }

    private func send(
        _ text: StandardText, about ticket: Ticket, to contact: Contact, key: String, why: MessageWhy,
        in tx: Transaction
    ) throws {
        let worded = try write(text, about: ticket, to: contact, in: tx)
        var draft = MessageDraft(
            .email, to: contact, .transactional, subject: worded.subject, body: worded.body, by: .system,
            cause: .init(TicketReplies.name, ticket.id), key: "\(ticket.id)/\(key)")
        (draft.template, draft.why) = (worded.template, why.saying("\(ticket.number)"))
        draft.conversation = try tx.tickets.mailConversation(of: ticket)?.id
        try outbox.send(draft, in: tx)
    }

    /// The channel by which replies in a thread reach whoever asked.
    private enum ReplyChannel {
        case sent(Message)
        /// They have no address: it is read in the thread.
        case stays
        /// The gate does not let it out.
        case stopped
    }

    private func carry(
        _ message: TicketMessage, _ subject: String?, of ticket: Ticket, by actor: Actor,
        from origin: Origin, in tx: Transaction
    ) throws -> ReplyChannel {
        let name = message.author["name"]?.text
        if let chat = try tx.tickets.chat(of: ticket) {
            var turn = OutgoingReply(
                message.text, by: actor, cause: .init(TicketReplies.name, ticket.id),
                key: message.id)
            (turn.authorName, turn.attachments, turn.sources) = (name, message.attachments, message.sources)
            turn.why = origin.why ?? MessageWhy.ticketAnswered.saying("\(ticket.number)")
            (turn.run, turn.decision) = (origin.run, origin.decision)
            (turn.isApproved, turn.approval) = (origin.isApproved, origin.approval)
            return try outbox.conversations.offer(turn, in: chat, tx).map(ReplyChannel.sent) ?? .stopped
        }
        guard let contact = try ticket.contactID.flatMap({ try Contact.resource.find($0, in: tx) }),
            contact.address(on: .email) != nil
        else { return .stays }
        var draft = MessageDraft(
            .email, to: contact, .transactional, subject: subject ?? ticket.answerSubject,
            body: message.text, by: actor, cause: .init(TicketReplies.name, ticket.id),
            key: message.id)
        draft.authorName = name
        (draft.attachments, draft.sources) = (message.attachments, message.sources)
        draft.conversation = try tx.tickets.mailConversation(of: ticket)?.id
        draft.why = origin.why ?? MessageWhy.ticketAnswered.saying("\(ticket.number)")
        (draft.run, draft.decision) = (origin.run, origin.decision)
        (draft.isApproved, draft.approval) = (origin.isApproved, origin.approval)
        return try outbox.offer(draft, in: tx).map(ReplyChannel.sent) ?? .stopped
    }
}

extension Ticket {
    /// Under which a mail answers it.
    var answerSubject: String { "Re: \(subject)" }
}

extension TicketDesk {
    @discardableResult
    static func hear(
        _ text: String, from contact: Contact?, in ticket: Ticket, message carrier: MessageID? = nil,
        attachments: [ID<StoredFile>] = [], by actor: Actor = .system, in tx: Transaction
    ) throws -> TicketMessage {
        var heard = TicketMessage.new(id: tx.nextID(), now: tx.now)
        (heard.ticketID, heard.text, heard.direction) = (ticket.id, text, .inbound)
        (heard.messageID, heard.attachments) = (carrier, attachments)
        heard.author = ["type": "contact", "id": JSON(contact?.id), "name": JSON(contact?.name)]
        try tx.create(&heard, by: actor)
        try tx.tickets.change(ticket, by: actor) { ticket in
            ticket.messages += 1
            let waits = ticket.status == .waitingOnClient || ticket.isOver
            if waits, ticket.mergedInto == nil { ticket.status = .open }
        }
        try tx.publish(
            "ticket.replied", ticket.subjectOfEvents,
            ticket.payload.merging(["message_id": JSON(heard.id)]))
        try tx.ticketAudience.tellWatchers(
            of: ticket, kind: .ticketMessage,
            Saying(
                "notification.client_wrote",
                [
                    "has_name": .flag(contact != nil), "name": .text(contact?.name ?? ""),
                    "number": .text("\(ticket.number)"),
                ]),
            body: text, by: actor)
        return heard
    }
}

extension TicketStore {
    /// Returns the findings in an answer before it leaves: what looks wrong in it.
    func findings(in text: String, for ticket: Ticket) throws -> [QualityFinding] {
        let contact = try ticket.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        return OutgoingCheck.findings(
            in: text, to: contact?.name, language: ticket.language ?? contact?.locale
        ).map(QualityFinding.init)
    }

    /// The conversation that a ticket was made of.
    private func conversation(of ticket: Ticket) throws -> Conversation? {
        try ticket.conversationID
            .flatMap { try Conversation.resource.find($0, in: tx) }
    }

    /// Where answers are said in a chat.
    func chat(of ticket: Ticket) throws -> Conversation? {
        try conversation(of: ticket).flatMap { $0.channel == .email ? nil : $0 }
    }

    /// Where answers continue a thread of mails.
    func mailConversation(of ticket: Ticket) throws -> Conversation? {
        try conversation(of: ticket).flatMap { $0.channel == .email ? $0 : nil }
    }
}

extension TicketStore where Base == Transaction {
    /// Stores what `edit` makes of a ticket as it stands now.
    @discardableResult
    func change(
        _ ticket: Ticket, by actor: Actor, action: String? = nil, _ edit: (inout Ticket) -> Void
    ) throws
        -> Ticket
    {
        let old = try Ticket.resource.get(ticket.id, in: tx)
        var new = old
        edit(&new)
        try tx.update(old, to: &new, by: actor, action: action)
        return new
    }

    /// Returns the author of a message, by name where there is one.
    func author(_ actor: Actor) throws -> JSON {
        var name: String?
        switch actor.kind {
        case .user: name = try actor.userID.flatMap { try User.resource.find($0, in: tx)?.name }
        case .agent: name = tx.runtime.agents[actor.id]?.title
        case .apiKey, .system: name = nil
        }
        return ["type": .string(actor.kind.rawValue), "id": .string(actor.id), "name": JSON(name)]
    }
}

extension String {
    /// As words of a text in Markdown, and nothing but words.
    var markdownEscaped: String {
        var result = ""
        for scalar in unicodeScalars {
            if "\\`*_{}[]()<>#+-.!|~&".unicodeScalars.contains(scalar) { result.append("\\") }
            result.unicodeScalars.append(scalar == "\n" || scalar == "\r" ? " " : scalar)
        }
        return result
    }
}
