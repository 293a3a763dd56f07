internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

extension TicketStore where Base == Transaction {
    /// Closes a ticket whose thread goes on in another one, which gets all that was said in it. Answers the other.
    func merge(_ old: Ticket, into id: TicketID, by actor: Actor) throws -> Ticket {
        guard id != old.id else {
            throw Problem(faults: [
                Fault("/into", "unknown_reference", "The target ticket must be another one than this ticket.")
            ])
        }
        let target = try Ticket.resource.get(id, in: tx)
        guard old.mergedInto == nil, target.mergedInto == nil else {
            throw Problem(.conflict, "One of the tickets was already merged into another: use that one.")
        }
        var opening = TicketMessage.new(id: tx.nextID(), now: tx.now)
        (opening.ticketID, opening.direction, opening.text) = (target.id, .inbound, old.body)
        opening.author = ["type": "contact", "id": JSON(old.contactID), "name": nil]
        opening.attachments = old.attachments
        try tx.create(&opening, by: actor)
        try tx.run(
            """
            UPDATE ticket_messages SET ticket_id = \(target.id), version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND ticket_id = \(old.id)
            """)
        var merged = old
        (merged.mergedInto, merged.messages) = (target.id, 0)
        if merged.status != .closed { merged.status = .closed }
        try tx.update(old, to: &merged, by: actor, action: "ticket.merged")
        try tx.publish(
            "ticket.merged", old.subjectOfEvents, merged.payload.merging(["into": JSON(target.id)]))
        return try change(target, by: actor) { ticket in
            ticket.messages += old.messages + 1
            ticket.relate(to: old.id)
            for tag in old.tags where !ticket.tags.contains(tag) && ticket.tags.count < 50 {
                ticket.tags.append(tag)
            }
        }
    }

    /// A ticket of its own for something that was said in another; each refers to the other.
    func split(_ old: Ticket, _ body: SplitBody, by actor: Actor) throws -> Ticket {
        guard let message = try TicketMessage.resource.find(body.messageID, in: tx),
            message.ticketID == old.id
        else {
            throw Problem(faults: [
                Fault("/message_id", "unknown_reference", "message_id must be a message of this ticket.")
            ])
        }
        var ticket = Ticket.new(id: tx.nextID(), now: tx.now)
        (ticket.subject, ticket.body) = (body.subject, message.text)
        ticket.attachments = message.attachments
        (ticket.clientID, ticket.contactID, ticket.source) = (old.clientID, old.contactID, old.source)
        ticket.relate(to: old.id)
        try tx.create(&ticket, by: actor)
        try change(old, by: actor) { $0.relate(to: ticket.id) }
        return ticket
    }

    func link(_ old: Ticket, with id: TicketID, by actor: Actor) throws -> Ticket {
        guard id != old.id else {
            throw Problem(faults: [
                Fault("/ticket_id", "unknown_reference", "ticket_id must be another ticket than this one.")
            ])
        }
        let other = try Ticket.resource.get(id, in: tx)
        try change(other, by: actor) { $0.relate(to: old.id) }
        return try change(old, by: actor, action: "ticket.linked") { $0.relate(to: other.id) }
    }
}

extension Ticket {
    fileprivate mutating func relate(to id: TicketID) {
        if !relatedIDs.contains(id), relatedIDs.count < 100 { relatedIDs.append(id) }
    }
}
