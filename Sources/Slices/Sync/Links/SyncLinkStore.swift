internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// Pairs of records here and in services: `tx.syncLinks`.
struct SyncLinkStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var syncLinks: SyncLinkStore<Self> { SyncLinkStore(tx: self) }
}

extension SyncLinkStore {
    /// Returns the pairs of some of the service's records, by these.
    func all(_ sync: ID<RecordSync>, remote ids: [String]) throws -> [String: SyncLink] {
        guard !ids.isEmpty else { return [:] }
        let links = try tx.all(
            """
            SELECT \(SyncLink.columns) FROM sync_links \(tx.dialect.lookingUp(in: "sync_links_remote"))
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync) AND remote_id IN \(list: ids)
            """, SyncLink.init)
        return Dictionary(links.map { ($0.there ?? "", $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Returns the pairs of some of the agency's records, by these.
    func all(_ sync: ID<RecordSync>, local ids: [String]) throws -> [String: SyncLink] {
        let links = try tx.all(
            """
            SELECT \(SyncLink.columns) FROM sync_links
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync) AND local_id IN \(list: ids)
            """, SyncLink.init)
        return Dictionary(links.map { ($0.here, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Returns the pairs of which something was left to do.
    func dirty(_ sync: ID<RecordSync>, after local: String, limit: Int) throws -> [SyncLink] {
        try tx.all(
            """
            SELECT \(SyncLink.columns) FROM sync_links
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync) AND is_dirty = 1 AND local_id > \(local)
            ORDER BY local_id LIMIT \(limit)
            """, SyncLink.init)
    }

    /// Returns pairs of which the service may have more than is known: it was sent something, and has not said what
    /// became of that, or its pair stayed behind in a merge.
    func inDoubt(_ sync: ID<RecordSync>) throws -> [SyncLink] {
        try tx.all(
            """
            SELECT \(SyncLink.columns) FROM sync_links
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync) AND is_dirty = 1 AND sent IS NOT NULL
                AND state IN ('linked', 'creating')
            ORDER BY local_id LIMIT 1000
            """, SyncLink.init)
    }

    /// Returns the pairs whose record the service has deleted, and of which nothing came yet.
    func deleted(_ sync: ID<RecordSync>, limit: Int) throws -> [SyncLink] {
        try tx.all(
            """
            SELECT \(SyncLink.columns) FROM sync_links
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync) AND is_deleted = 1 AND state = 'linked'
            ORDER BY local_id LIMIT \(limit)
            """, SyncLink.init)
    }

    /// Returns whether the service has deleted records of which nothing came yet.
    func hasDeleted(_ sync: ID<RecordSync>) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM sync_links WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync) AND is_deleted = 1 LIMIT 1
            """)
    }

    /// Returns how many pairs there are, and of how many of them the service has deleted its record.
    func counts(_ sync: ID<RecordSync>) throws -> (linked: Int, deleted: Int) {
        let counts = try tx.first(
            """
            SELECT count(*), count(CASE WHEN is_deleted = 1 THEN 1 END) FROM sync_links
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync) AND state = 'linked' AND remote_id IS NOT NULL
            """
        ) { (linked: $0.int(0), deleted: $0.int(1)) }
        return counts ?? (0, 0)
    }

    /// Returns the records of the agency's that other systems' identifiers name, by these.
    func known(_ plan: SyncPlan, externally ids: [String]) throws -> [String: String] {
        guard plan.keepsExternalIDs else { return [:] }
        let rows = try tx.all(
            """
            SELECT external_id, record_id FROM external_ids
            WHERE tenant_id = \(tx.tenant) AND resource = \(plan.records.noun) AND system = \(plan.system)
                AND external_id IN \(list: ids)
            """
        ) { ($0.text(0), $0.text(1)) }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }
}

extension SyncLinkStore where Base == Transaction {
    /// Stores a pair as it is now.
    func put(_ link: SyncLink, of sync: ID<RecordSync>, run: ID<SyncRun>? = nil) throws {
        let base = link.base.stored,
            sent = link.sent.map { sent -> String in
                let stored = sent.stored
                return "{\"local\":\(stored.local),\"others\":\(stored.others ?? "{}")}"
            }
        try tx.run(
            putLink,
            [
                tx.tenant.sqlValue, sync.sqlValue, link.here.sqlValue, link.there.sqlValue,
                link.state.rawValue.sqlValue, base.local.sqlValue, base.others.sqlValue, link.seen.sqlValue,
                link.localVersion.sqlValue, (link.isDirty ? 1 : 0).sqlValue, sent.sqlValue,
                (link.isDeleted ? 1 : 0).sqlValue, run.sqlValue,
            ])
    }

    /// Notes which records a reading of all of them has come across.
    func note(seen ids: [String], in run: SyncRun) throws {
        guard !ids.isEmpty else { return }
        try tx.run(
            """
            UPDATE sync_links SET seen_run = \(run.id)
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(run.syncID) AND remote_id IN \(list: ids)
            """)
    }

    /// Takes the records for deleted that a reading of all of them has not come across.
    func noteUnseen(in run: SyncRun) throws {
        try tx.run(
            """
            UPDATE sync_links SET is_deleted = 1
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(run.syncID) AND state = 'linked'
                AND remote_id IS NOT NULL AND (seen_run IS NULL OR seen_run <> \(run.id))
            """)
    }

    /// Ends the pairs whose record the service has deleted, without anything else.
    func endDeleted(_ sync: ID<RecordSync>) throws {
        try tx.run(
            """
            UPDATE sync_links SET state = 'ended', is_deleted = 0
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync) AND is_deleted = 1
            """)
    }

    /// Sees to it that the next runs look at some records of the agency's.
    func markDirty(_ sync: ID<RecordSync>, local ids: [String]) throws {
        try tx.run(
            """
            UPDATE sync_links SET is_dirty = 1
            WHERE tenant_id = \(tx.tenant) AND sync_id = \(sync) AND local_id IN \(list: ids)
            """)
    }
}

private let putLink = Statement(
    """
    INSERT INTO sync_links (tenant_id, sync_id, local_id, remote_id, state, base, base_remote, seen, local_version,
        is_dirty, sent, is_deleted, seen_run)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (tenant_id, sync_id, local_id) DO UPDATE SET remote_id = excluded.remote_id, state = excluded.state,
        base = excluded.base, base_remote = excluded.base_remote, seen = excluded.seen,
        local_version = excluded.local_version, is_dirty = excluded.is_dirty, sent = excluded.sent,
        is_deleted = excluded.is_deleted, seen_run = coalesce(excluded.seen_run, sync_links.seen_run)
    """)
