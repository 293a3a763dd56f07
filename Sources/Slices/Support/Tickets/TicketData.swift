internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import People
internal import Records
internal import Telemetry

extension Ticket {
    /// Returns its messages but for internal notes, as exports have them; `isOwn`: in a person's own.
    func thread(isOwn: Bool, in reader: Reader) throws -> JSON {
        let said = try TicketMessage.resource.all(
            where: "ticket_id = \(id) AND internal = \(0)", suffix: "ORDER BY id LIMIT 1000", in: reader)
        return .array(
            said.map { message in
                isOwn
                    ? ["text": .string(message.text), "created_at": message.createdAt.json]
                    : TicketMessage.schema.json(message)
            })
    }
}

/// The questions that no article answers, in the words in which people asked them.
struct AskedData: PersonalData {
    let name = "knowledge_gaps"

    /// Returns what the subjects have written in messages and tickets.
    func words(of subjects: [Subject], in reader: some Queryable) throws -> PersonalIdentifiers {
        var words = PersonalIdentifiers()
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        guard !contacts.isEmpty else { return words }
        // In the order of the people, or SQLite would walk all that anybody wrote to find it in order.
        words.texts = try reader.all(
            """
            SELECT text FROM messages WHERE tenant_id = \(reader.tenant) AND contact_id IN \(list: contacts)
                AND direction = 'inbound' ORDER BY contact_id, id LIMIT 10000
            """
        ) { $0.text(0) }
        let tickets = try Ticket.resource.all(
            where: "contact_id IN \(list: contacts)", suffix: "ORDER BY contact_id, id LIMIT 10000",
            in: reader)
        words.texts += tickets.flatMap { [$0.subject, $0.body] }
        return words
    }

    /// Erases questions by the subjects' own words, since nothing else says whose question it was.
    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
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
