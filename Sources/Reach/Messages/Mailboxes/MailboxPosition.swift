internal import Database
internal import Integrations
internal import Nouns
internal import Records
internal import Telemetry

/// The position to which a mailbox has been read: one row of `mailbox_positions`.
struct MailboxPosition: Sendable, Equatable {
    /// The server, folder and name that the numbers belong to.
    var place: String
    var validity: UInt32
    /// The last mail that was looked at.
    var uid: UInt32
    /// The moment before which emails are not brought in; `nil` where all are.
    var since: Instant?
    /// The numbers have changed: until the end is reached, mails are known by their names, and those without a name
    /// by having come before this.
    var resyncBefore: Instant?
    var polledAt: Instant
    /// Polls in a row that failed.
    var failures = 0
}

extension MailboxPosition: StoredRow {
    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        self.init(
            place: row.text("place"), validity: UInt32(truncatingIfNeeded: row.int64("validity")),
            uid: UInt32(truncatingIfNeeded: row.int64("uid")), since: row.optionalInstant("since"),
            resyncBefore: row.optionalInstant("resync_before"), polledAt: row.instant("polled_at"),
            failures: row.int("failures"))
    }
}

extension MailboxStore {
    func position(of integration: IntegrationID) throws -> MailboxPosition? {
        try tx.first(
            """
            SELECT \(MailboxPosition.columns) FROM mailbox_positions
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
            """, MailboxPosition.init)
    }

    /// Returns whether a mail of that name came in already, or is a copy of what we sent.
    func knowsMail(_ internetID: String) throws -> Bool {
        try tx.exists("SELECT 1 FROM messages WHERE tenant_id = \(tx.tenant) AND internet_id = \(internetID)")
    }
}
extension MailboxStore where Base == Transaction {
    func save(_ position: MailboxPosition, of integration: IntegrationID) throws {
        try tx.run(
            """
            INSERT INTO mailbox_positions
                (tenant_id, integration_id, place, validity, uid, since, resync_before, polled_at, failures)
            VALUES (\(tx.tenant), \(integration), \(position.place), \(Int64(position.validity)), \(Int64(position.uid)),
                \(position.since), \(position.resyncBefore), \(position.polledAt), \(position.failures))
            ON CONFLICT (tenant_id, integration_id) DO UPDATE SET place = excluded.place,
                validity = excluded.validity, uid = excluded.uid, since = excluded.since,
                resync_before = excluded.resync_before, polled_at = excluded.polled_at, failures = excluded.failures
            """)
    }

    func forgetPosition(of integration: IntegrationID) throws {
        try tx.run(
            "DELETE FROM mailbox_positions WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)"
        )
    }
}
