package import Database
internal import JSON
package import Messaging
internal import Platform
package import Records
internal import Runtime
internal import Telemetry

/// What is done with tickets beside storing them: what is said leaves on the contact's channel, where it has an
/// address, and stays in the thread otherwise.
package struct TicketDesk: Sendable {
    let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    /// Stores what the agency says, or notes for itself. The first answer stops the first clock.
    @discardableResult
    package func say(
        _ text: String, in ticket: Ticket, isInternal: Bool = false, attachments: [String] = [],
        by actor: Actor, in tx: Transaction
    ) throws -> TicketMessage {
        var message = TicketMessage.new(id: tx.nextID(), now: tx.now)
        (message.ticketID, message.text, message.isInternal) = (ticket.id, text, isInternal)
        message.attachments = attachments
        message.author = try tx.author(actor)
        if !isInternal { message.messageID = try send(message, of: ticket, by: actor, in: tx) }
        try tx.create(&message, by: actor)
        try tx.change(ticket, by: actor) { ticket in
            ticket.messages += 1
            guard !isInternal else { return }
            if ticket.firstResponseAt == nil { ticket.firstResponseAt = tx.now }
            if ticket.status == .new { ticket.status = .open }
        }
        if !isInternal {
            try tx.publish(
                "ticket.answered", ticket.subjectOfEvents,
                ticket.told.merging(["message_id": .string(message.id.text)]))
        }
        return message
    }

    /// Stores what whoever asked has added. A ticket that waited for them, or was over, is open again.
    @discardableResult
    package func hear(
        _ text: String, from contact: Contact?, in ticket: Ticket, message carrier: String? = nil,
        attachments: [String] = [], by actor: Actor = .system, in tx: Transaction
    ) throws -> TicketMessage {
        try Self.hear(
            text, from: contact, in: ticket, message: carrier, attachments: attachments, by: actor, in: tx)
    }

    /// Tells whoever asked that it has come, and until when they hear more.
    package func acknowledge(_ ticket: Ticket, in tx: Transaction) throws {
        guard let contact = try ticket.contactID.flatMap({ try Contact.resource.find($0, in: tx) }),
            contact.address(on: .email) != nil
        else { return }
        let tenant = try tx.ownTenant(), zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        var body = """
            We have your request “\(ticket.subject.markdownEscaped)”. Its number is \(ticket.number); \
            answer this mail to add to it.
            """
        if let due = ticket.sla.firstResponseDueAt {
            let local = zone.local(of: due),
                minute = local.minute < 10 ? "0\(local.minute)" : "\(local.minute)"
            body += "\n\nYou hear from us by \(local.date.iso), \(local.hour):\(minute) (\(tenant.timeZone))."
        }
        try outbox.send(
            MessageDraft(
                .email, to: contact, .transactional, subject: "We have your request (\(ticket.number))",
                body: body, by: .system, cause: .init(TicketReplies.name, ticket.id.text),
                key: "\(ticket.id)/acknowledgement"), in: tx)
    }

    private func send(
        _ message: TicketMessage, of ticket: Ticket, by actor: Actor, in tx: Transaction
    ) throws -> String? {
        guard let contact = try ticket.contactID.flatMap({ try Contact.resource.find($0, in: tx) }),
            contact.address(on: .email) != nil
        else { return nil }
        var draft = MessageDraft(
            .email, to: contact, .transactional, subject: "Re: \(ticket.subject)",
            body: message.text, by: actor, cause: .init(TicketReplies.name, ticket.id.text),
            key: message.id.text)
        draft.authorName = message.author["name"]?.text
        draft.attachments = message.attachments
        draft.why = "It answers ticket \(ticket.number)."
        return try outbox.send(draft, in: tx).id.text
    }
}

/// Answers to a ticket's mails come back into it.
package struct TicketReplies: MessageListener {
    static let name = "ticket"
    package let cause = name

    package init() {}

    package func heard(_ turn: MessageTurn, of message: Message, in tx: Transaction) throws {
        guard case .replied(let reply) = turn,
            let ticket = try message.cause["id"]?.text.flatMap({ ID<Ticket>($0) })
                .flatMap({ try Ticket.resource.find($0, in: tx) })
        else { return }
        guard
            try !tx.exists(
                """
                SELECT 1 FROM ticket_messages
                WHERE tenant_id = \(tx.tenant) AND ticket_id = \(ticket.id) AND message_id = \(reply.id)
                """)
        else { return }
        let contact = try reply.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        try TicketDesk.hear(reply.text, from: contact, in: ticket, message: reply.id.text, in: tx)
    }
}

extension TicketDesk {
    @discardableResult
    static func hear(
        _ text: String, from contact: Contact?, in ticket: Ticket, message carrier: String? = nil,
        attachments: [String] = [], by actor: Actor = .system, in tx: Transaction
    ) throws -> TicketMessage {
        var heard = TicketMessage.new(id: tx.nextID(), now: tx.now)
        (heard.ticketID, heard.text, heard.direction) = (ticket.id, text, .inbound)
        (heard.messageID, heard.attachments) = (carrier, attachments)
        heard.author = ["type": "contact", "id": JSON(contact?.id.text), "name": JSON(contact?.name)]
        try tx.create(&heard, by: actor)
        try tx.change(ticket, by: actor) { ticket in
            ticket.messages += 1
            let waits = ticket.status == .waitingOnClient || ticket.isOver
            if waits, ticket.mergedInto == nil { ticket.status = .open }
        }
        try tx.publish(
            "ticket.replied", ticket.subjectOfEvents,
            ticket.told.merging(["message_id": .string(heard.id.text)]))
        return heard
    }
}

extension Transaction {
    /// Stores what `edit` makes of a ticket as it stands now.
    @discardableResult
    func change(
        _ ticket: Ticket, by actor: Actor, action: String? = nil, _ edit: (inout Ticket) -> Void
    ) throws
        -> Ticket
    {
        let old = try Ticket.resource.get(ticket.id, in: self)
        var new = old
        edit(&new)
        try update(old, to: &new, by: actor, action: action)
        return new
    }

    /// Who says something, by name where there is one.
    func author(_ actor: Actor) throws -> JSON {
        var name: String?
        switch actor.kind {
        case .user: name = try ID<User>(actor.id).flatMap { try User.resource.find($0, in: self)?.name }
        case .agent: name = runtime.agents[actor.id]?.title
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
