internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Tickets that become one, or two: `tx.ticketMerging`.
struct TicketMergeStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var ticketMerging: TicketMergeStore<Self> { TicketMergeStore(tx: self) }
}

extension TicketMergeStore where Base == Transaction {
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
        return try tx.tickets.change(target, by: actor) { ticket in
            ticket.messages += old.messages + 1
            ticket.relate(to: old.id)
            for tag in old.tags where !ticket.tags.contains(tag) && ticket.tags.count < 50 {
                ticket.tags.append(tag)
            }
        }
    }

    /// A ticket of its own for something that was said in another; each refers to the other.
    func split(_ old: Ticket, _ body: SplitBody, by actor: Actor) throws -> Ticket {
        let messages = try chosen(by: body, of: old), message = messages[0]
        var ticket = Ticket.new(id: tx.nextID(), now: tx.now)
        (ticket.subject, ticket.body) = (body.subject, message.text)
        ticket.attachments = message.attachments
        (ticket.clientID, ticket.contactID, ticket.source) = (old.clientID, old.contactID, old.source)
        ticket.relate(to: old.id)
        ticket.messages = messages.count - 1
        try tx.create(&ticket, by: actor)
        for said in messages.dropFirst() {
            var copy = TicketMessage.new(id: tx.nextID(), now: tx.now)
            (copy.ticketID, copy.text, copy.isInternal) = (ticket.id, said.text, said.isInternal)
            (copy.direction, copy.author, copy.messageID) = (said.direction, said.author, said.messageID)
            (copy.attachments, copy.sources) = (said.attachments, said.sources)
            try tx.create(&copy, by: actor)
        }
        try tx.tickets.change(old, by: actor) { $0.relate(to: ticket.id) }
        return ticket
    }

    /// The messages of a ticket that a split names, in the order in which they were said.
    private func chosen(by body: SplitBody, of ticket: Ticket) throws -> [TicketMessage] {
        guard (body.messageID == nil) != body.messageIDs.isEmpty else {
            throw Problem(faults: [
                body.messageID == nil
                    ? Fault("/message_ids", "required", "Send message_id or message_ids.")
                    : Fault("/message_ids", "conflict", "Send message_id or message_ids, not both.")
            ])
        }
        let asked: [(String, ID<TicketMessage>)] =
            body.messageID.map { [("/message_id", $0)] }
            ?? body.messageIDs.enumerated().map { ("/message_ids/\($0)", $1) }
        var faults = Faults(), found: [TicketMessage] = []
        for (place, id) in asked {
            if let message = try TicketMessage.resource.find(id, in: tx), message.ticketID == ticket.id {
                if !found.contains(where: { $0.id == message.id }) { found.append(message) }
            } else {
                faults.add(place, "unknown_reference", "The message must be one of this ticket.")
            }
        }
        if !found.isEmpty, found.allSatisfy(\.isInternal) {
            faults.add(
                asked[0].0, "conflict", "A ticket is not made of notes alone: name a message of the thread.")
        }
        try faults.throwIfAny()
        // The text of the new ticket is something that was said, not a note.
        found.sort { $0.id < $1.id }
        guard let first = found.firstIndex(where: { !$0.isInternal }) else { return found }
        let opening = found.remove(at: first)
        return [opening] + found
    }

    func link(_ old: Ticket, with id: TicketID, by actor: Actor) throws -> Ticket {
        guard id != old.id else {
            throw Problem(faults: [
                Fault("/ticket_id", "unknown_reference", "ticket_id must be another ticket than this one.")
            ])
        }
        let other = try Ticket.resource.get(id, in: tx)
        try tx.tickets.change(other, by: actor) { $0.relate(to: old.id) }
        return try tx.tickets.change(old, by: actor, action: "ticket.linked") { $0.relate(to: other.id) }
    }
}

extension Ticket {
    fileprivate mutating func relate(to id: TicketID) {
        if !relatedIDs.contains(id), relatedIDs.count < 100 { relatedIDs.append(id) }
    }
}
