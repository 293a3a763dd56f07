internal import Agents
package import Database
package import Intelligence
internal import Jobs
package import Messages
package import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

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
        // As a record of the agency's, in its own language.
        let words = try tx.wordings.find(tx.agency.tenant().locale)
        let title = words("privacy.task", ["right": .text(request.rawValue)])
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
        let notice = words("notification.privacy_notice", ["right": .text(request.rawValue)])
        task.text = words(
            "privacy.task_text",
            [
                "notice": .text(notice), "message": .text("\(message.id)"),
                "text": .text(String(message.text.prefix(2000))),
            ])
        task.dueAt = registered.dueAt
        try tx.create(&task, by: .system)
        try tx.notifications.notify(
            .permission("privacy:erase"), kind: .privacyRequested,
            title: Saying(
                "notification.privacy", ["name": .text(contact.name), "right": .text(request.rawValue)]),
            body: Saying("notification.privacy_notice", ["right": .text(request.rawValue)]),
            subject: message.subjectOfEvents, urgency: .high)
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
}

/// The notifications about data protection.
extension NotificationKind {
    static let privacyRequested = NotificationKind(
        "privacy.requested", Saying("notification.kind_privacy_requested"))
}
