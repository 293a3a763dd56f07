internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Something that was said, on its way into the history that a service keeps of whom it was said to: a row of
/// `sync_notes`. A service gets each message once, whichever of its syncs knows the person.
struct SyncNote: StoredRow {
    enum State: String, Choice {
        /// It was not handed over yet.
        case waiting
        /// It was handed over, and the service has not said what became of it.
        case sending
        case written, failed
        /// It may be there, and the service cannot be asked.
        case unknown
        /// Nobody is known there with whom it was spoken. It waits for a while for them to become known.
        case unmatched
    }

    let integration: IntegrationID, message: MessageID
    var sync: ID<RecordSync>
    /// The agency's record and the service's in whose history it stands, and the entry.
    var local: String?, remote: String?, entry: String?
    var state: State
    /// Why it is not written: what the service has refused it with, or could not take it for.
    var code: String?
    /// When it was handed over last, and when first.
    var askedAt: Instant?, triedAt: Instant?
    let createdAt: Instant

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (integration, message, sync) = (row.id("integration_id"), row.id("message_id"), row.id("sync_id"))
        (local, remote) = (row.optionalText("local_id"), row.optionalText("remote_id"))
        (entry, state) = (row.optionalText("entry_id"), State(rawValue: row.text("state")) ?? .unknown)
        (code, askedAt) = (row.optionalText("code"), row.optionalInstant("asked_at"))
        (triedAt, createdAt) = (row.optionalInstant("tried_at"), row.instant("created_at"))
    }

    static let memberNames = [
        "message_id", "state", "local_id", "remote_id", "entry_id", "code", "created_at",
    ]

    static let schema: JSON = .record([
        "message_id": ["type": "string", "description": "The message."],
        "state": [
            "type": "string", "enum": JSON(State.choices),
            "description": """
            Whether it waits, was handed over without an answer, is written, was refused, may be there, or was said \
            to nobody whom the service knows.
            """,
        ],
        "local_id": ["type": ["string", "null"], "description": "The agency's record."],
        "remote_id": [
            "type": ["string", "null"], "description": "The service's record whose history has it.",
        ],
        "entry_id": ["type": ["string", "null"], "description": "The entry in that history."],
        "code": ["type": ["string", "null"], "description": "Why the service has not taken it."],
        "created_at": ["type": "string", "format": "date-time"],
    ])

    func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("message_id", .string(message.keyText))
        writer.member("state", .string(state.rawValue))
        writer.member("local_id", JSON(local))
        writer.member("remote_id", JSON(remote))
        writer.member("entry_id", JSON(entry))
        writer.member("code", JSON(code))
        writer.member("created_at", createdAt.json)
        writer.endObject()
    }
}

/// Notes of what is to stand in the histories of services: `tx.syncNotes`.
struct SyncNoteStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var syncNotes: SyncNoteStore<Self> { SyncNoteStore(tx: self) }
}

extension SyncNoteStore {
    /// Returns the first one in a state behind a message.
    func first(
        _ state: SyncNote.State, _ integration: IntegrationID, after message: String
    ) throws -> SyncNote? {
        try tx.first(
            """
            SELECT \(SyncNote.columns) FROM sync_notes
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration) AND state = \(state.rawValue)
                AND message_id > \(message)
            ORDER BY message_id LIMIT 1
            """, SyncNote.init)
    }

    /// Returns the syncs of an integration that write histories: those of people before those of whom they work for.
    func syncs(of integration: IntegrationID? = nil) throws -> [RecordSync] {
        var condition: SQL = "history <> 'none'"
        if let integration { condition += " AND integration_id = \(integration)" }
        let all = try RecordSync.resource.all(where: condition, suffix: "ORDER BY id LIMIT 100", in: tx)
        return RecordSync.Local.withHistory.flatMap { local in all.filter { $0.local == local } }
    }
}

extension SyncNoteStore where Base == Transaction {
    func add(_ message: MessageID, _ sync: RecordSync) throws {
        let added = try tx.run(
            """
            INSERT INTO sync_notes (tenant_id, integration_id, message_id, sync_id, state, created_at)
            VALUES (\(tx.tenant), \(sync.integrationID), \(message), \(sync.id), 'waiting', \(tx.now))
            ON CONFLICT (tenant_id, integration_id, message_id) DO NOTHING
            """)
        // While all that want it are paused, it waits for one to be resumed.
        if added > 0, !sync.isPaused { try enqueue(sync.integrationID) }
    }

