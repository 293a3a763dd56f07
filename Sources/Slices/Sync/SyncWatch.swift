internal import Agents
internal import ChangeSets
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Synchronization
internal import Telemetry

/// Sees to it that changes here go out at once, that those who unsubscribe are unsubscribed everywhere, that what a
/// person takes back stays so, and that what is said is written down. It is asked about every event: nearly always one
/// look tells that there is nothing to do.
final class SyncWatch: EventConsumer {
    /// A run waits for so long, and takes along what has changed by then. Data quality has judged it first.
    fileprivate static let pause: Duration = .seconds(2)
    private static let margin: Duration = .milliseconds(300)
    private let awaited = Mutex<[TenantID: [String: Instant]]>([:])

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        switch event.type {
        case "change_set.undone": return try tx.syncLinks.undone(event)
        case "record.released": return try released(JSON(stored: event.data), in: tx)
        case "suppression.created", "consent.created", "consent.updated": return try hear(event, in: tx)
        // Some are known to have arrived before it is known that they were sent.
        case "message.sent", "message.delivered", "message.received": return try tx.syncNotes.hear(event)
        default: break
        }
        guard tx.noted(SyncWriting.self)?.isUnderWay != true else { return }
        let (now, tenant, type) = (tx.now, tx.tenant, event.subject.type)
        if let end = awaited.withLock({ $0[tenant]?[type] }), now < end, end < now + Self.pause { return }
        guard let records = tx.runtime.records.records(ofType: type),
            try tx.syncs.anySendsAtOnce(records.table), !tx.sandboxClock.isSandbox
        else { return }
        let job = try tx.jobs.enqueue(
            SyncAtOnceJob.self, SyncAtOnceJob.Payload(table: records.table),
            JobOptions(runAt: now + Self.pause, uniqueKey: records.table, uniqueness: .untilStarted))
        // One that was enqueued before begins earlier than that.
        guard job.isNew else { return }
        tx.onCommit { [self] in
            awaited.withLock { $0[tenant, default: [:]][type] = now + Self.pause - Self.margin }
        }
    }

    /// Nothing holds a record back any more that bad data was in: it crosses now.
    private func released(_ told: JSON, in tx: Transaction) throws {
        guard told["use"]?.text == RecordUse.sync.rawValue, !tx.sandboxClock.isSandbox,
            let type = told["subject"]?["type"]?.text, let records = tx.runtime.records.records(ofType: type)
        else { return }
        try tx.syncHolds.goOn(records.table)
        guard try tx.syncs.anySendsAtOnce(records.table) else { return }
        try tx.jobs.enqueue(
            SyncAtOnceJob.self, SyncAtOnceJob.Payload(table: records.table),
            JobOptions(runAt: tx.now, uniqueKey: records.table, uniqueness: .untilStarted))
    }

    /// Somebody has unsubscribed, here or in some service.
    private func hear(_ event: Event, in tx: Transaction) throws {
        guard !tx.sandboxClock.isSandbox, try !tx.syncConsent.tellingOfUnsubscribes().isEmpty else { return }
        if let id = event.subject.id(of: Suppression.self),
            let found = try Suppression.resource.find(id, in: tx)
        {
            guard found.channel == .email else { return }
            try tx.syncConsent.tellUnsubscribed(found.address)
        } else if let id = event.subject.id(of: Consent.self),
            let found = try Consent.resource.find(id, in: tx),
            found.status == .withdrawn, found.purpose == .marketing, let contact = found.contactID,
            let email = try Contact.resource.find(contact, in: tx)?.email
        {
            try tx.syncConsent.tellUnsubscribed(email)
        }
    }
}

/// Starts the runs of the syncs that send changes of a kind of records at once.
struct SyncAtOnceJob: JobKind {
    struct Payload: Codable, Sendable {
        let table: String
        /// The sync that has brought the changes: its service knows them.
        var source: String?
    }

    static let kind = "sync.at_once"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            for sync in try tx.syncs.sendingAtOnce(payload.table) where sync.id.keyText != payload.source {
                _ = try tx.syncRuns.start(sync, by: .sync)
            }
        }
    }
}

extension SyncStore {
    /// Whether any sync sends changes of a kind of records at once, apart from the one that has brought them.
    func anySendsAtOnce(_ table: String, besides source: ID<RecordSync>? = nil) throws -> Bool {
        let id = source?.keyText ?? ""
        return try tx.exists(anyAtOnce, [tx.tenant.sqlValue, table.sqlValue, id.sqlValue])
    }

    fileprivate func sendingAtOnce(_ table: String) throws -> [RecordSync] {
        try RecordSync.resource.all(
            where: """
                local = \(table) AND every IS NOT NULL AND direction <> 'pull'
                    AND status IN ('idle', 'running', 'failing')
                """, suffix: "ORDER BY id LIMIT 100", in: tx
        ).filter { $0.backfill.state == .done }
    }
}

extension SyncStore where Base == Transaction {
    /// Has what a sync has brought go out by the others that send changes at once.
    func passOn(_ source: RecordSync) throws {
        let table = source.local.rawValue
        guard !tx.sandboxClock.isSandbox, try anySendsAtOnce(table, besides: source.id) else { return }
        try tx.jobs.enqueue(
            SyncAtOnceJob.self, SyncAtOnceJob.Payload(table: table, source: source.id.keyText),
            JobOptions(
                runAt: tx.now + SyncWatch.pause, uniqueKey: "\(table) \(source.id)", uniqueness: .untilStarted
            ))
    }
}

private let anyAtOnce = Statement(
    """
    SELECT 1 FROM syncs WHERE tenant_id = $1 AND local = $2 AND every IS NOT NULL AND direction <> 'pull'
        AND status <> 'paused' AND id <> $3 LIMIT 1
    """)
