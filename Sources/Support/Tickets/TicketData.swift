internal import Database
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime

/// What people have asked for. When it is erased, that there was a ticket stays, without its words.
struct TicketData: PersonalData {
    static let name = "tickets"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try tickets(of: subjects, in: reader).map { ticket in
            let said = try TicketMessage.resource.all(
                where: "ticket_id = \(ticket.id) AND internal = \(0)", suffix: "ORDER BY id LIMIT 1000",
                in: reader)
            let told = try reader.notifications(about: [ticket.subjectOfEvents])
            return Ticket.schema.json(ticket).merging([
                "thread": .array(said.map { TicketMessage.schema.json($0) }),
                "told": .array(told.map { Notification.schema.json($0) }),
            ])
        }
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        let tickets = try tickets(of: subjects, in: tx)
        _ = try tx.forgetWhatWasTold(about: tickets.map(\.subjectOfEvents))
        for ticket in tickets {
            try tx.change(ticket, by: .system, action: "ticket.erased") { ticket in
                (ticket.subject, ticket.body, ticket.fields) = ("Erased", "Erased", [:])
                (ticket.contactID, ticket.attachments) = (nil, [])
            }
            try tx.run(
                """
                UPDATE ticket_messages SET text = '', findings = NULL, attachments = '[]', author = '{"type":"contact","id":null,"name":null}',
                    version = version + 1, updated_at = \(tx.now)
                WHERE tenant_id = \(tx.tenant) AND ticket_id = \(ticket.id)
                """)
        }
        return tickets.count
    }

    private func tickets(of subjects: [Subject], in reader: some Queryable) throws -> [Ticket] {
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        guard !contacts.isEmpty else { return [] }
        return try Ticket.resource.all(
            where: "contact_id IN \(list: contacts)", suffix: "ORDER BY id LIMIT 1000", in: reader)
    }
}
