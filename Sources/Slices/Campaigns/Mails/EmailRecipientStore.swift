internal import Database
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry

/// The way of a mail to one person: planned, then with a message that waits, then ended; or drawn to get none.
enum RecipientState: String { case planned, waiting, ended, holdout }

/// Somebody whose time has come, with the variant that they were drawn for.
struct DueRecipient: Sendable {
    let contact: ContactID
    let variant: String
}

/// Somebody who is to be frozen as a recipient.
struct DrawnRecipient: Sendable {
    let contact: ContactID
    /// `nil`: they get none.
    let variant: String?
    let dueAt: Instant
}

/// The recipients of e-mail campaigns, and the way of the mail to each: `tx.emailRecipients`.
struct EmailRecipientStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var emailRecipients: EmailRecipientStore<Self> { EmailRecipientStore(tx: self) }
}

extension EmailRecipientStore {
    func areThere(_ id: ID<EmailCampaign>) throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM email_recipients WHERE tenant_id = \(tx.tenant) AND email_campaign_id = \(id)")
    }

    /// Returns those of some people who are recipients.
    func known(of contacts: [ContactID], in id: ID<EmailCampaign>) throws -> Set<ContactID> {
        guard !contacts.isEmpty else { return [] }
        return Set(
            try tx.all(
                """
                SELECT contact_id FROM email_recipients
                WHERE tenant_id = \(tx.tenant) AND email_campaign_id = \(id) AND contact_id IN \(list: contacts)
                """
            ) { ContactID($0, 0) })
    }

    /// Returns whether somebody is written to as one of some contacts.
    func isWritten(to contacts: Set<ContactID>, in id: ID<EmailCampaign>) throws -> Bool {
        guard !contacts.isEmpty else { return false }
        return try tx.exists(
            """
            SELECT 1 FROM email_recipients
            WHERE tenant_id = \(tx.tenant) AND email_campaign_id = \(id)
                AND contact_id IN \(list: contacts.sorted { $0.text < $1.text })
                AND (sent_at IS NOT NULL OR state IN ('waiting', 'holdout'))
            """)
    }

    /// Returns why a mail that waits is not for somebody any more who is other contacts, too: one of these was drawn
    /// to get none, or theirs has left or is leaving. One that waits as well may never leave.
    func reasonToLeaveOut(as others: Set<ContactID>, of id: ID<EmailCampaign>) throws -> Reason? {
        let states = try tx.all(
            """
            SELECT r.state FROM email_recipients AS r
            LEFT JOIN messages AS m ON m.tenant_id = r.tenant_id AND m.id = r.message_id
            WHERE r.tenant_id = \(tx.tenant) AND r.email_campaign_id = \(id)
                AND r.contact_id IN \(list: others.sorted())
                AND (r.sent_at IS NOT NULL OR r.state = 'holdout' OR m.status = 'sending')
            """
        ) { $0.text(0) }
        if states.contains(RecipientState.holdout.rawValue) {
            return Reason(Reason.heldOut, "The contact was drawn to get no mail of it, for comparison.")
        }
        return states.isEmpty ? nil : .gotAsAnother
    }

    /// Returns whether another mail of a campaign has left to somebody, or is leaving: who were two contacts when these
    /// were written may be one by now.
    func hasLeft(
        to contact: ContactID, besides message: MessageID, of id: ID<EmailCampaign>
    ) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM messages AS m CROSS JOIN email_recipients AS r
            WHERE m.tenant_id = \(tx.tenant) AND m.contact_id = \(contact) AND m.id <> \(message)
                AND r.tenant_id = m.tenant_id AND r.message_id = m.id
                AND r.email_campaign_id = \(id) AND (r.sent_at IS NOT NULL OR m.status = 'sending')
            """)
    }

    /// Returns those whose time has come, at most so many.
    func due(of id: ID<EmailCampaign>, limit: Int) throws -> [DueRecipient] {
        try tx.all(
            """
            SELECT contact_id, variant FROM email_recipients
            WHERE tenant_id = \(tx.tenant) AND email_campaign_id = \(id) AND state = 'planned'
                AND due_at <= \(tx.now) ORDER BY due_at, contact_id LIMIT \(limit)
            """
        ) { DueRecipient(contact: ContactID($0, 0), variant: $0.text(1)) }
    }

    /// When the next of those who are planned is due.
    func nextDue(of id: ID<EmailCampaign>) throws -> Instant? {
        try tx.first(
            """
            SELECT min(due_at) FROM email_recipients
            WHERE tenant_id = \(tx.tenant) AND email_campaign_id = \(id) AND state = 'planned'
            """
        ) { $0.optionalInstant(0) } ?? nil
    }

    func isUnderWay(_ id: ID<EmailCampaign>) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM email_recipients
            WHERE tenant_id = \(tx.tenant) AND email_campaign_id = \(id) AND state IN ('planned', 'waiting')
            """)
    }

    /// Returns the messages that have not left, at most so many.
    func waiting(of id: ID<EmailCampaign>, limit: Int) throws -> [MessageID] {
        try tx.all(
            """
            SELECT message_id FROM email_recipients
            WHERE tenant_id = \(tx.tenant) AND email_campaign_id = \(id) AND state = 'waiting'
                AND message_id IS NOT NULL ORDER BY due_at LIMIT \(limit)
            """
        ) { MessageID($0, 0) }
    }
}

