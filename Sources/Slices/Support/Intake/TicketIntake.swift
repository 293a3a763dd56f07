internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// Looks at mails that come in: those that are for support are worked on by a job.
struct TicketIntake: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "message.received", event.data.containsBytes("\"email\""),
            let id = event.subject.id(of: Nouns.Message.self),
            let message = try Message.resource.find(id, in: tx),
            message.channel == .email, !message.isAutomatic
        else { return }
        let concernsSupport =
            try message.clientID != nil || message.inReplyTo != nil || !message.references.isEmpty
            || tx.ticketThreads.supportAddress(message.recipient) != nil
        guard concernsSupport else { return }
        try tx.jobs.enqueue(
            TicketIntakeJob.self, .init(message: id),
            JobOptions(uniqueKey: id, subject: message.subjectOfEvents))
    }
}

/// Brings a mail into the ticket that it goes on with, or makes one of it.
struct TicketIntakeJob: JobKind {
    struct Payload: Codable, Sendable { let message: MessageID }

    static let kind = "ticket.intake"
    let desk: TicketDesk

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let desk = desk
        try await job.complete { tx in
            guard let message = try Message.resource.find(payload.message, in: tx)
            else { return }
            try desk.take(message, in: tx)
        }
    }
}

extension TicketDesk {
    /// Takes a mail in, once.
    func take(_ message: Message, in tx: Transaction) throws {
        let machines: [Message.Class] = [.bounce, .outOfOffice, .unsubscribe]
        guard message.direction == .inbound, message.channel == .email, !message.isAutomatic,
            message.replyClass.map({ !machines.contains($0) }) ?? true,
            try !tx.ticketThreads.isInTicket(message),
            let contact = try message.contactID.flatMap({ try Contact.resource.find($0, in: tx) })
        else { return }
        let thread = try tx.ticketThreads.thread(of: message)
        if let ticket = thread.ticket {
            try hear(
                message.text, from: contact, in: ticket, message: message.id,
                attachments: message.attachments, in: tx)
            return
        }
        let address = try tx.ticketThreads.supportAddress(message.recipient)
        guard try address != nil || isClients(message, contact, answers: thread.isOthers, in: tx) else {
            return
        }
        var ticket = Ticket.new(id: tx.nextID(), now: tx.now)
        let text = message.text.trimmed
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "Mail"
        let subject = message.subject?.trimmed ?? ""
        ticket.subject = String((subject.isEmpty ? line : subject).prefix(300))
        ticket.body = String((text.isEmpty ? ticket.subject : text).prefix(50_000))
        (ticket.source, ticket.messageID) = ("email", message.id)
        (ticket.contactID, ticket.clientID) = (contact.id, contact.clientID)
        ticket.conversationID = message.conversationID
        ticket.attachments = Array(message.attachments.prefix(20))
        (ticket.category, ticket.priority) = (address?.category, address?.priority)
        ticket.teamID = address?.teamID
        ticket.derive()
        try tx.create(&ticket, by: .system)
        if address?.acknowledges ?? true { try acknowledge(ticket, in: tx) }
    }

    /// Returns whether a client's person asks something of their own accord, while nobody sells to them. What
    /// answers a mail of another kind, an invoice or a report, is for whoever has sent that.
    private func isClients(
        _ message: Message, _ contact: Contact, answers isOthers: Bool, in tx: Transaction
    ) throws -> Bool {
        try contact.clientID != nil && !isOthers && !outbox.dependencies.isInSalesProcess(tx, contact.id)
    }
}

extension TicketThreadStore {
    /// The ticket that a mail's headers lead to; else whether they lead to a mail of ours of another kind.
    fileprivate func thread(of message: Message) throws -> (ticket: Ticket?, isOthers: Bool) {
        var ids = message.references.reversed().map(\.self)
        if let direct = message.inReplyTo { ids.insert(direct, at: 0) }
        var isOthers = false
        for id in ids.prefix(20) {
            for earlier in try Message.resource.all(
                where: "internet_id = \(id)", suffix: "ORDER BY id LIMIT 5", in: tx)
            {
                if let ticket = try find(with: earlier) { return (ticket, false) }
                if earlier.direction == .outbound { isOthers = true }
            }
        }
        return (nil, isOthers)
    }

    private func find(with message: Message) throws -> Ticket? {
        if message.cause["type"]?.text == TicketReplies.name,
            let id = message.cause["id"]?.id(of: Ticket.self)
        {
            return try goingOn(id)
        }
        if let opened = try Ticket.resource.first(
            where: "message_id = \(message.id)", suffix: "LIMIT 1", in: tx)
        {
            return try goingOn(opened.id)
        }
        let said = try TicketMessage.resource.first(
            where: "message_id = \(message.id)", suffix: "LIMIT 1", in: tx)
        return try said?.ticketID.flatMap { try goingOn($0) }
    }
}
