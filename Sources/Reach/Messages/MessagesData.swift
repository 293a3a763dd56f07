internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

extension Outbox {
    /// Erases the person from a message; answers whether there was anything. The fact that something was sent remains,
    /// without its words; what has not left never does.
    func erase(_ stored: Message, in tx: Transaction) throws -> Bool {
        try cancel(stored, because: Reason("erased", "The message's recipient was erased."), in: tx)
        guard let message = try Message.resource.find(stored.id, in: tx) else { return false }
        try tx.approvals.forget(of: message.asker)
        try tx.messageBatches.forgetExample(of: message)
        var erased = Message.resource.emptied(message)
        if message.direction == .inbound { erased.author = message.author.merging(["name": .null]) }
        guard !Message.resource.changes(from: message, to: erased).isEmpty else { return false }
        try tx.outbox.change(message, to: &erased)
        return true
    }
}

/// The notifications that people of the agency got about contacts, often in the contacts' own words. After an erasure,
/// the fact that somebody was notified remains.
struct ToldData: PersonalData {
    let name = "notifications"
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try reader.notifications.all(about: subjects).map { Notification.schema.json($0) }
    }

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        let told = try tx.notifications.forget(about: subjects)
        for notification in told { try forgetMail(of: notification, in: tx) }
        return told.count
    }

    /// The mail that told of it forgets the same.
    private func forgetMail(of notification: Notification, in tx: Transaction) throws {
        guard
            let mail = try tx.outbox.message(
                keyed: AccountMessages.key(ofNotification: notification.id.keyText))
        else { return }
        try outbox.cancel(
            mail, because: Reason("erased", "The person the message was about was erased."), in: tx)
        guard let message = try Message.resource.find(mail.id, in: tx) else { return }
        var erased = message
        (erased.subject, erased.text, erased.html, erased.body) = (nil, "", nil, nil)
        try tx.outbox.change(message, to: &erased)
    }
}
