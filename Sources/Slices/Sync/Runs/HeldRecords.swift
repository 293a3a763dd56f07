internal import Agents
internal import ChangeSets
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Templates

/// The fields of a record that bad data is in, as a run tells why it is left out.
struct HeldFields: Hashable, Sendable {
    let names: Set<String>

    func outcome(_ side: SyncOutcome.Side, _ id: String) -> SyncOutcome {
        let list = names.sorted()
        return SyncOutcome(
            side, id, .skipped, field: list.first, code: RecordHold.code,
            detail: Saying("sync_record.held", ["fields": .text(list.joined(separator: ", "))]).english)
    }
}

extension PairMerge {
    /// Whether anything of the service's record would be written here, or left to a person.
    var crosses: Bool { !changes.isEmpty || !conflicts.isEmpty }

    /// Returns whether the service has another value for each of the fields that are at fault: it is judged
    /// anew with them.
    func mends(_ fields: Set<String>) -> Bool {
        fields.isSubset(of: changes.filter { !$0.after.isNothing }.map(\.field.column))
    }
}

extension PushStep {
    /// The step while bad data holds the record back: nothing of it goes out, but that somebody has unsubscribed.
    func held(back fields: Set<String>) -> PushStep {
        switch action {
        case .note, .skip, .hold: return self
        case .create: return PushStep(local: local, link: link, action: .hold(HeldFields(names: fields)))
        case .update(let all):
            let urgent = all.filter(\.field.isUnsubscribed)
            guard !urgent.isEmpty else {
                return PushStep(local: local, link: link, action: .hold(HeldFields(names: fields)))
            }
            return PushStep(local: local, link: link, action: .update(urgent), isPart: true)
        }
    }
}

/// Records of services that are held back until data here is mended: `tx.syncHolds`.
struct SyncHoldStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var syncHolds: SyncHoldStore<Self> { SyncHoldStore(tx: self) }
}

extension SyncHoldStore {
    /// Returns whether bad data holds back every pair of a sync, and not just a few. Each would be left out
    /// for itself.
    func isHeld(_ plan: SyncPlan, moreThan least: Int) throws -> Bool {
        guard try tx.recordHolds.stops(moreThan: least, of: plan.records.noun, for: .sync) else {
            return false
        }
        let isFree = tx.recordHolds.noneStops(.sync, of: "sync_links.local_id")
        let pairs: SQL = """
            SELECT 1 FROM sync_links WHERE sync_links.tenant_id = \(tx.tenant) AND sync_id = \(plan.sync.id)
                AND state = 'linked' AND remote_id IS NOT NULL
            """
        return try tx.exists(pairs + " LIMIT 1") && !tx.exists(pairs + " AND " + isFree + " LIMIT 1")
    }
}

extension SyncHoldStore where Base == Transaction {
    /// Keeps that a record of the service's was left out, so that it is asked for again once nothing holds it back.
    func hold(_ record: RemoteRecord, for local: String, of sync: ID<RecordSync>) throws {
        try tx.run(
            """
            INSERT INTO sync_held (tenant_id, sync_id, remote_id, local_id, updated_at)
            VALUES (\(tx.tenant), \(sync), \(record.id), \(local), \(record.updatedAt))
            ON CONFLICT (tenant_id, sync_id, remote_id) DO UPDATE SET local_id = excluded.local_id,
                updated_at = excluded.updated_at, run_id = NULL
            """)
    }

    /// Forgets that records were left out: they are looked at again.
    func letGo(_ page: [RemoteRecord], of sync: ID<RecordSync>) throws {
        guard !page.isEmpty else { return }
        try tx.run(
            """
            DELETE FROM sync_held
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync) AND remote_id IN \(list: page.map(\.id))
            """)
    }

    /// Has a run ask for those again that nothing holds back any more: it reads from the first of them on.
    func askAgain(in run: inout SyncRun) throws {
        let isFree = tx.recordHolds.noneStops(.sync, of: "sync_held.local_id")
        let times = try tx.all(
            """
            UPDATE sync_held SET run_id = \(run.id)
            WHERE sync_held.tenant_id = \(tx.tenant) AND sync_id = \(run.syncID) AND \(isFree) RETURNING updated_at
            """
        ) { $0.optionalText(0) }
        for time in times.compactMap(\.self) {
            guard let since = run.since else { return }
            run.since = RemoteTime.later(since, time) == since ? time : since
        }
    }

    /// Forgets those that a run has asked for again.
    func forgetAsked(in run: SyncRun) throws {
        try tx.run(
            """
            DELETE FROM sync_held
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(run.syncID) AND run_id = \(run.id)
            """)
    }

    /// Lets syncs go on that have waited for a kind of records to be mended.
    func goOn(_ table: String) throws {
        let held = try RecordSync.resource.all(
            where: "local = \(table) AND status = 'paused' AND paused_because IS NOT NULL",
            suffix: "ORDER BY id LIMIT 100", in: tx
        ).filter { $0.error["code"]?.text == RecordHold.code }
        for old in held {
            var sync = old
            (sync.status, sync.pausedBecause, sync.error) = (.idle, nil, .null)
            try tx.syncs.plan(next: &sync)
            try tx.syncs.save(old, &sync)
            try tx.alerts.resolve(kind: SyncAlert.kind, subject: sync.subject)
            try tx.publish("sync.resumed", sync.subject, ["reason": .string(RecordHold.code)])
            _ = try tx.syncRuns.start(sync, by: .sync)
        }
    }
}
