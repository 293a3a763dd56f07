internal import Database
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// People's tickets. When they are erased, that there was a ticket stays, without its words.
struct TicketData: PersonalData {
    static let name = "tickets"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try tickets(of: subjects, in: reader).map { ticket in
            let said = try TicketMessage.resource.all(
                where: "ticket_id = \(ticket.id) AND internal = \(0)", suffix: "ORDER BY id LIMIT 1000",
                in: reader)
            return Ticket.schema.json(ticket).merging([
                "thread": .array(said.map { TicketMessage.schema.json($0) })
            ])
        }
    }

    func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]? {
        try tickets(of: subjects, in: reader).map { ticket in
            let said = try TicketMessage.resource.all(
                where: "ticket_id = \(ticket.id) AND internal = \(0)", suffix: "ORDER BY id LIMIT 1000",
                in: reader)
            return [
                "id": .string(ticket.id.text), "subject": .string(ticket.subject),
                "body": .string(ticket.body),
                "status": .string(ticket.status.rawValue),
                "created_at": .string(ticket.createdAt.description),
                "thread": .array(
                    said.map { ["text": .string($0.text), "created_at": .string($0.createdAt.description)] }),
            ]
        }
    }

    func related(to subjects: [Subject], in reader: some Queryable) throws -> [Subject] {
        try tickets(of: subjects, in: reader).map(\.subjectOfEvents)
    }

    func words(of subjects: [Subject], in reader: some Queryable) throws -> PersonalWords {
        var words = PersonalWords()
        words.texts = try tickets(of: subjects, in: reader).flatMap { [$0.subject, $0.body] }
        return words
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        let tickets = try tickets(of: subjects, in: tx)
        for ticket in tickets {
            let asked = (kind: AgentEffects.owner, id: ticket.id.text)
            try tx.withdrawApprovals(of: asked, because: "The person whom it was for was erased.")
            try tx.forgetApprovals(of: asked)
            try tx.forgetObservations(of: [ticket.subjectOfEvents])
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

/// The questions that no article answers, in the words in which people asked them.
struct AskedData: PersonalData {
    static let name = "knowledge_gaps"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] { [] }

    /// Erases questions by the subjects' own words, since nothing else says whose question it was.
    func erase(_ subjects: [Subject], _ words: PersonalWords, in tx: Transaction) throws -> Int {
        let texts = words.texts.map { TextFolding.fold($0) }.filter { !$0.isEmpty }
        guard !texts.isEmpty else { return 0 }
        let theirs = try KnowledgeGap.resource.all(where: "1 = 1", suffix: "ORDER BY row", in: tx).filter {
            gap in
            let question = TextFolding.fold(gap.question)
            return texts.contains {
                $0.contains(question) || words.addresses.contains(where: question.contains)
            }
        }
        for gap in theirs { try tx.delete(gap, by: .system) }
        return theirs.count
    }
}
