package import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// Number 881: what lists at marketing services are to be told, and how far they have been read.
let marketingMigrations: [Migration] = [
    Migration(number: 881, name: "lists at marketing services") { dialect in
        [
            """
            CREATE TABLE marketing_lists (
                tenant_id TEXT NOT NULL, integration_id TEXT NOT NULL, list TEXT NOT NULL, read_since TEXT,
                read_at TEXT, read_cursor TEXT,
                PRIMARY KEY (tenant_id, integration_id)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE marketing_tellings (
                tenant_id TEXT NOT NULL, integration_id TEXT NOT NULL, suppression_id TEXT NOT NULL,
                PRIMARY KEY (tenant_id, integration_id, suppression_id)
            ) \(dialect.keyedTableOptions)
            """,
        ]
    }
]

let marketingSandboxTables: [SandboxTable] = [
    .left("marketing_lists", because: "they belong to integrations, which are left behind"),
    .left("marketing_tellings", because: "nothing leaves a sandbox"),
]

/// The list of an integration, and how far it has been read: one row of `marketing_lists`.
struct MarketingListState: StoredRow {
    let list: String
    /// Those who changed since then are asked for; `nil`: all.
    let since: String?
    /// When the reading under way began, and where it goes on.
    let readAt: String?, cursor: String?

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (list, since) = (row.text("list"), row.optionalText("read_since"))
        (readAt, cursor) = (row.optionalText("read_at"), row.optionalText("read_cursor"))
    }
}

/// The lists at marketing services: `tx.marketing`.
package struct MarketingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var marketing: MarketingStore<Self> { MarketingStore(tx: self) }
}

extension MarketingStore {
    func state(of integration: IntegrationID) throws -> MarketingListState? {
        try tx.first(
            """
            SELECT \(MarketingListState.columns) FROM marketing_lists
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
            """, MarketingListState.init)
    }

    /// Some suppressions of which a list is still to be told.
    func untold(_ integration: IntegrationID, limit: Int) throws -> [String] {
        try tx.all(
            """
            SELECT suppression_id FROM marketing_tellings
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
            ORDER BY suppression_id LIMIT \(limit)
            """
        ) { $0.text(0) }
    }

    /// The marketing services that the agency has connected, whether they work at the moment or not.
    func services() throws -> [Integration] {
        try Integration.resource.all(
            where: "capability = 'marketing' AND environment = 'live'", suffix: "ORDER BY id", in: tx)
    }
}

extension MarketingStore where Base == Transaction {
    /// Has every list told of a suppression.
    func tell(_ suppression: Suppression) throws {
        // A list knows no whole domains.
        guard suppression.channel == .email, !suppression.address.hasPrefix("@") else { return }
        for integration in try services() {
            try tx.run(
                """
                INSERT INTO marketing_tellings (tenant_id, integration_id, suppression_id)
                VALUES (\(tx.tenant), \(integration.id), \(suppression.id))
                ON CONFLICT (tenant_id, integration_id, suppression_id) DO NOTHING
                """)
            try plan(MarketingTellJob.self, .init(integration: integration.id), of: integration.id)
        }
    }

    /// A list needs no word of it: it is where that comes from.
    func forget(_ suppression: some Key, at integration: IntegrationID) throws {
        try tx.run(
            """
            DELETE FROM marketing_tellings
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
                AND suppression_id = \(suppression.keyText)
            """)
    }

    /// Has a list that was just connected told of all suppressions, and read from its beginning; one that is known goes
    /// on where it stopped.
    func connect(_ integration: Integration) throws {
        guard integration.capability == .marketing, integration.environment == .live,
            let list = integration.settings["list_id"]?.text
        else { return }
        if try state(of: integration.id)?.list != list {
            try tx.run(
                """
                INSERT INTO marketing_lists (tenant_id, integration_id, list)
                VALUES (\(tx.tenant), \(integration.id), \(list))
                ON CONFLICT (tenant_id, integration_id) DO UPDATE SET
                    list = excluded.list, read_since = NULL, read_at = NULL, read_cursor = NULL
                """)
            try tx.run(
                """
                INSERT INTO marketing_tellings (tenant_id, integration_id, suppression_id)
                SELECT tenant_id, \(integration.id), id FROM suppressions
                WHERE tenant_id = \(tx.tenant) AND channel = 'email' AND address NOT LIKE '@%'
                ON CONFLICT (tenant_id, integration_id, suppression_id) DO NOTHING
                """)
        }
        guard integration.status == .active else { return }
        try plan(MarketingTellJob.self, .init(integration: integration.id), of: integration.id)
        try plan(MarketingPullJob.self, .init(integration: integration.id), of: integration.id)
    }

    func disconnect(_ integration: IntegrationID) throws {
        try tx.run(
            "DELETE FROM marketing_lists WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)")
        try tx.run(
            "DELETE FROM marketing_tellings WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)"
        )
    }

    func noteRead(
        _ integration: IntegrationID, since: String?, began: String?, cursor: String?
    ) throws {
        try tx.run(
            """
            UPDATE marketing_lists SET read_since = \(since), read_at = \(began), read_cursor = \(cursor)
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
            """)
    }

    /// Has a job of an integration done now, also where it waits for something.
    private func plan<Kind: JobKind>(
        _ kind: Kind.Type, _ payload: Kind.Payload, of integration: IntegrationID
    ) throws {
        try tx.jobs.enqueue(
            kind, payload,
            JobOptions(
                uniqueKey: integration, uniqueness: .untilStarted,
                subject: Subject(integration)))
        if let live = try tx.jobs.live(kind, uniqueKey: integration) { try tx.jobs.hasten(live) }
    }

    /// Suppresses an address that has left a list; answers whether that is new here.
    @discardableResult
    func left(_ address: String, _ standing: MarketingStanding?, _ integration: Integration) throws -> Bool {
        let reason: Suppression.Reason
        switch standing {
        case .unsubscribed: reason = .unsubscribe
        case .bounced: reason = .bounce
        case .subscribed, .other, nil: return false
        }
        guard EmailAddress(address) != nil else { return false }
        guard
            try tx.consents.suppress(address, .email, reason, note: "Told by \(integration.title).")
        else { return false }
        let normal = Suppression.normal(address, .email)
        for suppression in try tx.consents.suppressions(of: address, .email, for: .marketing)
        where suppression.address == normal {
            try forget(suppression.id, at: integration.id)
        }
        return true
    }
}
