package import Database
package import Intelligence
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// Makes a task of what somebody asks under data protection law.
package struct PrivacyTasks: ReplyListener {
    package init() {}

    package func asked(
        _ request: PrivacyRequest, by contact: Contact, in message: Message, _ tx: Transaction
    ) throws {
        try tx.file(request, of: contact, message)
    }
}

extension Transaction {
    /// The deadline of GDPR art. 12(3) is one month.
    private static let daysToAnswer: Int64 = 30

    /// Creates a task with a deadline for a request under data protection law, and notifies the agency at once. A
    /// person has at most one open task of each kind.
    fileprivate func file(_ request: PrivacyRequest, of contact: Contact, _ message: Message) throws {
        let title = "Answer a data protection request: \(request.rawValue)"
        guard
            try !exists(
                """
                SELECT 1 FROM outreach_tasks
                WHERE tenant_id = \(tenant) AND contact_id = \(contact.id) AND status = 'open' AND title = \(title)
                """)
        else { return }
        var task = OutreachTask.new(id: nextID(), now: now)
        (task.contactID, task.title, task.messageID) = (contact.id, title, message.id)
        task.text =
            "\(request.told) They wrote (message \(message.id)):\n\n\(message.text.prefix(2000))\n\n"
            + "The law gives one month. Make sure that it is them; then use /v1/privacy/export or /v1/privacy/erase."
        task.dueAt = now + .seconds(Self.daysToAnswer * 86_400)
        try create(&task, by: .system)
        try notify(
            .permission("privacy:erase"), kind: "privacy.requested", title: "\(contact.name): \(title)",
            body: request.told, subject: message.subjectOfEvents, urgency: .high)
    }
}

extension PrivacyRequest {
    fileprivate var told: String {
        switch self {
        case .erasure: "They want their data erased (GDPR art. 17)."
        case .access: "They want to know what is kept about them (GDPR art. 15)."
        case .rectification: "They want their data put right (GDPR art. 16)."
        case .objection: "They object to the use of their data (GDPR art. 21)."
        }
    }
}
