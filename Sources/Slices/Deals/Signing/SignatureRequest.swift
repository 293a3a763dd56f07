package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// A request for a signature at a service: one row of `signature_requests`. A contract has one at a time.
struct SignatureRequest: StoredRow {
    enum State: String {
        case waiting
        /// It is on its way, and may have arrived.
        case sending
        case sent, viewed
        /// The paper is still to be fetched.
        case signed
        /// Nothing follows from it any more.
        case closed
    }

    let id: String, contract: ContractID?, integration: IntegrationID?
    let state: State
    let externalID: String?
    let createdAt: Instant
    /// The time of the last attempt to hand it over.
    let sentAt: Instant?
    /// The time when the service was last asked how it stands.
    let askedAt: Instant?
    let signedAt: Instant?, signedBy: String?

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (id, contract) = (row.text("id"), row.optionalID("contract_id"))
        integration = row.optionalID("integration_id")
        (state, externalID) = (State(rawValue: row.text("state")) ?? .closed, row.optionalText("external_id"))
        (createdAt, sentAt) = (row.instant("created_at"), row.optionalInstant("sent_at"))
        (askedAt, signedAt) = (row.optionalInstant("asked_at"), row.optionalInstant("signed_at"))
        signedBy = row.optionalText("signed_by")
    }

    /// Whether the service has it, and may still bring a signature.
    var isOut: Bool { state == .sent || state == .viewed || state == .signed }
}

/// Number 880: what services are asked to have signed.
let signingMigrations: [Migration] = [
    Migration(number: 880, name: "contracts that are signed at a service") { dialect in
        Contract.resource.addition(in: 880) + [
            """
            CREATE TABLE signature_requests (
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, contract_id TEXT NOT NULL, integration_id TEXT NOT NULL,
                state TEXT NOT NULL, external_id TEXT, created_at INTEGER NOT NULL, sent_at INTEGER,
                asked_at INTEGER, signed_at INTEGER, signed_by TEXT,
                PRIMARY KEY (tenant_id, id)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE UNIQUE INDEX signature_requests_contract ON signature_requests (tenant_id, contract_id)
            WHERE state <> 'closed'
            """,
            """
            CREATE INDEX signature_requests_external ON signature_requests (tenant_id, integration_id, external_id)
            WHERE external_id IS NOT NULL
            """,
        ]
    }
]

/// Requests for signatures: `tx.signatures`.
package struct SignatureStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var signatures: SignatureStore<Self> { SignatureStore(tx: self) }
}

extension SignatureStore {
    func request(_ id: String) throws -> SignatureRequest? {
        try tx.first(
            """
            SELECT \(SignatureRequest.columns) FROM signature_requests
            WHERE tenant_id = \(tx.tenant) AND id = \(id)
            """, SignatureRequest.init)
    }

    /// The one that is open for a contract.
    func request(of contract: ContractID) throws -> SignatureRequest? {
        try tx.first(
            """
            SELECT \(SignatureRequest.columns) FROM signature_requests
            WHERE tenant_id = \(tx.tenant) AND contract_id = \(contract) AND state <> 'closed'
            """, SignatureRequest.init)
    }

    func request(external: String, at integration: IntegrationID) throws -> SignatureRequest? {
        try tx.first(
            """
            SELECT \(SignatureRequest.columns) FROM signature_requests
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration) AND external_id = \(external)
            """, SignatureRequest.init)
    }
}

extension SignatureStore where Base == Transaction {
    func make(for contract: ContractID, at integration: IntegrationID) throws -> String {
        let id = tx.makeID("sgr_")
        try tx.run(
            """
            INSERT INTO signature_requests (tenant_id, id, contract_id, integration_id, state, created_at)
            VALUES (\(tx.tenant), \(id), \(contract), \(integration), 'waiting', \(tx.now))
            """)
        return id
    }

    /// Takes a request to another state; answers whether it was in one of those before.
    @discardableResult
    func move(
        _ id: String, from before: [SignatureRequest.State], to state: SignatureRequest.State
    ) throws -> Bool {
        let sent = state == .sending ? tx.now : nil
        return try tx.run(
            """
            UPDATE signature_requests SET state = \(state.rawValue), sent_at = coalesce(\(sent), sent_at),
                signed_by = CASE WHEN \(state.rawValue) = 'closed' THEN NULL ELSE signed_by END
            WHERE tenant_id = \(tx.tenant) AND id = \(id) AND state IN \(list: before.map(\.rawValue))
            """) == 1
    }

    func noteTaken(_ id: String, as external: String) throws {
        try tx.run(
            """
            UPDATE signature_requests SET external_id = \(external)
            WHERE tenant_id = \(tx.tenant) AND id = \(id)
            """)
    }

    func noteAsked(_ id: String) throws {
        try tx.run(
            "UPDATE signature_requests SET asked_at = \(tx.now) WHERE tenant_id = \(tx.tenant) AND id = \(id)"
        )
    }

    func noteSigned(_ id: String, at moment: Instant, by name: String?) throws {
        try tx.run(
            """
            UPDATE signature_requests SET signed_at = \(moment), signed_by = \(name)
            WHERE tenant_id = \(tx.tenant) AND id = \(id)
            """)
    }
}
