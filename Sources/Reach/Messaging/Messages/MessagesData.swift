package import Database
internal import JSON
internal import Platform
internal import Records
package import Runtime
internal import Telemetry

/// What was said to people and by them. When it is erased, that something was sent stays, without its words; that
/// somebody does not want to be written to stays, too: otherwise they would be.
struct SaidData: PersonalData {
    static let name = "messages"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        guard !contacts.isEmpty else { return [] }
        return try Message.resource.all(
            where: "contact_id IN \(list: contacts)", suffix: "ORDER BY id LIMIT 10000", in: reader
        ).map { Message.schema.json($0) }
    }

    /// Exports what they and the agency wrote to each other, without the notes of colleagues.
    func exportToThemselves(_ subjects: [Subject], in reader: Reader) throws -> [JSON]? {
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        guard !contacts.isEmpty else { return [] }
        return try Message.resource.all(
            where: "contact_id IN \(list: contacts) AND internal = \(0)", suffix: "ORDER BY id LIMIT 10000",
            in: reader
        ).map { message in
            [
                "id": .string(message.id.text), "channel": .string(message.channel.rawValue),
                "direction": .string(message.direction.rawValue), "subject": JSON(message.subject),
                "text": .string(message.text), "created_at": .string(message.createdAt.description),
            ]
        }
    }

    /// Returns their conversations, and the messages on which agents based decisions.
    func related(to subjects: [Subject], in reader: some Queryable) throws -> [Subject] {
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        guard !contacts.isEmpty else { return [] }
        let messages = try reader.all(
            """
            SELECT id FROM messages WHERE tenant_id = \(reader.tenant) AND contact_id IN \(list: contacts)
            ORDER BY id LIMIT 10000
            """
        ) { Subject(type: Message.noun, id: $0.text(0)) }
        return try reader.talks(of: subjects).filter { $0.type == Conversation.noun } + messages
    }

    func words(of subjects: [Subject], in reader: some Queryable) throws -> PersonalWords {
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        var words = PersonalWords()
        guard !contacts.isEmpty else { return words }
        words.texts = try reader.all(
            """
            SELECT text FROM messages WHERE tenant_id = \(reader.tenant) AND contact_id IN \(list: contacts)
                AND direction = 'inbound' ORDER BY id LIMIT 10000
            """
        ) { $0.text(0) }
        return words
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        guard !contacts.isEmpty else { return 0 }
        let messages = try Message.resource.all(
            where: "contact_id IN \(list: contacts) AND (text <> '' OR subject IS NOT NULL)",
            suffix: "ORDER BY id LIMIT 10000", in: tx)
        for stored in messages {
            _ = try tx.withdraw(stored, because: Reason("erased", "The message's recipient was erased."))
            guard let message = try Message.resource.find(stored.id, in: tx) else { continue }
            try tx.forgetApprovals(of: message.asker)
            var erased = message
            (erased.subject, erased.text, erased.html, erased.body) = (nil, "", nil, nil)
            (erased.sender, erased.recipient, erased.evidence) = (nil, nil, .null)
            (erased.attachments, erased.components) = ([], .null)
            if message.direction == .inbound { erased.author = message.author.merging(["name": .null]) }
            try tx.change(message, to: &erased)
        }
        try tx.forgetObservations(of: subjects + messages.map(\.subjectOfEvents))
        try tx.run(
            """
            UPDATE conversations SET subject = NULL, preview = NULL, handover = NULL
            WHERE tenant_id = \(tx.tenant) AND contact_id IN \(list: contacts)
            """)
        return messages.count
    }
}

/// What people of the agency were told about them, often in their own words. When it is erased, that somebody was told
/// stays.
struct ToldData: PersonalData {
    static let name = "notifications"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try reader.notifications(about: subjects).map { Notification.schema.json($0) }
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        try tx.forgetWhatWasTold(about: subjects)
    }
}

extension Queryable {
    /// The people themselves, and the conversations with them.
    fileprivate func talks(of subjects: [Subject]) throws -> [Subject] {
        let contacts = subjects.filter { $0.type == Contact.noun }.map(\.id)
        guard !contacts.isEmpty else { return subjects }
        let conversations = try all(
            """
            SELECT id FROM conversations WHERE tenant_id = \(tenant) AND contact_id IN \(list: contacts)
            ORDER BY id LIMIT 10000
            """
        ) { Subject(type: Conversation.noun, id: $0.text(0)) }
        return subjects + conversations
    }
}

extension Transaction {
    /// Forgets what notifications about these quote, and so do the mails that told of them; how many there were.
    package func forgetWhatWasTold(about subjects: [Subject]) throws -> Int {
        let told = try forgetNotifications(about: subjects)
        for notification in told {
            let key = AccountMessages.key(ofNotification: notification.id.text)
            guard let mail = try Message.resource.first(where: "send_key = \(key)", in: self) else {
                continue
            }
            _ = try withdraw(mail, because: Reason("erased", "The person the message was about was erased."))
            guard let message = try Message.resource.find(mail.id, in: self) else { continue }
            var erased = message
            (erased.subject, erased.text, erased.html, erased.body) = (nil, "", nil, nil)
            try change(message, to: &erased)
        }
        return told.count
    }
}
