internal import Agents
package import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
package import Telemetry
internal import Tenancy

let retentionMigration = Migration(number: 621, name: "how far what was said has been forgotten") { dialect in
    [
        """
        CREATE TABLE retention_marks (
            tenant_id TEXT NOT NULL, kind TEXT NOT NULL, mark TEXT NOT NULL,
            PRIMARY KEY (tenant_id, kind)
        ) \(dialect.keyedTableOptions)
        """
    ]
}

/// Forgets what an agency keeps no longer, as its setting `retention` says: the words of messages, files that came with
/// them, what services brought. Messages are gone through in the order of their coming, each once: a mark tells how
/// far.
package struct MessageRetention: DueSource {
    private enum Kind: String, CaseIterable {
        case words, attachments

        func days(_ periods: StoragePeriods) -> Int {
            switch self {
            case .words: periods.messageDays
            case .attachments: periods.attachmentDays
            }
        }
    }

    /// Rows of a transaction.
    private static let chunk = 100

    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    package func nextDue(in tx: Transaction) throws -> Instant? { try Self.due(in: tx) }

    package func fireFirst(in tx: Transaction) throws { try forget(in: tx) }

    /// Returns the time, past or to come, when the next thing is to be deleted; `nil`: there is nothing to delete.
    package static func due(in reader: some Queryable) throws -> Instant? {
        let periods = try reader.agency.retention()
        let first = try reader.messages.firstDates()
        return try [
            first.words.map { $0 + days(periods.messageDays) },
            first.attachments.map { $0 + days(periods.attachmentDays) },
            reader.hookReceipts.oldest().map { $0 + days(periods.hookDays) },
        ].compactMap { $0 }.min()
    }

    /// Forgets some of what is due.
    package func forget(in tx: Transaction) throws {
        let periods = try tx.agency.retention()
        for kind in Kind.allCases {
            let before = tx.now - Self.days(kind.days(periods))
            let old = try tx.messages.all(after: tx.messages.mark(kind.rawValue), limit: Self.chunk).prefix {
                $0.createdAt <= before
            }
            for message in old {
                switch kind {
                case .words: try forgetWords(of: message, in: tx)
                case .attachments: try tx.messages.forgetAttachments(of: message)
                }
            }
            if let last = old.last { try tx.messages.setMark(kind.rawValue, last.id) }
        }
        // Receipts that are due at this very moment go, too: a sandbox's clock stands at it.
        _ = try tx.hookReceipts.remove(
            receivedBefore: tx.now - Self.days(periods.hookDays) + .microseconds(1), limit: Self.chunk)
    }

    /// That it was sent, or came, stays; what was said does not. What has not left by now never does.
    private func forgetWords(of message: Message, in tx: Transaction) throws {
        try outbox.cancel(
            message, because: Reason("expired", "The message waited longer than messages are kept."), in: tx)
        guard let current = try Message.resource.find(message.id, in: tx) else { return }
        try tx.approvals.forget(of: message.asker)
        try tx.messageBatches.forgetExample(of: message)
        var forgotten = current
        (forgotten.subject, forgotten.text, forgotten.html, forgotten.body) = (nil, "", nil, nil)
        (forgotten.evidence, forgotten.why, forgotten.sealedLink) = (.null, nil, nil)
        (forgotten.components, forgotten.said) = (.null, .null)
        try tx.outbox.change(current, to: &forgotten)
        // A person who has said nothing since has begun with these words.
        try tx.run(
            """
            UPDATE conversations SET preview = NULL, handover = NULL
            WHERE tenant_id = \(tx.tenant) AND id = \(current.conversationID)
                AND last_message_at <= \(current.createdAt)
            """)
    }

    private static func days(_ count: Int) -> Duration { .seconds(Int64(count) * 86_400) }
}

extension MessageStore {
    fileprivate func mark(_ kind: String) throws -> MessageID {
        try tx.first("SELECT mark FROM retention_marks WHERE tenant_id = \(tx.tenant) AND kind = \(kind)") {
            $0.id(0) ?? .unset
        } ?? .unset
    }

    /// Returns when the first messages came whose words and whose attachments are still kept. Each step of a sandbox's
    /// clock asks for it.
    fileprivate func firstDates() throws -> (words: Instant?, attachments: Instant?) {
        try tx.first(firstKept, [tx.tenant.sqlValue]) { ($0.optionalInstant(0), $0.optionalInstant(1)) }
            ?? (nil, nil)
    }

    fileprivate func all(after mark: MessageID, limit: Int) throws -> [Message] {
        try Message.resource.all(where: "id > \(mark)", suffix: "ORDER BY id LIMIT \(limit)", in: tx)
    }
}

extension MessageStore where Base == Transaction {
    fileprivate func setMark(_ kind: String, _ mark: MessageID) throws {
        try tx.run(
            """
            INSERT INTO retention_marks (tenant_id, kind, mark) VALUES (\(tx.tenant), \(kind), \(mark))
            ON CONFLICT (tenant_id, kind) DO UPDATE SET mark = excluded.mark
            """)
    }

    /// Files of our own are documents, which are kept as such.
    fileprivate func forgetAttachments(of message: Message) throws {
        guard message.direction == .inbound, !message.attachments.isEmpty else { return }
        for id in message.attachments {
            if let file = try StoredFile.resource.find(id, in: tx) { try tx.delete(file, by: .system) }
        }
        var bare = message
        bare.attachments = []
        try tx.outbox.change(message, to: &bare)
    }
}

private let firstKept = Statement(
    """
    SELECT
        (SELECT created_at FROM messages WHERE tenant_id = $1 AND id > coalesce(
            (SELECT mark FROM retention_marks WHERE tenant_id = $1 AND kind = 'words'), '') ORDER BY id LIMIT 1),
        (SELECT created_at FROM messages WHERE tenant_id = $1 AND id > coalesce(
            (SELECT mark FROM retention_marks WHERE tenant_id = $1 AND kind = 'attachments'), '') ORDER BY id LIMIT 1)
    """)
