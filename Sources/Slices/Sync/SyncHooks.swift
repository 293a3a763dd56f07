internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Runs the syncs of an integration whose service says that something has changed there. What it says counts for
/// nothing before the service has been asked.
struct SyncHooks: ConnectorListener {
    /// Services find a record by its time only a while after they have told of it.
    private static let settling: Duration = .seconds(20)
    /// The records of which a run remembers that it was told; of more it finds out by their times.
    private static let heardMax = 200

    let integrations: IntegrationServices

    func heard(_ news: [ConnectorNews], of integration: Integration, in tx: Transaction) throws {
        let connector = try integrations.document(of: integration.id, integration.provider, in: tx)
        let syncs = try RecordSync.resource.all(
            where: "integration_id = \(integration.id) AND status <> 'paused' AND direction <> 'push'",
            suffix: "ORDER BY id LIMIT 100", in: tx)
        for old in syncs where old.backfill.state == .done {
            let mine = news.filter { $0.object == old.object }
            guard !mine.isEmpty else { continue }
            if connector?[object: old.object]?.get != nil {
                try tx.syncs.remember(mine.map(\.id).filter { !$0.isEmpty }, upTo: Self.heardMax, in: old)
            } else {
                try tx.jobs.enqueue(
                    SyncSettledJob.self, SyncSettledJob.Payload(syncID: old.id),
                    JobOptions(
                        runAt: tx.now + Self.settling, uniqueKey: old.id, uniqueness: .untilStarted,
                        subject: old.subject))
            }
            _ = try tx.syncRuns.start(old, by: .sync)
        }
    }
}

extension SyncStore where Base == Transaction {
    /// Keeps of which records a service has told that they have changed.
    fileprivate func remember(_ ids: [String], upTo limit: Int, in old: RecordSync) throws {
        var sync = old
        for id in ids where !sync.heard.contains(id) && sync.heard.count < limit { sync.heard.append(id) }
        guard sync.heard != old.heard else { return }
        try save(old, &sync)
    }
}

/// Runs a sync once more, some time after a hook.
struct SyncSettledJob: JobKind {
    struct Payload: Codable, Sendable {
        let syncID: ID<RecordSync>
    }

    static let kind = "sync.settled"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let sync = try RecordSync.resource.find(payload.syncID, in: tx), !sync.isPaused else {
                return
            }
            _ = try tx.syncRuns.start(sync, by: .sync)
        }
    }
}