    func save(_ note: SyncNote) throws {
        try tx.run(
            """
            UPDATE sync_notes SET sync_id = \(note.sync), local_id = \(note.local), remote_id = \(note.remote),
                entry_id = \(note.entry), state = \(note.state.rawValue), code = \(note.code),
                asked_at = \(note.askedAt), tried_at = \(note.triedAt)
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(note.integration) AND message_id = \(note.message)
            """)
    }

    func remove(_ note: SyncNote) throws {
        try tx.run(
            """
            DELETE FROM sync_notes
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(note.integration) AND message_id = \(note.message)
            """)
    }

    /// Takes away some that were settled long ago.
    func prune(_ integration: IntegrationID) throws {
        try tx.run(
            """
            DELETE FROM sync_notes
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
                AND created_at < \(tx.now - .seconds(90 * 86_400)) AND state NOT IN ('waiting', 'sending')
                AND message_id IN (
                    SELECT message_id FROM sync_notes
                    WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
                    ORDER BY message_id LIMIT 200)
            """)
    }

    /// Goes on after a run of one of the integration's syncs: with what waits, and, where there are new pairs, with
    /// what was said in the last days to somebody who was not known there.
    func goOn(after run: SyncRun, of sync: RecordSync) throws {
        let integration = sync.integrationID
        guard try !syncs(of: integration).isEmpty else { return }
        if run.paired > 0 {
            try tx.run(
                """
                UPDATE sync_notes SET state = 'waiting'
                WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration) AND state = 'unmatched'
                    AND created_at >= \(tx.now - .seconds(7 * 86_400)) AND message_id IN (
                        SELECT message_id FROM sync_notes
                        WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration) AND state = 'unmatched'
                        ORDER BY message_id DESC LIMIT 1000)
                """)
        }
        try goOn(integration)
    }

    /// Goes on with what waits for a service.
    func goOn(_ integration: IntegrationID) throws {
        let waits = try [SyncNote.State.sending, .waiting].contains {
            try first($0, integration, after: "") != nil
        }
        if waits { try enqueue(integration) }
    }

    /// Takes away what was to be written for a sync that is deleted. Where another of the integration writes histories,
    /// it takes it over: what waits is written for it, and what is written is not written again.
    func forget(_ sync: RecordSync) throws {
        let others = try syncs(of: sync.integrationID).filter { $0.id != sync.id }
        guard let heir = others.first(where: { $0.object == sync.object }) ?? others.first else {
            try tx.run("DELETE FROM sync_notes WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync.id)")
            return
        }
        if heir.object != sync.object {
            // It may be with a record of which the other one knows nothing.
            try tx.run(
                """
                UPDATE sync_notes SET state = 'unknown', code = 'in_doubt'
                WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync.id) AND state = 'sending'
                """)
        }
        try tx.run(
            """
            UPDATE sync_notes SET sync_id = \(heir.id)
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync.id)
            """)
        try goOn(sync.integrationID)
    }

    /// Goes on when what is left has waited.
    func goOn(_ integration: IntegrationID, after rest: HistoryRest) throws {
        switch rest {
        case .service(let time, let reason): try enqueue(integration, at: time, waitingFor: reason)
        case .doubts(let time):
            // New messages do not wait for these.
            try enqueue(
                integration, key: "\(integration)/doubts", at: time, waitingFor: "what the service knows")
        }
    }

    private func enqueue(
        _ integration: IntegrationID, key: String? = nil, at time: Instant? = nil,
        waitingFor reason: String? = nil
    ) throws {
        try tx.jobs.enqueue(
            SyncHistoryJob.self, SyncHistoryJob.Payload(integration: integration),
            JobOptions(
                runAt: time, uniqueKey: key ?? integration.keyText, uniqueness: .untilStarted,
                subject: Subject(integration), waitingFor: reason, limitKey: "history/\(integration)",
                limits: JobLimits(concurrency: 1)))
    }
}
