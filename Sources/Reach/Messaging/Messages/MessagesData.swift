internal import Database
internal import JSON
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// The messages to people and from them. After an erasure, the fact that something was sent remains, without its words,
/// and so does a person's wish not to be written to: otherwise they would be.
struct SaidData: PersonalData {
    static let name = "messages"
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

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
            try outbox.cancel(
                stored, because: Reason("erased", "The message's recipient was erased."), in: tx)
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

/// The notifications that people of the agency got about contacts, often in the contacts' own words. After an erasure,
/// the fact that somebody was notified remains.
struct ToldData: PersonalData {
    static let name = "notifications"
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try reader.notifications(about: subjects).map { Notification.schema.json($0) }
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        let told = try tx.forgetNotifications(about: subjects)
        for notification in told { try forgetMail(of: notification, in: tx) }
        return told.count
    }

    /// The mail that told of it forgets the same.
    private func forgetMail(of notification: Notification, in tx: Transaction) throws {
        guard let mail = try tx.message(keyed: AccountMessages.key(ofNotification: notification.id.text))
        else { return }
        try outbox.cancel(
            mail, because: Reason("erased", "The person the message was about was erased."), in: tx)
        guard let message = try Message.resource.find(mail.id, in: tx) else { return }
        var erased = message
        (erased.subject, erased.text, erased.html, erased.body) = (nil, "", nil, nil)
        try tx.change(message, to: &erased)
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
