internal import Agents
package import Database
package import Intelligence
internal import Jobs
package import Messages
package import People
internal import Records
internal import Telemetry
internal import Tenancy

/// Makes a task of what somebody asks under data protection law.
package struct PrivacyTasks: ReplyListener {
    package init() {}

    package func asked(
        _ request: PrivacyRequest, by contact: Contact, in message: Message, _ tx: Transaction
    ) throws {
        try tx.privacyTasks.file(request, of: contact, message)
    }
}

extension PrivacyTaskStore where Base == Transaction {
    /// Enters a request under data protection law into the register, creates a task with its deadline, and notifies
    /// the agency at once. A person has at most one open task of each kind.
    fileprivate func file(_ request: PrivacyRequest, of contact: Contact, _ message: Message) throws {
        let title = "Answer a data protection request: \(request.rawValue)"
        guard
            try !tx.exists(
                """
                SELECT 1 FROM outreach_tasks
                WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact.id) AND status = 'open' AND title = \(title)
                """)
        else { return }
        let registered = try tx.privacyRequests.receive(request.kind, from: contact, in: message.id)
        var task = OutreachTask.new(id: tx.nextID(), now: tx.now)
        (task.contactID, task.title, task.messageID) = (contact.id, title, message.id)
        task.text =
            "\(request.notice) Their message (\(message.id)):\n\n\(message.text.prefix(2000))\n\n"
            + "The legal deadline is one month. Verify who asks, then answer it in the settings, under Privacy requests."
        task.dueAt = registered.dueAt
        try tx.create(&task, by: .system)
        try tx.notifications.notify(
            .permission("privacy:erase"), kind: "privacy.requested", title: "\(contact.name): \(title)",
            body: request.notice, subject: message.subjectOfEvents, urgency: .high)
    }
}

extension PrivacyRequest {
    fileprivate var kind: SubjectRequest.Kind {
        switch self {
        case .erasure: .erasure
        case .access: .access
        case .rectification: .rectification
        case .objection: .objection
        }
    }

    fileprivate var notice: String {
        switch self {
        case .erasure: "The person requests erasure of their data (GDPR art. 17)."
        case .access: "The person requests access to their data (GDPR art. 15)."
        case .rectification: "The person requests rectification of their data (GDPR art. 16)."
        case .objection: "The person objects to the use of their data (GDPR art. 21)."
        }
    }
}