extension EmailRecipientStore where Base == Transaction {
    /// Freezes people as recipients, each once; answers how many of them are new.
    func freeze(_ people: [DrawnRecipient], of id: ID<EmailCampaign>) throws -> Int {
        guard !people.isEmpty else { return 0 }
        var rows = SQL()
        for person in people {
            let state = person.variant == nil ? RecipientState.holdout : .planned
            if !rows.isEmpty { rows += ", " }
            rows += """
                (\(tx.tenant), \(id), \(person.contact), \(person.variant ?? ""), \(state.rawValue), \(person.dueAt))
                """
        }
        return try tx.run(
            """
            INSERT INTO email_recipients (tenant_id, email_campaign_id, contact_id, variant, state, due_at)
            VALUES \(rows)
            ON CONFLICT (tenant_id, email_campaign_id, contact_id) DO NOTHING
            """)
    }

    /// Notes that the message to somebody waits to leave.
    func wait(for message: MessageID, to contact: ContactID, of id: ID<EmailCampaign>) throws {
        try tx.run(
            """
            UPDATE email_recipients SET state = 'waiting', message_id = \(message)
            WHERE tenant_id = \(tx.tenant) AND email_campaign_id = \(id) AND contact_id = \(contact)
            """)
    }

    /// Ends the way to somebody without a message.
    func leaveOut(_ contact: ContactID, of id: ID<EmailCampaign>) throws {
        try tx.run(
            """
            UPDATE email_recipients SET state = 'ended'
            WHERE tenant_id = \(tx.tenant) AND email_campaign_id = \(id) AND contact_id = \(contact)
            """)
    }

    /// Ends the way to all who are planned and have no message yet.
    func leaveOutAll(of id: ID<EmailCampaign>) throws {
        try tx.run(
            """
            UPDATE email_recipients SET state = 'ended'
            WHERE tenant_id = \(tx.tenant) AND email_campaign_id = \(id) AND state = 'planned'
            """)
    }

    /// Keeps when something first happened to a message.
    func note(_ column: String, of message: MessageID) throws {
        try tx.run(
            """
            UPDATE email_recipients SET \(trusted: column) = coalesce(\(trusted: column), \(tx.now))
            WHERE tenant_id = \(tx.tenant) AND message_id = \(message)
            """)
    }

    /// Forgets that somebody followed a link of a message: it was a program.
    func forgetClick(of message: MessageID) throws {
        try tx.run(
            """
            UPDATE email_recipients SET clicked_at = NULL
            WHERE tenant_id = \(tx.tenant) AND message_id = \(message)
            """)
    }

    /// Ends the way of a message.
    func end(_ message: MessageID) throws {
        try tx.run(
            """
            UPDATE email_recipients SET state = 'ended'
            WHERE tenant_id = \(tx.tenant) AND message_id = \(message)
            """)
    }
}
